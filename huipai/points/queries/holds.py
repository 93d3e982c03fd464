"""Points that are set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from huipai.kit import hot
from huipai.points.models import Account, Hold, HoldDraw, Line
from huipai.points.queries.closing import LOT_ENDS, closing, end_of
from huipai.points.rules import Draw, Freed, OpenLot
from huipai.points.words import HoldState, Kind, Purse
from huipai.streets.current import street_in_force

FREED = f"""
SELECT hold.id, hold.expires_at, lot.id, draw.points, {LOT_ENDS}
FROM points_hold AS hold
JOIN points_holddraw AS draw ON draw.street_id = hold.street_id AND draw.hold_id = hold.id
JOIN points_lot AS lot ON lot.street_id = draw.street_id AND lot.id = draw.lot_id
LEFT JOIN points_closing AS closing ON closing.street_id = hold.street_id AND closing.approved_at IS NOT NULL
WHERE hold.street_id = %(street)s AND hold.account_id = %(account)s AND hold.state = 'open'
    AND hold.expires_at <= %(at)s
"""


def freed_by(account_id: UUID, at: datetime) -> list[Freed]:
    """What the open holds of an account gave back whose time is over at `at`; to be posted, read under its lock."""
    asked = {"street": street_in_force(), "account": account_id, "at": at}
    return [Freed(hold_id, ended_at, OpenLot(*lot)) for hold_id, ended_at, *lot in hot.rows(FREED, asked)]


def owing(spendable: Sequence[Account]) -> set[UUID]:
    """Of these accounts those whose owners owe something."""
    of = {account.person_id or account.household_id: account.id for account in spendable}
    theirs = Q(person__in=of.keys()) | Q(household__in=of.keys())
    debts = Account.objects.filter(theirs, purse=Purse.DEBT, balance__lt=0)
    return {of[person or household] for person, household in debts.values_list("person_id", "household_id")}


def holds_over(at: datetime) -> QuerySet[Hold]:
    """Holds that are over by the clock and not yet posted as that, oldest first."""
    return Hold.objects.filter(state=HoldState.OPEN, expires_at__lte=at).order_by("expires_at", "id")


def draws_of(hold_id: UUID) -> tuple[Draw, ...]:
    """What a hold has set aside, by lot."""
    return tuple(Draw(*draw) for draw in HoldDraw.objects.filter(hold_id=hold_id).values_list("lot_id", "points"))


@dataclass(frozen=True, slots=True)
class Ending:
    """Points set aside whose own end has come by some time, and when the first of them end."""

    points: int
    first: datetime


def ending_by(hold_id: UUID, at: datetime) -> Ending | None:
    """What does not come back where a hold ends at `at`: its lots have ended, or the scheme has; None if all does."""
    end = closing()
    found = HoldDraw.objects.filter(hold_id=hold_id).values_list("points", "lot__expires_at")
    drawn = [(points, end_of(lapses, end)) for points, lapses in found]
    over = [(points, lapses) for points, lapses in drawn if lapses is not None and lapses <= at]
    return Ending(sum(points for points, _at in over), min(at for _points, at in over)) if over else None


def repaid_by(hold_id: UUID) -> int:
    """Of the points of a hold that came free, how many paid what its owner owed.

    0 where others of the same owner came free at that instant: what was paid is of all of them, and in the statement.
    """
    hold = Hold.objects.select_related("account").get(pk=hold_id)
    account, at = hold.account, hold.settled_at
    beside = Hold.objects.filter(account=account, settled_at=at).exclude(pk=hold_id)
    if at is None or hold.state == HoldState.CAPTURED or beside.exists():
        return 0
    debt = Q(account__purse=Purse.DEBT, account__person=account.person_id, account__household=account.household_id)
    paid = Line.objects.filter(debt, posting__kind=Kind.REPAYMENT, posting__posted_at=at)
    return int(paid.aggregate(points=Sum("amount"))["points"] or 0)
