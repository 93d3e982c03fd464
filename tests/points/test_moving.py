"""Spending, expiring, taking back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django import app

from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points import jobs, queries
from huipai.points.commands import NotEnough, NotReversible, SpentOtherwise
from huipai.points.models import Allocation, Lot, Posting
from huipai.points.words import Kind, ReversalReason, Why
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import FOUND, MONDAY, TUESDAY, WEDNESDAY, appoint, resident, rulebook, staff
from tests.points.ledger import award, case, holds, spendable

# Points of November with a life of one month are good until the new year begins in Shanghai.
NEW_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    rulebook(
        replace(FOUND, lot_months=12),
        replace(FOUND, code="woodpecker-03", lot_months=1),
        replace(FOUND, code="woodpecker-04", lot_months=None),
    )
    return resident()


@pytest.fixture
def reviewer(in_yunqiao: Street) -> Person:
    return appoint(staff("审", "13900000021"), Role.REVIEWER)


def spend(person: Person, count: int, subject: str | None = None, now: datetime = TUESDAY) -> Posting:
    return points.spend(person=person, subject=subject or case(), points=count, actor=None, now=now)


def reverse(posting: Posting | None, actor: Person, now: datetime = WEDNESDAY) -> Posting:
    assert posting is not None
    return points.reverse(posting_id=posting.id, actor=actor, reason=ReversalReason.RECORDED_TWICE, now=now)


class TestSpend:
    def test_draws_first_what_expires_first(self, lan: Person, in_yunqiao: Street) -> None:
        for code in ("woodpecker-04", "woodpecker-02", "woodpecker-03"):
            award(lan, item_code=code)
        spend(lan, 7)
        left = dict(Lot.objects.values_list("posting__item_code", "remaining"))
        assert left == {"woodpecker-03": 0, "woodpecker-02": 3, "woodpecker-04": 5}
        assert spendable(lan) == 8
        assert holds(in_yunqiao)

    def test_refuses_more_than_there_is_and_leaves_all_as_it_was(self, lan: Person, in_yunqiao: Street) -> None:
        award(lan)
        with pytest.raises(NotEnough):
            spend(lan, 6)
        assert (spendable(lan), Posting.objects.count()) == (5, 1)
        assert holds(in_yunqiao)

    def test_is_done_once_a_subject(self, lan: Person) -> None:
        award(lan)
        subject = case()
        assert spend(lan, 3, subject) == spend(lan, 3, subject)
        assert spendable(lan) == 2
        with pytest.raises(SpentOtherwise):
            spend(lan, 2, subject)

    def test_cannot_use_what_expired_at_that_very_instant(self, lan: Person) -> None:
        award(lan, item_code="woodpecker-03")
        assert spendable(lan, NEW_YEAR - timedelta(microseconds=1)) == 5
        assert spendable(lan, NEW_YEAR) == 0
        with pytest.raises(NotEnough):
            spend(lan, 1, now=NEW_YEAR)
        spend(lan, 1, now=NEW_YEAR - timedelta(microseconds=1))


class TestExpire:
    def test_posts_what_is_left_and_nothing_twice(self, lan: Person, in_yunqiao: Street) -> None:
        award(lan, item_code="woodpecker-03")
        award(lan, item_code="woodpecker-02")
        spend(lan, 2)
        assert points.expire(now=NEW_YEAR - timedelta(seconds=1)) == 0
        assert points.expire(now=NEW_YEAR) == 1
        assert points.expire(now=NEW_YEAR) == 0
        assert Posting.objects.get(kind=Kind.EXPIRY).points == -3
        assert spendable(lan, NEW_YEAR) == 5
        assert holds(in_yunqiao)

    def test_goes_on_batch_by_batch(self, lan: Person, in_yunqiao: Street) -> None:
        for _ in range(5):
            award(lan, item_code="woodpecker-03")
        assert [points.expire(now=NEW_YEAR, limit=2) for _ in range(4)] == [2, 2, 1, 0]
        assert holds(in_yunqiao)

    def test_the_balance_tells_what_lapses_next(self, lan: Person) -> None:
        award(lan, item_code="woodpecker-02")
        award(lan, item_code="woodpecker-03")
        award(lan, item_code="woodpecker-03")
        lapsing = queries.balance(lan, MONDAY).lapsing
        assert lapsing is not None and (lapsing.points, lapsing.at) == (10, NEW_YEAR)
        assert queries.balance(lan, NEW_YEAR).lapsing is None

    def test_the_job_runs_for_each_street(self, lan: Person, hetang: Street, in_yunqiao: Street) -> None:
        award(lan, item_code="woodpecker-03", received_at=MONDAY - timedelta(days=25))
        jobs.expire(street=str(in_yunqiao.id))
        jobs.expire(street=str(hetang.id))
        assert holds(in_yunqiao)
        assert {"points.expire", "points.expire_all"} <= set(app.tasks)


class TestReverse:
    def test_takes_the_award_out_of_its_own_lot(self, lan: Person, reviewer: Person, in_yunqiao: Street) -> None:
        award(lan, item_code="woodpecker-03")
        outcome = award(lan)
        reversal = reverse(outcome.posting, reviewer)
        assert (reversal.points, spendable(lan), queries.balance(lan, MONDAY).debt) == (-5, 5, 0)
        assert Lot.objects.get(posting=outcome.posting).remaining == 0
        assert holds(in_yunqiao)

    def test_happens_once(self, lan: Person, reviewer: Person) -> None:
        outcome = award(lan)
        assert reverse(outcome.posting, reviewer) == reverse(outcome.posting, reviewer)
        assert spendable(lan) == 0

    def test_what_is_spent_becomes_a_debt_that_later_awards_pay(
        self, lan: Person, reviewer: Person, in_yunqiao: Street
    ) -> None:
        outcome = award(lan)
        spend(lan, 3)
        assert reverse(outcome.posting, reviewer).points == -5
        balance = queries.balance(lan, WEDNESDAY)
        assert (balance.spendable, balance.debt) == (0, 3)
        assert award(lan).points == 5
        balance = queries.balance(lan, WEDNESDAY)
        assert (balance.spendable, balance.debt) == (2, 0)
        assert holds(in_yunqiao)

    def test_a_debt_larger_than_the_award_swallows_it(self, lan: Person, reviewer: Person, in_yunqiao: Street) -> None:
        outcomes = [award(lan) for _ in range(3)]
        spend(lan, 15)
        for outcome in outcomes:
            reverse(outcome.posting, reviewer)
        repaid = award(lan)
        assert (spendable(lan), queries.balance(lan, WEDNESDAY).debt) == (0, 10)
        assert not Lot.objects.filter(posting=repaid.posting).exists()
        assert reverse(repaid.posting, reviewer).points == -5
        assert queries.balance(lan, WEDNESDAY).debt == 15
        assert holds(in_yunqiao)

    def test_what_had_expired_is_not_taken_twice(self, lan: Person, reviewer: Person, in_yunqiao: Street) -> None:
        outcome = award(lan, item_code="woodpecker-03")
        spend(lan, 2)
        points.expire(now=NEW_YEAR)
        assert reverse(outcome.posting, reviewer, NEW_YEAR).points == -2
        assert queries.balance(lan, NEW_YEAR).debt == 2
        assert holds(in_yunqiao)

    def test_leaves_room_under_the_caps_again(self, in_yunqiao: Street, reviewer: Person) -> None:
        rulebook(replace(FOUND, day_cap=5))
        mei = resident("梅", "13800000002")
        outcome = award(mei)
        assert award(mei).why == Why.DAY_CAP
        reverse(outcome.posting, reviewer)
        assert award(mei).why == Why.POSTED

    def test_is_not_for_anybody(self, lan: Person, reviewer: Person) -> None:
        outcome = award(lan)
        with pytest.raises(NotAllowed):
            reverse(outcome.posting, staff("他", "13900000022"))
        appoint(lan, Role.REVIEWER)
        with pytest.raises(NotAllowed):
            reverse(outcome.posting, lan)

    def test_only_an_award_can_be_taken_back(self, lan: Person, reviewer: Person, hetang: Street) -> None:
        outcome = award(lan)
        with pytest.raises(NotReversible):
            reverse(spend(lan, 5), reviewer)
        assert Allocation.objects.count() == 1
        with pytest.raises(NotVisible):
            points.reverse(posting_id=new_id(), actor=reviewer, reason=ReversalReason.RECORDED_WRONGLY, now=WEDNESDAY)
        with in_street(hetang.id), pytest.raises(NotVisible):
            reverse(outcome.posting, reviewer)
