"""What is there when awards stop is good until the last day, as the rulebook says; what ends before is named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from huipai.grid.models import Assignment
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points import queries
from huipai.points.commands import NotEnough
from huipai.points.models import Lot
from huipai.points.queries import Lapse
from huipai.points.queries.holds import Ending
from huipai.points.rules import Holder
from huipai.points.warning import announce, warn
from huipai.rulebook.rules import EndRule, Terms
from huipai.shop import commands as shop
from huipai.streets.models import Street
from tests.cast import A_MONTH_AGO, FOUND, TUESDAY, resident, rulebook, staff
from tests.points.ledger import award, capture, holds, spendable
from tests.points.test_awarding import home
from tests.points.test_closing import LAST, MOMENT, STOP, close
from tests.shop.shop import SOAP, Shop, open_shop, reserve

# The ends of lots of one month and of two: before the stop, and between it and the last day.
BEFORE, BETWEEN = datetime(2026, 12, 31, 16, tzinfo=UTC), datetime(2027, 1, 31, 16, tzinfo=UTC)
A_DAY = timedelta(days=1)
SHORT = replace(FOUND, code="woodpecker-03", points=20, lot_months=1, month_cap=None)
LONGER = replace(FOUND, points=30, lot_months=2, month_cap=None)


@pytest.fixture
def made(in_yunqiao: Street) -> Shop:
    shop = open_shop(in_yunqiao, offer=replace(SOAP, points=30))
    rulebook(LONGER, SHORT, since=TUESDAY)
    return shop


@pytest.fixture
def hua(made: Shop) -> Person:
    """Has thirty points whose item ends them between the stop and the last day, and nothing else."""
    person = resident("华", "13800000055")
    earn(person)
    assert Lot.objects.get(account__person=person).expires_at == BETWEEN
    assert STOP < BETWEEN < LAST
    return person


def earn(person: Person, item: Terms = LONGER) -> None:
    award(person, item_code=item.code, received_at=TUESDAY, now=TUESDAY)


def stop_late(made: Shop) -> None:
    """The scheme ends, and the stop comes after the end of the short lots."""
    close(made, stop=BEFORE + A_DAY, last=LAST)


class TestWhatTheStopFinds:
    def test_is_good_until_the_last_day_and_not_a_moment_longer(self, made: Shop, hua: Person) -> None:
        close(made)
        for at in (BETWEEN, LAST - MOMENT):
            assert points.expire(now=at) == 0
            assert spendable(hua, at) == 30
        assert queries.outstanding(LAST - MOMENT) == 130
        assert spendable(hua, LAST) == 0
        points.expire(now=LAST)
        assert not Lot.objects.filter(remaining__gt=0).exists() and holds(made.street)

    def test_buys_by_every_way_until_then(self, made: Shop, hua: Person) -> None:
        close(made)
        at = LAST - A_DAY
        kept = reserve(made, person=hua, now=at)  # in one statement
        shop.cancel(reservation_id=kept.id, actor=hua, now=at)
        hold = points.reserve(
            holder=Holder(hua.id), subject="order:1", points=10, expires_at=LAST - MOMENT, actor=hua, now=at
        )
        capture(hold_id=hold.id, actor=hua, now=at)
        points.spend(person=hua, subject="order:2", points=20, actor=None, now=LAST - MOMENT)
        with pytest.raises(NotEnough):
            points.spend(person=hua, subject="order:3", points=1, actor=None, now=LAST - MOMENT)
        assert holds(made.street)

    def test_comes_back_from_a_reservation_until_then(self, made: Shop, hua: Person) -> None:
        close(made)
        kept = reserve(made, person=hua, now=BETWEEN - A_DAY)
        assert queries.ending_by(kept.hold_id, kept.expires_at) is None
        assert queries.ending_by(kept.hold_id, LAST) == Ending(30, LAST)
        shop.lapse(now=kept.expires_at)
        assert spendable(hua, kept.expires_at) == 30

    def test_and_what_is_posted_after_the_stop_too(self, made: Shop, hua: Person) -> None:
        close(made)
        award(hua, received_at=STOP - A_DAY, now=STOP + A_DAY)
        assert spendable(hua, LAST - MOMENT) == 60

    def test_a_lot_that_ends_in_the_very_moment_of_the_stop_is_good_until_the_last_day(
        self, made: Shop, hua: Person
    ) -> None:
        close(made, stop=BETWEEN, last=BETWEEN + timedelta(days=100))
        assert spendable(hua, BETWEEN) == 30

    def test_what_ends_before_the_stop_ends_as_its_item_says(self, made: Shop, hua: Person) -> None:
        earn(hua, SHORT)
        stop_late(made)
        assert (spendable(hua, BEFORE - MOMENT), spendable(hua, BEFORE)) == (50, 30)
        assert points.expire(now=BEFORE) == 1
        assert holds(made.street)


class TestTelling:
    def test_the_rule_that_residents_read_says_it(self) -> None:
        assert "本来在这期间到期的，也能用到最后一天" in "".join(EndRule().sentences())

    def test_the_notice_promises_the_last_day_of_those_points_alone_that_live_until_then(
        self, made: Shop, hua: Person
    ) -> None:
        earn(hua, SHORT)
        ming = resident("明", "13800000056")
        earn(ming, SHORT)
        stop_late(made)
        announce(now=TUESDAY)
        told = {one.person: one.wording for one in Notice.objects.filter(kind="points.closing")}
        assert str(told[hua].title) == "您的 30 分能换到 2027 年 4 月 3 日"
        assert "另有 20 分本来就在停发以前到期" in str(told[hua].text)
        assert str(told[ming].title) == "积分要结束了，您的 20 分在停发以前到期"
        assert "另有" not in str(told[made.lan].text)

    def test_nobody_is_reminded_of_an_end_that_does_not_come(self, made: Shop, hua: Person) -> None:
        close(made)
        assert queries.balance(hua, BETWEEN - A_DAY).lapsing is None
        assert warn(now=BETWEEN - A_DAY) == 0
        assert queries.balance(hua, LAST - A_DAY).lapsing == Lapse(30, LAST)
        assert warn(now=LAST - A_DAY) == 2, "of whoever has points"


class TestProof:
    def test_finds_what_lapsed_before_its_time(self, made: Shop, hua: Person) -> None:
        points.expire(now=BETWEEN)
        assert holds(made.street)
        close(made)
        assert "it lapsed before its time" in str(next(queries.verify_ledger(made.street)))

    def test_finds_what_was_used_or_set_aside_after_it(self, made: Shop, hua: Person) -> None:
        points.reserve(holder=Holder(made.lan.id), subject="order:2", points=1, expires_at=LAST + A_DAY, actor=None,
                       now=LAST)  # fmt: skip
        points.spend(person=made.lan, subject="order:1", points=1, actor=None, now=LAST)
        assert holds(made.street)
        close(made)
        found = " ".join(str(one) for one in queries.verify_ledger(made.street))
        assert "it used points that were good no more" in found
        assert "it set aside points that were good no more" in found


def test_whoever_looks_after_the_home_of_somebody_without_a_phone_hears_of_the_end_and_not_how_much(made: Shop) -> None:
    elder, wei = (
        Person.objects.create(name="高一山", birth_year=1940, created_at=A_MONTH_AGO),
        staff("魏", "13900000031"),
    )
    household = home(elder)
    Assignment.objects.create(person=wei, role=Role.GRID_WORKER, node=household.parent, valid_from=A_MONTH_AGO)
    earn(elder, SHORT)
    stop_late(made)
    announce(now=TUESDAY)
    told = Notice.objects.get(person=wei)
    assert told.wording.title == "积分要结束了，告诉一位不用手机的邻居"
    assert household.name in told.wording.text and "先用快到期的" in told.wording.text
    assert (told.params["points"], told.params["before"]) == (0, 0)
