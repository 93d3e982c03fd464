"""Setting points aside, using them, giving them back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit import hot
from huipai.kit.ids import new_id
from huipai.kit.verdict import Moved, NotVisible
from huipai.people.models import Person
from huipai.points import queries, rules
from huipai.points.commands.settling import end_holds, give_back, let_lapse, repay, tidy, use
from huipai.points.commands.spending import NotEnough
from huipai.points.commands.writing import as_stored, holder_of, lock_accounts, posting_of, write
from huipai.points.models import Account, Hold, Posting
from huipai.points.rules import Booking, Draw, Holder
from huipai.points.words import Fact, HoldState, Kind, Purse
from huipai.streets.current import street_in_force

HOLD: Final = """
WITH hold AS (
    INSERT INTO points_hold (id, street_id, account_id, subject, points, state, opened_at, expires_at, actor_id)
    VALUES (%(id)s, %(street)s, %(account)s, %(subject)s, %(points)s, 'open', %(now)s, %(expires)s, %(actor)s::uuid)
    ON CONFLICT DO NOTHING
    RETURNING id
), draw AS (
    INSERT INTO points_holddraw (id, street_id, hold_id, lot_id, points)
    SELECT d.id, %(street)s, hold.id, d.lot_id, d.points
    FROM hold CROSS JOIN jsonb_to_recordset(%(draws)s::jsonb) AS d(id uuid, lot_id uuid, points int)
    RETURNING lot_id, points
), lot AS (
    UPDATE points_lot SET held = points_lot.held + draw.points
    FROM draw WHERE points_lot.street_id = %(street)s AND points_lot.id = draw.lot_id
), account AS (
    UPDATE points_account SET held = held + %(points)s
    WHERE street_id = %(street)s AND id = %(account)s AND EXISTS (SELECT FROM hold)
), entry AS (
    INSERT INTO journal_entry (id, street_id, what, subject, actor_id, happened_at, facts)
    SELECT %(entry)s, %(street)s, 'points.held', 'hold:' || hold.id, %(actor)s::uuid, %(now)s, %(facts)s::jsonb
    FROM hold
)
SELECT id FROM hold
"""


class HeldOtherwise(Moved):
    code = "points_held_otherwise"
    default_reason = _("这一次已经留过积分了，和现在的不一样")


class HoldOver(Moved):
    code = "points_hold_over"
    default_reason = _("留的时间过了，积分已经自动退回")


class HoldSettled(Moved):
    code = "points_hold_settled"
    default_reason = _("这些积分已经用掉，或者已经退回了")


def reserve(
    *, holder: Holder, subject: str, points: int, expires_at: datetime, actor: Person | None, now: datetime
) -> Hold:
    """Set `points` aside until `expires_at`, earliest expiry first; once a subject. Refuses more than is free.

    Part of the caller's transaction, which must be open. What is set aside can be neither spent nor lapse until it
    is given back.
    """
    if points < 1 or expires_at <= now:
        raise ValueError("hold at least one point for some time")
    if not connection.in_atomic_block:
        raise RuntimeError("points are set aside together with what they are set aside for")
    account = tidy(holder, lock_accounts(holder), now)[Purse.SPENDABLE]
    draws = rules.draw(queries.open_lots(account.id), points, now)
    if rules.total_of(draws) == points:
        hold = Hold(
            account=account, subject=subject, points=points, opened_at=now, expires_at=expires_at,
            actor_id=actor.id if actor else None,
        )  # fmt: skip
        if _open(hold, draws):
            return hold
    return _stored(account, subject, points)


@transaction.atomic
def capture(*, hold_id: UUID, station_id: UUID, actor: Person | None, now: datetime) -> Posting:
    """Use what was set aside, once, if its time is not over, and say in which station something was handed over for it.

    A second call returns the stored posting.
    """
    hold = _find(hold_id)
    holder = holder_of(hold.account)
    lock_accounts(holder)
    posting_id = new_id()
    if not use(hold.id, posting_id=posting_id, now=now):
        return _used(hold)
    booking = Booking(
        id=posting_id, kind=Kind.SPEND, holder=holder, subject=hold.subject, points=-hold.points, received_at=now,
        posted_at=now, actor_id=actor.id if actor else None, draws=queries.draws_of(hold.id), hold_id=hold.id,
        lines=rules.redeem_lines(hold.points, spendable_id=hold.account_id, station_id=station_id),
    )  # fmt: skip
    write([booking])
    return posting_of(booking)


@transaction.atomic
def void(*, hold_id: UUID, actor: Person | None, now: datetime) -> Hold:
    """Give back what was set aside, to the lots it came from; over by the clock, it is recorded as that.

    Refuses what was used. A second call changes nothing.
    """
    hold = _find(hold_id)
    if hold.state == HoldState.OPEN:
        holder = holder_of(hold.account)
        accounts = tidy(holder, lock_accounts(holder), now)
        if give_back(hold.id, actor_id=actor.id if actor else None, now=now):
            repay(holder, accounts, now)
        hold.refresh_from_db()
    if hold.state == HoldState.CAPTURED:
        raise HoldSettled
    return hold


@transaction.atomic
def lapse(*, now: datetime, limit: int = 1_000) -> int:
    """Post the end of up to `limit` holds whose time is over at `now`; the number posted.

    It only tidies: a hold that is over counts no more before it either. Accounts in use are left for the next run.
    """
    over = list(queries.holds_over(now).values_list("id", "account_id")[:limit])
    locked = Account.objects.select_for_update(no_key=True, skip_locked=True)
    free = {account.id: account for account in locked.filter(pk__in={id for _, id in over}).order_by("pk")}
    mine = {hold_id: account_id for hold_id, account_id in over if account_id in free}
    owing = queries.owing(list(free.values()))
    settled = let_lapse([hold_id for hold_id, account_id in mine.items() if account_id not in owing], now=now)
    for account_id in sorted(owing):
        holder = holder_of(free[account_id])
        # Others lock the debt before what can be spent: who waited for it here would wait in a ring.
        if not list(locked.filter(person=holder.person_id, household=holder.household_id, purse=Purse.DEBT)):
            continue
        freed = [each for each in queries.freed_by(account_id, now) if each.hold_id in mine]
        settled |= end_holds(holder, lock_accounts(holder), freed, now)
    return len(settled)


def _open(hold: Hold, draws: Sequence[Draw]) -> bool:
    facts = {
        "hold": str(hold.id), "account": str(hold.account_id), "for": hold.subject, "points": hold.points,
        "expires": rules.microseconds(hold.expires_at),
        "draws": sorted([str(draw.lot_id), draw.points] for draw in draws),
    }  # fmt: skip
    entry_id = new_id()
    parameters = {
        "id": hold.id, "street": street_in_force(), "account": hold.account_id, "subject": hold.subject,
        "points": hold.points, "now": hold.opened_at, "expires": hold.expires_at, "actor": hold.actor_id,
        "entry": entry_id, "facts": json.dumps(facts),
        "draws": json.dumps(
            [{"id": new_id(), "lot_id": draw.lot_id, "points": draw.points} for draw in draws], default=str
        ),
    }  # fmt: skip
    if not hot.rows(HOLD, parameters):
        return False
    as_stored(hold)
    journal.tell_followers(what=Fact.HELD, entry_id=entry_id)
    return True


def _stored(account: Account, subject: str, points: int) -> Hold:
    stored = Hold.objects.filter(subject=subject).first()
    if stored is None:
        raise NotEnough
    if (stored.account_id, stored.points) != (account.id, points):
        raise HeldOtherwise
    return stored


def _find(hold_id: UUID) -> Hold:
    hold = Hold.objects.select_related("account").filter(pk=hold_id).first()
    if hold is None:
        raise NotVisible
    return hold


def _used(hold: Hold) -> Posting:
    """The posting by which this hold was used already; else why it cannot be."""
    hold.refresh_from_db()
    if hold.state == HoldState.CAPTURED and hold.posting:
        return hold.posting
    raise HoldSettled if hold.state == HoldState.VOIDED else HoldOver
