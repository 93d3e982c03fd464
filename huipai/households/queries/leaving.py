"""What those who have left a home have left in it, so that it is read before it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from huipai.grid.models import GridNode
from huipai.households.models import Need
from huipai.households.queries import OVER, group_of, links_of_home
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


def left_behind(household: GridNode, at: datetime) -> LeftBehind:
    balance = points.balance_of(Holder(household_id=household.pk), at)
    return LeftBehind(
        links=links_of_home(household).count(),
        needs=Need.objects.filter(household=household).exclude(state__in=OVER).count(),
        is_grouped=group_of(household, at) is not None,
        points=balance.spendable + balance.held,
    )
