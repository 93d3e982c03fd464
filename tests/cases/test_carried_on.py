"""What stays as it was while a case goes on: a look that is blind, who was asked and who follows, an overdue limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from huipai.cases import along, notices
from huipai.cases.commands import acting, confirming, following, handling, joining, retyping, triage, types, withdrawing
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Check, Confirmation, Report
from huipai.cases.queries import types as types_read
from huipai.cases.queries.involved import handlers_of
from huipai.cases.words import Answer, Outcome, State
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import ProxyScope, Role
from huipai.workdays.words import Span, Unit
from tests import cast
from tests.cases.conftest import LITTER, PARKING, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_alike import join, shown
from tests.cases.test_neighbours import passed
from tests.cases.test_own import helps
from tests.cases.test_pages import as_
from tests.cast import MONDAY, TUESDAY


def told(person: Person, *facts: Fact) -> list[str]:
    for entry in Entry.objects.filter(what__in=facts):
        notices.tell(entry_id=entry.id, now=entry.happened_at)
        along.tell(entry_id=entry.id, now=entry.happened_at)
    return [str(one.wording.title) for one in Notice.objects.filter(person=person).order_by("created_at", "id")]


class TestTheLook:
    def test_is_blind_at_every_door_while_it_is_open_and_not_staffs_afterwards(self, here: Place) -> None:
        case = here.report(case_type=LITTER, now=clock.now())
        handling.handle_on_the_spot(
            case_id=case.id, actor=here.wei, text="罗师傅带队清了", photo_ids=here.photo_ids(here.wei), now=clock.now()
        )
        check = Check.objects.get()
        client, address = as_(check.checker), f"/s/yunqiao/cases/{case.code}/"
        answer = client.get(address)
        assert answer.status_code == 302 and answer["Location"] == f"/s/yunqiao/checks/{check.id}/"
        assert "罗师傅" not in client.get(address, follow=True).content.decode()
        Check.objects.filter(pk=check.pk).update(result="passed", decided_at=clock.now())
        assert "罗师傅" not in client.get(address, follow=True).content.decode()
        assert "罗师傅" in as_(here.coordinator).get(address).content.decode()


class TestTakenBack:
    def test_makes_a_follower_of_who_follows_afterwards(self, here: Place) -> None:
        case = shown(here, by=here.qin, now=MONDAY)
        join(here, case)
        withdrawing.withdraw(case_id=case.id, actor=here.hua, now=MONDAY + 2 * HOUR)
        following.follow(code=case.code, person=here.hua, now=MONDAY + 2 * HOUR)
        handling.accept(case_id=case.id, actor=here.wei, now=MONDAY + 3 * HOUR)
        assert told(here.hua, Fact.ACCEPTED) == ["您跟着的事，网格员接下了"]


class TestReporters:
    def test_who_was_asked_too_hears_that_it_is_worked_on_again(self, here: Place) -> None:
        first, second = here.report(now=MONDAY), here.report(here.hua, now=MONDAY + HOUR)
        triage.merge(case_id=second.id, into_id=first.id, actor=here.wei, now=MONDAY + HOUR)
        passed(here, first)
        confirming.dispute(case_id=first.id, actor=here.hua, text="还在", photo_ids=(), now=TUESDAY)
        assert told(here.lan, Fact.DISPUTED) == ["另一位邻居说还没有，重新办"]
        assert told(here.hua, Fact.DISPUTED) == []

    @pytest.mark.parametrize("is_stuck_from_before", [False, True])
    def test_a_case_closes_when_who_was_still_to_be_heard_takes_their_part_back(
        self, here: Place, is_stuck_from_before: bool
    ) -> None:
        first, second = (
            here.report(case_type=LITTER, now=MONDAY),
            here.report(here.hua, case_type=LITTER, now=MONDAY + HOUR),
        )
        triage.merge(case_id=second.id, into_id=first.id, actor=here.wei, now=MONDAY + HOUR)
        passed(here, first)
        confirming.confirm(case_id=first.id, actor=here.lan, rating=5, text="", now=TUESDAY)
        if is_stuck_from_before:
            Confirmation.objects.filter(case=first, answer="").update(answer=Answer.DROPPED, answered_at=TUESDAY)
            confirming.close_unanswered(case_id=first.id, now=TUESDAY + HOUR)
        else:
            withdrawing.withdraw(case_id=first.id, actor=here.hua, now=TUESDAY + HOUR)
        first.refresh_from_db()
        assert (first.state, first.outcome) == (State.CLOSED, Outcome.CONFIRMED)
        assert "您报的事办结了" in told(here.lan, Fact.CONFIRMED)
        assert confirming.close_unanswered(case_id=first.id, now=TUESDAY + 2 * HOUR) is None

    def test_and_waits_while_somebody_is_still_to_be_heard(self, here: Place) -> None:
        first, second = (
            here.report(case_type=LITTER, now=MONDAY),
            here.report(here.hua, case_type=LITTER, now=MONDAY + HOUR),
        )
        triage.merge(case_id=second.id, into_id=first.id, actor=here.wei, now=MONDAY + HOUR)
        passed(here, first)
        withdrawing.withdraw(case_id=first.id, actor=here.hua, now=TUESDAY)
        first.refresh_from_db()
        assert first.state == State.CONFIRMING
        confirming.confirm(case_id=first.id, actor=here.lan, rating=5, text="", now=TUESDAY + HOUR)
        assert Case.objects.get(pk=first.pk).state == State.CLOSED

    def test_nobody_who_handled_it_once_answers_for_an_elder(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=LITTER)
        helps(here.lan, here.shi, ProxyScope.ANSWER)
        check = hub.responded(hub.signed())
        hub.passed(check)
        case = hub.fresh()
        Case.objects.filter(pk=case.pk).update(handler=here.wei)
        case.refresh_from_db()
        assert here.shi.id in handlers_of(case) and case.handler_id != here.shi.id
        with pytest.raises(acting.NotYourselfToo):
            acting.for_elder(
                elder_id=here.lan.id, helper=here.shi, scope=ProxyScope.ANSWER, case=case, now=clock.now(),
                act=lambda elder: confirming.confirm(case_id=case.id, actor=elder, rating=5, text="", now=clock.now()),
            )  # fmt: skip


class TestKeptFromNeighbours:
    def test_is_not_joined_to_what_they_see_nor_merged_into_it(self, here: Place) -> None:
        seen = shown(here, by=here.qin, now=MONDAY)
        with pytest.raises(joining.SeenByNeighbours):
            join(here, seen, is_private=True)
        assert not Report.objects.filter(reporter=here.hua).exists()
        kept = here.report(now=MONDAY + HOUR)
        Case.objects.filter(pk=kept.pk).update(is_public=False)
        with pytest.raises(triage.NotForNeighbours):
            triage.merge(case_id=kept.id, into_id=seen.id, actor=here.wei, now=MONDAY + 2 * HOUR)
        Case.objects.filter(pk=seen.pk).update(is_public=False)
        assert triage.merge(case_id=kept.id, into_id=seen.id, actor=here.wei, now=MONDAY + 2 * HOUR).pk == seen.pk


class TestMixing:
    def test_who_handled_one_does_not_become_a_handler_of_what_they_reported(self, here: Place) -> None:
        into = here.report(here.qin, now=MONDAY)
        case = here.report(now=MONDAY + HOUR)
        Case.objects.filter(pk=case.pk).update(handler=here.qin)
        with pytest.raises(triage.NotIntoThis):
            triage.merge(case_id=case.id, into_id=into.id, actor=here.wei, now=MONDAY + 2 * HOUR)


class TestOverdue:
    def test_stays_so_under_a_longer_type_through_a_failed_check_and_a_second_order(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=PARKING)
        due, late = hub.case.due_at, MONDAY + timedelta(days=1)
        assert due is not None and due < late
        retyping.retype(case_id=hub.case.id, case_type=LITTER, actor=here.dispatcher, text="", now=late)
        check = hub.responded(hub.signed(now=late + HOUR), now=late + 2 * HOUR)
        hub.failed(check, now=late + 3 * HOUR)
        assert hub.fresh().due_at == due

    def test_of_a_units_order_too_that_comes_back_to_it(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=PARKING)
        order = hub.signed()
        late = MONDAY + timedelta(days=2)
        assert order.due_at is not None and order.due_at < late
        hub.returned(order, here.shi, now=late)
        retyping.retype(case_id=hub.case.id, case_type=LITTER, actor=here.dispatcher, text="", now=late + HOUR)
        assert hub.sent(now=late + 2 * HOUR).due_at == order.due_at


class TestASlip:
    """Put under the wrong type and back: what was overdue under the wrong one only is not overdue."""

    def test_makes_no_case_overdue(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=LITTER)
        due = hub.case.due_at
        retyping.retype(case_id=hub.case.id, case_type=PARKING, actor=here.coordinator, text="", now=MONDAY + 5 * HOUR)
        tuesday = MONDAY + timedelta(days=1)
        wrong = hub.fresh().due_at
        assert due is not None and wrong is not None and wrong < tuesday < due
        retyping.retype(case_id=hub.case.id, case_type=LITTER, actor=here.coordinator, text="点错了", now=tuesday)
        assert hub.fresh().due_at == due
        order = hub.signed(now=tuesday + HOUR)
        assert order.due_at is not None and order.due_at > due - HOUR
        hub.failed(hub.responded(order, now=tuesday + 2 * HOUR), now=tuesday + 3 * HOUR)
        after = hub.fresh().due_at
        assert after is not None and after >= due

    def test_washes_nothing_that_was_overdue_under_the_type_that_holds(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=PARKING)
        due, late = hub.case.due_at, MONDAY + timedelta(days=1)
        for step, kind in enumerate((LITTER, PARKING)):
            retyping.retype(case_id=hub.case.id, case_type=kind, actor=here.dispatcher, text="", now=late + step * HOUR)
            assert hub.fresh().due_at == due

    def test_comes_back_under_the_edition_that_it_came_in_by(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=PARKING)
        due, edition = hub.case.due_at, hub.case.edition
        retyping.retype(case_id=hub.case.id, case_type=LITTER, actor=here.dispatcher, text="", now=MONDAY + HOUR)
        keeper = cast.appoint(cast.staff("柯管理", "13900090001"), Role.SYSTEM_ADMIN)
        longer = replace(types_read.book()[PARKING], handle=Span(10, Unit.WORKDAYS))
        types.change(terms=longer, seen=1, reason="放宽", actor=keeper, now=MONDAY + HOUR)
        retyping.retype(case_id=hub.case.id, case_type=PARKING, actor=here.dispatcher, text="", now=MONDAY + 2 * HOUR)
        assert (hub.fresh().due_at, hub.case.edition) == (due, edition)
