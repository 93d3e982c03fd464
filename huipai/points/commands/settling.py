"""What becomes of holds: used, given back, or over by the clock. One statement decides, and decides once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from huipai.journal import commands as journal
from huipai.kit import hot
from huipai.kit.ids import new_id
from huipai.points import queries, rules
from huipai.points.commands.writing import lock_accounts, write
from huipai.points.models import Account
from huipai.points.rules import Booking, Draw, Freed, Holder, OpenLot
from huipai.points.words import Book, Fact, HoldState, Kind, Purse
from huipai.streets.current import street_in_force

# The state and the clock are looked at where the row is changed: confirmed and expired never both.
SETTLE: Final = """
WITH asked AS (
    SELECT a.id, a.entry_id, a.posting_id
    FROM jsonb_to_recordset(%(holds)s::jsonb) AS a(id uuid, entry_id uuid, posting_id uuid)
), settled AS (
    UPDATE points_hold SET state = %(state)s, settled_at = %(now)s::timestamptz, posting_id = asked.posting_id
    FROM asked
    WHERE points_hold.street_id = %(street)s AND points_hold.id = asked.id AND points_hold.state = 'open'
        AND points_hold.expires_at {clock} %(now)s::timestamptz
    RETURNING points_hold.id, points_hold.account_id, points_hold.points, asked.entry_id
), lot AS (
    UPDATE points_lot SET held = points_lot.held - freed.points
    FROM (SELECT d.lot_id, sum(d.points) AS points FROM points_holddraw AS d
          WHERE d.street_id = %(street)s AND d.hold_id IN (SELECT id FROM settled) GROUP BY d.lot_id) AS freed
    WHERE points_lot.street_id = %(street)s AND points_lot.id = freed.lot_id
), account AS (
    UPDATE points_account SET held = points_account.held - freed.points
    FROM (SELECT account_id, sum(points) AS points FROM settled GROUP BY account_id) AS freed
    WHERE points_account.street_id = %(street)s AND points_account.id = freed.account_id
), entry AS (
    INSERT INTO journal_entry (id, street_id, what, subject, actor_id, happened_at, facts)
    SELECT entry_id, %(street)s, %(what)s, 'hold:' || id, %(actor)s::uuid, %(now)s::timestamptz,
           jsonb_build_object('points', points)
    FROM settled WHERE entry_id IS NOT NULL
)
SELECT id FROM settled
"""
IN_TIME: Final = SETTLE.format(clock=">")
OVER: Final = SETTLE.format(clock="<=")


def give_back(hold_id: UUID, *, actor_id: UUID | None, now: datetime) -> bool:
    """Let an open hold go before its time is over; whether it was this call that did. The account must be locked."""
    return bool(_settle(IN_TIME, {hold_id: None}, HoldState.VOIDED, Fact.HOLD_VOIDED, actor_id, now))


def use(hold_id: UUID, *, posting_id: UUID, now: datetime) -> bool:
    """Mark an open hold as used by the posting that the caller writes next; whether it was still to be had."""
    return bool(_settle(IN_TIME, {hold_id: posting_id}, HoldState.CAPTURED, None, None, now))


def let_lapse(hold_ids: Iterable[UUID], *, now: datetime) -> set[UUID]:
    """Settle the holds whose time is over at `now`; their ids. The accounts must be locked."""
    return _settle(OVER, dict.fromkeys(hold_ids), HoldState.EXPIRED, Fact.HOLD_EXPIRED, None, now)


def tidy(holder: Holder, accounts: dict[str, Account], now: datetime) -> dict[str, Account]:
    """Post what the clock has decided already of holds: those that are over, and the debt that they have paid.

    Whatever draws on points, or pays what is owed, begins with it: no hour at which a job runs changes an outcome. What
    is owed beside free points, as it came about before both purses were made together, is paid too.
    """
    if accounts[Purse.DEBT].balance and accounts[Purse.SPENDABLE].balance > accounts[Purse.SPENDABLE].held:
        repay(holder, accounts, now)
        accounts = lock_accounts(holder)
    if not accounts[Purse.SPENDABLE].held:
        return accounts
    freed = queries.freed_by(accounts[Purse.SPENDABLE].id, now)
    if not freed or not end_holds(holder, accounts, freed, now):
        return accounts
    return lock_accounts(holder)


def end_holds(holder: Holder, accounts: Mapping[str, Account], freed: Sequence[Freed], now: datetime) -> set[UUID]:
    """Post the end of these holds, and what each paid of a debt when it ended; their ids."""
    ended = let_lapse([each.hold_id for each in freed], now=now)
    debt = accounts[Purse.DEBT]
    if debt.balance:
        draws = rules.repaid([each for each in freed if each.hold_id in ended], -debt.balance)
        _pay_debt(holder, accounts[Purse.SPENDABLE], debt, draws, now)
    return ended


def living_lots(holder: Holder, account: Account, now: datetime) -> list[OpenLot]:
    """What is free in the lots of a locked account that live at `now`; the others are posted as lapsed."""
    lots = queries.open_lots(account.id)
    lapsed = [expiry_of(holder, account.id, lot.id, lot.remaining, now) for lot in lots if rules.is_over(lot, now)]
    if lapsed:
        write(lapsed)
    return [lot for lot in lots if not rules.is_over(lot, now)]


def expiry_of(holder: Holder, account_id: UUID, lot_id: UUID, free: int, now: datetime) -> Booking:
    """The end of what is free in a lot that has lapsed."""
    return Booking(
        id=new_id(), kind=Kind.EXPIRY, holder=holder, subject=f"lot:{lot_id}", points=-free, received_at=now,
        posted_at=now, draws=(Draw(lot_id, free),),
        lines=rules.spend_lines(free, spendable_id=account_id, book=Book.EXPIRY),
    )  # fmt: skip


def repay(holder: Holder, accounts: Mapping[str, Account], now: datetime) -> None:
    """Pay what is owed from points that come free now."""
    debt = accounts[Purse.DEBT]
    if not debt.balance:
        return
    spendable = accounts[Purse.SPENDABLE]
    _pay_debt(holder, spendable, debt, rules.draw(queries.open_lots(spendable.id), -debt.balance, now), now)


def _pay_debt(holder: Holder, spendable: Account, debt: Account, draws: tuple[Draw, ...], now: datetime) -> None:
    points = rules.total_of(draws)
    if points:
        write([
            Booking(
                id=new_id(), kind=Kind.REPAYMENT, holder=holder, subject=f"account:{debt.id}", points=0,
                received_at=now, posted_at=now, draws=draws,
                lines=rules.repay_lines(points, spendable_id=spendable.id, debt_id=debt.id),
            )
        ])  # fmt: skip


def _settle(
    statement: str,
    holds: Mapping[UUID, UUID | None],
    state: HoldState,
    what: Fact | None,
    actor_id: UUID | None,
    now: datetime,
) -> set[UUID]:
    entries = {hold_id: new_id() if what else None for hold_id in holds}
    asked = [{"id": id, "posting_id": posting_id, "entry_id": entries[id]} for id, posting_id in holds.items()]
    parameters = {
        "street": street_in_force(), "holds": json.dumps(asked, default=str), "state": state.value, "now": now,
        "what": what.value if what else "", "actor": actor_id,
    }  # fmt: skip
    settled = {row[0] for row in hot.rows(statement, parameters)}
    for hold_id in settled:
        entry_id = entries[hold_id]
        if what and entry_id:
            journal.tell_followers(what=what, entry_id=entry_id)
    return settled
