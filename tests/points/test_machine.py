"""Any order of awards, grants, spendings, holds, expiries and reversals, against a plain model of what must come of it.

After every step: the ledger sums to zero, nothing is negative, every balance is the sum of its lines and of its lots
and equals the model's, what is held is what open holds have set aside, and a step that was refused has left every row
as it was. Two people and a household share the rulebook and the clock. The model goes by the clock alone, so whether
the jobs have run, and when, changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points import queries
from huipai.points.commands import NotEnough
from huipai.points.models import Account, Allocation, Line, Lot, Posting
from huipai.points.words import Purse, ReversalReason, Why
from huipai.rulebook.rules import Terms
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import FOUND, MONDAY, appoint, resident, rulebook, staff
from tests.points.ledger import holds
from tests.rounds import DEPTH, walk

ITEMS = {
    "woodpecker-02": replace(FOUND, points=5, lot_months=None),
    "woodpecker-03": replace(FOUND, code="woodpecker-03", points=3, lot_months=1, day_cap=6),
    "woodpecker-04": replace(FOUND, code="woodpecker-04", points=8, lot_months=2),
}
NEVER = datetime.max.replace(tzinfo=MONDAY.tzinfo)


@dataclass
class Paid:
    """One award as the model sees it."""

    who: int
    code: str
    at: datetime
    number: int
    points: int
    left: int
    expires: datetime
    posting: Posting
    expired: int = 0
    taken_back: bool = False
    # What was taken of it when it was taken back, and what that was taken of if this came back for it.
    due: int = 0
    restores: Paid | None = None

    @property
    def origin(self) -> Paid:
        """The deed whose place in the caps it holds."""
        return self.restores or self

    @property
    def order(self) -> tuple[datetime, int]:
        return self.expires, self.number


@dataclass
class Model:
    """Points without a database: lists and loops."""

    terms: ClassVar[dict[str, Terms]] = ITEMS
    paid: list[Paid] = field(default_factory=list)
    debt: dict[int, int] = field(default_factory=lambda: {0: 0, 1: 0})

    def left(self, who: int) -> int:
        return sum(paid.left for paid in self.paid if paid.who == who)

    def spendable(self, who: int, at: datetime) -> int:
        return sum(paid.left for paid in self.paid if paid.who == who and paid.expires > at)

    def room(self, who: int, code: str, at: datetime) -> bool:
        """Whether the caps of day and month leave room; what came back holds the place that it had."""
        terms, day = self.terms[code], (at + timedelta(hours=8)).date()
        mine = [p for p in self.paid if p.who == who and p.origin.code == code and not p.taken_back]
        had = [(p.points, (p.origin.at + timedelta(hours=8)).date()) for p in mine]
        today = sum(points for points, on in had if on == day)
        this_month = sum(points for points, on in had if (on.year, on.month) == (day.year, day.month))
        within_day = terms.day_cap is None or today + terms.points <= terms.day_cap
        return within_day and (terms.month_cap is None or this_month + terms.points <= terms.month_cap)

    def pay(self, who: int, code: str, at: datetime, now: datetime, posting: Posting) -> None:
        worth = self.terms[code].points
        repaid = min(worth, self.debt[who])
        self.debt[who] -= repaid
        self.paid.append(Paid(who, code, at, len(self.paid), worth, worth - repaid, self.end(code, at, now), posting))

    def end(self, code: str, at: datetime, now: datetime) -> datetime:
        """So many months after the deed; after the posting where less than the sixty days of the notice are left."""
        months = self.terms[code].lot_months
        if months is None:
            return NEVER
        of_deed = self.months_after(at, months)
        return of_deed if of_deed - now >= timedelta(days=60) else self.months_after(now, months)

    def months_after(self, at: datetime, months: int) -> datetime:
        local = at + timedelta(hours=8)
        month = local.month + months + 1
        first = datetime(local.year + (month - 1) // 12, (month - 1) % 12 + 1, 1, tzinfo=at.tzinfo)
        return first - timedelta(hours=8)

    def move_to(self, now: datetime) -> None:
        """What ends by the clock has ended, whether or not a job has run."""
        self.lapse(now)

    def take(self, who: int, count: int) -> int:
        for paid in sorted((p for p in self.paid if p.who == who), key=lambda p: p.order):
            step = min(count, paid.left)
            paid.left -= step
            count -= step
        return count

    def take_back(self, paid: Paid) -> None:
        due = paid.points - paid.expired
        own = min(due, paid.left)
        paid.left -= own
        self.debt[paid.who] += self.take(paid.who, due - own)
        paid.taken_back, paid.due = True, due

    def lapse(self, at: datetime) -> None:
        for paid in self.paid:
            if paid.expires <= at:
                paid.expired += paid.left
                paid.left = 0


class Ledger(RuleBasedStateMachine):
    """Two residents under one rulebook, and a clock that only goes forward."""

    street: Street
    people: list[Person]
    reviewer: Person
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.entered = [in_street(self.street.id), transaction.atomic()]
        for context in self.entered:
            context.__enter__()
        self.now, self.model, self.subjects = MONDAY, Model(), 0
        self.has_lapsed_beside = False

    def teardown(self) -> None:
        try:
            assert holds(self.street)
        finally:
            transaction.set_rollback(True)
            for context in reversed(self.entered):
                context.__exit__(None, None, None)

    @rule(hours=st.integers(1, 24 * 45))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.model.move_to(self.now)

    @rule(who=st.integers(0, 1), code=st.sampled_from(sorted(ITEMS)), ago=st.integers(0, 72))
    def award(self, who: int, code: str, ago: int) -> None:
        self.subjects += 1
        at = self.now - timedelta(hours=ago)
        has_room = self.model.room(who, code, at)
        before = "" if has_room else self.rows()
        outcome = points.award(
            item_code=code, subject=f"case:{self.subjects}", person=self.people[who], received_at=at, actor=None,
            now=self.now,
        )  # fmt: skip
        if has_room:
            assert outcome.why == Why.POSTED and outcome.posting
            self.model.pay(who, code, at, self.now, outcome.posting)
        else:
            assert outcome.why == Why.DAY_CAP
            assert self.rows() == before

    @precondition(lambda self: self.model.paid)
    @rule(which=st.integers(0, 10**6))
    def award_again(self, which: int) -> None:
        paid = self.model.paid[which % len(self.model.paid)]
        before = self.rows()
        outcome = points.award(
            item_code=paid.code, subject=paid.posting.subject, person=self.people[paid.who], received_at=self.now,
            actor=None, now=self.now,
        )  # fmt: skip
        assert (outcome.why, outcome.posting) == (Why.ALREADY, paid.posting)
        assert self.rows() == before

    @rule(who=st.integers(0, 1), count=st.integers(1, 20))
    def spend(self, who: int, count: int) -> None:
        self.subjects += 1
        has_enough = self.model.spendable(who, self.now) >= count
        before = "" if has_enough else self.rows()
        try:
            points.spend(
                person=self.people[who], subject=f"order:{self.subjects}", points=count, actor=None, now=self.now
            )
        except NotEnough:
            assert not has_enough and self.rows() == before
        else:
            assert has_enough
            assert self.model.take(who, count) == 0

    @rule()
    def expire(self) -> None:
        """The job only tidies: the model knows nothing of it."""
        points.expire(now=self.now)

    @precondition(lambda self: self.model.paid)
    @rule(which=st.integers(0, 10**6))
    def reverse(self, which: int) -> None:
        paid = self.model.paid[which % len(self.model.paid)]
        before = self.rows() if paid.taken_back else ""
        points.reverse(posting_id=paid.posting.id, actor=self.reviewer, reason=ReversalReason.DEED_UNDONE, now=self.now)
        if paid.taken_back:
            assert self.rows() == before
        else:
            self.model.take_back(paid)

    @precondition(lambda self: not self.has_lapsed_beside)
    @rule(who=st.integers(0, 1), days=st.integers(60, 140))
    def one_is_asked_back_beside_what_lapsed(self, who: int, days: int) -> None:
        """Once in a run: it was spent, and what was earned after it lies there unspent and is over."""
        self.has_lapsed_beside, number = True, len(self.model.paid)
        self.award(who=who, code="woodpecker-02", ago=0)
        if len(self.model.paid) == number:
            return
        if count := self.model.spendable(who, self.now):
            self.spend(who=who, count=count)
        self.award(who=who, code="woodpecker-04", ago=0)
        self.time_passes(hours=24 * days)
        self.reverse(which=number)

    @invariant()
    def the_ledger_is_whole_and_every_balance_is_the_models(self) -> None:
        type(self).steps += 1
        connection.check_constraints()
        wanted = {
            (person.pk, purse): value
            for who, person in enumerate(self.people)
            for purse, value in (
                (Purse.SPENDABLE, self.model.spendable(who, self.now)),
                (Purse.DEBT, -self.model.debt[who]),
            )
        }
        with connection.cursor() as cursor:
            cursor.execute(_WHOLE, {"street": self.street.id, "now": self.now})
            for person_id, purse, balance, lines, lots, open_lots in cursor.fetchall():
                assert balance == lines
                if person_id is None:
                    continue
                if purse == Purse.SPENDABLE:
                    assert balance == lots >= open_lots
                else:
                    assert balance <= 0 == lots
                assert wanted.pop((person_id, purse)) == (open_lots if purse == Purse.SPENDABLE else balance)
        assert not any(wanted.values())

    @invariant()
    def a_resident_reads_what_the_model_says(self) -> None:
        """One of the two a step: the rows of both were compared above, this is the reading of them."""
        who = type(self).steps % len(self.people)
        balance = queries.balance(self.people[who], self.now)
        assert (balance.spendable, balance.debt) == (self.model.spendable(who, self.now), self.model.debt[who])

    def rows(self) -> str:
        """Every row of the ledger, as it stands."""
        with connection.cursor() as cursor:
            cursor.execute(_ROWS, {"street": self.street.id})
            return str(cursor.fetchone()[0])


# Every account with the sum of its lines and of its lots, open ones apart; last, all lines against zero.
_WHOLE = """
    SELECT a.person_id, a.purse, a.balance,
           (SELECT coalesce(sum(n.amount), 0) FROM points_line n
             WHERE n.street_id = a.street_id AND n.account_id = a.id),
           coalesce(sum(o.remaining), 0),
           coalesce(sum(o.remaining) FILTER (WHERE o.expires_at IS NULL OR o.expires_at > %(now)s), 0)
      FROM points_account a LEFT JOIN points_lot o ON o.street_id = a.street_id AND o.account_id = a.id
     WHERE a.street_id = %(street)s GROUP BY a.street_id, a.id, a.person_id, a.purse, a.balance
    UNION ALL
    SELECT NULL, NULL, 0, coalesce(sum(amount), 0), 0, 0 FROM points_line WHERE street_id = %(street)s"""

_ROWS = "SELECT string_agg(line, chr(10) ORDER BY line) FROM ({}) AS ledger".format(
    " UNION ALL ".join(
        f"SELECT t::text AS line FROM {model._meta.db_table} t WHERE t.street_id = %(street)s"
        for model in (Account, Posting, Line, Lot, Allocation)
    )
)


def run(street: Street, *, examples: int, steps: int, least: int) -> None:
    """Let Hypothesis try so many sequences of at most so many steps, again until it has taken `least` in all."""
    with in_street(street.id):
        rulebook(*ITEMS.values())
        people = [resident("甲", "13800000051"), resident("乙", "13800000052")]
        reviewer = appoint(staff("审", "13900000051"), Role.REVIEWER)
    world = {"street": street, "people": people, "reviewer": reviewer, "steps": 0}
    machine = type("LedgerOfOneStreet", (Ledger,), world)
    walk(machine, examples=examples, steps=steps, is_enough=lambda: machine.steps >= least)


def test_any_order_of_events_comes_out_as_the_model_says(yunqiao: Street) -> None:
    run(yunqiao, examples=8, steps=25, least=100)


@pytest.mark.long
@pytest.mark.deep
def test_many_more_steps_come_out_as_the_model_says(yunqiao: Street) -> None:
    """Of the ledger alone, whose histories are short; in the shop's ten thousand steps its rules are taken too."""
    run(yunqiao, examples=30, steps=60, least=1_500 * DEPTH)
