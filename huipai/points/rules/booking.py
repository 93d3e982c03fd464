"""How points move: a posting with its lines, decided without a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from uuid import UUID

from huipai.points.rules.lots import Draw, OpenLot, draw, total_of
from huipai.points.rules.spans import microseconds
from huipai.points.words import Book, Kind


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose points: a person's, or a household's; exactly one of them."""

    person_id: UUID | None = None
    household_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One side of a posting: an account of a person, or a book of the system."""

    account_id: UUID | None
    book: Book | None
    amount: int
    # Where the points were used; only of the book of what is redeemed.
    station_id: UUID | None = None


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
    holder: Holder
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
    # The amounts from which a formula gave the points, as they were told: {"hours": "3/2"}.
    measured: Mapping[str, str] | None = None
    lot: NewLot | None = None
    draws: tuple[Draw, ...] = field(default=())
    # The hold that this posting uses.
    hold_id: UUID | None = None

    def facts(self) -> dict[str, object]:
        """The whole posting in ids, codes and numbers: what the journal keeps and `verify` compares."""
        told: dict[str, object] = {
            **({"measured": dict(self.measured)} if self.measured else {}),
            "posting": str(self.id),
            "kind": self.kind.value,
            "person": str(self.holder.person_id) if self.holder.person_id else None,
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
        if self.holder.household_id:
            told["household"] = str(self.holder.household_id)
        if self.hold_id:
            told["hold"] = str(self.hold_id)
        for line in self.lines:
            if line.station_id:
                told["station"] = str(line.station_id)
        return told


def award_lines(points: int, *, spendable_id: UUID, debt_id: UUID, debt: int) -> tuple[tuple[Line, ...], int]:
    """The lines of an award and how much of it may be spent: what is owed is paid first."""
    repaid = min(points, debt)
    lines = [Line(None, Book.ISSUANCE, -points)]
    if repaid:
        lines.append(Line(debt_id, None, repaid))
    if points > repaid:
        lines.append(Line(spendable_id, None, points - repaid))
    return tuple(lines), points - repaid


def spend_lines(points: int, *, spendable_id: UUID, book: Book) -> tuple[Line, ...]:
    return Line(spendable_id, None, -points), Line(None, book, points)


def redeem_lines(points: int, *, spendable_id: UUID, station_id: UUID) -> tuple[Line, ...]:
    """The lines of a spending that says where something was handed over for it."""
    return Line(spendable_id, None, -points), Line(None, Book.REDEMPTION, points, station_id)


def repay_lines(points: int, *, spendable_id: UUID, debt_id: UUID) -> tuple[Line, ...]:
    return Line(spendable_id, None, -points), Line(debt_id, None, points)


def forgiven_lines(owed: int, *, debt_id: UUID) -> tuple[Line, ...]:
    """The lines by which a debt ends unpaid: what was taken back of it is given after all, and to nobody to spend."""
    return Line(None, Book.ISSUANCE, -owed), Line(debt_id, None, owed)


@dataclass(frozen=True, slots=True)
class Clawback:
    """How an award is taken back: from what is left, from what had expired anyway, the rest as a debt."""

    draws: tuple[Draw, ...]
    taken: int
    expired: int
    owed: int


def clawback(*, points: int, own_lot: UUID | None, lots: Sequence[OpenLot], expired: int, at: datetime) -> Clawback:
    """Take back `points`, of which `expired` have already gone to the expiry book.

    The award's own lot gives first, then those that expire first, none that has lapsed at `at`; what nothing covers
    becomes a debt.
    """
    due = points - expired
    own = [lot for lot in lots if lot.id == own_lot]
    others = [lot for lot in lots if lot.id != own_lot]
    first = draw(own, due, at)
    rest = draw(others, due - total_of(first), at)
    draws = tuple(chain(first, rest))
    taken = total_of(draws)
    return Clawback(draws=draws, taken=taken, expired=expired, owed=due - taken)


def clawback_lines(back: Clawback, *, spendable_id: UUID, debt_id: UUID) -> tuple[Line, ...]:
    lines = [Line(None, Book.ISSUANCE, back.taken + back.expired + back.owed)]
    if back.taken:
        lines.append(Line(spendable_id, None, -back.taken))
    if back.expired:
        lines.append(Line(None, Book.EXPIRY, -back.expired))
    if back.owed:
        lines.append(Line(debt_id, None, -back.owed))
    return tuple(lines)
