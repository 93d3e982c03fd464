"""The way over the street hub: verified, filed, sent, signed, done; and every way back."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.cases import notices
from huipai.cases.commands import (
    asking,
    confirming,
    deciding,
    dispatching,
    filing,
    handling,
    passing,
    pressing,
    splitting,
    stepping,
    withdrawing,
    working,
)
from huipai.cases.commands.dispatching import RulingNeeded, UnitHasIt
from huipai.cases.commands.working import ReturnsUsedUp, RuledHere, TooLateToAsk
from huipai.cases.fact_words import Fact
from huipai.cases.jobs import pass_on
from huipai.cases.models import Case, OrderStep, StageLimit, StageRecord, Transition, WorkOrder
from huipai.cases.order_words import OrderState, Part
from huipai.cases.queries import hub as hub_reads
from huipai.cases.queries.checking import checker_pool
from huipai.cases.queries.today import today_of
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Action, Outcome, ReportState, State
from huipai.grid import commands as grid
from huipai.grid.models import Assignment, Unit
from huipai.grid.queries import units_in_force
from huipai.grid.words import Level, UnitKind
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.verdict import Invalid, NotAllowed, NotVisible, TooMany
from huipai.notices.models import Notice
from huipai.people.words import Role
from huipai.points.models import Posting
from huipai.streets.current import in_street
from tests import cast
from tests.cases.conftest import PARKING, Place
from tests.cases.hub import HOUR, Hub, order_steps
from tests.cases.test_pages import as_
from tests.cast import MONDAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub(here: Place) -> Hub:
    return Hub.with_a_case(here)


class TestTheWholeWay:
    def test_from_the_report_to_the_reporters_word(self, hub: Hub) -> None:
        order = hub.signed()
        hub.passed(hub.responded(order))
        confirming.confirm(case_id=hub.case.id, actor=hub.place.lan, rating=5, text="", now=TUESDAY)
        assert hub.steps() == [
            Action.REPORT, Action.FILE, Action.DISPATCH, Action.SIGN, Action.RESPOND, Action.DRAW_CHECK,
            Action.PASS_CHECK, Action.CONFIRM,
        ]  # fmt: skip
        assert order_steps(order) == ["send", "sign", "respond", "finish"]
        case = hub.fresh()
        assert (case.state, case.handler, case.unit, case.number) == (State.CLOSED, hub.place.shi, hub.place.city, 1)
        order.refresh_from_db()
        assert order.state == OrderState.DONE and order.ended_at == TUESDAY

    def test_the_number_counts_on_in_each_street_for_itself(self, hub: Hub, there: Place) -> None:
        second = Hub.with_a_case(hub.place)
        hub.sent()
        second.sent()
        with in_street(there.street.id):
            other = Hub.with_a_case(there)
            other.sent()
            assert other.fresh().number == 1
        assert (hub.fresh().number, second.fresh().number) == (1, 2)

    def test_filed_again_it_keeps_its_number(self, hub: Hub) -> None:
        order = hub.sent()
        dispatching.recall(order_id=order.id, actor=hub.place.dispatcher, text="", now=TUESDAY)
        hub.sent(hub.place.guard, now=TUESDAY)
        assert hub.fresh().number == 1

    def test_the_short_way_over_the_worker_is_open_as_before(self, hub: Hub) -> None:
        handling.accept(case_id=hub.case.id, actor=hub.place.wei, now=MONDAY + HOUR)
        handling.respond(case_id=hub.case.id, actor=hub.place.wei, text="扫了", photo_ids=(), now=MONDAY + 2 * HOUR)
        assert hub.fresh().state == State.CHECKING and hub.fresh().number is None

    def test_nobody_of_a_unit_that_worked_on_it_is_drawn_to_check(self, hub: Hub) -> None:
        """Not who signed, not their colleagues, not the helpers'."""
        for person in (hub.place.chief, hub.place.xu):
            cast.appoint(person, Role.CHECKER)
        order = hub.signed()
        dispatching.add_helper(
            case_id=hub.case.id, unit_id=hub.place.police.id, actor=hub.place.dispatcher, brief="", now=TUESDAY
        )
        working.respond(order_id=order.id, actor=hub.place.shi, text="清了", photo_ids=(), now=TUESDAY)
        assert set(checker_pool(hub.fresh(), TUESDAY)) == {hub.place.qin.id, hub.place.bo.id}

    def test_of_two_colleagues_one_signs_and_the_other_may_respond(self, hub: Hub) -> None:
        order = hub.signed()
        working.sign(order_id=order.id, actor=hub.place.shi, now=TUESDAY)
        with pytest.raises(NotNow):
            working.sign(order_id=order.id, actor=hub.place.chief, now=TUESDAY)
        hub.responded(order, hub.place.chief, now=TUESDAY)
        assert hub.fresh().handler == hub.place.chief

    def test_needs_the_photo_of_its_closing_standard(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=PARKING)
        order = hub.signed()
        with pytest.raises(handling.AfterPhotoMissing):
            working.respond(order_id=order.id, actor=here.shi, text="好了", photo_ids=(), now=TUESDAY)
        working.respond(order_id=order.id, actor=here.shi, text="好了", photo_ids=here.photo_ids(here.shi), now=TUESDAY)
        assert hub.fresh().state == State.CHECKING

    def test_what_a_unit_has_is_on_no_workers_list(self, hub: Hub) -> None:
        order = hub.signed()
        assert not today_of(hub.place.wei, TUESDAY).exists()
        hub.failed(hub.responded(order))
        assert hub.fresh().state == State.REWORK and not today_of(hub.place.wei, TUESDAY).exists()
        with pytest.raises(NotNow):
            handling.accept(case_id=hub.case.id, actor=hub.place.wei, now=TUESDAY)


class TestBeforeFiling:
    def test_a_worker_hands_up_what_the_grid_cannot_solve(self, hub: Hub) -> None:
        handling.accept(case_id=hub.case.id, actor=hub.place.wei, now=MONDAY + HOUR)
        with pytest.raises(handling.WordsMissing):
            filing.hand_up(case_id=hub.case.id, actor=hub.place.wei, text=" ", now=TUESDAY)
        filing.hand_up(case_id=hub.case.id, actor=hub.place.wei, text="要吊车", now=TUESDAY)
        case = hub.fresh()
        assert (case.state, case.worker, case.handler) == (State.VERIFYING, None, None)
        assert not today_of(hub.place.wei, TUESDAY).exists()

    def test_a_worker_is_asked_to_look_and_vouches(self, hub: Hub) -> None:
        filing.verify(case_id=hub.case.id, worker=hub.place.wei, actor=hub.place.dispatcher, text="", now=MONDAY + HOUR)
        assert hub.case in today_of(hub.place.wei, MONDAY + HOUR)
        filing.vouch(case_id=hub.case.id, actor=hub.place.wei, text="确实有", photo_ids=(), now=MONDAY + 2 * HOUR)
        case = hub.fresh()
        assert (case.state, case.worker, case.wait_until) == (State.VERIFYING, None, None)
        assert filing.file(case_id=case.id, actor=hub.place.dispatcher, now=TUESDAY).state == State.FILED

    def test_or_does_not_look_and_the_hub_has_it_back(self, hub: Hub) -> None:
        filing.verify(
            case_id=hub.case.id, worker=hub.place.wei, actor=hub.place.coordinator, text="", now=MONDAY + HOUR
        )
        assert filing.lapse_verification(case_id=hub.case.id, now=MONDAY + 2 * HOUR) is None
        assert filing.lapse_verification(case_id=hub.case.id, now=WEDNESDAY) is not None
        assert filing.lapse_verification(case_id=hub.case.id, now=WEDNESDAY) is None
        assert hub.fresh().worker is None and hub.steps()[-1] == Action.LAPSE_VERIFY

    def test_the_reporter_is_never_sent_to_look(self, here: Place) -> None:
        hub = Hub(here, here.report(here.wei))
        with pytest.raises(filing.NobodyToLook):
            filing.verify(case_id=hub.case.id, worker=here.wei, actor=here.dispatcher, text="", now=TUESDAY)

    def test_not_filed_has_a_reason_and_one_review(self, hub: Hub) -> None:
        act = {"case_id": hub.case.id, "actor": hub.place.dispatcher, "text": "", "now": TUESDAY}
        with pytest.raises(handling.ReasonMissing):
            filing.not_file(reason="busy", **act)  # type: ignore[arg-type]
        filing.not_file(reason="not_proven", **act)  # type: ignore[arg-type]
        assert (hub.fresh().state, hub.case.outcome) == (State.NOT_FILED, Outcome.NOT_FILED)
        assert hub.case.reports.get().state == ReportState.DECLINED
        due = hub.case.due_at
        with pytest.raises(NotVisible):
            filing.ask_review(case_id=hub.case.id, actor=hub.place.hua, text="有的", now=WEDNESDAY)
        for _twice in range(2):
            filing.ask_review(case_id=hub.case.id, actor=hub.place.lan, text="有的", now=WEDNESDAY)
        assert hub.steps().count("ask_review") == 1
        with pytest.raises(filing.ReviewedAlready):
            filing.ask_review(case_id=hub.case.id, actor=hub.place.lan, text="别的话", now=WEDNESDAY)
        assert hub.fresh().state == State.VERIFYING and not hub.case.outcome and hub.case.ended_at is None
        assert hub.case.reports.get().state == ReportState.RECEIVED
        assert due is not None and hub.case.due_at == due + timedelta(days=1), "the day in between does not count"
        with pytest.raises(stepping.LetAnotherLook):
            filing.not_file(reason="settled", **act | {"now": WEDNESDAY})  # type: ignore[arg-type]
        other = cast.appoint(cast.staff("关二", "13900017777"), Role.DISPATCHER)
        filing.not_file(reason="settled", **act | {"now": WEDNESDAY, "actor": other})  # type: ignore[arg-type]
        with pytest.raises(filing.ReviewedAlready):
            filing.ask_review(case_id=hub.case.id, actor=hub.place.lan, text="有的", now=WEDNESDAY)

    def test_a_review_comes_within_thirty_days(self, hub: Hub) -> None:
        filing.void(case_id=hub.case.id, actor=hub.place.dispatcher, reason="test", text="试的", now=TUESDAY)
        with pytest.raises(filing.ReviewTooLate):
            filing.ask_review(case_id=hub.case.id, actor=hub.place.lan, text="?", now=TUESDAY + timedelta(days=31))

    def test_what_one_took_back_oneself_is_not_reviewed(self, hub: Hub) -> None:
        withdrawing.withdraw(case_id=hub.case.id, actor=hub.place.lan, now=TUESDAY)
        with pytest.raises(NotNow):
            filing.ask_review(case_id=hub.case.id, actor=hub.place.lan, text="?", now=TUESDAY)

    def test_voiding_recalls_what_was_sent(self, hub: Hub) -> None:
        order = hub.signed()
        filing.void(case_id=hub.case.id, actor=hub.place.dispatcher, reason="wrong_entry", text="登错", now=TUESDAY)
        order.refresh_from_db()
        assert order.state == OrderState.RECALLED and hub.fresh().outcome == Outcome.VOIDED


class TestWhoMay:
    def test_only_the_hub_files_and_sends(self, hub: Hub) -> None:
        for person in (hub.place.wei, hub.place.coordinator, hub.place.shi, hub.place.lan):
            with pytest.raises(NotAllowed):
                dispatching.dispatch(
                    case_id=hub.case.id, unit_id=hub.place.city.id, actor=person, brief="", now=TUESDAY
                )
            with pytest.raises(NotAllowed):
                filing.file(case_id=hub.case.id, actor=person, now=TUESDAY)

    def test_nobody_sends_on_what_they_reported(self, here: Place) -> None:
        hub = Hub(here, here.report(here.dispatcher))
        with pytest.raises(NotAllowed) as refusal:
            hub.sent()
        assert refusal.value.code == "own_report"

    def test_an_order_does_not_exist_for_another_unit(self, hub: Hub) -> None:
        order = hub.sent()
        for person in (hub.place.ning, hub.place.wei, hub.place.lan, hub.place.dispatcher):
            with pytest.raises(NotVisible):
                working.sign(order_id=order.id, actor=person, now=TUESDAY)
        with pytest.raises(NotVisible):
            working.sign(order_id=uuid4(), actor=hub.place.shi, now=TUESDAY)

    def test_who_reported_it_leaves_it_to_a_colleague(self, here: Place) -> None:
        hub = Hub(here, here.report(here.shi))
        order = hub.sent()
        with pytest.raises(NotAllowed):
            working.sign(order_id=order.id, actor=here.shi, now=TUESDAY)
        assert working.sign(order_id=order.id, actor=here.chief, now=TUESDAY).handler == here.chief

    def test_a_closed_unit_gets_nothing_and_what_it_had_comes_back(self, hub: Hub) -> None:
        order = hub.signed()
        grid.close_unit(unit_id=hub.place.city.id, actor=None, now=TUESDAY)
        with pytest.raises(dispatching.NoUnit):
            Hub.with_a_case(hub.place).sent()

        assert passing.recall_from_unit(unit_id=hub.place.city.id, now=TUESDAY) == 1
        assert passing.recall_from_unit(unit_id=hub.place.city.id, now=TUESDAY) == 0
        order.refresh_from_db()
        assert order.state == OrderState.RECALLED and hub.fresh().state == State.FILED

    def test_who_has_nobody_left_gets_nothing_and_what_they_had_comes_back(self, hub: Hub) -> None:
        place, now = hub.place, MONDAY + HOUR
        order = hub.sent(place.police)
        working.sign(order_id=order.id, actor=place.xu, now=now)
        grid.end_assignment(assignment_id=Assignment.objects.get(person=place.xu).id, at=now, actor=None, now=now)
        entry = Entry.objects.get(what="assignment.ended")
        pass_on(street=str(place.street.id), entry=str(entry.id))
        order.refresh_from_db()
        assert order.state == OrderState.RECALLED and hub.fresh().state == State.FILED
        recalled = Entry.objects.get(what=Fact.RECALLED)
        notices.tell(entry_id=recalled.id, now=recalled.happened_at)
        assert list(Notice.objects.values_list("person", "kind")) == [(place.dispatcher.id, "case.unit_empty")]
        offered = hub_reads.offers(hub.fresh(), list(units_in_force()), TUESDAY)
        assert place.police not in [one.unit for one in offered] and place.city in [one.unit for one in offered]
        with pytest.raises(dispatching.NobodyAtTheUnit):
            hub.sent(place.police)


class TestAUnitOfAnotherPlace:
    """What the desk does not offer is not sent by any way to it."""

    @pytest.fixture
    def elsewhere(self, hub: Hub) -> Unit:
        node = hub.place.town.add(Level.COMMUNITY, "C9", "S")
        return Unit.objects.create(code="U-else", name="荷花里物业", kind=UnitKind.PROPERTY, node=node)

    def test_is_neither_offered_nor_sent_to(self, hub: Hub, elsewhere: Unit) -> None:
        case, by = hub.fresh(), hub.place.dispatcher
        assert elsewhere not in [one.unit for one in hub_reads.offers(case, list(units_in_force()), TUESDAY)]
        with pytest.raises(dispatching.NotItsPlace):
            hub.sent(elsewhere)
        with pytest.raises(dispatching.NotItsPlace):
            dispatching.rule(case_id=case.id, unit_id=elsewhere.id, actor=by, text="清单", now=TUESDAY)
        [one] = dispatching.dispatch_each(case_ids=[case.id], unit_id=elsewhere.id, actor=by, brief="", now=TUESDAY)
        assert isinstance(one.refused, dispatching.NotItsPlace)
        with pytest.raises(dispatching.NotItsPlace):
            hub.sent(helper_ids=(elsewhere.id,))
        assert not WorkOrder.objects.filter(case=case).exists()

    def test_nor_asked_to_help_later(self, hub: Hub, elsewhere: Unit) -> None:
        hub.sent()
        with pytest.raises(dispatching.NotItsPlace):
            dispatching.add_helper(
                case_id=hub.case.id, unit_id=elsewhere.id, actor=hub.place.dispatcher, brief="", now=TUESDAY
            )


class TestSeveralOrders:
    def test_a_lead_and_helpers(self, hub: Hub) -> None:
        place = hub.place
        lead = hub.sent(helper_ids=(place.guard.id, place.police.id, place.city.id))
        helpers = WorkOrder.objects.filter(case=hub.case, part=Part.HELPER)
        assert {order.unit for order in helpers} == {place.guard, place.police}
        guards = helpers.get(unit=place.guard)
        working.sign(order_id=guards.id, actor=place.ning, now=MONDAY + 2 * HOUR)
        assert hub.fresh().state == State.DISPATCHED, "a helper does not move the case"
        working.respond(order_id=guards.id, actor=place.ning, text="清了门口", photo_ids=(), now=MONDAY + 2 * HOUR)
        working.sign(order_id=lead.id, actor=place.shi, now=MONDAY + 2 * HOUR)
        hub.passed(hub.responded(lead, now=MONDAY + 3 * HOUR), now=TUESDAY)
        confirming.confirm(case_id=hub.case.id, actor=place.lan, rating=None, text="", now=TUESDAY)
        ends = dict(WorkOrder.objects.filter(case=hub.case).values_list("unit__code", "state"))
        assert ends == {"U-city": "done", "U-guard": "done", "U-police": "recalled"}

    def test_one_unit_leads_and_has_one_order(self, hub: Hub) -> None:
        hub.sent()
        with pytest.raises(UnitHasIt):
            dispatching.add_helper(
                case_id=hub.case.id, unit_id=hub.place.city.id, actor=hub.place.dispatcher, brief="", now=TUESDAY
            )

    def test_sent_to_another_only_when_it_was_recalled_from_the_first(self, hub: Hub) -> None:
        first = hub.signed()
        with pytest.raises(filing.StillWithAUnit):
            hub.sent(hub.place.guard, now=TUESDAY)
        dispatching.recall(order_id=first.id, actor=hub.place.dispatcher, text="改派", now=TUESDAY)
        second = hub.sent(hub.place.guard, now=TUESDAY)
        first.refresh_from_db()
        assert first.state == OrderState.RECALLED and hub.fresh().unit == hub.place.guard
        assert WorkOrder.objects.live().get(case=hub.case) == second


class TestReturns:
    def test_has_a_ground_and_names_the_next_owner(self, hub: Hub) -> None:
        order = hub.signed()
        with pytest.raises(handling.ReasonMissing):
            working.return_order(order_id=order.id, actor=hub.place.shi, ground="busy", text="忙", now=TUESDAY)
        hub.returned(order, hub.place.shi)
        case = hub.fresh()
        assert (case.state, case.unit, case.handler, case.returns) == (State.RETURNED, None, None, 1)
        assert Transition.objects.get(case=case, action=Action.RETURN).unit == hub.place.city

    def test_after_the_second_only_a_ruling_sends_it_on_and_that_is_final(self, hub: Hub) -> None:
        place = hub.place
        hub.returned(hub.sent(place.city), place.shi)
        hub.returned(hub.sent(place.guard, now=TUESDAY), place.ning, now=TUESDAY)
        with pytest.raises(RulingNeeded):
            hub.sent(place.police, now=TUESDAY)
        with pytest.raises(handling.WordsMissing):
            dispatching.rule(case_id=hub.case.id, unit_id=place.city.id, actor=place.dispatcher, text="", now=TUESDAY)
        order = dispatching.rule(
            case_id=hub.case.id, unit_id=place.city.id, actor=place.dispatcher, text="权责清单第 12 项", now=TUESDAY
        )
        with pytest.raises(RuledHere):
            hub.returned(order, place.shi, now=TUESDAY)
        assert hub.fresh().state == State.DISPATCHED

    def test_a_recall_and_a_third_unit_win_no_third_return(self, hub: Hub) -> None:
        place = hub.place
        hub.returned(hub.sent(place.city), place.shi)
        hub.returned(hub.sent(place.guard, now=TUESDAY), place.ning, now=TUESDAY)
        Case.objects.filter(pk=hub.case.pk).update(state=State.FILED)
        with pytest.raises(ReturnsUsedUp):
            hub.returned(hub.sent(place.police, now=TUESDAY), place.xu, now=TUESDAY)

    def test_the_database_itself_refuses_the_return_of_a_ruled_order(self, hub: Hub) -> None:
        order = hub.sent()
        with pytest.raises(IntegrityError, match="cases_a_ruled_order_is_not_returned"), transaction.atomic():
            WorkOrder.objects.filter(pk=order.pk).update(is_ruled=True, state="returned", ended_at=TUESDAY)

    def test_a_helpers_return_leaves_the_case_where_it_is(self, hub: Hub) -> None:
        hub.sent(helper_ids=(hub.place.guard.id,))
        helper = WorkOrder.objects.get(case=hub.case, part=Part.HELPER)
        hub.returned(helper, hub.place.ning)
        assert hub.fresh().state == State.DISPATCHED and hub.case.returns == 0


class TestTheClock:
    def test_a_units_clock_begins_with_the_dispatch(self, hub: Hub) -> None:
        """Two working days from the dispatch for the unit, from the report for the reporter."""
        order = hub.sent(now=TUESDAY)
        assert order.clock_started_at == TUESDAY
        assert hub.fresh().due_at is not None and order.due_at == hub.case.due_at + timedelta(days=1)

    def test_a_return_and_a_second_order_wash_nothing(self, hub: Hub) -> None:
        first = hub.sent()
        promised = hub.fresh().due_at
        hub.returned(first, hub.place.shi, now=WEDNESDAY)
        guards = hub.sent(hub.place.guard, now=WEDNESDAY)
        dispatching.recall(order_id=guards.id, actor=hub.place.dispatcher, text="", now=WEDNESDAY)
        again = hub.sent(hub.place.city, now=WEDNESDAY)
        assert (again.clock_started_at, again.due_at) == (first.clock_started_at, first.due_at)
        assert hub.fresh().due_at == promised

    def test_a_response_stops_it_and_rework_takes_it_up_again(self, hub: Hub) -> None:
        order = hub.signed()
        due = order.due_at
        hub.failed(hub.responded(order, now=MONDAY + 2 * HOUR), now=TUESDAY + 2 * HOUR)
        order.refresh_from_db()
        assert order.state == OrderState.SIGNED and due is not None
        assert order.due_at == due + timedelta(days=1)

    def test_what_the_desk_took_is_written_down_stage_by_stage(self, hub: Hub) -> None:
        StageLimit.objects.create(case_type=hub.case.case_type, stage="accept", amount=1, unit="work_hours")
        filing.hand_up(case_id=hub.case.id, actor=hub.place.coordinator, text="归城管", now=MONDAY + 2 * HOUR)
        hub.sent(now=MONDAY + 3 * HOUR + HOUR / 2)
        found = {record.stage: record for record in StageRecord.objects.filter(case=hub.case)}
        assert set(found) == {"accept", "file", "dispatch"}
        assert found["accept"].due_at == MONDAY + HOUR and found["accept"].done_at > found["accept"].due_at
        assert found["file"].began_at == MONDAY + 2 * HOUR

    def test_its_records_and_steps_cannot_be_changed(self, hub: Hub) -> None:
        hub.sent()
        for model in (OrderStep, StageRecord):
            with pytest.raises(IntegrityError), transaction.atomic():
                model.objects.update(street=hub.place.street)


class TestExtension:
    def ask(self, hub: Hub, order: WorkOrder, *, now: object = MONDAY + 2 * HOUR, days: int = 3) -> object:
        return working.ask_extension(
            order_id=order.id,
            actor=hub.place.shi,
            ground="weather",
            text="连下三天雨",
            days=days,
            now=now,  # type: ignore[arg-type]
        )

    def test_granted_it_moves_the_units_limit_and_the_promise(self, hub: Hub) -> None:
        order = hub.signed()
        due, promised = order.due_at, hub.fresh().due_at
        asked = self.ask(hub, order)
        assert hub.fresh().state == State.EXTENSION_PENDING
        deciding.grant(request_id=asked.id, actor=hub.place.dispatcher, text="", now=MONDAY + 3 * HOUR)  # type: ignore[attr-defined]
        order.refresh_from_db()
        assert hub.fresh().state == State.IN_PROGRESS and due is not None and promised is not None
        assert order.due_at is not None and order.due_at - due == timedelta(days=5), "three working days over a weekend"
        assert hub.case.due_at is not None and hub.case.due_at > promised

    def test_is_asked_for_and_granted_only_before_the_limit_is_over(self, hub: Hub) -> None:
        order = hub.signed()
        assert order.due_at is not None
        asked = self.ask(hub, order, now=order.due_at - HOUR / 4)
        with pytest.raises(TooLateToAsk):
            deciding.grant(request_id=asked.id, actor=hub.place.dispatcher, text="", now=order.due_at)  # type: ignore[attr-defined]
        deciding.lapse(case_id=hub.case.id, now=order.due_at)
        with pytest.raises(TooLateToAsk):
            self.ask(hub, order, now=order.due_at + HOUR)

    def test_a_broken_promise_stays_broken(self, hub: Hub) -> None:
        """The hub sent it late: the unit gets its days, the reporter's date does not move."""
        order = hub.signed(now=WEDNESDAY + 8 * HOUR)
        promised = hub.fresh().due_at
        assert promised is not None and promised < WEDNESDAY + 9 * HOUR
        asked = self.ask(hub, order, now=WEDNESDAY + 9 * HOUR)
        deciding.grant(request_id=asked.id, actor=hub.place.dispatcher, text="", now=WEDNESDAY + 10 * HOUR)  # type: ignore[attr-defined]
        assert hub.fresh().due_at == promised

    def test_nobody_decides_and_it_goes_on_under_the_old_limit(self, hub: Hub) -> None:
        order = hub.signed()
        due = order.due_at
        self.ask(hub, order)
        assert deciding.lapse(case_id=hub.case.id, now=MONDAY + 3 * HOUR) is None
        assert deciding.lapse(case_id=hub.case.id, now=WEDNESDAY) is not None
        order.refresh_from_db()
        assert hub.fresh().state == State.IN_PROGRESS and order.due_at == due

    def test_done_meanwhile_nobody_has_to_decide(self, hub: Hub) -> None:
        order = hub.signed()
        asked = self.ask(hub, order)
        hub.responded(order, now=MONDAY + 3 * HOUR)
        with pytest.raises(NotNow):
            deciding.grant(request_id=asked.id, actor=hub.place.dispatcher, text="", now=TUESDAY)  # type: ignore[attr-defined]

    def test_refused_with_a_word(self, hub: Hub) -> None:
        asked = self.ask(hub, hub.signed())
        with pytest.raises(handling.WordsMissing):
            deciding.refuse(request_id=asked.id, actor=hub.place.dispatcher, text="", now=TUESDAY)  # type: ignore[attr-defined]
        deciding.refuse(request_id=asked.id, actor=hub.place.dispatcher, text="天晴了", now=TUESDAY)  # type: ignore[attr-defined]
        assert hub.fresh().state == State.IN_PROGRESS
        with pytest.raises(NotNow):
            deciding.refuse(request_id=asked.id, actor=hub.place.dispatcher, text="还是不行", now=TUESDAY)  # type: ignore[attr-defined]

    def test_set_aside_the_clock_stands_until_the_day(self, hub: Hub) -> None:
        order = hub.signed()
        due = order.due_at
        day = MONDAY + timedelta(days=14)
        asked = working.ask_suspension(
            order_id=order.id, actor=hub.place.shi, ground="season", text="等开春补种", rests_until=day, now=TUESDAY
        )
        deciding.grant(request_id=asked.id, actor=hub.place.dispatcher, text="等开春", now=TUESDAY + HOUR)
        assert hub.fresh().state == State.SUSPENDED
        assert deciding.lapse(case_id=hub.case.id, now=day - HOUR) is None
        assert deciding.lapse(case_id=hub.case.id, now=day) is not None
        order.refresh_from_db()
        assert hub.fresh().state == State.IN_PROGRESS and due is not None and order.due_at is not None
        assert order.due_at > due + timedelta(days=12)

    def test_the_hub_or_the_unit_takes_it_up_before(self, hub: Hub) -> None:
        order = hub.signed()
        deciding.suspend(
            order_id=order.id, actor=hub.place.dispatcher, ground="budget", rests_until=MONDAY + timedelta(days=20),
            text="等经费", now=TUESDAY,
        )  # fmt: skip
        with pytest.raises(NotAllowed):
            deciding.take_up(case_id=hub.case.id, actor=hub.place.wei, now=WEDNESDAY)
        deciding.take_up(case_id=hub.case.id, actor=hub.place.shi, now=WEDNESDAY)
        assert hub.fresh().state == State.IN_PROGRESS

    def test_not_for_longer_than_half_a_year(self, hub: Hub) -> None:
        order = hub.signed()
        with pytest.raises(working.UntilWhen):
            deciding.suspend(
                order_id=order.id, actor=hub.place.dispatcher, ground="budget", text="等",
                rests_until=TUESDAY + timedelta(days=181), now=TUESDAY,
            )  # fmt: skip


class TestPressing:
    def test_nobody_is_urged_twice_within_hours(self, hub: Hub) -> None:
        hub.sent()
        pressing.urge(case_id=hub.case.id, actor=hub.place.dispatcher, text="", now=TUESDAY)
        with pytest.raises(TooMany):
            pressing.urge(case_id=hub.case.id, actor=hub.place.coordinator, text="", now=TUESDAY + HOUR)
        pressing.urge(case_id=hub.case.id, actor=hub.place.coordinator, text="", now=TUESDAY + 5 * HOUR)

    def test_a_unit_that_has_it_since_has_not_been_urged(self, hub: Hub) -> None:
        order = hub.sent()
        pressing.urge(case_id=hub.case.id, actor=hub.place.dispatcher, text="", now=TUESDAY)
        dispatching.recall(order_id=order.id, actor=hub.place.dispatcher, text="派错了", now=TUESDAY + HOUR)
        hub.sent(hub.place.guard, now=TUESDAY + HOUR)
        for _twice in range(2):
            pressing.urge(case_id=hub.case.id, actor=hub.place.dispatcher, text="", now=TUESDAY + 2 * HOUR)
        assert hub.steps().count("urge") == 2

    def test_the_reporter_once_a_day(self, hub: Hub) -> None:
        pressing.urge_as_reporter(case_id=hub.case.id, actor=hub.place.lan, now=TUESDAY)
        with pytest.raises(TooMany):
            pressing.urge_as_reporter(case_id=hub.case.id, actor=hub.place.lan, now=TUESDAY + 5 * HOUR)
        with pytest.raises(NotVisible):
            pressing.urge_as_reporter(case_id=hub.case.id, actor=hub.place.hua, now=TUESDAY)

    def test_pressed_twice_is_pressed_once(self, hub: Hub) -> None:
        """Neither a page of errors nor a second step; other words, or somebody else, wait until it has rested."""
        hub.sent()
        by = {"case_id": hub.case.id, "actor": hub.place.dispatcher}
        for press, done in ((pressing.urge, "urge"), (pressing.supervise, "supervise")):
            for text, minutes in (("盯住", 0), (" 盯住", 1), ("", 2)):
                press(**by, text=text, now=TUESDAY + timedelta(minutes=minutes))  # type: ignore[operator]
            assert hub.steps().count(done) == 1
            for other in ({**by, "text": "再盯"}, {**by, "actor": cast.staff("另一位", "13900017777"), "text": "盯住"}):
                with pytest.raises((TooMany, NotAllowed)):
                    press(**other, now=TUESDAY + HOUR)  # type: ignore[operator]
        with pytest.raises(TooMany, match="内部备注"):
            pressing.supervise(**by, text="再盯", now=TUESDAY + HOUR)  # type: ignore[arg-type]

    def test_supervised_it_stays_marked(self, hub: Hub) -> None:
        hub.sent()
        pressing.supervise(case_id=hub.case.id, actor=hub.place.dispatcher, text="盯住", now=TUESDAY)
        assert hub.fresh().supervised_at == TUESDAY

    def test_an_order_that_nobody_reads_raises_an_alarm_once(self, hub: Hub) -> None:
        order = hub.sent()
        assert pressing.alarm(order_id=order.id, now=MONDAY + HOUR) is None
        assert pressing.alarm(order_id=order.id, now=TUESDAY) is not None
        assert pressing.alarm(order_id=order.id, now=TUESDAY) is None
        assert order_steps(order) == ["send", "alarm"]

    def test_a_read_one_does_not(self, hub: Hub) -> None:
        order = hub.sent()
        for _twice in range(2):
            working.read(order_id=order.id, actor=hub.place.chief, now=MONDAY + HOUR)
        assert order_steps(order) == ["send", "read"] and pressing.alarm(order_id=order.id, now=TUESDAY) is None

    def test_nor_does_one_that_was_signed_or_sent_back_without_being_opened(self, hub: Hub) -> None:
        signed = hub.signed()
        assert signed.read_at == signed.signed_at is not None
        order = hub.returned(signed, hub.place.shi)
        assert order.read_at == signed.read_at, "seen once"
        sent = hub.sent(hub.place.police, now=MONDAY + 3 * HOUR)
        returned = hub.returned(sent, hub.place.xu, now=MONDAY + 4 * HOUR)
        assert returned.read_at == MONDAY + 4 * HOUR


class TestQuestions:
    def test_the_unit_asks_and_the_reporter_answers(self, hub: Hub) -> None:
        order = hub.signed()
        due = hub.fresh().due_at
        question = asking.ask_for_unit(order_id=order.id, actor=hub.place.shi, text="几点开始堵？", now=TUESDAY)
        again = asking.ask_for_unit(order_id=order.id, actor=hub.place.shi, text=" 几点开始堵？", now=TUESDAY)
        assert again == question, "pressed twice is once"
        with pytest.raises(asking.AskedAlready):
            asking.ask(case_id=hub.case.id, actor=hub.place.dispatcher, text="在哪？", now=TUESDAY)
        with pytest.raises(NotVisible):
            asking.answer(question_id=question.id, actor=hub.place.hua, text="五点", now=TUESDAY)
        asking.answer(question_id=question.id, actor=hub.place.lan, text="五点", now=WEDNESDAY)
        with pytest.raises(NotNow):
            asking.answer(question_id=question.id, actor=hub.place.lan, text="六点", now=WEDNESDAY)
        assert hub.steps()[-2:] == [Action.ASK, Action.ANSWER] and hub.fresh().due_at == due

    def test_what_was_asked_by_mistake_is_taken_back_and_another_can_be_asked(self, hub: Hub) -> None:
        """Only one waits at a time: a wrong one does not silence everybody for three days."""
        order = hub.signed()
        due = hub.fresh().due_at
        wrong = asking.ask_for_unit(order_id=order.id, actor=hub.place.shi, text="您家几口人？", now=TUESDAY)
        with pytest.raises(NotAllowed):
            asking.take_back(question_id=wrong.id, actor=hub.place.ning, now=TUESDAY)
        for who in (hub.place.chief, hub.place.chief):
            asking.take_back(question_id=wrong.id, actor=who, now=TUESDAY + HOUR)
        assert hub.steps()[-2:] == [Action.ASK, Action.TAKE_BACK_QUESTION] and hub.fresh().due_at == due
        with pytest.raises(asking.QuestionMoved):
            asking.answer(question_id=wrong.id, actor=hub.place.lan, text="三口", now=TUESDAY + HOUR)
        entry = Entry.objects.get(what=Fact.QUESTION_TAKEN_BACK)
        notices.tell(entry_id=entry.id, now=TUESDAY + HOUR)
        told = set(Notice.objects.filter(subject__endswith=str(hub.case.id)).values_list("person__name", "kind"))
        assert (hub.place.lan.name, Fact.QUESTION_TAKEN_BACK) in told
        asked = asking.ask_for_unit(order_id=order.id, actor=hub.place.shi, text="几点？", now=TUESDAY + 2 * HOUR)
        asking.take_back(question_id=asked.id, actor=hub.place.dispatcher, now=TUESDAY + 3 * HOUR)
        with pytest.raises(asking.NothingToTakeBack):
            late = asking.ask(case_id=hub.case.id, actor=hub.place.dispatcher, text="在哪", now=TUESDAY + 4 * HOUR)
            asking.answer(question_id=late.id, actor=hub.place.lan, text="东门", now=TUESDAY + 5 * HOUR)
            asking.take_back(question_id=late.id, actor=hub.place.dispatcher, now=TUESDAY + 6 * HOUR)

    def test_is_taken_back_on_the_pages_of_whoever_works_on_it(self, hub: Hub) -> None:
        now = clock.now()
        hub = Hub.with_a_case(hub.place, now=now - 5 * HOUR)
        code = hub.case.code
        wei = asking.ask(case_id=hub.case.id, actor=hub.place.wei, text="在哪？", now=now - 4 * HOUR)
        case = f"/s/yunqiao/cases/{code}/"
        address = f"{case}question/{wei.id}/removal/"
        assert address in as_(hub.place.wei).get(case).content.decode()
        assert as_(hub.place.wei).post(address).status_code == 302
        assert "问您的那一句收回了" in as_(hub.place.lan).get(f"/s/yunqiao/mine/{code}/").content.decode()
        order = hub.signed(now=now - 3 * HOUR)
        theirs = asking.ask_for_unit(order_id=order.id, actor=hub.place.shi, text="几点？", now=now - 2 * HOUR)
        page = f"/s/yunqiao/orders/{order.id}/"
        address = f"{page}question/{theirs.id}/removal/"
        assert address in as_(hub.place.chief).get(page).content.decode()
        assert as_(hub.place.ning).post(address).status_code == 404
        assert as_(hub.place.chief).post(address).status_code == 302
        again = asking.ask_for_unit(order_id=order.id, actor=hub.place.shi, text="几点？", now=clock.now())
        desk = f"/s/yunqiao/desk/{code}/question-removal/"
        shown = as_(hub.place.dispatcher).get(f"/s/yunqiao/desk/?case={code}").content.decode()
        assert desk in shown
        assert as_(hub.place.dispatcher).post(desk, {"question": again.id}).status_code == 302
        again.refresh_from_db()
        assert again.closed_at is not None and not again.answer

    def test_silence_ends_it_and_work_goes_on(self, hub: Hub) -> None:
        question = asking.ask(case_id=hub.case.id, actor=hub.place.wei, text="在哪？", now=MONDAY)
        assert asking.lapse(question_id=question.id, now=TUESDAY) is None
        late = MONDAY + timedelta(days=3)
        assert asking.lapse(question_id=question.id, now=late) is not None
        assert asking.lapse(question_id=question.id, now=late) is None

    def test_done_it_is_of_no_interest_any_more(self, hub: Hub) -> None:
        order = hub.signed()
        question = asking.ask_for_unit(order_id=order.id, actor=hub.place.shi, text="几点？", now=MONDAY + 2 * HOUR)
        hub.responded(order, now=MONDAY + 3 * HOUR)
        with pytest.raises(NotNow):
            asking.answer(question_id=question.id, actor=hub.place.lan, text="五点", now=TUESDAY)


class TestParts:
    def test_the_whole_is_answered_when_its_parts_are_done(self, hub: Hub) -> None:
        from_hub = {"actor": hub.place.dispatcher, "now": MONDAY + HOUR}
        lead = hub.signed()
        part = Hub(
            hub.place,
            splitting.split(part_id=new_id(), case_id=hub.case.id, case_type=PARKING, text="车也要挪", **from_hub),
        )
        with pytest.raises(Invalid):
            splitting.split(part_id=new_id(), case_id=part.case.id, case_type=PARKING, text="再分", **from_hub)
        with pytest.raises(stepping.PartsOpen):
            hub.responded(lead)
        order = part.signed(hub.place.police, hub.place.xu)
        working.respond(
            order_id=order.id, actor=hub.place.xu, text="挪了", photo_ids=hub.place.photo_ids(hub.place.xu),
            now=MONDAY + 2 * HOUR,
        )  # fmt: skip
        part.passed(part.fresh().checks.get())
        assert part.fresh().state == State.CONFIRMING and not part.case.confirmations.exists()
        assert not Posting.objects.filter(subject=part.case.subject).exists(), "a report is thanked once"
        hub.passed(hub.responded(lead, now=TUESDAY), now=TUESDAY)
        assert hub.fresh().state == State.CONFIRMING
        confirming.confirm(case_id=hub.case.id, actor=hub.place.lan, rating=5, text="", now=TUESDAY + HOUR)
        assert (part.fresh().state, part.case.outcome) == (State.CLOSED, Outcome.PART_DONE)

    def test_cases_are_tied_without_moving(self, hub: Hub) -> None:
        other = hub.place.report(hub.place.hua)
        for _twice in range(2):
            splitting.tie(
                case_id=hub.case.id, other_id=other.id, tie="same_cause", actor=hub.place.dispatcher, now=TUESDAY
            )
        assert hub.case.ties.get().other == other and hub.fresh().state == State.REPORTED


class TestDeputies:
    def test_who_stands_in_for_a_handler_signs(self, hub: Hub) -> None:
        order = hub.sent()
        held = Assignment.objects.get(person=hub.place.shi)
        grid.name_deputy(assignment_id=held.id, deputy=hub.place.xu, actor=None, now=MONDAY)
        grid.record_absence(
            person=hub.place.shi, kind="leave", valid_from=MONDAY, valid_until=None, actor=None, now=MONDAY,  # type: ignore[arg-type]
        )  # fmt: skip
        assert working.sign(order_id=order.id, actor=hub.place.xu, now=TUESDAY).handler == hub.place.xu


@pytest.mark.no_guard
def test_a_lead_is_one_in_the_database_too(hub: Hub) -> None:
    first = hub.sent()
    with pytest.raises(IntegrityError, match="cases_one_unit_leads"), transaction.atomic():
        WorkOrder.objects.create(
            case=hub.case, unit=hub.place.guard, sent_by=hub.place.dispatcher, sent_at=TUESDAY, clock_started_at=TUESDAY
        )
    assert first.state == OrderState.SENT and connection.in_atomic_block
