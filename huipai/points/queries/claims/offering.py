"""What can be claimed, at the three doors: most used first, by the person and then by everybody, never by who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.points.models import Claim
from huipai.points.rules import local_month
from huipai.points.rules.sending import ways
from huipai.rulebook import queries as rulebook
from huipai.rulebook.models import PointItem
from huipai.rulebook.words import Port

# Of one's own claims these days count for the order.
OWN_HABITS = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Offered:
    """An item at a door, and how often this person and everybody has used it."""

    item: PointItem
    own: int
    everybody: int


def offered(port: Port, *, person: Person | None, words: str, at: datetime) -> list[Offered]:
    """The items in force behind a door that hold every word; three queries, however many."""
    version = rulebook.in_force(at)
    if version is None:
        return []
    items = PointItem.objects.admitted(local_date(at)).filter(version=version, port=port)
    for word in words.split():
        items = items.filter(
            Q(title__icontains=word) | Q(description__icontains=word) | Q(code__iexact=word) | Q(code__endswith=word)
        )
    used = _used(person.id if person else None, at)
    found = [Offered(item, *used.get(item.code, (0, 0))) for item in items]
    return sorted(found, key=lambda one: (-one.own, -one.everybody, one.item.automatic, one.item.code))


def claimable(at: datetime) -> list[PointItem]:
    """Every item in force that a person can ask for by themselves, by port and number."""
    version = rulebook.in_force(at)
    if version is None:
        return []
    items = PointItem.objects.admitted(local_date(at)).filter(version=version, automatic=False).order_by("port", "code")
    return [item for item in items if item.is_personal and ways(item.evidence)]


def _used(person_id: UUID | None, at: datetime) -> dict[str, tuple[int, int]]:
    """How often each item was claimed: by this person lately, by everybody this month."""
    month = local_month(at)
    recent = Claim.objects.filter(received_at__gt=at - OWN_HABITS, received_at__lte=at)
    counted = recent.values("item_code").annotate(
        own=Count("id", filter=Q(claimant=person_id)), everybody=Count("id", filter=Q(received_at__gte=month.begin))
    )
    return {row["item_code"]: (row["own"] if person_id else 0, row["everybody"]) for row in counted}
