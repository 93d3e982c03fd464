"""What is late: nothing while the clock stands, nothing that is answered, and rework by the clock again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huipai.cases import sheets
from huipai.cases.commands import deciding, triage
from huipai.cases.models import WorkOrder
from huipai.cases.order_words import ExtensionGround
from huipai.cases.queries import hub as desk
from huipai.cases.queries import merged, wall
from huipai.kit import clock
from huipai.people.models import Person
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_pages import as_
from tests.cast import FRIDAY, TUESDAY
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
LATE = "超时"
# Past every date that a case of Monday had.
LATER = FRIDAY + timedelta(days=3)


@pytest.fixture
def set_aside(here: Place) -> Hub:
    """Set aside in time, until long after its date."""
    hub = Hub.with_a_case(here, case_type=LITTER)
    order = hub.signed()
    deciding.suspend(
        order_id=order.id, actor=here.dispatcher, ground=ExtensionGround.values[0], text="等雨停",
        rests_until=FRIDAY + timedelta(days=20), now=TUESDAY,
    )  # fmt: skip
    hub.fresh()
    return hub


def page(person: Person, path: str) -> str:
    return str(as_(person).get(f"/s/yunqiao/{path}").content.decode())


def order_of(hub: Hub) -> WorkOrder:
    return WorkOrder.objects.select_related("case__case_type", "case__node", "handler").get(case=hub.case)


def of_case(hub: Hub, now: datetime) -> object:
    case = hub.fresh()
    return sheets._case(case, "", case.id in merged.late_into([case]), now)["late"]


def of_order(hub: Hub, now: datetime) -> object:
    order = order_of(hub)
    return sheets._order(order, "", order.id in merged.orders_late_into([order]), now)["late"]


class TestSetAside:
    def test_is_late_on_no_page_of_the_reporter_or_the_unit(
        self, here: Place, set_aside: Hub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clock, "now", lambda: LATER)
        code = set_aside.case.code
        for person, path in (
            (here.lan, "mine/"),
            (here.lan, f"mine/{code}/"),
            (here.shi, "orders/"),
            (here.shi, f"orders/{order_of(set_aside).id}/"),
        ):
            html = page(person, path)
            assert LATE not in html and "data-overdue" not in html and "前答复，已经过了" not in html, path
            assert "已暂停" in html, path

    def test_is_late_in_no_table(self, set_aside: Hub) -> None:
        assert of_case(set_aside, LATER) == of_order(set_aside, LATER) == "否"


class TestMergedIntoWhatIsSetAside:
    def lists(self, hub: Hub, now: datetime) -> list[object]:
        """On the shelf of the late and in its number, on the wall, and in the table."""
        shelf = desk.Queue(None, desk.Filter("late"), now)[0:9]
        found = wall.wall(now)
        return [
            [(row.code, row.is_late) for row in shelf], desk.counts(None, now)["late"], found.numbers.late,
            sum(place.late for place in wall.grids(now)), len(found.pressing), of_case(hub, now),
        ]  # fmt: skip

    @pytest.mark.parametrize("is_late", [True, False])
    def test_is_late_on_every_list_if_it_was_so_when_it_came(
        self, here: Place, set_aside: Hub, monkeypatch: pytest.MonkeyPatch, is_late: bool
    ) -> None:
        younger = here.report(here.hua, now=TUESDAY + HOUR, case_type=LITTER)
        assert younger.due_at is not None
        now = younger.due_at + (HOUR if is_late else -HOUR)
        triage.merge(case_id=younger.id, into_id=set_aside.case.id, actor=here.dispatcher, now=now)
        code = set_aside.fresh().code
        wanted = [[(code, True)], 1, 1, 1, 1, "是"] if is_late else [[], 0, 0, 0, 0, "否"]
        assert self.lists(set_aside, LATER) == wanted
        monkeypatch.setattr(clock, "now", lambda: LATER)
        html = page(here.dispatcher, f"desk/?view=late&case={code}")
        assert ("data-overdue" in html) == is_late
        deciding.take_up(case_id=set_aside.case.id, actor=here.dispatcher, now=LATER)
        if is_late:
            assert self.lists(set_aside, LATER + HOUR) == wanted, "and so it goes on"

    @pytest.mark.parametrize(("case_is_late", "order_is_late"), [(True, True), (True, False), (False, False)])
    def test_so_it_is_on_every_page_of_the_case_and_of_the_order(
        self, here: Place, set_aside: Hub, monkeypatch: pytest.MonkeyPatch, case_is_late: bool, order_is_late: bool
    ) -> None:
        """A unit is late with what it had of the other case, not with what the other case was late with."""
        younger = here.report(here.hua, now=TUESDAY + HOUR, case_type=LITTER)
        other = Hub(here, younger)
        assert younger.due_at is not None
        sent_at = TUESDAY + 2 * HOUR if order_is_late or not case_is_late else younger.due_at
        order = other.signed(now=sent_at)
        younger.refresh_from_db()
        assert younger.due_at is not None and order.due_at is not None
        late_at = max(younger.due_at, order.due_at) if order_is_late else younger.due_at
        now = late_at + HOUR if case_is_late else sent_at + HOUR
        assert (order.due_at <= now) == order_is_late
        triage.merge(case_id=younger.id, into_id=set_aside.case.id, actor=here.dispatcher, now=now)
        kept = WorkOrder.objects.get(case=set_aside.case)
        monkeypatch.setattr(clock, "now", lambda: LATER)
        code = set_aside.fresh().code
        for person, path, is_late in (
            (here.dispatcher, f"cases/{code}/", case_is_late),
            (here.lan, "", case_is_late),
            (here.lan, "mine/", case_is_late),
            (here.lan, f"mine/{code}/", case_is_late),
            (here.hua, "mine/", case_is_late),
            (here.hua, f"mine/{code}/", case_is_late),
            (here.shi, "orders/", order_is_late),
            (here.shi, f"orders/{kept.id}/", order_is_late),
        ):
            html = page(person, path)
            assert (LATE in html) == is_late and "已暂停" in html, path
        told = page(here.lan, f"mine/{code}/")
        assert ("前答复，已经过了" in told) == case_is_late and "先放一放，最晚" in told
        assert of_order(set_aside, LATER) == ("是" if order_is_late else "否")

    def test_a_batch_asks_once(self, here: Place, set_aside: Hub) -> None:
        resting, other = set_aside.fresh(), here.report(here.lan, now=TUESDAY, case_type=LITTER)
        with CaptureQueriesContext(connection) as asked:
            assert merged.late_into([resting, other, resting]) == set()
        assert len(asked) == 1
        order = order_of(set_aside)
        with CaptureQueriesContext(connection) as asked:
            assert merged.orders_late_into([order, order]) == set()
        assert len(asked) == 1


class TestAnswered:
    def test_in_time_is_not_late_while_others_look_and_the_reporter_is_asked(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=LITTER)
        check = hub.responded(hub.signed())
        assert of_case(hub, LATER) == of_order(hub, LATER) == "否"
        hub.passed(check)
        assert of_case(hub, LATER) == of_order(hub, LATER) == "否"

    def test_too_late_is_told_by_another_word_and_lies_on_no_shelf_of_the_late(
        self, here: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hub = Hub.with_a_case(here, case_type=LITTER)
        order = hub.signed()
        assert order.due_at is not None
        hub.responded(order, now=order.due_at + HOUR)
        assert of_case(hub, LATER) == of_order(hub, LATER) == "答复超时"
        assert not desk.Queue(None, desk.Filter("late"), LATER)[0:9], "nobody has to act"
        assert desk.counts(None, LATER)["late"] == wall.wall(LATER).numbers.late == 0
        monkeypatch.setattr(clock, "now", lambda: LATER)
        for person, path in (
            (here.dispatcher, f"desk/?view=waiting&case={hub.case.code}"),
            (here.dispatcher, f"cases/{hub.case.code}/"),
            (here.lan, f"mine/{hub.case.code}/"),
            (here.shi, "orders/?view=waiting"),
            (here.shi, f"orders/{order.id}/"),
        ):
            assert "data-overdue" not in (html := page(person, path)) and "超时 " not in html, path


class TestRework:
    def test_is_late_by_the_clock_that_goes_on(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=LITTER)
        hub.failed(hub.responded(hub.signed()))
        due = order_of(hub).due_at
        assert due is not None
        assert of_case(hub, due - HOUR) == of_order(hub, due - HOUR) == "否"
        assert of_case(hub, due + HOUR) == of_order(hub, due + HOUR) == "是"
