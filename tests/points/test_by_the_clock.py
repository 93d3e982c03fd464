"""The same facts come out the same, whether the jobs that tidy have run or not, and whenever they ran."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from django.db import transaction

from huipai.grid.models import GridNode
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points import queries
from huipai.points.commands import families
from huipai.points.models import Account, Correction, Hold, Lot, Posting
from huipai.points.rules import Holder
from huipai.points.words import CorrectionReason, GrantReason, Purse, ReversalReason, Why
from huipai.streets.models import Street
from tests.cast import FOUND, MONDAY, appoint, resident, rulebook, staff
from tests.points.ledger import award, capture, case, holds
from tests.points.test_awarding import home
from tests.points.test_household import LINKED

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
A_WEEK_ON = MONDAY + timedelta(days=7)
NOW = A_WEEK_ON + MINUTE
TWO_WEEKS_ON = MONDAY + timedelta(days=14)
YEAR = "woodpecker-03"  # an item whose points are good for a year, to the last of November 2027


@pytest.fixture
def judges(in_yunqiao: Street) -> list[Person]:
    rulebook(
        replace(FOUND, points=5, lot_months=3), replace(FOUND, code=YEAR, points=5, lot_months=12),
        replace(LINKED, points=5, lot_months=3, month_cap=None, household_month_cap=None),
    )  # fmt: skip
    return [appoint(staff(f"审{n}", f"1390000009{n}"), Role.REVIEWER) for n in range(3)]


@pytest.fixture
def lan(judges: list[Person]) -> Person:
    return resident()


@dataclass
class Owing:
    """Somebody owes 5 that were spent and asked back; set aside are 5 of February for a week, 5 of a year for two."""

    lan: Person
    asked: Correction
    of_february: Lot
    second: Hold


@pytest.fixture
def owing(lan: Person, judges: list[Person]) -> Owing:
    taken = award(lan).posting
    assert taken is not None
    points.spend(person=lan, subject="order:1", points=5, actor=None, now=MONDAY)
    of_february = Lot.objects.get(posting=award(lan).posting)
    award(lan, item_code=YEAR)
    set_aside(Holder(lan.id), A_WEEK_ON)
    second = set_aside(Holder(lan.id), TWO_WEEKS_ON)
    asked = points.propose_correction(
        posting_id=taken.id, reason=CorrectionReason.RECORDED_WRONGLY, note="记错了", actor=judges[0], now=MONDAY
    )
    points.approve_correction(correction_id=asked.id, actor=judges[1], now=MONDAY)
    points.appeal_correction(correction_id=asked.id, actor=lan, text="没有错", now=MONDAY)
    assert queries.balance(lan, MONDAY).debt == 5
    return Owing(lan, asked, of_february, second)


def set_aside(holder: Holder, until: datetime) -> Hold:
    return points.reserve(holder=holder, subject=case(), points=5, expires_at=until, actor=None, now=MONDAY)


def take_back(posting: Posting | None, judge: Person, now: datetime) -> None:
    assert posting is not None
    points.reverse(posting_id=posting.id, actor=judge, reason=ReversalReason.RECORDED_WRONGLY, now=now)


def tidied(at: datetime) -> None:
    points.lapse(now=at)
    points.expire(now=at)


def whichever(street: Street, holder: Holder, act: Callable[[], object], at: datetime, ends: list[datetime]) -> str:
    """What comes of an act at `at`, whichever of the jobs of these ends have run before; one and the same thing."""
    came_of = set()
    for ran in product((False, True), repeat=len(ends)):
        with transaction.atomic():
            for end, has_run in zip(ends, ran, strict=True):
                if has_run:
                    tidied(end + MINUTE)
            assert queries.outstanding(at) == of_everybody(at)
            before, answer = queries.balance_of(holder, at), act()
            after = queries.balance_of(holder, at)
            assert queries.outstanding(at) == of_everybody(at)
            tidied(at)
            assert queries.balance_of(holder, at) == after and holds(street)
            lots = Lot.objects.filter(remaining__gt=0).order_by("expires_at", "id")
            left = ", ".join(f"{lot.remaining} to {lot.expires_at:%Y-%m}" for lot in lots)
            came_of.add((str(before), str(answer), f"{after.spendable} - {after.debt}: {left}"))
            transaction.set_rollback(True)
    assert len(came_of) == 1, came_of
    return came_of.pop()[-1]


def of_everybody(at: datetime) -> int:
    owners = Account.objects.filter(purse=Purse.SPENDABLE).values_list("person_id", "household_id")
    each = [queries.balance_of(Holder(person, household_id=household), at) for person, household in owners]
    return sum(one.spendable + one.held for one in each)


class TestWhatWasSetAsidePaysWhenItsTimeIsOver:
    def earned(self, owing: Owing, at: datetime) -> None:
        assert award(owing.lan, item_code=YEAR, received_at=at, now=at).why == Why.POSTED

    def test_before_a_new_award(self, owing: Owing, in_yunqiao: Street) -> None:
        """The old points pay, and what is new stays, good for its whole year."""
        came = whichever(in_yunqiao, Holder(owing.lan.id), lambda: self.earned(owing, NOW), NOW, [A_WEEK_ON])
        assert came == "5 - 0: 5 to 2027-11, 5 to 2027-11"

    def test_and_an_award_that_was_paid_posts_nothing(self, owing: Owing) -> None:
        stored, before = owing.of_february.posting, Posting.objects.count()
        again = award(owing.lan, stored.subject, received_at=NOW, now=NOW)
        assert (again.why, again.posting, Posting.objects.count()) == (Why.ALREADY, stored, before)

    def test_before_what_is_given_by_hand(self, owing: Owing, judges: list[Person], in_yunqiao: Street) -> None:
        asked = points.propose_grant(
            person=owing.lan, points=5, reason=GrantReason.MISSED, item_code=YEAR, done_at=MONDAY, paper_number="ZB-1",
            actor=judges[0], now=MONDAY,
        )  # fmt: skip
        came = whichever(
            in_yunqiao, Holder(owing.lan.id),
            lambda: points.approve_grant(grant_id=asked.id, actor=judges[1], now=NOW).state, NOW, [A_WEEK_ON],
        )  # fmt: skip
        assert came == "5 - 0: 5 to 2027-11, 5 to 2027-11"

    def test_before_what_comes_back_after_an_appeal(
        self, owing: Owing, judges: list[Person], in_yunqiao: Street
    ) -> None:
        came = whichever(
            in_yunqiao, Holder(owing.lan.id),
            lambda: points.uphold_appeal(correction_id=owing.asked.id, actor=judges[2], now=NOW).state, NOW,
            [A_WEEK_ON],
        )  # fmt: skip
        assert came == "5 - 0: 5 to 2027-02, 5 to 2027-11"

    def test_before_what_is_called_off_after_it(self, owing: Owing, in_yunqiao: Street) -> None:
        came = whichever(
            in_yunqiao, Holder(owing.lan.id),
            lambda: points.void(hold_id=owing.second.id, actor=None, now=NOW).state, NOW, [A_WEEK_ON],
        )  # fmt: skip
        assert came == "5 - 0: 5 to 2027-11"

    def test_from_points_that_lived_then_though_they_are_over_now(self, owing: Owing, in_yunqiao: Street) -> None:
        """It came free while they lived; nobody posted that until they were over."""
        at, ends = owing.of_february.expires_at + MINUTE, [A_WEEK_ON, TWO_WEEKS_ON, owing.of_february.expires_at]
        came = whichever(in_yunqiao, Holder(owing.lan.id), lambda: self.earned(owing, at), at, ends)
        assert came == "10 - 0: 5 to 2027-11, 5 to 2028-03"

    def test_but_not_from_points_that_were_over_before(
        self, lan: Person, judges: list[Person], in_yunqiao: Street
    ) -> None:
        """Set aside beyond their own end they lapse when they come free, and the debt stays."""
        taken = award(lan).posting
        points.spend(person=lan, subject="order:1", points=5, actor=None, now=MONDAY)
        lot = Lot.objects.get(posting=award(lan).posting)
        until = lot.expires_at + timedelta(days=1)
        set_aside(Holder(lan.id), until)
        take_back(taken, judges[0], MONDAY)
        at = until + MINUTE

        def earn() -> None:
            award(lan, item_code=YEAR, received_at=at, now=at)

        came = whichever(in_yunqiao, Holder(lan.id), earn, at, [lot.expires_at, until])
        assert came == "0 - 0: "

    def test_before_what_a_household_earns(self, lan: Person, judges: list[Person], in_yunqiao: Street) -> None:
        house = home(lan)
        holder, taken = Holder(household_id=house.id), earned_by(house, MONDAY)
        capture(hold_id=set_aside(holder, A_WEEK_ON).id, actor=None, now=MONDAY)
        earned_by(house, MONDAY)
        set_aside(holder, A_WEEK_ON)
        take_back(taken, judges[0], MONDAY)
        at = A_WEEK_ON + timedelta(days=30)
        came = whichever(in_yunqiao, holder, lambda: earned_by(house, at) and None, at, [A_WEEK_ON])
        assert came == "5 - 0: 5 to 2027-03"


def earned_by(house: GridNode, at: datetime) -> Posting | None:
    return points.award_household(
        item_code=LINKED.code, subject=case(), household=house, received_at=at, actor=None, now=at
    ).posting


class TestWhatHasLapsed:
    def test_pays_for_nothing_that_is_taken_back(self, lan: Person, judges: list[Person], in_yunqiao: Street) -> None:
        """The one that was spent is owed; what lay beside it was over."""
        spent = award(lan).posting
        points.spend(person=lan, subject="order:1", points=5, actor=None, now=MONDAY)
        lot = Lot.objects.get(posting=award(lan).posting)
        at, ends = lot.expires_at + timedelta(minutes=5), [lot.expires_at]
        came = whichever(in_yunqiao, Holder(lan.id), lambda: take_back(spent, judges[0], at), at, ends)
        assert came == "0 - 5: "
        assert (
            whichever(in_yunqiao, Holder(lan.id), lambda: take_back(lot.posting, judges[0], at), at, ends) == "0 - 0: "
        )

    def test_is_not_what_a_family_leaves_behind(self, lan: Person, in_yunqiao: Street) -> None:
        house = home(lan)
        lot = Lot.objects.get(posting=earned_by(house, MONDAY))
        at = lot.expires_at + MINUTE

        def end() -> Posting | None:
            return families.end_with_family(household=house, actor=None, now=at)

        assert whichever(in_yunqiao, Holder(household_id=house.id), end, at, [lot.expires_at]) == "0 - 0: "
        assert end() is None, "it had lapsed already"
