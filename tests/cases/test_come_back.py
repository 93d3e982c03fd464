"""What comes back into hand: an overdue stays one through a merge, nobody is there who left, and a part in time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.cases import notices
from huipai.cases.commands import (
    confirming,
    deciding,
    dispatching,
    filing,
    handling,
    passing,
    splitting,
    stepping,
    triage,
    withdrawing,
    working,
)
from huipai.cases.commands.working import TooLateToAsk, ask_extension
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Confirmation, Report, WorkOrder
from huipai.cases.words import Action, Outcome, ReportState, State
from huipai.grid import commands as grid
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points.models import Posting
from huipai.streets.current import in_street
from tests import cast
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_alike import join, release
from tests.cases.test_pages import as_
from tests.cast import MONDAY

GROUND = "weather"
DAY = timedelta(days=1)
LATER = MONDAY + 14 * DAY


class TestMergedIn:
    def older(self, place: Place) -> Case:
        return place.report(place.hua, case_type=LITTER, now=MONDAY - HOUR)

    def merged(self, place: Place, case: Case, into: Case, now: datetime) -> None:
        triage.merge(case_id=case.id, into_id=into.id, actor=place.dispatcher, now=now)

    def send(self, place: Place, case: Case, now: datetime) -> WorkOrder:
        return dispatching.dispatch(case_id=case.id, unit_id=place.city.id, actor=place.dispatcher, brief="", now=now)

    def test_an_overdue_order_is_overdue_again_with_the_same_unit(self, here: Place) -> None:
        into, hub = self.older(here), Hub.with_a_case(here)
        order = hub.signed()
        due = order.due_at
        self.merged(here, hub.case, into, LATER)
        again = self.send(here, into, LATER + HOUR)
        assert due is not None and again.due_at == due < LATER and again.clock_started_at == order.clock_started_at
        with pytest.raises(TooLateToAsk):
            ask_extension(
                order_id=signed(here, again, LATER + 2 * HOUR).id, actor=here.shi, ground=GROUND, text="等料", days=2,
                now=LATER + 3 * HOUR,
            )  # fmt: skip

    def test_in_time_the_earliest_day_stays_and_later_pauses_move_it(self, here: Place) -> None:
        into, hub = self.older(here), Hub.with_a_case(here)
        order = hub.signed()
        self.merged(here, hub.case, into, MONDAY + 3 * HOUR)
        again = self.send(here, into, MONDAY + 4 * HOUR)
        assert again.due_at == order.due_at
        deciding.suspend(
            order_id=signed(here, again, MONDAY + 4 * HOUR).id, actor=here.dispatcher, ground=GROUND, text="等工人",
            rests_until=MONDAY + 2 * DAY, now=MONDAY + 5 * HOUR,
        )  # fmt: skip
        deciding.lapse(case_id=into.id, now=MONDAY + 2 * DAY)
        again.refresh_from_db()
        assert again.due_at is not None and order.due_at is not None and again.due_at > order.due_at

    def test_another_unit_has_a_clock_of_its_own(self, here: Place) -> None:
        into, hub = self.older(here), Hub.with_a_case(here)
        hub.signed()
        self.merged(here, hub.case, into, LATER)
        other = dispatching.dispatch(case_id=into.id, unit_id=here.guard.id, actor=here.dispatcher, brief="", now=LATER)
        assert other.clock_started_at == LATER and other.due_at is not None and other.due_at > LATER

    def test_the_unit_that_has_the_older_one_too_has_the_earlier_day(self, here: Place) -> None:
        into, hub = self.older(here), Hub.with_a_case(here)
        first = hub.signed()
        second = self.send(here, into, MONDAY + 2 * DAY)
        assert second.due_at is not None and first.due_at is not None and second.due_at > first.due_at
        self.merged(here, hub.case, into, LATER)
        second.refresh_from_db()
        assert second.due_at == first.due_at


def signed(place: Place, order: WorkOrder, now: datetime) -> WorkOrder:
    return working.sign(order_id=order.id, actor=place.shi, now=now)


class TestSuspendedUnitThatClosed:
    @pytest.fixture
    def hub(self, here: Place) -> Hub:
        """Set aside at the unit, which then closes."""
        hub = Hub.with_a_case(here)
        deciding.suspend(
            order_id=hub.signed().id, actor=here.dispatcher, ground=GROUND, text="等工人",
            rests_until=MONDAY + 2 * DAY, now=MONDAY + 2 * HOUR,
        )  # fmt: skip
        grid.close_unit(unit_id=here.city.id, actor=None, now=MONDAY + DAY)
        assert passing.recall_from_unit(unit_id=here.city.id, now=MONDAY + DAY) == 0
        return hub

    def test_is_back_at_the_hub_when_its_day_comes_and_the_hub_is_told(self, hub: Hub) -> None:
        deciding.lapse(case_id=hub.case.id, now=MONDAY + 2 * DAY)
        case = hub.fresh()
        assert (case.state, case.unit, case.wait_until) == (State.FILED, None, None)
        assert hub.steps()[-2:] == [Action.UNSUSPEND, Action.RECALL]
        assert not WorkOrder.objects.live().filter(case=case).exists()
        entry = Entry.objects.get(what=Fact.RECALLED)
        notices.tell(entry_id=entry.id, now=MONDAY + 2 * DAY)
        told = Notice.objects.get(kind="case.unit_gone")
        assert told.person_id == hub.place.dispatcher.id
        page = as_(hub.place.dispatcher).get("/s/yunqiao/notices/", follow=True).content.decode()
        assert "云桥城管中队撤了，有 1 件要重新派" in page

    def test_or_when_the_hub_takes_it_up_before(self, hub: Hub) -> None:
        deciding.take_up(case_id=hub.case.id, actor=hub.place.dispatcher, now=MONDAY + DAY + HOUR)
        assert hub.fresh().state == State.FILED and hub.case.unit is None
        dispatching.dispatch(
            case_id=hub.case.id, unit_id=hub.place.guard.id, actor=hub.place.dispatcher, brief="", now=MONDAY + 2 * DAY
        )
        assert hub.fresh().state == State.DISPATCHED

    def test_a_unit_that_is_there_goes_on(self, here: Place, there: Place) -> None:
        hub = Hub.with_a_case(here)
        deciding.suspend(
            order_id=hub.signed().id, actor=here.dispatcher, ground=GROUND, text="等工人",
            rests_until=MONDAY + 2 * DAY, now=MONDAY + 2 * HOUR,
        )  # fmt: skip
        with in_street(there.street.id):
            grid.close_unit(unit_id=there.city.id, actor=None, now=MONDAY + DAY)
        deciding.lapse(case_id=hub.case.id, now=MONDAY + 2 * DAY)
        assert hub.fresh().state == State.IN_PROGRESS and hub.case.unit == here.city


class TestPartsReviewed:
    def whole_with_a_voided_part(self, place: Place) -> tuple[Hub, Case]:
        hub = Hub.with_a_case(place)
        part = splitting.split(
            part_id=new_id(),
            case_id=hub.case.id,
            case_type=LITTER,
            text="墙那边还有",
            actor=place.dispatcher,
            now=MONDAY + HOUR / 2,
        )
        filing.void(case_id=part.id, actor=place.dispatcher, reason="wrong_entry", text="看错了", now=MONDAY + HOUR / 2)
        return hub, part

    def review(self, place: Place, part: Case, now: datetime) -> Case:
        return filing.ask_review(case_id=part.id, actor=place.lan, text="明明还有", now=now)

    def test_while_the_whole_runs_it_waits_for_its_part(self, here: Place) -> None:
        hub, part = self.whole_with_a_voided_part(here)
        order = hub.signed()
        assert not self.review(here, part, MONDAY + HOUR).goes_alone
        with pytest.raises(stepping.PartsOpen):
            hub.responded(order)

    def test_after_the_whole_it_goes_alone_and_its_reporter_is_asked_about_it(self, here: Place) -> None:
        hub, part = self.whole_with_a_voided_part(here)
        hub.passed(hub.responded(hub.signed()))
        assert hub.fresh().state == State.CONFIRMING
        confirming.confirm(case_id=hub.case.id, actor=here.lan, rating=None, text="", now=MONDAY + 4 * HOUR)
        assert self.review(here, part, MONDAY + DAY).goes_alone
        alone = Hub(here, part)
        page = as_(here.lan).get(f"/s/yunqiao/mine/{hub.case.code}/").content.decode()
        assert "单独在办，点开看" in page and part.code in page
        order = dispatching.dispatch(
            case_id=part.id, unit_id=here.guard.id, actor=another_dispatcher(here), brief="", now=MONDAY + DAY
        )
        working.sign(order_id=order.id, actor=here.ning, now=MONDAY + DAY)
        check = alone.responded(order, by=here.ning, now=MONDAY + DAY + HOUR)
        alone.passed(check, now=MONDAY + DAY + 2 * HOUR)
        assert alone.fresh().state == State.CONFIRMING and hub.fresh().state == State.CLOSED
        asked = Confirmation.objects.get(case=part)
        assert asked.report == Report.objects.get(case=hub.case)
        entry = Entry.objects.filter(what=Fact.CHECK_PASSED, subject=part.subject).get()
        notices.tell(entry_id=entry.id, now=MONDAY + DAY + 2 * HOUR)
        assert Notice.objects.get(kind=Fact.CHECK_PASSED, subject=part.subject).person_id == here.lan.id
        assert as_(here.lan).get(f"/s/yunqiao/mine/{part.code}/").content.decode().count("您看，解决了吗？")
        confirming.confirm(case_id=part.id, actor=here.lan, rating=5, text="", now=MONDAY + 2 * DAY)
        assert (alone.fresh().outcome, alone.case.state) == (Outcome.CONFIRMED, State.CLOSED)
        assert Posting.objects.filter(subject=part.subject).count() == 0, "the whole was thanked for"

    def test_silence_ends_it_too(self, here: Place) -> None:
        hub, part = self.whole_with_a_voided_part(here)
        hub.passed(hub.responded(hub.signed()))
        confirming.close_unanswered(case_id=hub.case.id, now=MONDAY + 5 * DAY)
        self.review(here, part, MONDAY + 6 * DAY)
        Case.objects.filter(pk=part.pk).update(state=State.CONFIRMING)
        confirming.ask(Case.objects.get(pk=part.pk), now=MONDAY + 6 * DAY)
        confirming.close_unanswered(case_id=part.id, now=MONDAY + 10 * DAY)
        assert Case.objects.get(pk=part.pk).outcome == Outcome.NO_ANSWER

    def test_the_database_lets_neither_past_the_other(self, here: Place) -> None:
        hub, part = self.whole_with_a_voided_part(here)
        hub.passed(hub.responded(hub.signed()))
        back = {"state": State.VERIFYING, "ended_at": None, "outcome": ""}
        with pytest.raises(IntegrityError, match="goes alone"), transaction.atomic():
            Case.objects.filter(pk=part.pk).update(**back)
        other, second = self.whole_with_a_voided_part(here)
        self.review(here, second, MONDAY + HOUR)
        with pytest.raises(IntegrityError, match="neither done nor over"), transaction.atomic():
            Case.objects.filter(pk=other.case.pk).update(state=State.RESPONDED)
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=other.case.pk).update(goes_alone=True)


def another_dispatcher(place: Place) -> Person:
    """Whoever voided it does not decide on its review."""
    return cast.appoint(cast.staff("封小北", "13900018888"), Role.DISPATCHER)


class TestWhoTookItBack:
    @pytest.fixture
    def case(self, here: Place) -> Case:
        """lan reported it, hua joined."""
        case = here.report(case_type=LITTER)
        release(here, case)
        join(here, case, case_type=LITTER)
        return case

    def decline(self, here: Place, case: Case) -> None:
        handling.decline(case_id=case.id, actor=here.coordinator, reason="not_seen", text="", now=MONDAY + 2 * HOUR)

    def review(self, case: Case, by: Person) -> Case:
        return filing.ask_review(case_id=case.id, actor=by, text="还在那里", now=MONDAY + 3 * HOUR)

    def test_neither_asks_for_the_review_nor_uses_it_up(self, here: Place, case: Case) -> None:
        withdrawing.withdraw(case_id=case.id, actor=here.hua, now=MONDAY + HOUR)
        self.decline(here, case)
        with pytest.raises(NotAllowed, match="已经收回了"):
            self.review(case, here.hua)
        hua = as_(here.hua)
        assert "请人重新看" not in hua.get(f"/s/yunqiao/mine/{case.code}/").content.decode()
        assert hua.get(f"/s/yunqiao/cases/{case.code}/review/").status_code == 403
        assert self.review(case, here.lan).state == State.VERIFYING

    def test_who_joined_has_joined_again_after_a_review_and_can_leave(self, here: Place, case: Case) -> None:
        self.decline(here, case)
        assert set(Report.objects.values_list("state", flat=True)) == {ReportState.DECLINED}
        self.review(case, here.hua)
        states = dict(Report.objects.values_list("reporter_id", "state"))
        assert states == {here.lan.id: ReportState.RECEIVED, here.hua.id: ReportState.JOINED}
        assert "撤回这一件" in as_(here.hua).get(f"/s/yunqiao/mine/{case.code}/").content.decode()
        withdrawing.withdraw(case_id=case.id, actor=here.hua, now=MONDAY + 4 * HOUR)
        case.refresh_from_db()
        assert case.state == State.VERIFYING and Report.objects.get(reporter=here.hua).state == ReportState.WITHDRAWN


class TestSentBackToWork:
    """What was found undone or disputed can wait for the weather as well as what is done the first time."""

    def set_aside(self, hub: Hub, order: WorkOrder, now: datetime) -> None:
        before = WorkOrder.objects.get(pk=order.pk).due_at
        deciding.suspend(
            order_id=order.id,
            actor=hub.place.dispatcher,
            ground=GROUND,
            text="等雨停",
            rests_until=now + 7 * DAY,
            now=now,
        )
        assert hub.fresh().state == State.SUSPENDED
        deciding.take_up(case_id=hub.case.id, actor=hub.place.shi, now=now + 7 * DAY)
        after = WorkOrder.objects.get(pk=order.pk).due_at
        assert hub.fresh().state == State.IN_PROGRESS
        assert before is not None and after is not None and after - before == 7 * DAY

    def test_by_who_looked(self, here: Place) -> None:
        hub = Hub.with_a_case(here)
        order = hub.signed(now=MONDAY)
        hub.failed(hub.responded(order, now=MONDAY + HOUR), now=MONDAY + 2 * HOUR)
        self.set_aside(hub, order, MONDAY + 3 * HOUR)

    def test_by_who_reported(self, here: Place) -> None:
        hub = Hub.with_a_case(here)
        order = hub.signed(now=MONDAY)
        hub.passed(hub.responded(order, now=MONDAY + HOUR), now=MONDAY + 2 * HOUR)
        confirming.dispute(case_id=hub.case.id, actor=here.lan, text="还在", photo_ids=(), now=MONDAY + 3 * HOUR)
        self.set_aside(hub, order, MONDAY + 4 * HOUR)
