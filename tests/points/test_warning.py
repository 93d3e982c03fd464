"""Before points lapse their owner is told: once two months ahead, once in the last week."""

from dataclasses import replace
from datetime import timedelta

import pytest

from huipai.grid.models import Assignment, Residence
from huipai.notices.models import Notice
from huipai.people import commands as people
from huipai.people.models import Person, Proxy
from huipai.people.words import Channel, ConsentPurpose, ProxyScope, Role
from huipai.points import commands as points
from huipai.points.models import Lot
from huipai.points.rules import Holder
from huipai.points.warning import warn
from huipai.streets.models import Street
from tests.cast import A_MONTH_AGO, FOUND, MONDAY, clerk, resident, rulebook, staff
from tests.grid.conftest import build
from tests.points.ledger import award
from tests.points.test_awarding import home
from tests.points.test_household import LINKED


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    rulebook(replace(FOUND, lot_months=3), replace(LINKED, lot_months=3))
    person = resident()
    award(person)
    award(person)
    return person


def test_told_twice_in_all_and_in_sums(lan: Person) -> None:
    end = Lot.objects.latest("id").expires_at
    assert end
    assert warn(now=end - timedelta(days=61)) == 0
    assert [warn(now=end - timedelta(days=days)) for days in (60, 59, 8, 7, 6, 1, 0)] == [1, 0, 0, 1, 0, 0, 0]
    notice = Notice.objects.filter(person=lan, kind="points.lapsing").earliest("created_at")
    assert notice.params["points"] == 10
    assert str(notice.wording.title) == "有 10 分到 2027 年 2 月 28 日过期"


def test_what_is_used_is_not_spoken_of(lan: Person) -> None:
    end = Lot.objects.latest("id").expires_at
    assert end
    points.spend(person=lan, subject="order:1", points=10, actor=None, now=MONDAY)
    assert warn(now=end - timedelta(days=30)) == 0


def test_what_lies_in_a_reservation_is_spoken_of_with_the_rest_and_the_last_week_is_told_once(lan: Person) -> None:
    end = Lot.objects.latest("id").expires_at
    assert end
    begins = end - timedelta(days=7)
    points.reserve(holder=Holder(lan.id), subject="order:1", points=8, expires_at=end, actor=lan, now=begins)
    # Both notices would be due: nobody was told two months ahead.
    assert [warn(now=begins + timedelta(hours=hours)) for hours in (1, 2, 100)] == [1, 0, 0]
    wording = Notice.objects.get(person=lan, kind="points.lapsing").wording
    assert str(wording.title) == "有 10 分到 2027 年 2 月 28 日过期"
    assert "其中 8 分留给了换好的东西" in str(wording.text)


def test_of_a_household_the_grown_ups_who_agreed_are_told(lan: Person) -> None:
    mei = resident("梅", "13800000002")
    home(lan, mei)
    points.award_household(
        item_code=LINKED.code, subject="visit:1", household=lan.residences.get().household, received_at=MONDAY,
        actor=None, now=MONDAY,
    )  # fmt: skip
    people.give_consent(person=mei, purpose=ConsentPurpose.HOUSEHOLD_POINTS, now=MONDAY)
    end = Lot.objects.latest("id").expires_at
    assert end
    warn(now=end - timedelta(days=60))
    assert [notice.params["household"] for notice in Notice.objects.filter(person=mei)] == [True]
    assert [notice.params["household"] for notice in Notice.objects.filter(person=lan)] == [False]


def test_who_may_spend_them_for_somebody_is_told_with_them(lan: Person) -> None:
    """A child has no inbox that anybody opens, and an elder has asked a helper to look after it."""
    mother, son, other = (resident(name, f"1380000001{n}") for n, name in enumerate("母子旁"))
    child = resident("童", "13800000003")
    Person.objects.filter(pk=child.pk).update(birth_year=MONDAY.year - 9)
    child.refresh_from_db()
    people.record_guardian(minor=child, guardian=mother, paper_number="G-1", age_seen=True, actor=clerk(), now=MONDAY)
    for helper, scope in ((son, ProxyScope.POINTS), (other, ProxyScope.REPORT)):
        phone = str(helper.account and helper.account.phone)
        proxy = people.invite_helper(elder=lan, phone=phone, scopes=[scope], address="", now=MONDAY)
        people.accept_invitation(proxy_id=proxy.id, helper=helper, now=MONDAY)
    award(mother)
    award(child)
    end = Lot.objects.latest("id").expires_at
    assert end
    for days in (60, 59):
        warn(now=end - timedelta(days=days))
    told = [(one.person_id, str(one.wording.title)) for one in Notice.objects.filter(kind="points.lapsing")]
    own, theirs = "有 {} 分到 2027 年 2 月 28 日过期", "您代办的家人有 {} 分到 2027 年 2 月 28 日过期"
    assert sorted(told) == sorted(
        [
            (lan.id, own.format(10)), (son.id, theirs.format(10)), (mother.id, own.format(5)),
            (child.id, own.format(5)), (mother.id, theirs.format(5)),
        ]
    )  # fmt: skip


def test_of_a_household_where_nobody_has_agreed_yet_every_grown_up_is_told(lan: Person) -> None:
    mei, child = resident("梅", "13800000002"), resident("童", "13800000003")
    Person.objects.filter(pk=child.pk).update(birth_year=MONDAY.year - 9)
    home(lan, mei, child)
    points.award_household(
        item_code=LINKED.code, subject="visit:1", household=lan.residences.get().household, received_at=MONDAY,
        actor=None, now=MONDAY,
    )  # fmt: skip
    end = Lot.objects.latest("id").expires_at
    assert end
    warn(now=end - timedelta(days=60))
    of_home = [one.person_id for one in Notice.objects.filter(kind="points.lapsing") if one.params["household"]]
    assert sorted(of_home) == sorted([lan.id, mei.id])


def test_a_child_who_has_agreed_takes_the_notice_from_nobody(lan: Person) -> None:
    child = resident("童", "13800000003")
    Person.objects.filter(pk=child.pk).update(birth_year=MONDAY.year - 16)
    home(lan, child)
    points.award_household(
        item_code=LINKED.code, subject="visit:1", household=lan.residences.get().household, received_at=MONDAY,
        actor=None, now=MONDAY,
    )  # fmt: skip
    people.give_consent(person=child, purpose=ConsentPurpose.HOUSEHOLD_POINTS, now=MONDAY)
    end = Lot.objects.latest("id").expires_at
    assert end
    warn(now=end - timedelta(days=60))
    of_home = [one.person_id for one in Notice.objects.filter(kind="points.lapsing") if one.params["household"]]
    assert of_home == [lan.id]


def test_of_a_home_whose_only_yes_is_one_without_a_phone_those_hear_who_read_and_else_whoever_looks_after_it(
    in_yunqiao: Street,
) -> None:
    town = build(in_yunqiao)
    rulebook(replace(LINKED, lot_months=3))
    elder, desk = Person.objects.create(name="高一山", birth_year=1940, created_at=A_MONTH_AGO), clerk()
    mei, wei = resident("梅", "13800000002"), staff("魏", "13900000031")
    for person in (elder, mei):
        Residence.objects.create(person=person, household=town["H1"], valid_from=A_MONTH_AGO)
    Assignment.objects.create(person=wei, role=Role.GRID_WORKER, node=town["M1"], valid_from=A_MONTH_AGO)
    points.award_household(
        item_code=LINKED.code, subject="visit:1", household=town["H1"], received_at=MONDAY, actor=None, now=MONDAY
    )
    people.note_consent(
        person=elder, purpose=ConsentPurpose.HOUSEHOLD_POINTS, channel=Channel.COUNTER, paper_number="", actor=desk,
        now=MONDAY,
    )  # fmt: skip
    end = Lot.objects.latest("id").expires_at
    assert end and warn(now=end - timedelta(days=60)) == 1
    assert Notice.objects.get(kind="points.lapsing").person == mei
    Residence.objects.filter(person=mei).update(valid_until=MONDAY)
    assert [warn(now=end - timedelta(days=6)), warn(now=end - timedelta(days=5))] == [1, 0]
    wording = Notice.objects.get(person=wei).wording
    assert "B1 E1 H1" in f"{wording.title}。{wording.text}"


def test_of_somebody_without_a_phone_whoever_looks_after_their_home_hears_where_to_say_it(
    in_yunqiao: Street,
) -> None:
    town = build(in_yunqiao)
    rulebook(replace(FOUND, lot_months=3))
    elder = Person.objects.create(name="高一山", birth_year=1940, created_at=A_MONTH_AGO)
    award(elder)
    end = Lot.objects.latest("id").expires_at
    assert end
    wei, gao = staff("魏", "13900000031"), staff("高", "13900000032")
    Assignment.objects.create(person=gao, role=Role.COORDINATOR, node=town["C"], valid_from=A_MONTH_AGO)
    # Nobody knows where: the elder alone is told.
    assert warn(now=end - timedelta(days=60)) == 1
    Residence.objects.create(person=elder, household=town["H1"], valid_from=A_MONTH_AGO)
    assert warn(now=end - timedelta(days=59)) == 1
    assert Notice.objects.get(person=gao).subject == "lapse:2027-02-28"
    Assignment.objects.create(person=wei, role=Role.GRID_WORKER, node=town["M1"], valid_from=A_MONTH_AGO)
    assert [warn(now=end - timedelta(days=6)), warn(now=end - timedelta(days=5))] == [2, 0]
    wording = Notice.objects.get(person=wei).wording
    said = f"{wording.title}。{wording.text}"
    assert "B1 E1 H1" in said and "2027 年 2 月 28 日" in said
    assert "高" not in said and " 5 分" not in said  # neither who nor how much


def test_whoever_has_a_helper_or_an_account_is_told_of_by_no_worker(in_yunqiao: Street) -> None:
    town = build(in_yunqiao)
    rulebook(replace(FOUND, lot_months=3))
    own = resident()
    helped = Person.objects.create(name="高一山", birth_year=1940, created_at=A_MONTH_AGO)
    helper = resident("梅", "13800000002")
    consent = people.give_consent(person=helped, purpose=ConsentPurpose.PROXY, now=A_MONTH_AGO)
    Proxy.objects.create(
        elder=helped, helper=helper, scopes=[ProxyScope.POINTS], consent=consent, invited_at=A_MONTH_AGO,
        accepted_at=A_MONTH_AGO, valid_from=A_MONTH_AGO, valid_until=MONDAY + timedelta(days=365),
    )  # fmt: skip
    for person in (own, helped):
        award(person)
        Residence.objects.create(person=person, household=town["H1"], valid_from=A_MONTH_AGO)
    end = Lot.objects.latest("id").expires_at
    assert end
    wei = staff("魏", "13900000031")
    Assignment.objects.create(person=wei, role=Role.GRID_WORKER, node=town["M1"], valid_from=A_MONTH_AGO)
    warn(now=end - timedelta(days=60))
    assert not Notice.objects.filter(person=wei).exists() and Notice.objects.filter(person=helper).exists()
