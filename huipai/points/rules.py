"""What a deed is worth and how points move, decided without a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from huipai.points.words import LOCAL_ZONE, Book, Kind, Why

_ZONE: Final = ZoneInfo(LOCAL_ZONE)


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant until another, the last not included."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """What the item in force says about one award."""

    item_id: UUID
    code: str
    points: int
    earners: tuple[str, ...]
    day_cap: int | None
    month_cap: int | None
    household_month_cap: int | None
    cooldown_minutes: int
    lot_months: int | None
    under_14: bool

    @property
    def has_limits(self) -> bool:
        """Whether earlier postings bear on the next one."""
        caps = (self.day_cap, self.month_cap, self.household_month_cap)
        return self.cooldown_minutes > 0 or any(cap is not None for cap in caps)


@dataclass(frozen=True, slots=True)
class Tally:
    """The points that an item has brought around the day of a deed."""

    today: int = 0
    this_month: int = 0
    household_this_month: int = 0
    too_soon: bool = False
    # The award that this very deed has brought already.
    stored: UUID | None = None


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


@dataclass(frozen=True, slots=True)
class Line:
    """One side of a posting: an account of a person, or a book of the system."""

    account_id: UUID | None
    book: Book | None
    amount: int


@dataclass(frozen=True, slots=True)
class NewLot:
    id: UUID
    account_id: UUID
    points: int
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A posting with everything that is written with it; nothing of it is decided later."""

    id: UUID
    kind: Kind
    person_id: UUID
    subject: str
    points: int
    received_at: datetime
    posted_at: datetime
    lines: tuple[Line, ...]
    actor_id: UUID | None = None
    item_id: UUID | None = None
    item_code: str = ""
    reverses_id: UUID | None = None
    reason: str = ""
    lot: NewLot | None = None
    draws: tuple[Draw, ...] = field(default=())

    def facts(self) -> dict[str, object]:
        """The whole posting in ids, codes and numbers: what the journal keeps and `verify` compares."""
        return {
            "posting": str(self.id),
            "kind": self.kind.value,
            "person": str(self.person_id),
            "item": str(self.item_id) if self.item_id else None,
            "code": self.item_code,
            "points": self.points,
            "received": microseconds(self.received_at),
            "reverses": str(self.reverses_id) if self.reverses_id else None,
            "reason": self.reason,
            "lines": sorted([str(line.account_id or line.book), line.amount] for line in self.lines),
            "lot": [str(self.lot.id), self.lot.points, microseconds(self.lot.expires_at)] if self.lot else None,
            "draws": sorted([str(draw.lot_id), draw.points] for draw in self.draws),
        }


def microseconds(at: datetime | None) -> int | None:
    """Since 1970, exactly: a spelling of an instant on which Python and PostgreSQL agree."""
    return None if at is None else (at - _EPOCH) // timedelta(microseconds=1)


def local_day(at: datetime) -> Span:
    """The day of the street's clock that holds `at`."""
    begin = at.astimezone(_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return Span(begin.astimezone(UTC), (begin + timedelta(days=1)).astimezone(UTC))


def local_month(at: datetime) -> Span:
    """The calendar month of the street's clock that holds `at`."""
    return Span(_month_begin(at, 0), _month_begin(at, 1))


def expires_at(received_at: datetime, lot_months: int | None) -> datetime | None:
    """The end of the month that is `lot_months` after the deed; None: never."""
    return None if lot_months is None else _month_begin(received_at, lot_months + 1)


def is_under_14(birth_year: int | None, at: datetime) -> bool:
    """Whether somebody born in that year may still be 13; without a year they count as grown up."""
    return birth_year is not None and at.astimezone(_ZONE).year - birth_year <= 14


def judge(offer: Offer, tally: Tally) -> Why:
    """Whether this deed is new and the caps leave room for it."""
    if tally.stored is not None:
        return Why.ALREADY
    caps = (
        (Why.DAY_CAP, offer.day_cap, tally.today),
        (Why.MONTH_CAP, offer.month_cap, tally.this_month),
        (Why.HOUSEHOLD_CAP, offer.household_month_cap, tally.household_this_month),
    )
    for why, cap, already in caps:
        if cap is not None and already + offer.points > cap:
            return why
    return Why.COOLDOWN if tally.too_soon else Why.POSTED


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


def award_lines(points: int, *, spendable_id: UUID, debt_id: UUID | None, debt: int) -> tuple[tuple[Line, ...], int]:
    """The lines of an award and how much of it may be spent: what is owed is paid first."""
    repaid = min(points, debt)
    lines = [Line(None, Book.ISSUANCE, -points)]
    if repaid and debt_id:
        lines.append(Line(debt_id, None, repaid))
    if points > repaid:
        lines.append(Line(spendable_id, None, points - repaid))
    return tuple(lines), points - repaid


def spend_lines(points: int, *, spendable_id: UUID, book: Book) -> tuple[Line, ...]:
    return Line(spendable_id, None, -points), Line(None, book, points)


@dataclass(frozen=True, slots=True)
class Clawback:
    """How an award is taken back: from what is left, from what had expired anyway, the rest as a debt."""

    draws: tuple[Draw, ...]
    taken: int
    expired: int
    owed: int


def clawback(*, points: int, own_lot: UUID | None, lots: Sequence[OpenLot], expired: int) -> Clawback:
    """Take back `points`, of which `expired` have already gone to the expiry book.

    The award's own lot gives first, then those that expire first; what nothing covers becomes a debt.
    """
    due = points - expired
    own = [lot for lot in lots if lot.id == own_lot]
    others = [lot for lot in lots if lot.id != own_lot]
    first = draw(own, due, None)
    rest = draw(others, due - _total(first), None)
    draws = tuple(chain(first, rest))
    taken = _total(draws)
    return Clawback(draws=draws, taken=taken, expired=expired, owed=due - taken)


def clawback_lines(back: Clawback, *, spendable_id: UUID, debt_id: UUID | None) -> tuple[Line, ...]:
    lines = [Line(None, Book.ISSUANCE, back.taken + back.expired + back.owed)]
    if back.taken:
        lines.append(Line(spendable_id, None, -back.taken))
    if back.expired:
        lines.append(Line(None, Book.EXPIRY, -back.expired))
    if back.owed:
        lines.append(Line(debt_id, None, -back.owed))
    return tuple(lines)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def _month_begin(at: datetime, months_later: int) -> datetime:
    local = at.astimezone(_ZONE)
    months = local.year * 12 + local.month - 1 + months_later
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=_ZONE).astimezone(UTC)


def _by_expiry(lot: OpenLot) -> tuple[datetime, UUID]:
    return lot.expires_at or _NEVER, lot.id


def _total(draws: Sequence[Draw]) -> int:
    return sum(each.points for each in draws)
