"""An order that ended is a record: its unit reads what it had until then, and nothing that came later."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from pypdf import PdfReader

from huipai.cases.commands import adding, attaching, pressing, stepping, triage, working
from huipai.cases.models import CasePhoto, Check, WorkOrder
from huipai.cases.queries import attachments, given, searching
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Moment
from huipai.grid.models import Assignment
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.photos import commands as photos
from tests.by_hand import by_hand
from tests.cases.conftest import Place
from tests.cases.hub import HOUR, Hub
from tests.cases.joint import whistled
from tests.cases.test_attachments import _status, attach, drawer_in, paper
from tests.cases.test_pages import as_
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
LATER = "后来又说了一句旧沙发"
WHY = {"reason": "handover", "words": "移交给档案室"}


@pytest.fixture(autouse=True)
def drawer(folder: Path, tmp_path: Path) -> Iterator[Path]:
    with drawer_in(tmp_path / "attachments") as place:
        yield place


@pytest.fixture
def hub(here: Place) -> Hub:
    return Hub.with_a_case(here, now=clock.now() - 5 * HOUR, text="门口堆了柜子")


@pytest.fixture
def over(hub: Hub) -> WorkOrder:
    """City management had it, with a paper from the desk, and sent it back; the guard has it now."""
    order = hub.signed(now=clock.now() - 4 * HOUR)
    attaching.attach_to_order(
        order_id=order.id, actor=hub.place.shi, paper=paper(b"%PDF-1.7\nown\n%%EOF\n", "自己的.pdf"),
        now=clock.now() - 3 * HOUR,
    )  # fmt: skip
    attaching.attach(
        case_id=hub.case.id, actor=hub.place.dispatcher, paper=paper(b"%PDF-1.7\nthen\n%%EOF\n", "那时.pdf"),
        eyes="unit", now=clock.now() - 3 * HOUR,
    )  # fmt: skip
    hub.returned(order, hub.place.shi, now=clock.now() - 2 * HOUR)
    hub.signed(hub.place.guard, hub.place.ning, now=clock.now() - HOUR)
    order.refresh_from_db()
    return order


def address(order: WorkOrder, name: str = "") -> str:
    return f"/s/yunqiao/orders/{order.id}/{name}"


def page(order: WorkOrder, by: Person, name: str = "") -> str:
    return as_(by).get(address(order, name)).content.decode()


def printed(order: WorkOrder, by: Person) -> PdfReader:
    return PdfReader(io.BytesIO(as_(by).post(address(order, "print/"), WHY).content))


def words(file: PdfReader) -> str:
    return "".join("".join(page.extract_text().split()) for page in file.pages)


def pictures(file: PdfReader) -> int:
    return sum(len(page.images) for page in file.pages)


def developed(hub: Hub) -> None:
    for photo in CasePhoto.objects.filter(case=hub.case).values_list("photo_id", flat=True):
        photos.process(photo_id=photo, now=clock.now())


def add(hub: Hub, *photo_ids: UUID) -> None:
    adding.add(
        addition_id=new_id(), case_id=hub.case.id, actor=hub.place.lan, text=LATER, photo_ids=photo_ids,
        now=clock.now(),
    )  # fmt: skip


class TestItsUnit:
    def test_reads_no_later_word_photo_or_paper(self, here: Place, hub: Hub, over: WorkOrder) -> None:
        add(hub, *here.photo_ids(here.lan))
        later = attach(hub, content=b"%PDF-1.7\nlater\n%%EOF\n", name="后来.pdf")
        developed(hub)
        told = page(over, here.shi)
        assert "门口堆了柜子" in told and "那时.pdf" in told and "自己的.pdf" in told and "结束了" in told
        assert LATER not in told and "后来.pdf" not in told
        assert given.photos(over).count() == 1
        paper = printed(over, here.shi)
        assert "门口堆了柜子" in words(paper) and LATER not in words(paper) and "后来.pdf" not in words(paper)
        assert pictures(paper) == 1
        files = {one.name: _status(here.shi, one) for one in attachments.for_staff(hub.case)}
        assert files == {"自己的.pdf": 200, "那时.pdf": 200, "后来.pdf": 404}
        new = WorkOrder.objects.live().get(case=hub.case)
        told = page(new, here.ning)
        assert LATER in told and "后来.pdf" in told, "who has it now reads on"
        assert _status(here.ning, later) == 200

    def test_reads_nothing_of_where_the_case_stands(self, here: Place, hub: Hub, over: WorkOrder) -> None:
        pressing.supervise(case_id=hub.case.id, actor=here.dispatcher, text="", now=clock.now())
        told, file = page(over, here.shi), words(printed(over, here.shi))
        assert "督办" not in told and "走到哪一步" not in file.replace("工单走到哪一步", "")
        assert "工单结束的时间" in file and "答复时限" not in file
        named = here.guard.name  # as whose it is, in its own words, and not as who has it
        assert named not in told and named not in file

    def test_adds_nothing(self, here: Place, over: WorkOrder) -> None:
        with pytest.raises(NotNow):
            attaching.attach_to_order(order_id=over.id, actor=here.shi, paper=paper(), now=clock.now())
        assert as_(here.shi).get(address(over, "attachments/")).status_code == 409
        assert address(over, "attachments/") not in page(over, here.shi)

    def test_finds_it_by_what_it_had(self, here: Place, hub: Hub, over: WorkOrder) -> None:
        add(hub)
        assert over in searching.orders_found(here.shi, "柜子", clock.now())
        assert searching.orders_found(here.shi, "旧沙发", clock.now()) == []
        assert len(searching.orders_found(here.ning, "旧沙发", clock.now())) == 1


class TestWhatIsMergedInLater:
    def test_is_not_the_former_units(self, here: Place, hub: Hub, over: WorkOrder) -> None:
        other = here.report(here.hua, case_type="litter", now=clock.now() - 4 * HOUR, text="邻居说的纸箱")
        attaching.attach(
            case_id=other.id, actor=here.dispatcher, paper=paper(name="邻居.pdf"), eyes="unit",
            now=clock.now() - 3 * HOUR,
        )  # fmt: skip
        triage.merge(case_id=other.id, into_id=hub.case.id, actor=here.dispatcher, now=clock.now() - HOUR / 2)
        assert "邻居说的纸箱" not in page(over, here.shi) and "邻居.pdf" not in page(over, here.shi)
        assert given.photos(over).count() == 1 and given.heard(over).others == []
        new = WorkOrder.objects.live().get(case=hub.case)
        assert "邻居说的纸箱" in page(new, here.ning) and given.photos(new).count() == 2
        one = next(one for one in attachments.for_staff(hub.case) if one.name == "邻居.pdf")
        gate = {by.name: _status(by, one) for by in (here.shi, here.ning)}
        assert gate == {here.shi.name: 404, here.ning.name: 200}


def test_a_units_file_holds_no_photo_that_its_page_does_not_show(here: Place, hub: Hub) -> None:
    order = hub.signed(now=clock.now() - 4 * HOUR)
    taken, task = here.photo_ids(here.xu), whistled(hub, now=clock.now())
    stepping.attach(hub.case, taken, by=here.xu, moment=Moment.VISIT, now=clock.now(), joint_task=task)
    developed(hub)
    assert pictures(printed(order, here.shi)) == 1, "what the police took at the joint visit is not of it"
    assert [one.photo.uploader_id for one in given.photos(order)] == [here.lan.id]


class TestALookThatIsOver:
    def test_shows_its_checker_nothing_that_came_later(self, here: Place, hub: Hub) -> None:
        check = hub.responded(hub.signed(now=clock.now() - 4 * HOUR), now=clock.now() - 3 * HOUR)
        look = f"/s/yunqiao/checks/{check.id}/"
        hub.failed(check, now=clock.now() - 2 * HOUR)
        order = WorkOrder.objects.get(case=hub.case)
        working.respond(
            order_id=order.id, actor=here.shi, text="又清了", photo_ids=here.photo_ids(here.shi), now=clock.now()
        )
        developed(hub)
        after = CasePhoto.objects.get(case=hub.case, moment=Moment.AFTER)
        told = as_(check.checker).get(look)
        assert told.status_code == 200 and "已经看过" in told.content.decode()
        assert str(after.photo_id) not in told.content.decode()
        [new] = Check.objects.filter(case=hub.case, result="")
        assert str(after.photo_id) in as_(new.checker).get(f"/s/yunqiao/checks/{new.id}/").content.decode()

    def test_opens_the_case_to_no_worker_of_another_place(self, here: Place, hub: Hub) -> None:
        now = clock.now()
        Assignment.objects.create(
            person=here.qin, role=Role.GRID_WORKER, node=here.town["M4"], valid_from=now - 9 * HOUR
        )
        check = hub.responded(hub.signed(now=now - 4 * HOUR), now=now - 3 * HOUR)
        by_hand(
            "UPDATE cases_check SET checker_id = %s WHERE street_id = %s AND id = %s",
            [here.qin.id, here.street.id, check.id],
        )
        check.refresh_from_db()
        hub.passed(check, now=now - 2 * HOUR)
        answer = as_(here.qin).get(f"/s/yunqiao/cases/{hub.case.code}/")
        assert answer.status_code == 302 and answer["Location"].endswith("/checks/")
        assert searching.search(here.qin, "柜子", now).ids == []
