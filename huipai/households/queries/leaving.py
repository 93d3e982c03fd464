"""What those who have left a home have left in it, so that it is read before it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from huipai.grid.models import GridNode, Residence
from huipai.grid.models.periods import in_force
from huipai.households.models import Link, Membership, Need
from huipai.households.queries import OVER, STANDING, group_of, links_of_home
from huipai.points import queries as points
from huipai.points.rules import Holder


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """How much of what hangs on a household ends with a family."""

    links: int
    needs: int
    is_grouped: bool
    # Free, and set aside for what nobody has fetched.
    points: int
    # Taken back after it was spent.
    owed: int


def left_behind(household: GridNode, at: datetime) -> LeftBehind:
    balance = points.balance_of(Holder(household_id=household.pk), at)
    return LeftBehind(
        links=links_of_home(household).count(),
        needs=Need.objects.filter(household=household).exclude(state__in=OVER).count(),
        is_grouped=group_of(household, at) is not None,
        points=balance.spendable + balance.held,
        owed=balance.debt,
    )


def left_standing(at: datetime) -> list[UUID]:
    """The homes on which something hangs still though the last who lived there has left since it began: where the end
    had been planned for a day, nobody is there to end it."""
    lived = Residence.objects.filter(household=OuterRef("household"))
    lives = Exists(lived.filter(Q(valid_until=None) | Q(valid_until__gt=at)))
    found: set[UUID] = set()
    for rows, since in (
        (Link.objects.filter(state__in=STANDING), "asked_at"),
        (Need.objects.exclude(state__in=OVER), "raised_at"),
        (Membership.objects.filter(in_force(at)), "valid_from"),
    ):
        left = Exists(lived.filter(valid_until__lte=at, valid_until__gte=OuterRef(since)))
        found |= set(rows.filter(left, ~lives).values_list("household", flat=True))
    return sorted(found)
