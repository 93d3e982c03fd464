"""Which lots give: earliest expiry first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Final
from uuid import UUID

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OpenLot:
    """Points of one award that are still there."""

    id: UUID
    remaining: int
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Freed:
    """What a hold gave back to one lot when its time was over."""

    hold_id: UUID
    at: datetime
    lot: OpenLot


@dataclass(frozen=True, slots=True)
class Draw:
    """So many points taken from one lot."""

    lot_id: UUID
    points: int


def draw(lots: Sequence[OpenLot], points: int, at: datetime) -> tuple[Draw, ...]:
    """Up to `points` from the lots, those first that expire first; none from a lot that has expired at `at`."""
    left, draws = points, []
    for lot in sorted(lots, key=_by_expiry):
        if left == 0:
            break
        if is_over(lot, at):
            continue
        take = min(left, lot.remaining)
        if take > 0:
            draws.append(Draw(lot.id, take))
            left -= take
    return tuple(draws)


def is_over(lot: OpenLot, at: datetime) -> bool:
    """Whether nothing of this lot may be used any more at `at`."""
    return lot.expires_at is not None and lot.expires_at <= at


def repaid(freed: Sequence[Freed], owed: int) -> tuple[Draw, ...]:
    """What the holds whose time was over have paid of what is owed: each when it ended, from lots that lived then.

    The hour at which it is posted changes nothing. Whoever owes something has nothing besides that is free.
    """
    free: dict[UUID, OpenLot] = {}
    paid: dict[UUID, int] = {}
    for at, given in groupby(sorted(freed, key=_by_end), key=attrgetter("at")):
        for each in given:
            had = free[each.lot.id].remaining if each.lot.id in free else 0
            free[each.lot.id] = replace(each.lot, remaining=each.lot.remaining + had)
        for one in draw(tuple(free.values()), owed, at):
            free[one.lot_id] = replace(free[one.lot_id], remaining=free[one.lot_id].remaining - one.points)
            paid[one.lot_id] = paid.get(one.lot_id, 0) + one.points
            owed -= one.points
    return tuple(Draw(*one) for one in paid.items())


def total_of(draws: Sequence[Draw]) -> int:
    """The points of these draws."""
    return sum(each.points for each in draws)


def _by_end(freed: Freed) -> tuple[datetime, UUID]:
    return freed.at, freed.hold_id


def _by_expiry(lot: OpenLot) -> tuple[datetime, UUID]:
    return lot.expires_at or _NEVER, lot.id
