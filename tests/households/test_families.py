"""A flat's next family: what those before them left there is theirs alone, and ends with the moving in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import chain
from uuid import UUID

import pytest
from django.test import Client

from huipai.config.wiring import FOLLOWERS
from huipai.grid import commands as grid
from huipai.grid import queries as homes
from huipai.grid.commands.refusals import HomeHasChanged, HomeIsLivedIn, LivesSomewhere, TooLateToSay
from huipai.grid.models import Dispute, Family, GridNode, Residence
from huipai.households import queries
from huipai.households.commands import assessing, groups, links, needs
from huipai.households.commands.refusals import AssessmentMoved, LinkMoved, NotLinkedThen, TooLateToObject
from huipai.households.models import Link, Need, Visit
from huipai.households.queries import leaving
from huipai.households.queries.proof import verify_households
from huipai.households.words import AssessmentState, LinkState, NeedKind, NeedState, Reason, Way
from huipai.journal.models import Entry
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
from tests.cast import A_MONTH_AGO, A_YEAR_AGO, MONDAY, TUESDAY, WEDNESDAY
from tests.households.conftest import CALM, Stairwell
from tests.households.test_assessing import QUARTER

As = Callable[[Person], Client]
S = "/s/yunqiao/"
SECRET = "要人陪去透析"


def lived_in(here: Stairwell) -> Need:
    """The first household has a contact, a group, a wish, a visit, a met wish and 20 points, 5 of them set aside."""
    link = links.ask_household(household=here.first, contact=here.tao, now=A_YEAR_AGO)
    links.accept(link_id=link.pk, actor=here.lan, now=A_YEAR_AGO)
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


def follow(what: str) -> None:
    """Let the jobs run that follow a fact; twice, as they may."""
    for entry in Entry.objects.filter(what=what):
        for follower in FOLLOWERS[what] * 2:
            follower(street=str(entry.street_id), entry=str(entry.id))  # type: ignore[operator]


def there_now(household: GridNode) -> list[UUID]:
    return [one.pk for one in homes.living_in(household, WEDNESDAY)]


def join(here: Stairwell, person: Person) -> None:
    grid.join_home(
        person=person, household=here.first, beside=there_now(here.first), at=WEDNESDAY, actor=here.coordinator,
        now=WEDNESDAY,
    )  # fmt: skip


def take_over(here: Stairwell, person: Person, actor: Person | None = None) -> None:
    grid.take_over_home(
        person=person, household=here.first, leaving=there_now(here.first), at=WEDNESDAY,
        actor=actor or here.coordinator, now=WEDNESDAY,
    )  # fmt: skip


def differences(street: Street) -> list[str]:
    return list(map(str, chain(verify_households(street), ledger.verify_ledger(street))))


class TestWhoMoves:
    def test_says_yes_anew_to_spending_the_points_of_the_new_home(self, here: Stairwell) -> None:
        """What they had agreed to was of the home that they left; a yes from before any home stays."""
        new = newcomer()
        for person in (here.hua, new):
            people.give_consent(person=person, purpose=ConsentPurpose.HOUSEHOLD_POINTS, now=A_MONTH_AGO)
        join(here, here.hua)
        assert not who.has_consent(here.hua, ConsentPurpose.HOUSEHOLD_POINTS)
        join(here, new)
        assert who.has_consent(new, ConsentPurpose.HOUSEHOLD_POINTS)


class TestTheNextFamily:
    def test_begins_where_all_have_left_and_ends_what_hung_on_the_home(self, here: Stairwell) -> None:
        wish = lived_in(here)
        holder = Holder(household_id=here.first.pk)
        reserve(
            holder=holder, subject="reservation:1", points=5, expires_at=WEDNESDAY + timedelta(days=3), actor=here.lan,
            now=MONDAY,
        )  # fmt: skip
        grid.move_out(person=here.child, at=TUESDAY, actor=here.coordinator, now=TUESDAY)
        assert Link.objects.get(household=here.first).state == LinkState.STANDING, "while somebody lives there"
        grid.move_out(person=here.lan, at=TUESDAY, actor=here.coordinator, now=TUESDAY)
        new = newcomer()
        assert Link.objects.get(household=here.first).state == LinkState.ENDED
        wish.refresh_from_db()
        assert (wish.state, wish.text) == (NeedState.WITHDRAWN, "")
        assert queries.group_of(here.first, WEDNESDAY) is None and queries.group_of(here.second, WEDNESDAY) is not None
        assert queries.group_of(here.second, WEDNESDAY).lead is None  # type: ignore[union-attr]
        assert not who.has_consent(here.lan, ConsentPurpose.HOUSEHOLD_POINTS)
        assert not queries.needs_for(here.coordinator, WEDNESDAY).exclude(state__in=queries.OVER)
        assert ledger.balance_of(holder, WEDNESDAY).spendable == 15, "points wait for those who come back"
        move_in(here, new)
        balance = ledger.balance_of(holder, WEDNESDAY)
        assert (balance.spendable, balance.held) == (0, 0)
        lapse = Posting.objects.get(kind=Kind.EXPIRY)
        assert (lapse.points, lapse.household, lapse.actor_id) == (-20, here.first, here.coordinator.pk)
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
        quarter = QUARTER
        first = assessing.propose(
            household=here.first, item_code=CALM.code, quarter=quarter, note="", actor=here.tao, now=MONDAY
        )
        assessing.approve(assessment_id=first.pk, actor=here.qin, now=MONDAY)
        said = assessing.object_to(assessment_id=first.pk, text="不是他们做的", actor=here.hua, now=MONDAY)
        empty(here)
        move_in(here, newcomer())
        assert not queries.assessments_of(here.first) and not queries.in_public(WEDNESDAY)
        with pytest.raises(TooLateToObject):
            assessing.object_to(assessment_id=first.pk, text="不对", actor=here.hua, now=WEDNESDAY)
        assert assessing.post(assessment_id=first.pk, now=MONDAY + timedelta(days=8)) is None
        first.refresh_from_db()
        assert (first.state, first.why) == (AssessmentState.UNPAID, Why.MOVED_AWAY)
        assert not queries.open_objections(here.bo, WEDNESDAY)
        with pytest.raises(AssessmentMoved):
            assessing.dismiss(objection_id=said.pk, answer="看过了", actor=here.bo, now=WEDNESDAY)
        assert ledger.balance_of(Holder(household_id=here.first.pk), WEDNESDAY).spendable == 0
        with pytest.raises((NotLinkedThen, NotAllowed)):
            assessing.propose(
                household=here.first, item_code=CALM.code, quarter=quarter, note="", actor=here.coordinator,
                now=WEDNESDAY,
            )  # fmt: skip
        assert differences(here.street) == []

    def test_nor_is_what_was_proposed_for_them_decided_any_more(self, here: Stairwell) -> None:
        lived_in(here)
        quarter = QUARTER
        waits = assessing.propose(
            household=here.first, item_code=CALM.code, quarter=quarter, note="", actor=here.tao, now=MONDAY
        )
        assert waits in queries.to_be_decided(here.qin, MONDAY)
        empty(here)
        move_in(here, newcomer())
        assert not queries.to_be_decided(here.qin, WEDNESDAY)
        with pytest.raises(AssessmentMoved):
            assessing.approve(assessment_id=waits.pk, actor=here.qin, now=WEDNESDAY)
        waits.refresh_from_db()
        assert (waits.state, waits.why) == (AssessmentState.UNPAID, Why.MOVED_AWAY)
        assert differences(here.street) == []

    def test_ends_an_incentive_and_tells_who_has_left_and_who_objects(self, here: Stairwell, as_: As) -> None:
        now = clock.now()
        lived_in(here)
        first = assessing.propose(
            household=here.first, item_code=CALM.code, quarter=QUARTER, note="",
            actor=here.tao, now=MONDAY,
        )  # fmt: skip
        assessing.approve(assessment_id=first.pk, actor=here.qin, now=now)
        assessing.object_to(assessment_id=first.pk, text="不是他们做的", actor=here.hua, now=now)
        for person in (here.lan, here.child):
            grid.move_out(person=person, at=now, actor=here.coordinator, now=now)
        new = newcomer()
        grid.move_in(person=new, household=here.first, at=now, actor=here.coordinator, now=now)
        follow("assessment.unpaid")
        told = Notice.objects.filter(kind="assessment.unpaid")
        assert list(told.values_list("person", flat=True)) == [here.lan.pk]
        assert "没办完的一项联户激励不办了" in as_(here.lan).get(f"{S}notices/").content.decode()
        lapsed = Notice.objects.filter(kind="assessment.objection_lapsed")
        assert list(lapsed.values_list("person", flat=True)) == [here.hua.pk]
        assert "您的异议也就不用再答复" in as_(here.hua).get(f"{S}notices/").content.decode()

    def test_is_none_while_somebody_still_lives_there_or_comes_back(self, here: Stairwell) -> None:
        wish = lived_in(here)
        grid.move_out(person=here.lan, at=TUESDAY, actor=here.coordinator, now=TUESDAY)
        join(here, newcomer())
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
        assert "他们留下的就结束：20 分家庭积分" in page and SECRET not in page
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


class TestWhereOthersAreRegisteredStill:
    """The commonest order: nobody deregisters by themselves, and a newcomer stands at the counter."""

    def test_nobody_becomes_one_of_their_family_unasked(self, here: Stairwell) -> None:
        lived_in(here)
        with pytest.raises(HomeIsLivedIn):
            move_in(here, newcomer())
        assert homes.living_in(here.first, WEDNESDAY).count() == 2

    def test_they_have_moved_away_and_the_new_family_begins_in_one_step(self, here: Stairwell) -> None:
        wish = lived_in(here)
        new = newcomer()
        take_over(here, new)
        assert [one.person for one in homes.living_in(here.first, WEDNESDAY)] == [new]
        assert Family.objects.get().person == new
        wish.refresh_from_db()
        assert (wish.state, wish.text) == (NeedState.WITHDRAWN, "")
        assert not queries.needs_of(here.first) and Link.objects.get().state == LinkState.ENDED
        assert ledger.balance_of(Holder(household_id=here.first.pk), WEDNESDAY).spendable == 0
        take_over(here, new)
        assert Family.objects.count() == 1, "said twice, it is once"
        assert differences(here.street) == []

    def test_or_they_live_together_and_share_what_hangs_on_the_home(self, here: Stairwell) -> None:
        wish = lived_in(here)
        new = newcomer()
        for _twice in range(2):
            join(here, new)
        wish.refresh_from_db()
        assert wish.state == NeedState.OPEN and wish in queries.needs_of(here.first)
        assert homes.living_in(here.first, WEDNESDAY).count() == 3 and not Family.objects.exists()

    def test_nothing_is_done_where_others_live_there_by_then_than_were_read_of(self, here: Stairwell) -> None:
        seen = there_now(here.first)
        grid.move_in(person=here.hua, household=here.first, at=WEDNESDAY, actor=None, now=WEDNESDAY)
        new = newcomer()
        for act in (
            lambda: grid.take_over_home(
                person=new, household=here.first, leaving=seen, at=WEDNESDAY, actor=here.coordinator, now=WEDNESDAY
            ),
            lambda: grid.join_home(
                person=new, household=here.first, beside=seen, at=WEDNESDAY, actor=here.coordinator, now=WEDNESDAY
            ),
        ):
            with pytest.raises(HomeHasChanged):
                act()
        assert homes.living_in(here.first, WEDNESDAY).count() == 3

    def test_a_colleague_is_struck_off_by_the_security_administrator_only(self, here: Stairwell) -> None:
        grid.move_in(person=here.qin, household=here.first, at=MONDAY, actor=None, now=MONDAY)
        with pytest.raises(NotAllowed):
            take_over(here, newcomer())
        assert homes.living_in(here.first, WEDNESDAY).count() == 3 and not Family.objects.exists()

    def test_the_page_names_how_many_and_asks_and_keeps_what_was_said(self, here: Stairwell, as_: As) -> None:
        lived_in(here)
        new = newcomer()
        door, desk = f"{S}counter/{new.pk}/home/", as_(here.coordinator)
        page = desk.get(door, {"household": "H1"}).content.decode()
        assert "这一户登记着 2 位：兰**、兰**" in page and "兰小河" not in page and SECRET not in page
        assert "跟着结束：1 个结对、1 件没办完的要帮的事、联户组、20 分家庭积分" in page
        seen = re.search(r'name="seen" value="([^"]+)"', page)[1]  # type: ignore[index]
        answer = desk.post(door, {"household": "H1", "seen": seen})
        assert answer.status_code == 422 and "选一项：一起住" in answer.content.decode()
        # Read before they were registered.
        answer = desk.post(door, {"household": "H1", "seen": ""})
        assert answer.status_code == 409 and "这一户登记着 2 位" in answer.content.decode()
        answer = desk.post(door, {"household": "H1", "seen": "x", "together": "left"})
        assert answer.status_code == 409 and homes.household_of(new, clock.now()) is None
        for _twice in range(2):
            assert desk.post(door, {"household": "H1", "seen": seen, "together": "left"}).status_code == 302
        assert [one.person for one in homes.living_in(here.first, clock.now())] == [new]
        assert SECRET not in as_(new).get(f"{S}household/").content.decode()

    def test_a_colleague_registered_there_shuts_the_door_before_it_is_pressed(self, here: Stairwell, as_: As) -> None:
        grid.move_in(person=here.qin, household=here.first, at=MONDAY, actor=None, now=MONDAY)
        page = as_(here.coordinator).get(f"{S}counter/{newcomer().pk}/home/", {"household": "H1"}).content.decode()
        assert "他们搬走由安全管理员登记" in page and 'value="left"' not in page and 'value="joins"' in page

    def test_a_home_of_another_street_is_not_there(self, here: Stairwell, there: Stairwell, as_: As) -> None:
        with in_street(there.street.id):
            seen = there_now(there.first)
        with pytest.raises(HomeHasChanged):
            grid.take_over_home(
                person=newcomer(), household=here.first, leaving=seen, at=WEDNESDAY, actor=here.coordinator,
                now=WEDNESDAY,
            )  # fmt: skip
        with in_street(there.street.id), pytest.raises((NotVisible, NotAllowed)):
            take_over(there, there.hua, here.coordinator)


class TestWhoWasStruckOff:
    def test_is_told_and_says_that_they_live_there_still_and_is_moved_back_in(self, here: Stairwell, as_: As) -> None:
        now = clock.now()
        new = newcomer()
        grid.take_over_home(
            person=new, household=here.first, leaving=there_now(here.first), at=now, actor=here.coordinator, now=now
        )
        follow("residence.ended")
        assert Notice.objects.filter(person=here.lan, kind="residence.ended").count() == 1
        assert not Notice.objects.filter(person=new).exists()
        page = as_(here.lan).get(f"{S}household/").content.decode()
        door = re.search(r'action="([^"]+still-here/)"', page)[1]  # type: ignore[index]
        for _twice in range(2):
            assert as_(here.lan).post(door, follow=True).content.decode().count("社区在核对") == 1
        assert Dispute.objects.count() == 1
        follow("residence.disputed")
        assert Notice.objects.filter(person=here.coordinator, kind="residence.disputed").count() == 1
        back = f"{S}counter/{here.lan.pk}/home/"
        assert back in as_(here.coordinator).get(f"{S}linked/").content.decode()
        assert "说还住在" in as_(here.coordinator).get(back).content.decode()
        page = as_(here.coordinator).get(back, {"household": "H1"}).content.decode()
        seen = re.search(r'name="seen" value="([^"]+)"', page)[1]  # type: ignore[index]
        as_(here.coordinator).post(back, {"household": "H1", "seen": seen, "together": "joins"})
        follow("residence.dispute_answered")
        assert Dispute.objects.get().lives_there is True and homes.household_of(here.lan, clock.now()) == here.first
        assert Notice.objects.filter(person=here.lan, kind="residence.dispute_answered").count() == 1
        assert back not in as_(here.coordinator).get(f"{S}linked/").content.decode()
        assert differences(here.street) == []

    def test_or_is_answered_that_it_stays_so(self, here: Stairwell, there: Stairwell, as_: As) -> None:
        now = clock.now()
        grid.move_out(person=here.lan, at=now, actor=here.coordinator, now=now)
        last = homes.last_home_of(here.lan, now)
        assert last is not None
        for stranger in (here.hua, there.lan):
            with pytest.raises(NotVisible):
                grid.dispute_end(residence_id=last.pk, actor=stranger, now=now)
        dispute = grid.dispute_end(residence_id=last.pk, actor=here.lan, now=now)
        door = f"{S}counter/disputes/{dispute.pk}/holding/"
        assert as_(here.hua).post(door).status_code == 403
        elsewhere = Client()
        elsewhere.force_login(there.coordinator.account)
        assert elsewhere.post(f"/s/hetang/counter/disputes/{dispute.pk}/holding/").status_code == 404
        coordinator = Person.objects.get(pk=here.coordinator.pk)  # with the password that both streets know now
        for _twice in range(2):
            assert as_(coordinator).post(door).status_code == 302
        page = as_(here.lan).get(f"{S}household/").content.decode()
        assert "登记不变" in page and "still-here" not in page
        assert Entry.objects.filter(what="residence.dispute_answered").count() == 1
        assert differences(here.street) == []

    def test_not_after_thirty_days_nor_once_they_live_somewhere(self, here: Stairwell) -> None:
        grid.move_out(person=here.lan, at=A_MONTH_AGO, actor=None, now=A_MONTH_AGO)
        ended = Residence.objects.get(person=here.lan)
        with pytest.raises(NotVisible):
            grid.dispute_end(residence_id=Residence.objects.get(person=here.hua).pk, actor=here.hua, now=MONDAY)
        with pytest.raises(TooLateToSay):
            grid.dispute_end(residence_id=ended.pk, actor=here.lan, now=A_MONTH_AGO + timedelta(days=31))
        grid.move_in(person=here.lan, household=here.second, at=MONDAY, actor=None, now=MONDAY)
        with pytest.raises(LivesSomewhere):
            grid.dispute_end(residence_id=ended.pk, actor=here.lan, now=MONDAY)


class TestTheLastOne:
    def test_reads_what_ends_before_pressing(self, here: Stairwell, as_: As) -> None:
        lived_in(here)
        door = f"{S}household/moving-out/"
        assert "留给还住着的人" in as_(here.lan).get(door).content.decode()
        grid.move_out(person=here.child, at=clock.now(), actor=here.coordinator, now=clock.now())
        for page in (as_(here.lan).get(door), as_(here.coordinator).get(f"{S}counter/{here.lan.pk}/home/")):
            words = page.content.decode()
            assert "1 个结对、1 件没办完的要帮的事、联户组跟着结束" in words and "20 分留着" in words
        as_(here.lan).post(door)
        assert not queries.links_of_home(here.first)
        assert not as_(here.tao).get(f"{S}contacts/").content.decode().count(SECRET)

    def test_is_also_who_is_forgotten(self, here: Stairwell) -> None:
        lived_in(here)
        grid.move_out(person=here.child, at=MONDAY, actor=here.coordinator, now=MONDAY)
        people.erase(person=here.lan, actor=here.lan, now=clock.now())
        follow("person.erased")
        follow("residence.ended")
        assert not homes.living_in(here.first, clock.now()) and not queries.links_of_home(here.first)
        assert not Notice.objects.filter(person=here.lan, kind="residence.ended").exists()

    def test_leaves_on_the_day_that_was_planned(self, here: Stairwell) -> None:
        lived_in(here)
        now = clock.now()
        grid.close_node(node_id=here.first.pk, at=now + timedelta(days=2), actor=None, now=now)
        assert queries.links_of_home(here.first), "until then somebody lives there"
        assert leaving.left_standing(now) == []
        later = now + timedelta(days=3)
        assert leaving.left_standing(later) == [here.first.pk]
        grid.tidy_home(household=here.first, actor=None, now=later)
        assert not queries.links_of_home(here.first) and leaving.left_standing(later) == []


class TestTheLead:
    def test_who_has_moved_away_speaks_for_the_group_no_more(self, here: Stairwell) -> None:
        lived_in(here)
        assert links.ask_household(household=here.second, contact=here.lan, now=MONDAY).state == LinkState.PROPOSED
        links.end(link_id=Link.objects.get(household=here.second).pk, actor=here.lan, now=MONDAY)
        grid.move_out(person=here.lan, at=TUESDAY, actor=here.coordinator, now=TUESDAY)
        with pytest.raises(NotAllowed):
            links.ask_household(household=here.second, contact=here.lan, now=WEDNESDAY)
