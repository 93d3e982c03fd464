"""How many neighbours say thank you. Shown beside a thing and used for nothing: no order, no points, no figures."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Q

from huipai.cases.models import Like
from huipai.people.models import Person


def of(things: Collection[UUID], viewer: Person | None) -> dict[UUID, tuple[int, bool]]:
    """The number of likes of each of these, and whether the viewer's is among them; one question for a page."""
    own = Count("id", filter=Q(person=viewer.id) if viewer else Q(pk__in=[]))
    rows = Like.objects.filter(thing__in=things).values_list("thing").annotate(count=Count("id"), own=own)
    return {thing: (count, bool(mine)) for thing, count, mine in rows}
