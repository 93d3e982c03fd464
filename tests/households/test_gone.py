"""Nothing lies with who may not act any more (ruling 4): links of former contacts end, needs come back with words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from huipai.config.wiring import FOLLOWERS
from huipai.grid import commands as grid
from huipai.grid.models import Assignment
from huipai.grid.queries import living_in
from huipai.grid.words import AbsenceKind
from huipai.households import jobs, notices, policies, queries
from huipai.households.commands import assessing, groups, links, needs
from huipai.households.commands.refusals import BeforeTheLink, ContactGone, LinkMoved, NeedMoved, SaidNoLately
from huipai.households.models import Assessment, Group, Link, Need, NeedStep, Visit
from huipai.households.queries import choosing, standing
from huipai.households.queries.proof import verify_households
from huipai.households.words import AssessmentState, LinkState, NeedKind, NeedState, Reason, Way
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Role
from tests import cast
from tests.cast import A_MONTH_AGO, MONDAY, TUESDAY, WEDNESDAY
from tests.households.conftest import CALM, Stairwell, join_up

DAY = timedelta(days=1)
WORDS = "腿脚不好，要人买药"


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huipai.kit.clock.now", lambda: WEDNESDAY)


@pytest.fixture
def link(here: Stairwell) -> Link:
    return stands(here, here.tao)


def stands(here: Stairwell, contact: Person) -> Link:
    asked = links.ask_household(household=here.first, contact=contact, now=A_MONTH_AGO)
    return links.accept(link_id=asked.pk, actor=here.lan, now=A_MONTH_AGO)


def asked_for(here: Stairwell) -> Need:
    return needs.raise_need(
        need_id=new_id(), household=here.first, kind=NeedKind.OTHER, text=WORDS, actor=here.lan, now=MONDAY
    )


def taken(here: Stairwell, by: Person) -> Need:
    return needs.take(need_id=asked_for(here).pk, actor=by, now=MONDAY)


def leaves(person: Person) -> None:
    held = Assignment.objects.get(person=person)
    grid.end_assignment(assignment_id=held.pk, at=TUESDAY, actor=None, now=TUESDAY)


def away(person: Person, until: datetime | None = None) -> None:
    grid.record_absence(
        person=person, kind=AbsenceKind.ILLNESS, valid_from=TUESDAY, valid_until=until, actor=None, now=TUESDAY
    )


def let_go(what: str) -> None:
    """Let the job run that follows a fact; twice, as it may."""
    assert jobs.let_go in FOLLOWERS[what]
    for entry in Entry.objects.filter(what=what):
        for _twice in range(2):
            jobs.let_go(street=str(entry.street_id), entry=str(entry.id))


def told(what: str) -> dict[str, set[str]]:
    """Who hears which kind of notice because of this fact."""
    for entry in Entry.objects.filter(what=what):
        notices.tell(entry_id=entry.pk, now=WEDNESDAY)
    found: dict[str, set[str]] = {}
    for notice in Notice.objects.filter(subject__in=Entry.objects.filter(what=what).values("subject")):
        found.setdefault(notice.kind, set()).add(notice.person.name)
    return found


def led_by_hua(here: Stairwell) -> Group:
    group = groups.open_group(node=here.town["B1"], name="一单元", actor=here.coordinator, now=A_MONTH_AGO)
    for household, person in ((here.first, here.lan), (here.second, here.hua)):
        groups.join(
            group_id=group.pk, household=household, agreed_by=person, actor=here.coordinator, now=A_MONTH_AGO
        )  # fmt: skip
    return groups.lead(group_id=group.pk, person=here.hua, actor=here.coordinator, now=A_MONTH_AGO)


class TestAContactWhoIsNoneAnyMore:
    def test_reads_and_does_nothing_at_once(self, here: Stairwell, link: Link) -> None:
        need = asked_for(here)
        leaves(here.tao)
        assert not queries.needs_for(here.tao, WEDNESDAY) and not queries.links_of(here.tao, WEDNESDAY)
        assert not policies.may_help(here.tao, need, WEDNESDAY)
        assert not policies.may_propose(here.tao, here.first, WEDNESDAY)
        assert not choosing.to_propose_for(here.tao, WEDNESDAY)
        with pytest.raises(NotVisible):
            needs.take(need_id=need.pk, actor=here.tao, now=WEDNESDAY)
        with pytest.raises(LinkMoved):
            links.note_visit(
                link_id=link.pk, way=Way.DOOR, reason=Reason.SAFETY, note="", visited_on=MONDAY.date(), need_id=None,
                actor=here.tao, now=WEDNESDAY,
            )  # fmt: skip
        with pytest.raises(NotAllowed):
            assessing.propose(
                household=here.first, item_code=CALM.code, quarter=date(2026, 7, 1), note="", actor=here.tao,
                now=WEDNESDAY,
            )  # fmt: skip
        for entry in Entry.objects.filter(what="need.raised"):
            notices.tell(entry_id=entry.pk, now=WEDNESDAY)
        assert {one.person for one in Notice.objects.filter(kind="need.raised")} == {here.coordinator}

    def test_their_link_ends_and_the_home_is_told_why(self, here: Stairwell, link: Link) -> None:
        need = taken(here, by=here.tao)
        leaves(here.tao)
        let_go("assignment.ended")
        link.refresh_from_db()
        need.refresh_from_db()
        assert (link.state, link.ended_at) == (LinkState.ENDED, WEDNESDAY)
        assert (need.state, need.taken_by, need.text) == (NeedState.OPEN, None, WORDS)
        assert told("link.lapsed") == {"link.lapsed": {here.lan.name, here.tao.name}}
        assert told("need.reopened") == {
            "need.reopened": {here.coordinator.name}, "need.put_back": {here.lan.name}
        }  # fmt: skip
        assert list(verify_households(here.street)) == []

    def test_a_question_that_nobody_answered_ends_too(self, here: Stairwell) -> None:
        theirs = links.ask_household(household=here.first, contact=here.tao, now=MONDAY)
        of_home = links.ask_contact(household=here.second, contact=here.tao, actor=here.hua, now=MONDAY)
        leaves(here.tao)
        with pytest.raises(ContactGone):
            links.accept(link_id=theirs.pk, actor=here.lan, now=WEDNESDAY)
        with pytest.raises(ContactGone):
            links.accept(link_id=of_home.pk, actor=here.tao, now=WEDNESDAY)
        let_go("assignment.ended")
        assert set(Link.objects.values_list("state", flat=True)) == {LinkState.ENDED}
        assert told("link.lapsed") == {"link.lapsed": {here.lan.name, here.hua.name, here.tao.name}}
        assert list(verify_households(here.street)) == []

    def test_who_is_away_stays_one(self, here: Stairwell, link: Link) -> None:
        away(here.tao)
        let_go("absence.began")
        link.refresh_from_db()
        assert link.state == LinkState.STANDING and asked_for(here) in queries.needs_for(here.tao, WEDNESDAY)

    def test_who_stood_in_is_none_when_the_other_is_back(self, here: Stairwell) -> None:
        deputy = cast.staff("邹小舟", "13900000031")
        held = Assignment.objects.get(person=here.tao)
        grid.name_deputy(assignment_id=held.pk, deputy=deputy, actor=None, now=MONDAY)
        away(here.tao)
        asked = links.ask_household(household=here.first, contact=deputy, now=TUESDAY)
        links.accept(link_id=asked.pk, actor=here.lan, now=TUESDAY)
        let_go("absence.began")
        asked.refresh_from_db()
        assert asked.state == LinkState.STANDING
        absence = here.tao.absences.get()
        grid.end_absence(absence_id=absence.pk, actor=None, now=TUESDAY + timedelta(hours=1))
        let_go("absence.ended")
        asked.refresh_from_db()
        assert asked.state == LinkState.ENDED

    @pytest.mark.parametrize("how", ["closed", "led", "left"])
    def test_nor_is_the_former_lead_of_a_group(self, here: Stairwell, how: str) -> None:
        group = led_by_hua(here)
        link, other = stands(here, here.hua), stands(here, here.tao)
        need = asked_for(here)
        assert need in queries.needs_for(here.hua, TUESDAY)
        if how == "closed":
            groups.close_group(group_id=group.pk, actor=here.coordinator, now=TUESDAY)
        elif how == "led":
            groups.lead(group_id=group.pk, person=here.lan, actor=here.coordinator, now=TUESDAY)
        else:
            groups.leave(household=here.first, actor=here.lan, now=TUESDAY)
        assert need not in queries.needs_for(here.hua, WEDNESDAY)
        let_go(f"group.{how}")
        link.refresh_from_db()
        other.refresh_from_db()
        assert (link.state, other.state) == (LinkState.ENDED, LinkState.STANDING)
        assert told("link.lapsed") == {"link.lapsed": {here.lan.name, here.hua.name}}
        assert list(verify_households(here.street)) == []

    def test_nor_is_who_moves_into_the_home_itself(self, here: Stairwell, link: Link) -> None:
        need = taken(here, by=here.tao)
        beside = [one.pk for one in living_in(here.first, TUESDAY)]
        grid.join_home(person=here.tao, household=here.first, beside=beside, at=TUESDAY, actor=None, now=TUESDAY)
        let_go("residence.began")
        link.refresh_from_db()
        need.refresh_from_db()
        assert (link.state, need.state, need.taken_by) == (LinkState.ENDED, NeedState.OPEN, None)
        assert list(verify_households(here.street)) == []

    def test_the_night_finds_what_no_fact_told(self, here: Stairwell, link: Link) -> None:
        need = taken(here, by=here.tao)
        Assignment.objects.filter(person=here.tao).update(valid_until=TUESDAY, end_told_at=TUESDAY)
        jobs.let_go_of_all(street=str(here.street.id))
        link.refresh_from_db()
        need.refresh_from_db()
        assert (link.state, need.state) == (LinkState.ENDED, NeedState.OPEN)

    def test_the_condition_says_what_the_policy_says(self, here: Stairwell) -> None:
        led_by_hua(here)
        young = cast.staff("岳小舟", "13900000032")
        grid.assign(person=young, role=Role.GRID_WORKER, node=here.town["G"], actor=None, now=A_MONTH_AGO)
        Person.objects.filter(pk=young.pk).update(birth_year=MONDAY.year - 18)
        young.refresh_from_db()
        Person.objects.filter(pk=here.hua.pk).update(said_under_14_at=A_MONTH_AGO)
        here.hua.refresh_from_db()
        people = [here.tao, here.hua, here.lan, here.coordinator, here.qin, young]
        for contact in people:
            for household in (here.first, here.second):
                Link.objects.create(
                    household=household, contact=contact, asked_by_side="contact", asked_by=contact, asked_at=MONDAY
                )
        away(here.coordinator)
        leaves(here.tao)
        for at in (MONDAY, WEDNESDAY):
            may = {
                link.pk for link in Link.objects.all() if policies.may_be_contact(link.contact, link.household, at)
            }  # fmt: skip
            assert set(Link.objects.filter(standing.of_contacts(at)).values_list("pk", flat=True)) == may
            assert may
            assert not policies.may_be_contact(young, here.second, at)


class TestANeedInTheHandsOfSomebodyGone:
    def test_is_open_again_when_their_assignment_ends(self, here: Stairwell) -> None:
        need = taken(here, by=here.coordinator)
        leaves(here.coordinator)
        following = cast.staff("邹小舟", "13900000031")
        grid.assign(person=following, role=Role.COORDINATOR, node=here.town["C"], actor=None, now=TUESDAY)
        let_go("assignment.ended")
        need.refresh_from_db()
        assert (need.state, need.taken_by, need.text) == (NeedState.OPEN, None, WORDS)
        assert told("need.reopened") == {"need.reopened": {following.name}, "need.put_back": {here.lan.name}}
        assert needs.take(need_id=need.pk, actor=following, now=WEDNESDAY).taken_by == following
        steps = NeedStep.objects.filter(need=need).order_by("position").values_list("to_state", flat=True)
        assert list(steps) == ["open", "taken", "open", "taken"]
        assert list(verify_households(here.street)) == []

    def test_or_they_are_away_without_an_end(self, here: Stairwell, link: Link) -> None:
        need, of_contact = taken(here, by=here.coordinator), taken(here, by=here.tao)
        away(here.coordinator, until=WEDNESDAY + DAY)
        away(here.tao)
        let_go("absence.began")
        need.refresh_from_db()
        of_contact.refresh_from_db()
        assert need.state == NeedState.TAKEN, "back on a day that is known"
        assert of_contact.state == NeedState.OPEN

    def test_stays_with_who_is_stood_in_for_and_the_deputy_says_how_it_ended(self, here: Stairwell) -> None:
        need = taken(here, by=here.coordinator)
        deputy = cast.staff("邹小舟", "13900000031")
        held = Assignment.objects.get(person=here.coordinator)
        grid.name_deputy(assignment_id=held.pk, deputy=deputy, actor=None, now=MONDAY)
        with pytest.raises(NotVisible):
            needs.finish(need_id=need.pk, actor=deputy, now=MONDAY)
        away(here.coordinator)
        let_go("absence.began")
        need.refresh_from_db()
        assert need.state == NeedState.TAKEN
        for _twice in range(2):
            assert needs.finish(need_id=need.pk, actor=deputy, now=WEDNESDAY).state == NeedState.MET
        assert list(verify_households(here.street)) == []

    def test_is_opened_by_the_household_also_before_the_job(
        self, here: Stairwell, as_: Callable[[Person], Client]
    ) -> None:
        need = taken(here, by=here.coordinator)
        with pytest.raises(NeedMoved):
            needs.reopen(need_id=need.pk, actor=here.lan, now=TUESDAY)
        page = "/s/yunqiao/household/"
        assert "请别人来帮" not in as_(here.lan).get(page).content.decode()
        leaves(here.coordinator)
        assert "请别人来帮" in as_(here.lan).get(page).content.decode()
        reopened = needs.reopen(need_id=need.pk, actor=here.lan, now=WEDNESDAY)
        assert (reopened.state, reopened.taken_by, reopened.text) == (NeedState.OPEN, None, WORDS)


class TestWhoWasAContactLately:
    def test_does_not_decide_on_an_incentive(self, here: Stairwell) -> None:
        join_up(here)
        grid.assign(person=here.qin, role=Role.GRID_WORKER, node=here.town["G"], actor=None, now=A_MONTH_AGO)
        link = stands(here, here.qin)
        assessment = assessing.propose(
            household=here.first, item_code=CALM.code, quarter=date(2026, 7, 1), note="", actor=here.coordinator,
            now=MONDAY,
        )  # fmt: skip
        links.end(link_id=link.pk, actor=here.lan, now=MONDAY)
        later = MONDAY + 89 * DAY
        assert policies.may_decide(here.qin, assessment, later).code == "contact_of_household"
        assert assessment not in queries.to_be_decided(here.qin, later)
        assert assessment in queries.to_be_decided(here.bo, later)
        with pytest.raises(IntegrityError, match="by a contact"), transaction.atomic():
            Assessment.objects.filter(pk=assessment.pk).update(
                state=AssessmentState.PUBLIC, decided_by=here.qin, decided_at=later, public_until=later + 7 * DAY
            )
        assert policies.may_decide(here.qin, assessment, MONDAY + 91 * DAY)

    def test_a_question_that_never_stood_is_no_tie(self, here: Stairwell) -> None:
        asked = links.ask_contact(household=here.first, contact=here.tao, actor=here.lan, now=MONDAY)
        links.end(link_id=asked.pk, actor=here.lan, now=MONDAY)
        assert not queries.was_contact_lately(here.tao.pk, here.first, TUESDAY)


class TestAVisit:
    def test_is_of_a_day_on_which_the_link_stood(self, here: Stairwell) -> None:
        asked = links.ask_household(household=here.first, contact=here.tao, now=MONDAY - 5 * DAY)
        link = links.accept(link_id=asked.pk, actor=here.lan, now=MONDAY)

        def on(day: date) -> None:
            links.note_visit(
                link_id=link.pk, way=Way.DOOR, reason=Reason.SAFETY, note="", visited_on=day, need_id=None,
                actor=here.tao, now=TUESDAY,
            )  # fmt: skip

        with pytest.raises(BeforeTheLink) as refusal:
            on((MONDAY - DAY).date())
        assert refusal.value.field == "visited_on" and "11 月 23 日" in refusal.value.reason
        on(MONDAY.date())
        with pytest.raises(IntegrityError, match="did not stand"), transaction.atomic():
            Visit.objects.create(
                link=link, way=Way.DOOR, reason=Reason.SAFETY, visited_on=(MONDAY - DAY).date(), noted_at=TUESDAY
            )


class TestAfterANo:
    def test_the_same_contact_asks_again_after_thirty_days_and_others_at_any_time(self, here: Stairwell) -> None:
        asked = links.ask_household(household=here.first, contact=here.tao, now=MONDAY)
        links.decline(link_id=asked.pk, actor=here.lan, now=MONDAY)
        for days in (0, 29):
            with pytest.raises(SaidNoLately) as refusal:
                links.ask_household(household=here.first, contact=here.tao, now=MONDAY + days * DAY)
            assert "12 月 23 日起" in refusal.value.reason
        links.ask_household(household=here.first, contact=here.coordinator, now=MONDAY)
        again = links.ask_household(household=here.first, contact=here.tao, now=MONDAY + 30 * DAY)
        assert again.state == LinkState.PROPOSED and again != asked

    def test_the_household_may_ask_them_at_once(self, here: Stairwell) -> None:
        asked = links.ask_household(household=here.first, contact=here.tao, now=MONDAY)
        links.decline(link_id=asked.pk, actor=here.lan, now=MONDAY)
        of_home = links.ask_contact(household=here.first, contact=here.tao, actor=here.lan, now=TUESDAY)
        assert links.ask_household(household=here.first, contact=here.tao, now=TUESDAY) == of_home
