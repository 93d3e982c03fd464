"""Who is told of what the hub and the units do, in words that can be read aloud, and nothing about the reporter."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from huipai.cases import ended_notices, hub_notices, notices, telling_own
from huipai.cases.commands import (
    adding,
    asking,
    checking,
    confirming,
    deciding,
    dispatching,
    filing,
    handling,
    pressing,
    splitting,
    triage,
    withdrawing,
    working,
)
from huipai.cases.models import Case, CaseType, Check, Question, UnitRequest, WorkOrder
from huipai.cases.notices import TOLD
from huipai.cases.whom import moment_of
from huipai.grid.models import Absence, Assignment
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.notices import queries as reading
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Role
from tests import cast
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_pages import as_
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub(here: Place) -> Hub:
    return Hub.with_a_case(here)


def told() -> dict[Person, list[str]]:
    """Run every follower twice; what each person reads, in order."""
    for entry in Entry.objects.filter(what__in=TOLD).order_by("happened_at", "id"):
        for _twice in range(2):
            notices.tell(entry_id=entry.id, now=entry.happened_at + HOUR)
    read: dict[Person, list[str]] = {}
    for notice in Notice.objects.select_related("person").order_by("created_at", "id"):
        read.setdefault(notice.person, []).append(str(notice.wording.title))
        assert "蓝小河" not in f"{notice.wording.title}{notice.wording.text}"
    return read


def follow_what_is_new(followed: set[UUID]) -> set[UUID]:
    """Each fact that the house follows, once and in its order; the ids of all that were."""
    new = Entry.objects.filter(what__in=TOLD).exclude(id__in=followed).order_by("happened_at", "id")
    for entry in new:
        notices.tell(entry_id=entry.id, now=entry.happened_at)
    return {*followed, *(entry.id for entry in new)}


class TestTheReporter:
    def test_hears_where_it_went_and_until_when(self, hub: Hub) -> None:
        hub.sent()
        assert told()[hub.place.lan] == ["您报的事派给云桥城管中队去办"]
        text = str(Notice.objects.get(person=hub.place.lan).wording.text)
        assert text == "答应 11 月 25 日 17:30 前给您答复"

    def test_is_promised_nothing_that_is_over_when_it_is_written(self, hub: Hub) -> None:
        """What was promised is told as such, for a notice is read later; what is over already as over."""
        due = hub.case.due_at
        assert due is not None
        hub.sent(now=due + HOUR)
        assert told()[hub.place.lan] == ["您报的事派给云桥城管中队去办"]
        text = str(Notice.objects.get(person=hub.place.lan).wording.text)
        assert text.startswith("答应 ") and text.endswith(" 前答复，已经过了")

    def test_hears_who_refused_it_and_who_has_it_next(self, hub: Hub) -> None:
        hub.returned(hub.sent(), hub.place.shi)
        assert told()[hub.place.lan][-1] == "云桥城管中队说不归它管"
        last = Notice.objects.filter(person=hub.place.lan).latest("created_at")
        assert "街道联动中心重新派" in str(last.wording.text)

    def test_hears_that_a_part_was_taken_out_of_the_books(self, hub: Hub) -> None:
        hub.sent()
        by = {"actor": hub.place.dispatcher, "now": MONDAY + 2 * HOUR}
        part = splitting.split(part_id=new_id(), case_id=hub.case.id, case_type=LITTER, text="边上的一堆", **by)  # type: ignore[arg-type]
        filing.void(case_id=part.id, reason="wrong_entry", text="看错了", **by)  # type: ignore[arg-type]
        assert told()[hub.place.lan][-1] == "您报的事作废了"
        last = Notice.objects.filter(person=hub.place.lan).latest("created_at")
        assert str(last.wording.text).startswith("说的是您报的事里分开办的一部分")
        assert last.params["code"] == part.code

    def test_hears_why_it_has_to_wait(self, hub: Hub) -> None:
        order = hub.signed()
        asked = working.ask_extension(
            order_id=order.id, actor=hub.place.shi, ground="weather", text="雨", days=3, now=MONDAY + 2 * HOUR
        )
        deciding.grant(request_id=asked.id, actor=hub.place.dispatcher, text="等天晴", now=MONDAY + 3 * HOUR)
        assert told()[hub.place.lan][-1] == "您报的事要多等几天，云桥城管中队在办"

    def test_hears_until_when_it_has_to_wait_where_the_promise_was_broken_before(self, hub: Hub) -> None:
        """Beside the promise, which stays broken, the day that the unit has now."""
        assert hub.case.due_at is not None
        order = hub.signed(now=hub.case.due_at + HOUR)
        assert order.due_at is not None
        asked = working.ask_extension(
            order_id=order.id, actor=hub.place.shi, ground="weather", text="雨", days=3, now=order.due_at - 2 * HOUR
        )
        deciding.grant(request_id=asked.id, actor=hub.place.dispatcher, text="", now=order.due_at - HOUR)
        said = moment_of(int(WorkOrder.objects.get(pk=order.pk).due_at.timestamp()))  # type: ignore[union-attr]
        assert told()[hub.place.lan][-1] == "您报的事要多等几天，云桥城管中队在办"
        last = Notice.objects.filter(person=hub.place.lan).latest("created_at")
        assert str(last.wording.text).endswith(f" 前答复，已经过了；现在定在 {said} 前办完")
        now = telling_own.standing(hub.fresh(), order.due_at)
        assert now is not None and now.is_late and now.promise.endswith(" 17:30 前办完")
        over = telling_own.standing(hub.case, order.due_at + timedelta(days=30))
        assert over is not None and over.promise.endswith("，已经过了")
        assert "新的日子" not in as_(hub.place.lan).get(f"/s/yunqiao/mine/{hub.case.code}/").content.decode()

    def test_is_not_congratulated_on_a_refusal(self, hub: Hub) -> None:
        filing.not_file(case_id=hub.case.id, actor=hub.place.dispatcher, reason="settled", text="", now=TUESDAY)
        assert told()[hub.place.lan] == ["您报的事这次没有立案"]

    def test_is_asked(self, hub: Hub) -> None:
        order = hub.signed()
        asking.ask_for_unit(order_id=order.id, actor=hub.place.shi, text="几点？", now=TUESDAY)
        assert told()[hub.place.lan][-1] == "想问您一句"


class TestTheUnit:
    def test_hears_of_a_new_order_and_of_what_is_still_missing(self, hub: Hub) -> None:
        hub.failed(hub.responded(hub.signed()))
        read = told()
        assert read[hub.place.shi] == ["新来 1 件工单", "有 1 件要接着办"]
        assert read[hub.place.chief] == ["新来 1 件工单"] and hub.place.ning not in read

    def test_is_pressed_where_it_is_handled(self, hub: Hub) -> None:
        hub.signed()
        pressing.urge(case_id=hub.case.id, actor=hub.place.dispatcher, text="", now=TUESDAY)
        pressing.supervise(case_id=hub.case.id, actor=hub.place.dispatcher, text="", now=TUESDAY)
        read = told()
        assert read[hub.place.shi][-1] == "有 1 件催您办" and read[hub.place.chief][-1] == "有 1 件被督办"

    def test_hears_what_was_decided_on_its_request(self, hub: Hub) -> None:
        order = hub.signed()
        working.ask_suspension(
            order_id=order.id, actor=hub.place.shi, ground="season", text="春", rests_until=TUESDAY + timedelta(days=9),
            now=MONDAY + 2 * HOUR,
        )  # fmt: skip
        deciding.refuse(
            request_id=UnitRequest.objects.get().id, actor=hub.place.dispatcher, text="不行", now=MONDAY + 3 * HOUR
        )
        assert told()[hub.place.shi][-1] == "没有同意延期，照原来的时限办"

    def test_hears_that_it_need_not_go(self, hub: Hub) -> None:
        order = hub.sent()
        dispatching.recall(order_id=order.id, actor=hub.place.dispatcher, text="", now=TUESDAY)
        assert told()[hub.place.shi][-1] == "有 1 件工单收回了"


class TestWhoAsked:
    def _answered(self, hub: Hub, asked: Question) -> None:
        asking.answer(question_id=asked.id, actor=hub.place.lan, text="晚上", now=TUESDAY)

    def test_hears_the_answer_and_while_away_whoever_stands_in(self, hub: Hub) -> None:
        order, place, deputy = hub.signed(), hub.place, cast.staff("史二", "13900019998")
        asked = asking.ask_for_unit(order_id=order.id, actor=place.shi, text="几点？", now=MONDAY + 2 * HOUR)
        Assignment.objects.filter(person=place.shi).update(deputy=deputy)
        Absence.objects.create(person=place.shi, kind="illness", valid_from=MONDAY + 3 * HOUR)
        self._answered(hub, asked)
        read = told()
        assert "上报人回答了" in read[deputy] and "上报人回答了" not in read[place.shi]

    def test_of_the_grid_too(self, hub: Hub) -> None:
        place, deputy = hub.place, cast.staff("高二", "13900019998")
        asked = asking.ask(case_id=hub.case.id, actor=place.coordinator, text="几点？", now=MONDAY)
        Assignment.objects.filter(person=place.coordinator).update(deputy=deputy)
        Absence.objects.create(person=place.coordinator, kind="illness", valid_from=MONDAY + HOUR)
        self._answered(hub, asked)
        read = told()
        assert "上报人回答了" in read[deputy] and "上报人回答了" not in read.get(place.coordinator, [])

    def test_where_the_unit_has_given_it_back_the_next_hears(self, hub: Hub) -> None:
        place, order = hub.place, hub.signed()
        asked = asking.ask_for_unit(order_id=order.id, actor=place.shi, text="几点？", now=MONDAY + 2 * HOUR)
        hub.returned(order, place.shi, now=MONDAY + 3 * HOUR)
        hub.sent(place.police, now=MONDAY + 4 * HOUR)
        self._answered(hub, asked)
        read = told()
        assert "上报人回答了" in read[place.xu] and "上报人回答了" not in read[place.shi]


class TestTheHubItself:
    def test_hears_what_came_back_what_is_unread_and_what_waits(self, hub: Hub) -> None:
        other = Hub.with_a_case(hub.place)
        filing.hand_up(case_id=other.case.id, actor=hub.place.wei, text="要吊车", now=MONDAY + HOUR / 2)
        order = hub.sent()
        pressing.alarm(order_id=order.id, now=TUESDAY)
        hub.returned(order, hub.place.shi, now=TUESDAY + HOUR)
        read = told()
        assert read[hub.place.dispatcher] == ["有 1 件等联动中心", "云桥城管中队还没看工单", "云桥城管中队退回 1 件"]
        assert read[hub.place.chief][-1] == "有 1 件新工单还没人看"

    def test_hears_of_a_review(self, hub: Hub) -> None:
        filing.void(case_id=hub.case.id, actor=hub.place.dispatcher, reason="test", text="试的", now=TUESDAY)
        filing.ask_review(case_id=hub.case.id, actor=hub.place.lan, text="不是试的", now=TUESDAY + HOUR)
        assert told()[hub.place.dispatcher] == ["有 1 件申请复核"]


def test_every_kind_that_the_hub_tells_is_worded() -> None:
    assert set(hub_notices.WORDINGS) <= set(notices.WORDINGS)


class TestWhenItEndsUnderThem:
    """Whoever had it in hand hears that there is nothing to do any more, and is not rung for what was asked before."""

    @staticmethod
    def rung_in_the_morning(person: Person) -> list[str]:
        return [str(one.wording.title) for one in reading.unsent(person, TUESDAY)]

    def test_the_unit_hears_of_a_case_that_was_taken_out_of_the_books(self, hub: Hub) -> None:
        hub.signed()
        filing.void(
            case_id=hub.case.id, actor=hub.place.dispatcher, reason="wrong_entry", text="看错了", now=MONDAY + 2 * HOUR
        )
        assert told()[hub.place.shi] == ["新来 1 件工单", "有 1 件工单不用再办了"]
        assert (
            str(Notice.objects.get(kind=ended_notices.ORDER_OVER, person=hub.place.shi).wording.text) == "这件事作废了"
        )
        assert self.rung_in_the_morning(hub.place.shi) == ["有 1 件工单不用再办了"]

    def test_the_unit_hears_that_its_case_goes_on_in_another_one(self, hub: Hub) -> None:
        hub.signed()
        other = Hub.with_a_case(hub.place, now=MONDAY + HOUR)
        other.sent(hub.place.guard, now=MONDAY + HOUR)
        triage.merge(case_id=other.case.id, into_id=hub.case.id, actor=hub.place.dispatcher, now=MONDAY + 2 * HOUR)
        read = told()
        assert read[hub.place.ning] == ["新来 1 件工单", "有 1 件工单不用再办了"]
        assert read[hub.place.shi] == ["新来 1 件工单"]

    def test_who_has_what_goes_on_in_hand_too_is_not_told_that_there_is_nothing_to_do(self, hub: Hub) -> None:
        other = Hub.with_a_case(hub.place, now=MONDAY + HOUR)
        for one in (hub, other):
            one.sent(hub.place.guard, now=MONDAY + HOUR)
        triage.merge(case_id=other.case.id, into_id=hub.case.id, actor=hub.place.dispatcher, now=MONDAY + 2 * HOUR)
        assert told()[hub.place.ning] == ["新来 1 件工单", "新来 1 件工单"]

    def test_a_colleague_is_not_rung_for_what_is_signed(self, hub: Hub) -> None:
        hub.signed(now=MONDAY + HOUR)
        assert "新来 1 件工单" in told()[hub.place.chief]
        assert self.rung_in_the_morning(hub.place.chief) == []

    def test_a_unit_that_has_done_its_part_is_not_told_so(self, hub: Hub) -> None:
        check = hub.responded(hub.signed())
        hub.passed(check)
        confirming.confirm(case_id=hub.case.id, actor=hub.place.lan, rating=5, text="", now=MONDAY + 4 * HOUR)
        assert not Notice.objects.filter(kind=ended_notices.ORDER_OVER).exists()
        assert told()[hub.place.shi] == ["新来 1 件工单"]

    def test_a_worker_who_was_asked_to_look_hears_that_it_was_withdrawn(self, hub: Hub) -> None:
        filing.verify(
            case_id=hub.case.id, worker=hub.place.wei, actor=hub.place.dispatcher, text="去看看", now=MONDAY + HOUR
        )
        withdrawing.withdraw(case_id=hub.case.id, actor=hub.place.lan, now=MONDAY + 2 * HOUR)
        assert told()[hub.place.wei] == ["请您去核实 1 件", "有 1 件不用您再去了"]
        assert self.rung_in_the_morning(hub.place.wei) == ["有 1 件不用您再去了"]

    def test_what_is_told_late_rings_nobody_when_it_is_over(self, hub: Hub) -> None:
        hub.signed()
        filing.void(
            case_id=hub.case.id, actor=hub.place.dispatcher, reason="wrong_entry", text="看错了", now=MONDAY + 2 * HOUR
        )
        for entry in Entry.objects.filter(what__in=TOLD).order_by("-happened_at", "-id"):
            notices.tell(entry_id=entry.id, now=MONDAY + 3 * HOUR)
        assert self.rung_in_the_morning(hub.place.shi) == ["有 1 件工单不用再办了"]

    def test_what_a_colleague_decided_rings_no_other_dispatcher(self, hub: Hub) -> None:
        second = cast.appoint(cast.staff("封小北", "13900018888"), Role.DISPATCHER)
        order = hub.signed()
        asked = working.ask_extension(
            order_id=order.id, actor=hub.place.shi, ground="weather", text="下雨", days=3, now=MONDAY + 2 * HOUR
        )
        told()
        assert "想延期" in "".join(self.rung_in_the_morning(second))
        deciding.grant(request_id=asked.id, actor=hub.place.dispatcher, text="等天晴", now=MONDAY + 3 * HOUR)
        told()
        assert self.rung_in_the_morning(second) == []

    def test_what_was_ruled_rings_no_other_dispatcher(self, hub: Hub) -> None:
        second = cast.appoint(cast.staff("封小北", "13900018888"), Role.DISPATCHER)
        hub.returned(hub.sent(), hub.place.shi)
        told()
        assert "退回 1 件" in "".join(self.rung_in_the_morning(second))
        dispatching.rule(
            case_id=hub.case.id,
            unit_id=hub.place.city.id,
            actor=hub.place.dispatcher,
            text="归城管",
            now=MONDAY + 4 * HOUR,
        )
        told()
        assert self.rung_in_the_morning(second) == []

    def test_what_is_done_is_not_pressed_for(self, hub: Hub) -> None:
        order = hub.signed()
        pressing.urge(case_id=hub.case.id, actor=hub.place.dispatcher, text="", now=MONDAY + 2 * HOUR)
        pressing.supervise(case_id=hub.case.id, actor=hub.place.dispatcher, text="", now=MONDAY + 2 * HOUR)
        told()
        assert [*self.rung_in_the_morning(hub.place.shi), *self.rung_in_the_morning(hub.place.chief)] != []
        hub.responded(order, now=MONDAY + 3 * HOUR)
        told()
        assert [*self.rung_in_the_morning(hub.place.shi), *self.rung_in_the_morning(hub.place.chief)] == []

    def test_what_was_looked_at_asks_nobody_to_look(self, hub: Hub) -> None:
        check = hub.responded(hub.signed())
        told()
        assert self.rung_in_the_morning(check.checker) == ["抽到您去核查 1 件"]
        hub.passed(check)
        told()
        assert self.rung_in_the_morning(check.checker) == []
        assert "办好了，您来看看" in self.rung_in_the_morning(hub.place.lan)
        confirming.dispute(
            case_id=hub.case.id, actor=hub.place.lan, text="还有一堆", photo_ids=(),
            seen=Case.objects.get(pk=hub.case.id).round, now=MONDAY + 5 * HOUR,
        )  # fmt: skip
        told()
        assert "办好了，您来看看" not in self.rung_in_the_morning(hub.place.lan)

    def test_a_helper_who_has_read_nothing_still_rings_when_the_lead_is_done(self, hub: Hub) -> None:
        order = hub.signed()
        helped = {"case_id": hub.case.id, "unit_id": hub.place.guard.id, "actor": hub.place.dispatcher}
        dispatching.add_helper(**helped, brief="帮忙", now=MONDAY + HOUR)
        helper = WorkOrder.objects.get(unit=hub.place.guard)
        pressing.alarm(order_id=helper.id, now=helper.alarm_at or MONDAY + 3 * HOUR)
        told()
        unread = [one for one in self.rung_in_the_morning(hub.place.dispatcher) if "没看工单" in one]
        assert unread != []
        hub.responded(order, now=MONDAY + 4 * HOUR)
        told()
        assert [one for one in self.rung_in_the_morning(hub.place.dispatcher) if "没看工单" in one] == unread

    @pytest.mark.parametrize("is_solved", [True, False])
    def test_what_was_not_checked_and_is_answered_asks_nobody(self, hub: Hub, is_solved: bool) -> None:
        CaseType.objects.update(check_share=0)
        order = hub.signed()
        working.respond(order_id=order.id, actor=hub.place.shi, text="清走了", photo_ids=(), now=MONDAY + 2 * HOUR)
        told()
        assert [one for one in self.rung_in_the_morning(hub.place.lan) if "您来看看" in one] != []
        said = {"case_id": hub.case.id, "actor": hub.place.lan, "seen": hub.fresh().round, "now": MONDAY + 5 * HOUR}
        if is_solved:
            confirming.confirm(rating=5, text="", **said)
        else:
            confirming.dispute(text="还有一堆", photo_ids=(), **said)
        told()
        assert [one for one in self.rung_in_the_morning(hub.place.lan) if "您来看看" in one] == []

    def test_of_two_who_are_asked_each_is_asked_until_they_have_answered(self, hub: Hub) -> None:
        order = hub.signed()
        other = hub.place.report(hub.place.hua, case_type=LITTER, now=MONDAY + HOUR)
        triage.merge(case_id=other.id, into_id=hub.case.id, actor=hub.place.dispatcher, now=MONDAY + 1.5 * HOUR)
        hub.passed(hub.responded(order))
        told()
        lan, hua = hub.place.lan, hub.place.hua
        assert all("办好了，您来看看" in self.rung_in_the_morning(one) for one in (lan, hua))
        seen = hub.fresh().round
        confirming.confirm(case_id=hub.case.id, actor=lan, rating=5, text="", seen=seen, now=MONDAY + 5 * HOUR)
        told()
        assert "办好了，您来看看" not in self.rung_in_the_morning(lan)
        assert {"办好了，您来看看", "一位邻居说解决了，还等您看"} <= set(self.rung_in_the_morning(hua))
        confirming.dispute(
            case_id=hub.case.id, actor=hua, text="还有一堆", photo_ids=(), seen=seen, now=MONDAY + 6 * HOUR
        )
        told()
        assert not {"办好了，您来看看", "一位邻居说解决了，还等您看"} & set(self.rung_in_the_morning(hua))

    def test_of_a_merge_too_who_has_answered_is_not_asked(self, hub: Hub) -> None:
        hub.passed(hub.responded(hub.signed()))
        other = hub.place.report(hub.place.hua, case_type=LITTER, now=MONDAY + HOUR)
        triage.merge(case_id=other.id, into_id=hub.case.id, actor=hub.place.dispatcher, now=MONDAY + 4 * HOUR)
        told()
        assert [one for one in self.rung_in_the_morning(hub.place.hua) if "同一件" in one] != []
        confirming.dispute(
            case_id=hub.case.id, actor=hub.place.hua, text="还有一堆", photo_ids=(), seen=hub.fresh().round,
            now=MONDAY + 6 * HOUR,
        )  # fmt: skip
        told()
        assert [one for one in self.rung_in_the_morning(hub.place.hua) if "同一件" in one] == []

    def test_a_worker_who_has_done_it_again_is_not_told_that_it_was_not_done(self, here: Place) -> None:
        case = here.report(case_type=LITTER)
        done = {"case_id": case.id, "actor": here.wei, "photo_ids": ()}
        handling.accept(case_id=case.id, actor=here.wei, now=MONDAY)
        handling.respond(**done, text="清走了", now=MONDAY + HOUR)
        check = Check.objects.get(case=case, result="")
        checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=MONDAY + 2 * HOUR)
        confirming.dispute(case_id=case.id, actor=here.lan, text="还有一堆", photo_ids=(), now=MONDAY + 3 * HOUR)
        told()
        assert "上报人说还没有，重新办" in self.rung_in_the_morning(here.wei)
        handling.respond(**done, text="又清了一遍", now=MONDAY + 4 * HOUR)
        told()
        assert "上报人说还没有，重新办" not in self.rung_in_the_morning(here.wei)

    def test_that_it_is_still_there_rings_though_the_case_was_closed_since(self, hub: Hub) -> None:
        order = hub.signed()
        adding.say_still_there(case_id=hub.case.id, actor=hub.place.lan, now=MONDAY + 1.5 * HOUR)
        told()
        rung = [one for one in self.rung_in_the_morning(hub.place.coordinator) if "还在" in one]
        assert rung != []
        hub.passed(hub.responded(order))
        confirming.confirm(case_id=hub.case.id, actor=hub.place.lan, rating=5, text="", now=MONDAY + 5 * HOUR)
        told()
        assert [one for one in self.rung_in_the_morning(hub.place.coordinator) if "还在" in one] == rung

    def test_each_fact_is_followed_by_itself(self, hub: Hub) -> None:
        """Run once and in order, as the house does, a follower finds nothing that is still to come."""
        hub.signed()
        helped = {"case_id": hub.case.id, "unit_id": hub.place.guard.id, "actor": hub.place.dispatcher}
        dispatching.add_helper(**helped, brief="帮忙", now=MONDAY + HOUR)
        followed = follow_what_is_new(set())
        assert "新来 1 件工单" in self.rung_in_the_morning(hub.place.ning)
        helper = WorkOrder.objects.get(unit=hub.place.guard)
        working.sign(order_id=helper.id, actor=hub.place.ning, now=MONDAY + 2 * HOUR)
        followed = follow_what_is_new(followed)
        working.respond(order_id=helper.id, actor=hub.place.ning, text="拦好了", photo_ids=(), now=MONDAY + 3 * HOUR)
        follow_what_is_new(followed)
        assert self.rung_in_the_morning(hub.place.ning) == []

    def test_who_has_vouched_is_not_asked_to_look(self, hub: Hub) -> None:
        filing.verify(
            case_id=hub.case.id, worker=hub.place.wei, actor=hub.place.dispatcher, text="去看看", now=MONDAY + HOUR
        )
        filing.vouch(case_id=hub.case.id, actor=hub.place.wei, text="是这样", photo_ids=(), now=MONDAY + 2 * HOUR)
        told()
        assert self.rung_in_the_morning(hub.place.wei) == []

    def test_what_was_recalled_at_night_rings_as_recalled_alone(self, hub: Hub) -> None:
        order = hub.sent()
        dispatching.recall(order_id=order.id, actor=hub.place.dispatcher, text="另派", now=MONDAY + 2 * HOUR)
        assert told()[hub.place.shi] == ["新来 1 件工单", "有 1 件工单收回了"]
        assert self.rung_in_the_morning(hub.place.shi) == ["有 1 件工单收回了"]

    def test_the_next_order_rings_again(self, hub: Hub) -> None:
        order = hub.sent()
        dispatching.recall(order_id=order.id, actor=hub.place.dispatcher, text="另派", now=MONDAY + 2 * HOUR)
        hub.sent(now=MONDAY + 3 * HOUR)
        told()
        assert self.rung_in_the_morning(hub.place.shi) == ["新来 1 件工单", "有 1 件工单收回了"]
