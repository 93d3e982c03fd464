"""The clocks of an order: from when they run, what moves or stops them, and who presses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.cases.commands import (
    deciding,
    dispatching,
    filing,
    handling,
    pressing,
    working,
)
from huipai.cases.commands.working import TooLateToAsk
from huipai.cases.models import CaseType, OrderStep, StageLimit, StageRecord, WorkOrder
from huipai.cases.order_words import OrderState, Stage
from huipai.cases.rules import stages
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import State
from huipai.kit.verdict import NotAllowed, NotVisible, TooMany
from huipai.workdays.words import Span, Unit
from tests import cast
from tests.cases.conftest import Place
from tests.cases.hub import HOUR, Hub, order_steps
from tests.cast import MONDAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.django_db
DAYS = Span(3, Unit.WORKDAYS)


@pytest.fixture
def hub(here: Place) -> Hub:
    return Hub.with_a_case(here)


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

    def test_what_runs_by_night_is_sounded_by_night_and_before_it_is_to_be_done(self, here: Place) -> None:
        """Sent on a Friday evening, nobody is at the office before Monday."""
        CaseType.objects.create(code="exit", name="通道占了", limit_amount=4, limit_unit="urgent_hours", radius_m=30)
        friday = MONDAY + timedelta(days=4, hours=10)
        order = Hub.with_a_case(here, case_type="exit", now=friday).sent(now=friday)
        assert (order.alarm_at, order.due_at) == (friday + 2 * HOUR, friday + 4 * HOUR)

    def test_of_an_order_that_went_out_late_it_is_sounded_when_it_is_to_be_done(self, hub: Hub) -> None:
        first = hub.sent()
        hub.returned(first, hub.place.shi, now=MONDAY + 2 * HOUR)
        assert first.due_at is not None
        again = hub.sent(hub.place.city, now=first.due_at - HOUR)
        assert again.alarm_at == again.due_at == first.due_at
        dispatching.recall(order_id=again.id, actor=hub.place.dispatcher, text="", now=first.due_at)
        overdue = hub.sent(hub.place.city, now=first.due_at + HOUR / 2)
        assert overdue.alarm_at is not None and overdue.alarm_at > overdue.sent_at

    @pytest.mark.parametrize(
        ("written", "sign"),
        [
            ({Stage.HANDLE: DAYS}, Span(2, Unit.WORK_HOURS)),
            ({Stage.HANDLE: Span(1, Unit.URGENT_HOURS)}, Span(1, Unit.URGENT_HOURS)),
            ({Stage.HANDLE: DAYS, Stage.ARRIVE: Span(2, Unit.URGENT_HOURS)}, Span(2, Unit.URGENT_HOURS)),
            ({Stage.HANDLE: DAYS, Stage.ARRIVE: Span(1, Unit.WORK_HOURS)}, Span(1, Unit.WORK_HOURS)),
            ({Stage.HANDLE: Span(4, Unit.URGENT_HOURS), Stage.SIGN: DAYS}, DAYS),
        ],
    )
    def test_the_usual_time_to_read_is_never_longer_than_what_a_unit_is_held_to(
        self, written: dict[Stage, Span], sign: Span
    ) -> None:
        assert stages.with_the_usual(written)[Stage.SIGN] == sign

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
