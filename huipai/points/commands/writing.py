"""The one statement that writes postings, with everything that belongs to them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db import connection

from huipai.journal import commands as journal
from huipai.kit import hot
from huipai.kit.ids import new_id
from huipai.points.models import Account, Posting
from huipai.points.rules import Booking, Draw, Holder, Line, NewLot
from huipai.points.words import FACT_OF, Purse
from huipai.streets.current import street_in_force
from huipai.streets.models import TenantModel

# A posting that exists already is left as it is, and with it everything here.
WRITE: Final = """
WITH posting AS (
    INSERT INTO points_posting (id, street_id, kind, person_id, household_id, item_id, item_code, subject, points,
                                received_at, posted_at, actor_id, reverses_id, reason, measured)
    SELECT p.id, %(street)s, p.kind, p.person_id, p.household_id, p.item_id, p.item_code, p.subject, p.points,
           p.received_at, p.posted_at, p.actor_id, p.reverses_id, p.reason, p.measured
    FROM jsonb_to_recordset(%(postings)s::jsonb) AS p(
        id uuid, kind text, person_id uuid, household_id uuid, item_id uuid, item_code text, subject text, points int,
        received_at timestamptz, posted_at timestamptz, actor_id uuid, reverses_id uuid, reason text,
        measured jsonb)
    ON CONFLICT DO NOTHING
    RETURNING id
), line AS (
    INSERT INTO points_line (id, street_id, posting_id, account_id, book, amount, station_id)
    SELECT l.id, %(street)s, l.posting_id, l.account_id, l.book, l.amount, l.station_id
    FROM jsonb_to_recordset(%(lines)s::jsonb) AS l(
        id uuid, posting_id uuid, account_id uuid, book text, amount int, station_id uuid)
    WHERE l.posting_id IN (SELECT id FROM posting)
    RETURNING account_id, amount
), account AS (
    UPDATE points_account SET balance = points_account.balance + moved.amount
    FROM (SELECT account_id, sum(amount) AS amount FROM line WHERE account_id IS NOT NULL GROUP BY account_id) AS moved
    WHERE points_account.street_id = %(street)s AND points_account.id = moved.account_id
), lot AS (
    INSERT INTO points_lot (id, street_id, account_id, posting_id, points, remaining, expires_at)
    SELECT n.id, %(street)s, n.account_id, n.posting_id, n.points, n.points, n.expires_at
    FROM jsonb_to_recordset(%(lots)s::jsonb) AS n(
        id uuid, account_id uuid, posting_id uuid, points int, expires_at timestamptz)
    WHERE n.posting_id IN (SELECT id FROM posting)
), {draws} entry AS (
    INSERT INTO journal_entry (id, street_id, what, subject, actor_id, happened_at, facts)
    SELECT e.entry_id, %(street)s, e.what, e.subject, e.actor_id, e.posted_at, e.facts
    FROM jsonb_to_recordset(%(postings)s::jsonb) AS e(
        id uuid, entry_id uuid, what text, subject text, actor_id uuid, posted_at timestamptz, facts jsonb)
    WHERE e.id IN (SELECT id FROM posting)
)
SELECT id FROM posting
"""

DRAWS: Final = """allocation AS (
    INSERT INTO points_allocation (id, street_id, posting_id, lot_id, points)
    SELECT a.id, %(street)s, a.posting_id, a.lot_id, a.points
    FROM jsonb_to_recordset(%(draws)s::jsonb) AS a(id uuid, posting_id uuid, lot_id uuid, points int)
    WHERE a.posting_id IN (SELECT id FROM posting)
    RETURNING lot_id, points
), drawn AS (
    UPDATE points_lot SET remaining = points_lot.remaining - taken.points
    FROM (SELECT lot_id, sum(points) AS points FROM allocation GROUP BY lot_id) AS taken
    WHERE points_lot.street_id = %(street)s AND points_lot.id = taken.lot_id
),"""

LOCK: Final = {
    owner: f"""
SELECT id, purse, balance, held FROM points_account
WHERE street_id = %(street)s AND {owner} = %(owner)s ORDER BY purse FOR NO KEY UPDATE
"""
    for owner in ("person_id", "household_id")
}

GIVING: Final = WRITE.format(draws="")
TAKING: Final = WRITE.format(draws=DRAWS)


def write(bookings: Sequence[Booking]) -> set[UUID]:
    """Write these postings with their lines, lots, draws, balances and journal entries; the ids that were new.

    The accounts must be locked by the caller. One statement: all of it or none.
    """
    entries = [new_id() for _ in bookings]
    parameters = {
        "street": street_in_force(),
        "postings": _json(map(_posting, bookings, entries)),
        "lines": _json(_line(booking, line) for booking in bookings for line in booking.lines),
        "lots": _json(_lot(booking, booking.lot) for booking in bookings if booking.lot),
    }
    draws = [_draw(booking, draw) for booking in bookings for draw in booking.draws]
    found = hot.rows(TAKING, {**parameters, "draws": _json(draws)}) if draws else hot.rows(GIVING, parameters)
    written = {row[0] for row in found}
    for booking, entry_id in zip(bookings, entries, strict=True):
        if booking.id in written:
            journal.tell_followers(what=FACT_OF[booking.kind], entry_id=entry_id)
    return written


def lock_accounts(holder: Holder) -> dict[str, Account]:
    """Both accounts of a holder by purse, locked until the transaction ends; made where they are missing.

    A row that another has just made is not in the snapshot of a statement that waited for them: a first debt would be
    overlooked. So whoever has one has both, and where one is missing it is looked for anew.
    """
    held = lock_opened(holder)
    if len(held) == len(Purse):
        return held
    open_accounts(holder)
    return lock_opened(holder)


def open_accounts(holder: Holder) -> None:
    """Make both accounts unless another has just made them."""
    Account.objects.bulk_create(
        [Account(person_id=holder.person_id, household_id=holder.household_id, purse=purse) for purse in Purse],
        ignore_conflicts=True,
    )


def posting_of(booking: Booking) -> Posting:
    """The row that `write` has just made."""
    posting = Posting(
        id=booking.id, street_id=street_in_force(), kind=booking.kind, person_id=booking.holder.person_id,
        household_id=booking.holder.household_id, item_id=booking.item_id, item_code=booking.item_code,
        subject=booking.subject, points=booking.points, received_at=booking.received_at, posted_at=booking.posted_at,
        actor_id=booking.actor_id, reverses_id=booking.reverses_id, reason=booking.reason,
        measured=dict(booking.measured) if booking.measured else None,
    )  # fmt: skip
    as_stored(posting)
    return posting


def as_stored(row: TenantModel) -> None:
    """Let Django know that a hot statement has written this row."""
    row._state.adding, row._state.db = False, connection.alias


def holder_of(account: Account) -> Holder:
    return Holder(account.person_id, account.household_id)


def lock_opened(holder: Holder) -> dict[str, Account]:
    """The accounts that a holder has by purse, locked until the transaction ends; none is made."""
    owner = "person_id" if holder.person_id else "household_id"
    asked = {"street": street_in_force(), "owner": holder.person_id or holder.household_id}
    found = hot.rows(LOCK[owner], asked)
    return {row[1]: _account(holder, *row) for row in found}


def _account(holder: Holder, id: UUID, purse: str, balance: int, held: int) -> Account:
    account = Account(
        id=id, street_id=street_in_force(), person_id=holder.person_id, household_id=holder.household_id, purse=purse,
        balance=balance, held=held,
    )  # fmt: skip
    as_stored(account)
    return account


def _posting(booking: Booking, entry_id: UUID) -> dict[str, object]:
    return {
        "id": booking.id, "kind": booking.kind, "person_id": booking.holder.person_id,
        "household_id": booking.holder.household_id, "item_id": booking.item_id, "item_code": booking.item_code,
        "subject": booking.subject, "points": booking.points, "received_at": booking.received_at.isoformat(),
        "posted_at": booking.posted_at.isoformat(), "actor_id": booking.actor_id, "reverses_id": booking.reverses_id,
        "reason": booking.reason, "measured": booking.measured, "entry_id": entry_id,
        "what": FACT_OF[booking.kind], "facts": booking.facts(),
    }  # fmt: skip


def _line(booking: Booking, line: Line) -> dict[str, object]:
    return {
        "id": new_id(), "posting_id": booking.id, "account_id": line.account_id, "book": line.book or "",
        "amount": line.amount, "station_id": line.station_id,
    }  # fmt: skip


def _lot(booking: Booking, lot: NewLot) -> dict[str, object]:
    return {
        "id": lot.id, "account_id": lot.account_id, "posting_id": booking.id, "points": lot.points,
        "expires_at": lot.expires_at.isoformat() if lot.expires_at else None,
    }  # fmt: skip


def _draw(booking: Booking, draw: Draw) -> dict[str, object]:
    return {"id": new_id(), "posting_id": booking.id, "lot_id": draw.lot_id, "points": draw.points}


def _json(rows: Iterable[dict[str, object]]) -> str:
    return json.dumps(list(rows), default=str)
