"""What was written in a joint task stands beside its steps on the case and its paper, for who looks after the case."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from huipai.cases import case_file
from huipai.cases.commands import printing
from huipai.cases.commands.joint import ending, mustering, visiting
from huipai.cases.joint_words import CallState
from huipai.cases.models import JointTask, UnitCall
from huipai.kit import clock
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import Hub
from tests.cases.joint import DAY, HOUR, RESULT, call_of, convened, mustered, whistled
from tests.cases.test_pages import as_
from tests.cast import MONDAY

MATTER, SEEN, PART, EXCUSE = "东门晚上堵死", "晚上七点数了一遍", "画了禁停线", "人都在路口执勤"


@pytest.fixture
def hub(here: Place) -> Hub:
    return Hub(here, here.report(case_type=LITTER, text="我是蓝小河，堵得厉害", now=clock.now()))


@pytest.fixture
def task(hub: Hub) -> JointTask:
    """Over: one unit came and said twice what it did, another could not come."""
    place, at = hub.place, MONDAY + DAY + HOUR
    task = convened(hub)
    guard = call_of(task, place, "guard")
    mustering.decline(call_id=guard.id, called_at=guard.called_at, actor=place.ning, text=EXCUSE, now=MONDAY + HOUR)
    visiting.visit(
        task_id=task.id, actor=place.coordinator, text=SEEN, asked_of=mustered(), came=mustered(), photo_ids=(), now=at
    )
    call = UnitCall.objects.get(state=CallState.MUSTERED)
    for number, words in enumerate(("先看了看", PART)):
        visiting.report_part(call_id=call.id, actor=place.xu, text=words, photo_ids=(), now=at + number * HOUR)
    visiting.resolve(task_id=task.id, actor=place.coordinator, text=RESULT, photo_ids=(), now=at + 2 * HOUR)
    marks = {call.id: ending.Mark(2, "话没说清")}
    return ending.rate(task_id=task.id, actor=place.coordinator, marks=marks, now=at + 3 * HOUR)


def read(person: object, path: str) -> str:
    answer = as_(person).get(f"/s/yunqiao/{path}")  # type: ignore[arg-type]
    assert answer.status_code == 200
    return answer.content.decode()


def test_whoever_looks_after_the_case_reads_it_on_its_page_and_at_the_desk(
    here: Place, hub: Hub, task: JointTask
) -> None:
    pages = [
        read(here.wei, f"cases/{hub.case.code}/"), read(here.coordinator, f"cases/{hub.case.code}/"),
        read(here.dispatcher, f"desk/?view=all&case={hub.case.code}"),
    ]  # fmt: skip
    for page in pages:
        for words in (MATTER, SEEN, "到了现场：云桥路公交警务中心", PART, EXCUSE, RESULT):
            assert words in page, words
        assert "先看了看" not in page and "话没说清" not in page and here.lan.name not in page


def test_it_is_printed_with_the_case(here: Place, hub: Hub, task: JointTask) -> None:
    taken = printing.print_case(
        case_id=hub.case.id, actor=here.dispatcher, reason="upward", words="联席会上用", now=clock.now()
    )
    hub.fresh()
    paper = PdfReader(BytesIO(case_file.of_case(hub.case, taken, here.dispatcher)))
    text = "".join(sheet.extract_text() for sheet in paper.pages)
    for words in (MATTER, SEEN, PART, EXCUSE, RESULT):
        assert words in text, words
    assert here.lan.name not in text


def test_nobody_else_reads_more_than_what_came_of_it(here: Place, hub: Hub, task: JointTask) -> None:
    page = read(here.lan, f"mine/{hub.case.code}/")
    assert RESULT in page
    for words in (MATTER, SEEN, PART, EXCUSE):
        assert words not in page, words


def test_why_it_came_to_nothing_stands_there(here: Place, hub: Hub) -> None:
    task = whistled(hub)
    ending.call_off(task_id=task.id, actor=here.coordinator, text="蓝小河说车自己走了", now=MONDAY + HOUR)
    page = read(here.wei, f"cases/{hub.case.code}/")
    assert "说车自己走了" in page and here.lan.name not in page


class TestTheWayThere:
    def test_is_open_for_who_may_see_it_also_when_it_is_over(self, here: Place, hub: Hub, task: JointTask) -> None:
        door = f"/s/yunqiao/joint/{task.id}/"
        assert door in read(here.coordinator, f"cases/{hub.case.code}/")
        assert door in read(here.dispatcher, f"desk/?view=all&case={hub.case.code}")
        assert door not in read(here.wei, f"cases/{hub.case.code}/")
        assert as_(here.wei).get(door).status_code == 404

    def test_while_it_goes_on_too(self, here: Place, hub: Hub) -> None:
        door = f"/s/yunqiao/joint/{whistled(hub).id}/"
        assert door in read(here.coordinator, f"cases/{hub.case.code}/")
        assert door not in read(here.wei, f"cases/{hub.case.code}/")


class TestTheList:
    @pytest.mark.parametrize("typed", ["code", "number", "警务", "M1"])
    def test_finds_by_case_unit_and_place(self, here: Place, hub: Hub, task: JointTask, typed: str) -> None:
        other = Hub(here, here.report(here.hua, case_type=LITTER, now=clock.now()))
        beside = whistled(other, units=("guard", "city"))
        hub.sent(now=clock.now())
        hub.fresh()
        known = {"code": hub.case.code.lower(), "number": f"第 {hub.case.number} 号"}
        page = read(here.dispatcher, f"joint/?view=over&q={known.get(typed, typed)}")
        assert f"/joint/{task.id}/" in page and hub.case.code in page and f"/joint/{beside.id}/" not in page

    @pytest.mark.parametrize("typed", ["蓝小河", "堵死", "第 9999 号", "\0", "%"])
    def test_finds_nothing_by_what_was_written(self, here: Place, hub: Hub, task: JointTask, typed: str) -> None:
        page = as_(here.dispatcher).get("/s/yunqiao/joint/", {"view": "over", "q": typed}).content.decode()
        assert (f"/joint/{task.id}/" in page) == (typed == "\0")
        assert typed == "\0" or ("没有找到" in page and "view=over" in page)
