"""Who is told of what the hub and the units do, in words that can be read aloud, and nothing about the reporter."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huipai.cases import hub_notices, notices
from huipai.cases.commands import asking, deciding, dispatching, filing, pressing, splitting, working
from huipai.cases.models import Question, UnitRequest
from huipai.cases.notices import TOLD
from huipai.grid.models import Absence, Assignment
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.notices.models import Notice
from huipai.people.models import Person
from tests import cast
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
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
