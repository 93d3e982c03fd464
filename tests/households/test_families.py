"""A flat's next family: what those before them left there is theirs alone, and ends with the moving in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import chain

import pytest
from django.test import Client

from huipai.grid import commands as grid
from huipai.grid.models import Family
from huipai.households import queries
from huipai.households.commands import assessing, groups, links, needs
from huipai.households.commands.refusals import AssessmentMoved, LinkMoved, NotLinkedThen, TooLateToObject
from huipai.households.models import Link, Need, Visit
from huipai.households.queries.proof import verify_households
from huipai.households.rules import quarter_of
from huipai.households.words import LinkState, NeedKind, NeedState, Reason, Way
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.notices.models import Notice
from huipai.people import commands as people
from huipai.people import queries as who
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.people.words import ConsentPurpose
from huipai.points import commands as points
from huipai.points import queries as ledger
from huipai.points.commands.holding import reserve
from huipai.points.models import Posting
from huipai.points.rules import Holder
from huipai.points.words import Kind, Why
from huipai.shop import queries as shop
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.cast import A_MONTH_AGO, MONDAY, TUESDAY, WEDNESDAY
from tests.households.conftest import CALM, Stairwell, settle
from tests.points.ledger import at_once

As = Callable[[Person], Client]
S = "/s/yunqiao/"
SECRET = "要人陪去透析"


def lived_in(here: Stairwell) -> Need:
    """The first household has a contact, a group, a wish, a visit, a met wish and 20 points, 5 of them set aside."""
    link = links.ask_household(household=here.first, contact=here.tao, now=A_MONTH_AGO)
    links.accept(link_id=link.pk, actor=here.lan, now=A_MONTH_AGO)
    group = groups.open_group(node=here.town["B1"], name="一单元", actor=here.coordinator, now=A_MONTH_AGO)
    for household, person in ((here.first, here.lan), (here.second, here.hua)):
        groups.join(group_id=group.pk, household=household, agreed_by=person, actor=here.coordinator, now=A_MONTH_AGO)
    groups.lead(group_id=group.pk, person=here.lan, actor=here.coordinator, now=A_MONTH_AGO)
    wish, met = (
        needs.raise_need(
            need_id=new_id(), household=here.first, kind=NeedKind.OTHER, text=f"{SECRET}{n}", actor=here.lan, now=MONDAY
        )
        for n in range(2)
    )
    needs.take(need_id=met.pk, actor=here.tao, now=MONDAY)
    needs.finish(need_id=met.pk, actor=here.tao, now=MONDAY)
    links.note_visit(
        link_id=link.pk, way=next(iter(Way)), reason=next(iter(Reason)), note=SECRET, visited_on=local_date(MONDAY),
        need_id=None, actor=here.tao, now=MONDAY,
    )  # fmt: skip
    people.give_consent(person=here.lan, purpose=ConsentPurpose.HOUSEHOLD_POINTS, now=A_MONTH_AGO)
    points.award_household(
        item_code=CALM.code, subject="visit:1", household=here.first, received_at=MONDAY, actor=None, now=MONDAY
    )
    return wish


def empty(here: Stairwell) -> None:
    for person in (here.lan, here.child):
        grid.move_out(person=person, at=TUESDAY, actor=here.coordinator, now=TUESDAY)


def newcomer(name: str = "乔小新", phone: str = "13800000021") -> Person:
    return cast.resident(name, phone)


def move_in(here: Stairwell, person: Person) -> None:
    grid.move_in(person=person, household=here.first, at=WEDNESDAY, actor=here.coordinator, now=WEDNESDAY)


def differences(street: Street) -> list[str]:
    return list(map(str, chain(verify_households(street), ledger.verify_ledger(street))))


class TestTheNextFamily:
    def test_begins_where_all_have_left_and_ends_what_hung_on_the_home(self, here: Stairwell) -> None:
        wish = lived_in(here)
        holder = Holder(household_id=here.first.pk)
        reserve(
            holder=holder, subject="reservation:1", points=5, expires_at=WEDNESDAY + timedelta(days=3), actor=here.lan,
            now=MONDAY,
        )  # fmt: skip
        empty(here)
        assert Link.objects.get(household=here.first).state == LinkState.STANDING, "only who moves in ends it"
        new = newcomer()
        move_in(here, new)
        assert Link.objects.get(household=here.first).state == LinkState.ENDED
        wish.refresh_from_db()
        assert (wish.state, wish.text) == (NeedState.WITHDRAWN, "")
        assert queries.group_of(here.first, WEDNESDAY) is None and queries.group_of(here.second, WEDNESDAY) is not None
        assert queries.group_of(here.second, WEDNESDAY).lead is None  # type: ignore[union-attr]
        balance = ledger.balance_of(holder, WEDNESDAY)
        assert (balance.spendable, balance.held) == (0, 0)
        lapse = Posting.objects.get(kind=Kind.EXPIRY)
        assert (lapse.points, lapse.household, lapse.actor_id) == (-20, here.first, here.coordinator.pk)
        assert not who.has_consent(here.lan, ConsentPurpose.HOUSEHOLD_POINTS)
        assert Family.objects.get().person == new
        assert differences(here.street) == []

    def test_reads_and_answers_nothing_of_those_before_them(self, here: Stairwell) -> None:
        lived_in(here)
        met = Need.objects.get(state=NeedState.MET)
        empty(here)
        new = newcomer()
        move_in(here, new)
        assert not queries.needs_of(here.first) and not queries.visits_to(here.first)
        assert not ledger.statement(Holder(household_id=here.first.pk), ledger.Wanted()).postings
        for posting in Posting.objects.filter(household=here.first):
            assert ledger.posting_for(new, posting.pk, here.first.pk) is None
        for act in (
            lambda: needs.reopen(need_id=met.pk, actor=new, now=WEDNESDAY),
            lambda: needs.withdraw(need_id=met.pk, actor=new, now=WEDNESDAY),
            lambda: links.deny_visit(visit_id=Visit.objects.get().pk, actor=new, now=WEDNESDAY),
        ):
            with pytest.raises((NotVisible, NotAllowed)):
                act()
        met.refresh_from_db()
        assert met.state == NeedState.MET and SECRET in met.text, "what was is read by the office as before"
        assert met in queries.needs_for(here.coordinator, WEDNESDAY)
        assert not shop.of_the_house(here.first.pk)

    def test_nor_does_their_contact_though_it_is_the_same(self, here: Stairwell) -> None:
        lived_in(here)
        empty(here)
        new = newcomer()
        move_in(here, new)
        again = links.ask_household(household=here.first, contact=here.tao, now=WEDNESDAY)
        links.accept(link_id=again.pk, actor=new, now=WEDNESDAY)
        assert not queries.needs_for(here.tao, WEDNESDAY)
        own = needs.raise_need(
            need_id=new_id(), household=here.first, kind=NeedKind.OTHER, text="换灯泡", actor=new, now=WEDNESDAY
        )
        assert list(queries.needs_for(here.tao, WEDNESDAY)) == list(queries.needs_of(here.first)) == [own]

    def test_answers_no_question_that_was_put_to_those_before(self, here: Stairwell) -> None:
        asked = links.ask_household(household=here.first, contact=here.tao, now=MONDAY)
        empty(here)
        new = newcomer()
        move_in(here, new)
        with pytest.raises(LinkMoved):
            links.accept(link_id=asked.pk, actor=new, now=WEDNESDAY)

    def test_is_thanked_for_nothing_of_theirs(self, here: Stairwell) -> None:
        lived_in(here)
        quarter = quarter_of(local_date(MONDAY))
        first = assessing.propose(
            household=here.first, item_code=CALM.code, quarter=quarter, note="", actor=here.tao, now=MONDAY
        )
        assessing.approve(assessment_id=first.pk, actor=here.qin, now=MONDAY)
        empty(here)
        move_in(here, newcomer())
        assert not queries.assessments_of(here.first) and not queries.in_public(WEDNESDAY)
        with pytest.raises(TooLateToObject):
            assessing.object_to(assessment_id=first.pk, text="不对", actor=here.hua, now=WEDNESDAY)
        posted = assessing.post(assessment_id=first.pk, now=MONDAY + timedelta(days=8))
        assert posted is not None and posted.why == Why.MOVED_AWAY
        assert ledger.balance_of(Holder(household_id=here.first.pk), WEDNESDAY).spendable == 0
        with pytest.raises((NotLinkedThen, NotAllowed)):
            assessing.propose(
                household=here.first, item_code=CALM.code, quarter=quarter, note="", actor=here.coordinator,
                now=WEDNESDAY,
            )  # fmt: skip
        assert differences(here.street) == []

    def test_nor_is_what_was_proposed_for_them_decided_any_more(self, here: Stairwell) -> None:
        lived_in(here)
        quarter = quarter_of(local_date(MONDAY))
        waits = assessing.propose(
            household=here.first, item_code=CALM.code, quarter=quarter, note="", actor=here.tao, now=MONDAY
        )
        assert waits in queries.to_be_decided(here.qin, MONDAY)
        empty(here)
        move_in(here, newcomer())
        assert not queries.to_be_decided(here.qin, WEDNESDAY)
        with pytest.raises(AssessmentMoved):
            assessing.approve(assessment_id=waits.pk, actor=here.qin, now=WEDNESDAY)

    def test_is_none_while_somebody_still_lives_there_or_comes_back(self, here: Stairwell) -> None:
        wish = lived_in(here)
        grid.move_out(person=here.lan, at=TUESDAY, actor=here.coordinator, now=TUESDAY)
        move_in(here, newcomer())
        assert not Family.objects.exists()
        wish.refresh_from_db()
        assert wish.state == NeedState.OPEN
        grid.move_out(person=here.hua, at=TUESDAY, actor=here.coordinator, now=TUESDAY)
        grid.move_in(person=here.hua, household=here.second, at=WEDNESDAY, actor=here.coordinator, now=WEDNESDAY)
        assert not Family.objects.exists()

    def test_is_one_again_when_those_of_old_come_back_after_others(self, here: Stairwell) -> None:
        """They find nothing of the others, and the others' things end as theirs did."""
        lived_in(here)
        empty(here)
        new = newcomer()
        move_in(here, new)
        own = needs.raise_need(
            need_id=new_id(), household=here.first, kind=NeedKind.OTHER, text="换灯泡", actor=new, now=WEDNESDAY
        )
        later = WEDNESDAY + timedelta(days=1)
        grid.move_out(person=new, at=later, actor=here.coordinator, now=later)
        back = later + timedelta(days=1)
        grid.move_in(person=here.lan, household=here.first, at=back, actor=here.coordinator, now=back)
        own.refresh_from_db()
        assert Family.objects.count() == 2 and own.state == NeedState.WITHDRAWN
        assert not queries.needs_of(here.first)
        assert differences(here.street) == []

    def test_is_read_of_before_it_begins(self, here: Stairwell, as_: As) -> None:
        lived_in(here)
        for person in (here.lan, here.child):
            grid.move_out(person=person, at=clock.now(), actor=here.coordinator, now=clock.now())
        new = newcomer()
        door = f"{S}counter/{new.pk}/home/"
        page = as_(here.coordinator).get(door, {"household": "H1"}).content.decode()
        assert "1 个结对、1 件没办完的要帮的事、联户组、20 分家庭积分" in page and SECRET not in page
        assert "登记以后" not in as_(here.coordinator).get(door, {"household": "H2"}).content.decode()
        for _twice in range(2):
            assert as_(here.coordinator).post(door, {"household": "H1"}).status_code == 302
        home = as_(new).get(f"{S}household/").content.decode()
        assert SECRET not in home and "陶小梁" not in home and "一单元" not in home
        purse = as_(new).get(f"{S}points/household/").content.decode()
        assert CALM.title not in purse and "过期" not in purse
        assert not Notice.objects.filter(person=new).exists()

    def test_in_one_street_changes_nothing_in_another(self, here: Stairwell, there: Stairwell) -> None:
        lived_in(here)
        with in_street(there.street.id):
            wish = lived_in(there)
        empty(here)
        move_in(here, newcomer())
        with in_street(there.street.id):
            wish.refresh_from_db()
            assert wish.state == NeedState.OPEN and not Family.objects.exists()
            with pytest.raises((NotVisible, NotAllowed)):
                grid.move_in(
                    person=there.hua, household=there.first, at=WEDNESDAY, actor=here.coordinator, now=WEDNESDAY
                )


class TestTheLead:
    def test_who_has_moved_away_speaks_for_the_group_no_more(self, here: Stairwell) -> None:
        lived_in(here)
        assert links.ask_household(household=here.second, contact=here.lan, now=MONDAY).state == LinkState.PROPOSED
        links.end(link_id=Link.objects.get(household=here.second).pk, actor=here.lan, now=MONDAY)
        grid.move_out(person=here.lan, at=TUESDAY, actor=here.coordinator, now=TUESDAY)
        with pytest.raises(NotAllowed):
            links.ask_household(household=here.second, contact=here.lan, now=WEDNESDAY)


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def newcomers(self, yunqiao: Street) -> tuple[Stairwell, list[Person]]:
        here = settle(yunqiao)
        with in_street(yunqiao.id):
            lived_in(here)
            empty(here)
            return here, [newcomer(f"乔小{n}", f"1380000004{n}") for n in range(3)]

    def test_begin_one_family(self, yunqiao: Street) -> None:
        here, new = self.newcomers(yunqiao)
        at_once(yunqiao, *[lambda person=person: move_in(here, person) for person in new])  # type: ignore[misc]
        with in_street(yunqiao.id):
            assert Family.objects.count() == 1
            assert Posting.objects.filter(kind=Kind.EXPIRY).count() == 1
            assert differences(yunqiao) == []
