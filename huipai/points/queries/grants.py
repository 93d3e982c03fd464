"""Points by hand, as their desk reads them."""

from __future__ import annotations

from django.db.models import QuerySet

from huipai.points.models import Grant
from huipai.points.words import GrantState


def grants(*, waiting: bool) -> QuerySet[Grant]:
    """Those that wait for a second person, oldest first; or those that are decided, newest first."""
    found = Grant.objects.select_related("person", "item", "proposed_by", "decided_by")
    if waiting:
        return found.filter(state=GrantState.PROPOSED).order_by("proposed_at", "id")
    return found.exclude(state=GrantState.PROPOSED).order_by("-decided_at", "-id")
