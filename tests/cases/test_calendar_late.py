"""What was promised before the holidays of the year to come were announced, and what they bring when they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from huipai.cases import telling_stages
from huipai.cases.commands import arriving, checking, deciding, dispatching, pressing, timing, working
from huipai.cases.models import CaseType, Check, StageLimit, StageMark, StageRecord, Transition, WorkOrder
from huipai.cases.order_words import Stage
from huipai.cases.queries import checking as checks
from huipai.cases.queries import hub as desk
from huipai.cases.queries import orders
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Action, Actor, Clock
from huipai.kit.verdict import NotAllowed
from huipai.workdays import queries as workdays
from huipai.workdays.words import CHINA, Unit
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.workdays.test_commands import TABLE_2027, bring_in, off

# The last afternoon of 2026, ten to five: neither eight working hours nor one end in the year.
EVE = datetime(2026, 12, 31, 8, 50, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def hub(here: Place) -> Iterator[Hub]:
    for stage, amount in ((Stage.SIGN, 2), (Stage.ARRIVE, 4)):
        StageLimit.objects.create(
            case_type=CaseType.objects.get(code=LITTER), stage=stage, amount=amount, unit=Unit.WORK_HOURS
        )
    workdays.forget()
    yield Hub.with_a_case(here, now=EVE)
    workdays.forget()


def announced(*more: object) -> None:
    for year in bring_in([*TABLE_2027, *more], now=EVE + DAY).years:  # type: ignore[list-item]
        timing.date_again(year=year, now=EVE + DAY)


def test_an_order_that_nobody_reads_is_sounded_though_its_time_was_not_known(hub: Hub) -> None:
    order = hub.sent(now=EVE)
    assert order.alarm_at is None and order.due_at is None and order.due_year == 2027
    announced()
    order.refresh_from_db()
    # Of two working hours 40 minutes were left in the year; the next day worked is 5 January.
    assert order.alarm_at is not None and order.alarm_at.astimezone(CHINA).date() == date(2027, 1, 5)
    assert order.due_at is not None and order.due_at.astimezone(CHINA).date() == date(2027, 1, 6)
    assert pressing.alarm(order_id=order.id, now=order.alarm_at) is not None
    announced(*off(date(2027, 6, 10), date(2027, 6, 10)))
    order.refresh_from_db()
    assert order.alarm_at is None  # it went off, once an order


def test_a_corrected_notice_moves_the_alarm_and_the_look_too(hub: Hub) -> None:
    check = hub.responded(hub.signed(now=EVE), now=EVE + HOUR)
    other = Hub.with_a_case(hub.place, now=EVE).sent(now=EVE)
    announced()
    for one in (check, other):
        one.refresh_from_db()
    assert check.due_at is not None and other.alarm_at is not None
    announced(*off(date(2027, 1, 5), date(2027, 1, 5)))
    assert Check.objects.get(pk=check.pk).due_at == check.due_at + DAY
    assert WorkOrder.objects.get(pk=other.pk).alarm_at == other.alarm_at + DAY


def test_what_the_desk_took_is_late_or_in_time_by_the_calendar_that_came_later(hub: Hub) -> None:
    """The rows are only added; what they could not say when they were written follows from them."""
    hub.sent(now=datetime(2027, 1, 7, 8, tzinfo=UTC))
    records = {one.stage: one for one in StageRecord.objects.select_related("case__case_type").filter(case=hub.case)}
    assert {one.due_at for one in records.values()} == {None}
    assert timing.due_of_record(records["accept"]) is None
    announced()
    due = timing.due_of_record(records["accept"])
    assert due is not None and due.astimezone(CHINA).date() == date(2027, 1, 5) and due < records["accept"].done_at
    written = StageRecord.objects.get(pk=records["accept"].pk)
    assert written.due_at is None
    hub.case.refresh_from_db()
    Transition.objects.create(
        case=hub.case, position=90, action=Action.RETYPE, from_state=hub.case.state, to_state=hub.case.state,
        part=Actor.DISPATCHER, actor=hub.place.dispatcher, clock=Clock.GO_ON, happened_at=written.done_at + DAY,
    )  # fmt: skip
    assert timing.due_of_record(written) is None, "the limit that it had is not known any more"


class TestWhileNothingIsAnnounced:
    def test_an_order_that_nobody_reads_is_sounded_after_two_days_and_once(self, hub: Hub) -> None:
        order = hub.sent(now=EVE)
        assert list(orders.unread_too_long(EVE + DAY)) == []
        assert pressing.alarm(order_id=order.id, now=EVE + DAY) is None
        assert list(orders.unread_too_long(EVE + 2 * DAY)) == [order]
        assert pressing.alarm(order_id=order.id, now=EVE + 2 * DAY) is not None
        assert list(orders.unread_too_long(EVE + 3 * DAY)) == []
        assert pressing.alarm(order_id=order.id, now=EVE + 3 * DAY) is None
        announced()
        assert WorkOrder.objects.get(pk=order.pk).alarm_at is None

    def test_the_hub_finds_it_before_that_and_can_urge_or_recall(self, hub: Hub) -> None:
        order = hub.sent(now=EVE)
        rows = desk.Queue(None, desk.Filter("unread"), EVE + HOUR)[0:9]
        assert [row.code for row in rows] == [hub.case.code]
        pressing.urge(case_id=hub.case.id, actor=hub.place.dispatcher, text="", now=EVE + HOUR)
        dispatching.recall(order_id=order.id, actor=hub.place.dispatcher, text="", now=EVE + 2 * HOUR)

    def test_a_look_that_nobody_takes_passes_to_another_after_three_days(self, hub: Hub) -> None:
        check = hub.responded(hub.signed(now=EVE), now=EVE + HOUR)
        assert check.due_at is None and checking.redraw(check_id=check.id, now=EVE + 3 * DAY) is None
        at = EVE + 3 * DAY + HOUR
        assert list(checks.over(at)) == [check]
        other = checking.redraw(check_id=check.id, now=at)
        assert other is not None and other.checker_id != check.checker_id

    def test_the_hub_has_another_drawn_and_never_for_a_look_whose_time_is_known(self, hub: Hub) -> None:
        check = hub.responded(hub.signed(now=EVE), now=EVE + HOUR)
        hub_person = hub.place.dispatcher
        for nobody in (hub.place.coordinator, hub.place.lan, hub.place.shi):
            with pytest.raises(NotAllowed):
                checking.draw_now(case_id=hub.case.id, actor=nobody, now=EVE + 2 * HOUR)
        other = checking.draw_now(case_id=hub.case.id, actor=hub_person, now=EVE + 2 * HOUR)
        assert other.checker_id != check.checker_id
        with pytest.raises(checking.NobodyToDraw):  # both have been drawn: who has it keeps it
            checking.draw_now(case_id=hub.case.id, actor=hub_person, now=EVE + 3 * HOUR)
        assert Check.objects.get(result="") == other
        announced()
        with pytest.raises(NotNow):
            checking.draw_now(case_id=hub.case.id, actor=hub_person, now=EVE + 5 * DAY)


def test_what_was_done_meanwhile_is_held_against_its_limit_afterwards(hub: Hub) -> None:
    """The paper says that it will be counted when the calendar is known."""
    order = hub.signed(now=EVE)
    arriving.arrive_for_unit(order_id=order.id, actor=hub.place.shi, now=EVE + 4 * DAY)
    mark = StageMark.objects.get()
    assert mark.due_at is None and timing.due_of(mark) is None
    announced()
    row = next(
        one
        for one in telling_stages.rows(
            hub.fresh(), WorkOrder.objects.get(pk=order.pk), timing.limits_of(hub.case.type_then), EVE + 5 * DAY
        )
        if one["stage"] == Stage.ARRIVE
    )
    assert row["due_at"] == timing.due_of(mark) is not None and mark.done_at < row["due_at"]  # type: ignore[operator]


def test_a_pause_over_the_holidays_gives_the_working_time_that_was_left(hub: Hub) -> None:
    """Set aside on the eve until the middle of the first day worked: none of the days off counted anyway."""
    order = hub.signed(now=EVE)
    deciding.suspend(
        order_id=order.id, actor=hub.place.dispatcher, ground="weather", text="等工人", now=EVE + HOUR,
        rests_until=datetime(2027, 1, 5, 4, 0, tzinfo=UTC),
    )  # fmt: skip
    announced()
    dated = WorkOrder.objects.get(pk=order.pk).due_at
    deciding.lapse(case_id=hub.case.id, now=datetime(2027, 1, 5, 4, 0, tzinfo=UTC))
    moved = WorkOrder.objects.get(pk=order.pk).due_at
    assert dated is not None and moved is not None
    assert dated.astimezone(CHINA).date() == date(2027, 1, 6) and moved.astimezone(CHINA).date() == date(2027, 1, 7)


def test_more_days_granted_before_the_notice_count_from_the_day_that_it_gives(hub: Hub) -> None:
    order = hub.signed(now=EVE)
    asked = working.ask_extension(
        order_id=order.id, actor=hub.place.shi, ground="weather", text="等料", days=2, now=EVE + HOUR
    )
    deciding.grant(request_id=asked.id, actor=hub.place.dispatcher, text="", now=EVE + 2 * HOUR)
    announced()
    due_at = WorkOrder.objects.get(pk=order.pk).due_at
    assert due_at is not None and due_at.astimezone(CHINA).date() == date(2027, 1, 8)
