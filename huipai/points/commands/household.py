"""Points of a household: the incentives of linked households alone (ruling 22)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from huipai.grid.models import GridNode
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.points import queries, rules
from huipai.points.commands.awarding import Outcome, told_of
from huipai.points.commands.settling import tidy
from huipai.points.commands.writing import lock_accounts, posting_of, write
from huipai.points.rules import Booking, Holder, NewLot
from huipai.points.words import Kind, Purse, Why
from huipai.rulebook import queries as rulebook
from huipai.rulebook.rules.formula import Measured, NotMeasured
from huipai.rulebook.words import Earner


@transaction.atomic(savepoint=False)
def award_household(
    *,
    item_code: str,
    subject: str,
    household: GridNode,
    received_at: datetime,
    actor: Person | None,
    now: datetime,
    measured: Measured | None = None,
    counts_at: datetime | None = None,
    beside: Mapping[str, datetime] | None = None,
) -> Outcome:
    """Post what the rulebook in force at `received_at` gives this household, once, into its own account.

    Only an item that is meant for households pays one; personal points are never pooled. Part of the caller's
    transaction; as with `award`, a 'no' of the rulebook is an answer. What is for a period counts within the limits at
    `counts_at`, and what was given besides at the instant that `beside` says of its subject; else when it was received.
    When the scheme ends, what was earned before the stop by that instant is paid until nothing is exchanged any more.
    """
    item = rulebook.item_in_force(item_code, received_at)
    if item is None:
        return Outcome(Why.NO_ITEM)
    if Earner.HOUSEHOLD not in item.earners:
        return Outcome(Why.NOT_AN_EARNER)
    end = queries.closing()
    if end and ((counts_at or received_at) >= end.awards_until or now >= end.redeem_until):
        return Outcome(Why.WOUND_DOWN)
    try:
        offer = queries.offer_of(item).measured(measured)
    except NotMeasured:
        return Outcome(Why.NOT_MEASURED)
    if not offer.points:
        return Outcome(Why.TOO_LITTLE)
    holder = Holder(household_id=household.id)
    accounts = lock_accounts(holder)
    tally = queries.household_tally(
        offer, subject=subject, household_id=household.id, at=counts_at or received_at, beside=beside or {}
    )
    why = rules.judge(offer, tally)
    if why not in (Why.POSTED, Why.ALREADY):
        return Outcome(why)
    accounts = tidy(holder, accounts, now) if why == Why.POSTED else accounts
    spendable, debt = accounts[Purse.SPENDABLE], accounts[Purse.DEBT]
    lines, free = rules.award_lines(offer.points, spendable_id=spendable.id, debt_id=debt.id, debt=-debt.balance)
    lapses = rules.lapses_at(received_at, now, item.lot_months)
    booking = Booking(
        id=new_id(), kind=Kind.AWARD, holder=holder, item_id=item.id, item_code=item.code, subject=subject,
        points=offer.points, received_at=received_at, posted_at=now, actor_id=actor.id if actor else None, lines=lines,
        lot=NewLot(new_id(), spendable.id, free, lapses) if free else None, measured=told_of(offer, measured),
    )  # fmt: skip
    if write([booking]):
        return Outcome(Why.POSTED, posting_of(booking))
    return Outcome(Why.ALREADY, queries.household_award_for(item_code, subject, household.id))
