"""Which lots give: earliest expiry first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
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
class Draw:
    """So many points taken from one lot."""

    lot_id: UUID
    points: int


def draw(lots: Sequence[OpenLot], points: int, at: datetime | None) -> tuple[Draw, ...]:
    """Up to `points` from the lots, those first that expire first; none from a lot that has expired at `at`.

    With `at` None expired lots serve too: what is taken back does not stop at the clock.
    """
    left, draws = points, []
    for lot in sorted(lots, key=_by_expiry):
        if left == 0:
            break
        if at is not None and lot.expires_at is not None and lot.expires_at <= at:
            continue
        take = min(left, lot.remaining)
        if take > 0:
            draws.append(Draw(lot.id, take))
            left -= take
    return tuple(draws)


def total_of(draws: Sequence[Draw]) -> int:
    """The points of these draws."""
    return sum(each.points for each in draws)


def _by_expiry(lot: OpenLot) -> tuple[datetime, UUID]:
    return lot.expires_at or _NEVER, lot.id
