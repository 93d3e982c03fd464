"""Paying for a deed, once."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from huipai.grid import queries as grid
from huipai.kit import hot
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import queries, rules
from huipai.points.commands.settling import tidy
from huipai.points.commands.writing import lock_accounts, open_accounts, posting_of, write
from huipai.points.models import Posting
from huipai.points.rules import Booking, Holder, NewLot, Offer
from huipai.points.words import Kind, Purse, Why
from huipai.rulebook.rules import formula as formulas
from huipai.rulebook.rules.formula import Measured, NotMeasured
from huipai.rulebook.words import Earner
from huipai.streets.current import street_in_force
from huipai.streets.holding import hold_here

# The item in the version in force when the deed was received, and the person's accounts, which stay locked.
OFFER = """
WITH held AS (
    SELECT id, purse, balance, held FROM points_account
    WHERE street_id = %(street)s AND person_id = %(person)s
    ORDER BY purse FOR NO KEY UPDATE
), calendar AS (
    SELECT rulebook_calendar_at(%(street)s, %(at)s) AS at
)
SELECT item.id, item.points, item.earners, item.day_cap, item.month_cap, item.household_month_cap,
       item.cooldown_minutes, item.lot_months, item.under_14, item.household_day_cap, item.formula,
       spendable.id, debt.id, debt.balance, closing.awards_until, closing.redeem_until, spendable.held
FROM calendar
JOIN rulebook_rulebookversion AS version ON version.effective_from <= calendar.at
    AND (version.effective_until IS NULL OR version.effective_until > calendar.at)
JOIN rulebook_pointitem AS item
    ON item.street_id = version.street_id AND item.version_id = version.id AND item.code = %(code)s
    AND (item.admitted_until IS NULL OR item.admitted_until >= (%(at)s AT TIME ZONE 'Asia/Shanghai')::date)
LEFT JOIN held AS spendable ON spendable.purse = 'spendable'
LEFT JOIN held AS debt ON debt.purse = 'debt'
LEFT JOIN points_closing AS closing ON closing.street_id = version.street_id AND closing.approved_at IS NOT NULL
WHERE version.street_id = %(street)s
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an award came to: a posting, new or stored, or the reason why there is none."""

    why: Why
    posting: Posting | None = None

    @property
    def points(self) -> int:
        """What was posted by this call; 0 if nothing was."""
        return self.posting.points if self.posting and self.why == Why.POSTED else 0


def award(
    *,
    item_code: str,
    subject: str,
    person: Person,
    received_at: datetime,
    actor: Person | None,
    now: datetime,
    measured: Measured | None = None,
) -> Outcome:
    """Post what the rulebook in force at `received_at` gives this person for this deed, once.

    Part of the caller's transaction. A 'no' of the rulebook is an answer, not an exception: a second call returns the
    stored posting, and a cap, a missing item or somebody who may not earn returns its reason and posts nothing. Who
    pays several people in one transaction does it in the order of their ids. An item with a formula wants the amounts
    that it counts in `measured`.
    """
    if person.is_staff:
        return Outcome(Why.STAFF)
    with transaction.atomic(savepoint=False):
        found = _offer_and_lock(item_code, person, received_at)
        if found is None:
            return Outcome(Why.NO_ITEM)
        offer, held = found
        try:
            offer = offer.measured(measured)
        except NotMeasured:
            return Outcome(Why.NOT_MEASURED)
        why_not = Why.WOUND_DOWN if held.is_over(received_at, now) else refusal(offer, person, received_at)
        if why_not:
            return Outcome(why_not)
        if offer.has_limits:
            why = rules.judge(offer, queries.tally(offer, subject=subject, person=person, at=received_at))
            if why not in (Why.POSTED, Why.ALREADY):
                return Outcome(why)
        return _post(offer, held, subject, person, received_at, actor, now, measured)


@dataclass(frozen=True, slots=True)
class _Held:
    """The locked accounts of a person, and what is owed."""

    spendable_id: UUID
    debt_id: UUID
    debt: int
    # When the scheme ends, if that was decided.
    awards_until: datetime | None
    redeem_until: datetime | None
    # What is set aside, and may have come free by the clock.
    aside: int

    def is_over(self, received_at: datetime, now: datetime) -> bool:
        """Whether nothing is given any more for a deed of `received_at`."""
        over = self.awards_until is not None and received_at >= self.awards_until
        return over or (self.redeem_until is not None and now >= self.redeem_until)

    def by_the_clock(self, holder: Holder, now: datetime) -> _Held:
        """The same once holds that are over have paid what they can of the debt."""
        return replace(self, debt=-tidy(holder, lock_accounts(holder), now)[Purse.DEBT].balance)


def _offer_and_lock(code: str, person: Person, at: datetime) -> tuple[Offer, _Held] | None:
    """The offer, and the accounts under lock. Where a household is capped, it is locked too."""
    parameters = {"street": street_in_force(), "person": person.id, "code": code, "at": at}
    row = _row(parameters)
    if row and None in row[11:13]:
        open_accounts(Holder(person.id))
        row = _row(parameters)
    if row is None:
        return None
    terms = (row[0], code, row[1], tuple(row[2]), *row[3:10], formulas.from_json(_loaded(row[10])))
    offer = Offer(*terms)
    lock_capped_household(offer, person, at)
    return offer, _Held(row[11], row[12], -(row[13] or 0), *row[14:17])


def _loaded(formula: str | None) -> Any:
    return json.loads(formula) if formula else None


def told_of(offer: Offer, measured: Measured | None) -> dict[str, str] | None:
    """What the formula counted, and nothing else that was measured."""
    if offer.formula is None or measured is None:
        return None
    return {measure: str(measured[measure]) for measure in sorted(formulas.measures(offer.formula))}


def _row(parameters: dict[str, Any]) -> tuple[Any, ...] | None:
    return next(iter(hot.rows(OFFER, parameters)), None)


def lock_capped_household(offer: Offer, person: Person, at: datetime) -> None:
    """Where the item caps a household, let one at a time of those who live there or lately did ask whether there is
    room."""
    if offer.household_month_cap is not None or offer.household_day_cap is not None:
        for household_id in queries.homes_of(person, at):
            hold_here("points.household", household_id)


def refusal(offer: Offer, person: Person, at: datetime) -> Why | None:
    """Why this person could not earn this at `at`, whatever was earned before."""
    if offer.points == 0:
        return Why.TOO_LITTLE
    if not offer.under_14 and rules.is_under_14(person.born_by, at):
        return Why.UNDER_14
    if Earner.RESIDENT in offer.earners:
        return None
    may_earn = Earner.PART_TIME_MEMBER in offer.earners and grid.has_role(person, Role.PART_TIME_MEMBER, at)
    return None if may_earn else Why.NOT_AN_EARNER


def _post(
    offer: Offer, held: _Held, subject: str, person: Person, received_at: datetime, actor: Person | None,
    now: datetime, measured: Measured | None,
) -> Outcome:  # fmt: skip
    """Write the award, or find that it was written."""
    stored = None
    if held.debt and held.aside:
        # What may have come free pays first, and nothing is posted for a deed that was paid.
        stored = queries.award_for(item_code=offer.code, subject=subject, person_id=person.id)
        held = held if stored else held.by_the_clock(Holder(person.id), now)
    if stored is None:
        booking = _booking(offer, held, subject, person, received_at, actor, now, measured)
        if write([booking]):
            return Outcome(Why.POSTED, posting_of(booking))
        stored = queries.award_for(item_code=offer.code, subject=subject, person_id=person.id)
    return Outcome(Why.ALREADY, stored)


def _booking(
    offer: Offer, held: _Held, subject: str, person: Person, received_at: datetime, actor: Person | None,
    now: datetime, measured: Measured | None,
) -> Booking:  # fmt: skip
    lines, spendable = rules.award_lines(
        offer.points, spendable_id=held.spendable_id, debt_id=held.debt_id, debt=held.debt
    )
    expires_at = rules.lapses_at(received_at, now, offer.lot_months)
    lot = NewLot(new_id(), held.spendable_id, spendable, expires_at) if spendable else None
    return Booking(
        id=new_id(), kind=Kind.AWARD, holder=Holder(person.id), item_id=offer.item_id, item_code=offer.code,
        subject=subject, points=offer.points, received_at=received_at, posted_at=now,
        actor_id=actor.id if actor else None, lines=lines, lot=lot, measured=told_of(offer, measured),
    )  # fmt: skip
