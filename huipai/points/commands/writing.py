"""The one statement that writes postings, with everything that belongs to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from huipai.journal import commands as journal
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.points.models import Account, Posting
from huipai.points.rules import Booking
from huipai.points.words import FACT_OF, Purse
from huipai.streets.current import street_in_force

# A posting that exists already is left as it is, and with it everything here.
WRITE = """
WITH posting AS (
    INSERT INTO points_posting (id, street_id, kind, person_id, item_id, item_code, subject, points, received_at,
                                posted_at, actor_id, reverses_id, reason)
    SELECT p.id, %(street)s, p.kind, p.person_id, p.item_id, p.item_code, p.subject, p.points, p.received_at,
           p.posted_at, p.actor_id, p.reverses_id, p.reason
    FROM unnest(%(p_id)s::uuid[], %(p_kind)s::text[], %(p_person)s::uuid[], %(p_item)s::uuid[], %(p_code)s::text[],
                %(p_subject)s::text[], %(p_points)s::int[], %(p_received)s::timestamptz[], %(p_posted)s::timestamptz[],
                %(p_actor)s::uuid[], %(p_reverses)s::uuid[], %(p_reason)s::text[])
        AS p(id, kind, person_id, item_id, item_code, subject, points, received_at, posted_at, actor_id, reverses_id,
             reason)
    ON CONFLICT DO NOTHING
    RETURNING id
), line AS (
    INSERT INTO points_line (id, street_id, posting_id, account_id, book, amount)
    SELECT l.id, %(street)s, l.posting_id, l.account_id, l.book, l.amount
    FROM unnest(%(l_id)s::uuid[], %(l_posting)s::uuid[], %(l_account)s::uuid[], %(l_book)s::text[], %(l_amount)s::int[])
        AS l(id, posting_id, account_id, book, amount)
    WHERE l.posting_id IN (SELECT id FROM posting)
    RETURNING account_id, amount
), account AS (
    UPDATE points_account SET balance = points_account.balance + moved.amount
    FROM (SELECT account_id, sum(amount) AS amount FROM line WHERE account_id IS NOT NULL GROUP BY account_id) AS moved
    WHERE points_account.street_id = %(street)s AND points_account.id = moved.account_id
), lot AS (
    INSERT INTO points_lot (id, street_id, account_id, posting_id, points, remaining, expires_at)
    SELECT n.id, %(street)s, n.account_id, n.posting_id, n.points, n.points, n.expires_at
    FROM unnest(%(n_id)s::uuid[], %(n_account)s::uuid[], %(n_posting)s::uuid[], %(n_points)s::int[],
                %(n_expires)s::timestamptz[])
        AS n(id, account_id, posting_id, points, expires_at)
    WHERE n.posting_id IN (SELECT id FROM posting)
), {draws} entry AS (
    INSERT INTO journal_entry (id, street_id, what, subject, actor_id, happened_at, facts)
    SELECT e.id, %(street)s, e.what, e.subject, e.actor_id, e.happened_at, e.facts
    FROM unnest(%(e_id)s::uuid[], %(p_id)s::uuid[], %(e_what)s::text[], %(p_subject)s::text[], %(p_actor)s::uuid[],
                %(p_posted)s::timestamptz[], %(e_facts)s::jsonb[])
        AS e(id, posting_id, what, subject, actor_id, happened_at, facts)
    WHERE e.posting_id IN (SELECT id FROM posting)
)
SELECT id FROM posting
"""

DRAWS = """allocation AS (
    INSERT INTO points_allocation (id, street_id, posting_id, lot_id, points)
    SELECT a.id, %(street)s, a.posting_id, a.lot_id, a.points
    FROM unnest(%(a_id)s::uuid[], %(a_posting)s::uuid[], %(a_lot)s::uuid[], %(a_points)s::int[])
        AS a(id, posting_id, lot_id, points)
    WHERE a.posting_id IN (SELECT id FROM posting)
    RETURNING lot_id, points
), drawn AS (
    UPDATE points_lot SET remaining = points_lot.remaining - taken.points
    FROM (SELECT lot_id, sum(points) AS points FROM allocation GROUP BY lot_id) AS taken
    WHERE points_lot.street_id = %(street)s AND points_lot.id = taken.lot_id
),"""


def write(bookings: Sequence[Booking]) -> set[UUID]:
    """Write these postings with their lines, lots, draws, balances and journal entries; the ids that were new.

    The accounts must be locked by the caller. One statement: all of it or none.
    """
    entries = [new_id() for _ in bookings]
    draws = DRAWS if any(booking.draws for booking in bookings) else ""
    with connection.cursor() as cursor:
        cursor.execute(WRITE.format(draws=draws), _columns(bookings, entries))
        written = {row[0] for row in cursor.fetchall()}
    for booking, entry_id in zip(bookings, entries, strict=True):
        if booking.id in written:
            journal.tell_followers(what=FACT_OF[booking.kind], entry_id=entry_id)
    return written


def lock_accounts(person_id: UUID) -> dict[str, Account]:
    """The accounts of a person by purse, locked until the transaction ends; the spendable one is made if missing."""
    accounts = Account.objects.select_for_update(no_key=True).filter(person_id=person_id).order_by("purse")
    held = {account.purse: account for account in accounts}
    if Purse.SPENDABLE in held:
        return held
    open_account(person_id, Purse.SPENDABLE)
    return {account.purse: account for account in accounts.all()}


def open_account(person_id: UUID, purse: Purse) -> None:
    """Make the account unless another has just made it."""
    Account.objects.bulk_create([Account(person_id=person_id, purse=purse)], ignore_conflicts=True)


def posting_of(booking: Booking) -> Posting:
    """The row that `write` has just made."""
    posting = Posting(
        id=booking.id, street_id=street_in_force(), kind=booking.kind, person_id=booking.person_id,
        item_id=booking.item_id, item_code=booking.item_code, subject=booking.subject, points=booking.points,
        received_at=booking.received_at, posted_at=booking.posted_at, actor_id=booking.actor_id,
        reverses_id=booking.reverses_id, reason=booking.reason,
    )  # fmt: skip
    posting._state.adding, posting._state.db = False, connection.alias
    return posting


def _columns(bookings: Sequence[Booking], entries: Sequence[UUID]) -> dict[str, Any]:
    lines = [(booking.id, line) for booking in bookings for line in booking.lines]
    lots = [(booking.id, booking.lot) for booking in bookings if booking.lot]
    draws = [(booking.id, draw) for booking in bookings for draw in booking.draws]
    facts = Entry._meta.get_field("facts")
    return {
        "street": street_in_force(),
        "p_id": [booking.id for booking in bookings],
        "p_kind": [booking.kind.value for booking in bookings],
        "p_person": [booking.person_id for booking in bookings],
        "p_item": [booking.item_id for booking in bookings],
        "p_code": [booking.item_code for booking in bookings],
        "p_subject": [booking.subject for booking in bookings],
        "p_points": [booking.points for booking in bookings],
        "p_received": [booking.received_at for booking in bookings],
        "p_posted": [booking.posted_at for booking in bookings],
        "p_actor": [booking.actor_id for booking in bookings],
        "p_reverses": [booking.reverses_id for booking in bookings],
        "p_reason": [booking.reason for booking in bookings],
        "l_id": [new_id() for _ in lines],
        "l_posting": [posting for posting, _line in lines],
        "l_account": [line.account_id for _posting, line in lines],
        "l_book": [line.book.value if line.book else "" for _posting, line in lines],
        "l_amount": [line.amount for _posting, line in lines],
        "n_id": [lot.id for _posting, lot in lots],
        "n_account": [lot.account_id for _posting, lot in lots],
        "n_posting": [posting for posting, _lot in lots],
        "n_points": [lot.points for _posting, lot in lots],
        "n_expires": [lot.expires_at for _posting, lot in lots],
        "a_id": [new_id() for _ in draws],
        "a_posting": [posting for posting, _draw in draws],
        "a_lot": [draw.lot_id for _posting, draw in draws],
        "a_points": [draw.points for _posting, draw in draws],
        "e_id": list(entries),
        "e_what": [FACT_OF[booking.kind].value for booking in bookings],
        "e_facts": [facts.get_db_prep_value(booking.facts(), connection) for booking in bookings],
    }
