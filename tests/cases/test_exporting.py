"""Tables that are taken along: with a reason, marked, harmless, without a reporter, and only one's own to fetch."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import openpyxl
import pytest
from django.http import HttpResponse

from huipai.audit.commands import GroundMissing
from huipai.audit.models import Disclosure
from huipai.audit.words import Kind
from huipai.cases import jobs
from huipai.cases.commands import deciding, exporting, splitting
from huipai.cases.commands.exporting import NothingToTake, TableTooLarge
from huipai.cases.export_words import TableState
from huipai.cases.models import Export, ExportFile
from huipai.cases.queries.hub import Filter
from huipai.grid.models import Assignment
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import in_street
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_pages import as_
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
WHY = {"reason": "upward", "words": "月度例会"}
DAY = timedelta(days=1)
NASTY = "=HYPERLINK(1)"


@pytest.fixture
def hub(here: Place) -> Hub:
    text = "我是蓝小河，电话 138 0001 0000，门口堆了垃圾"
    return Hub.with_a_case(here, now=clock.now() - HOUR, text=text, address=NASTY)


def made(here: Place, export: Export) -> Export:
    """What the worker does with the fact."""
    entry = Entry.objects.get(what="export.asked", subject=export.subject)
    jobs.make_export(street=str(here.street.id), entry=str(entry.id))
    export.refresh_from_db()
    return export


def asked_by(person: Person, kind: str, **more: str) -> HttpResponse:
    return as_(person).post(f"/s/yunqiao/exports/new/{kind}/", {**WHY, **more})  # type: ignore[return-value]


def cells_of(content: bytes) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def fetched(person: Person, export: Export) -> HttpResponse:
    return as_(person).get(f"/s/yunqiao/exports/{export.id}/file/")  # type: ignore[return-value]


class TestTheDesksTable:
    def test_says_who_took_it_and_runs_nothing_and_names_no_reporter(self, here: Place, hub: Hub) -> None:
        assert asked_by(here.dispatcher, "queue", view="all").status_code == 302
        export = made(here, Export.objects.get())
        answer = fetched(here.dispatcher, export)
        assert answer["X-Content-Type-Options"] == "nosniff" and "no-store" in answer["Cache-Control"]
        cells = cells_of(answer.content)
        assert all(
            here.dispatcher.name in str(row[0]) and export.number in str(row[0]) for row in (cells[0], cells[-1])
        )
        row = dict(zip(cells[1], cells[2], strict=True))
        assert row["编号"] == hub.case.code and row["地址"] == f"'{NASTY}" and row["上报人"] == "不显示"
        assert row["怎么说的"] == "我是＊＊，电话 ＊＊，门口堆了垃圾"
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        assert book.properties.creator == here.dispatcher.name and book.properties.identifier == export.number

    def test_stands_in_the_record_with_its_reason_and_rows(self, here: Place, hub: Hub) -> None:
        asked_by(here.dispatcher, "queue", view="all")
        one = Disclosure.objects.get(kind=Kind.EXPORT)
        assert (one.person, one.count, one.words) == (here.dispatcher, 1, "月度例会")
        assert Entry.objects.get(pk=one.entry_id).facts == {"reason": "upward", "number": one.number, "count": 1}

    def test_holds_what_the_filter_holds_and_no_other_communities(self, here: Place, hub: Hub) -> None:
        other = here.report(here.hua, now=clock.now())
        for asked, codes in (
            (Filter("all", "", other.code), {other.code}),
            (Filter("all"), {other.code, hub.case.code}),
        ):
            export = exporting.ask_queue(actor=here.dispatcher, asked=asked, now=clock.now(), **WHY)
            made(here, export)
            cells = cells_of(fetched(here.dispatcher, export).content)
            assert {row[0] for row in cells[2:-1]} == codes

    def test_without_a_reason_or_rows_or_with_too_many_there_is_none(
        self, here: Place, hub: Hub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answer = asked_by(here.dispatcher, "queue", view="all", reason="")
        assert answer.status_code == 422 and "月度例会" in answer.content.decode()
        now = clock.now()
        with pytest.raises(GroundMissing):
            exporting.ask_queue(actor=here.dispatcher, asked=Filter("all"), reason="contact", words="例会", now=now)
        with pytest.raises(NothingToTake):
            exporting.ask_queue(actor=here.dispatcher, asked=Filter("all", "", "没有这样的"), now=now, **WHY)
        monkeypatch.setattr(exporting, "MOST_ROWS", 0)
        with pytest.raises(TableTooLarge):
            exporting.ask_queue(actor=here.dispatcher, asked=Filter("all"), now=now, **WHY)
        assert not Export.objects.exists() and not Disclosure.objects.exists()

    def test_what_has_come_since_it_was_asked_for_is_not_in_it(self, here: Place, hub: Hub) -> None:
        now = clock.now()
        export = exporting.ask_queue(actor=here.dispatcher, asked=Filter(view="all"), now=now, **WHY)
        for _ in range(3):
            here.report(here.hua, now=now)
        found = cells_of(fetched(here.dispatcher, made(here, export)).content)
        assert export.disclosure.count == export.total == export.done == 1
        assert len(found[2:-1]) == 1

    def test_a_job_that_runs_twice_makes_one_file(self, here: Place, hub: Hub) -> None:
        export = exporting.ask_queue(actor=here.dispatcher, asked=Filter("all"), now=clock.now(), **WHY)
        for _ in range(2):
            made(here, export)
        assert ExportFile.objects.count() == 1 and export.done == export.total == 1
        assert exporting.finish(export_id=export.id, content=b"", now=clock.now()) is None

    def test_the_page_says_how_far_it_is(self, here: Place, hub: Hub) -> None:
        export = exporting.ask_queue(actor=here.dispatcher, asked=Filter("all"), now=clock.now(), **WHY)
        card = f"/s/yunqiao/exports/{export.id}/card/"
        assert "hx-trigger" in as_(here.dispatcher).get(card).content.decode()
        exporting.progress(export_id=export.id, done=5)
        assert Export.objects.get().done == 0
        made(here, export)
        done = as_(here.dispatcher).get(card).content.decode()
        assert "下载 Excel" in done and "hx-trigger" not in done
        assert export.number in as_(here.dispatcher).get("/s/yunqiao/exports/").content.decode()

    def test_the_bytes_go_after_a_day_and_the_record_stays(self, here: Place, hub: Hub) -> None:
        export = exporting.ask_queue(actor=here.dispatcher, asked=Filter("all"), now=clock.now(), **WHY)
        made(here, export)
        assert exporting.let_go(now=clock.now() + timedelta(hours=23)) == 0
        assert exporting.let_go(now=clock.now() + timedelta(hours=25)) == 1
        export.refresh_from_db()
        assert export.state == TableState.GONE and not ExportFile.objects.exists() and Disclosure.objects.exists()
        assert fetched(here.dispatcher, export).status_code == 404
        assert as_(here.dispatcher).get(f"/s/yunqiao/exports/{export.id}/").status_code == 200


class TestWhose:
    def test_nobody_elses_table_exists(self, here: Place, there: Place, hub: Hub) -> None:
        export = made(here, exporting.ask_queue(actor=here.dispatcher, asked=Filter("all"), now=clock.now(), **WHY))
        for person in (here.coordinator, here.wei, here.lan, here.ning):
            for page in ("", "card/", "file/"):
                assert as_(person).get(f"/s/yunqiao/exports/{export.id}/{page}").status_code == 404
        with in_street(there.street.id):
            strange = as_(there.dispatcher)
        assert strange.get(f"/s/hetang/exports/{export.id}/file/").status_code == 404

    @pytest.mark.parametrize(
        ("who", "queue", "orders"),
        [("dispatcher", 200, 403), ("coordinator", 200, 403), ("wei", 403, 403), ("lan", 403, 403), ("shi", 403, 200)],
    )
    def test_each_door_for_each_person(self, here: Place, who: str, queue: int, orders: int) -> None:
        browser = as_(getattr(here, who))
        assert browser.get("/s/yunqiao/exports/new/queue/").status_code == queue
        assert browser.get("/s/yunqiao/exports/new/orders/").status_code == orders
        assert browser.get("/s/yunqiao/exports/new/nonsense/").status_code == 404

    def test_a_worker_is_refused_by_the_command_itself(self, here: Place, hub: Hub) -> None:
        with pytest.raises(NotAllowed):
            exporting.ask_queue(actor=here.wei, asked=Filter("all"), now=clock.now(), **WHY)
        with pytest.raises(NotAllowed):
            exporting.ask_orders(actor=here.dispatcher, view="", now=clock.now(), **WHY)


class TestAUnitsTable:
    def test_shows_no_reporter_anywhere(self, here: Place, hub: Hub) -> None:
        hub.sent(now=clock.now())
        export = made(here, exporting.ask_orders(actor=here.shi, view="", now=clock.now(), **WHY))
        answer = fetched(here.shi, export)
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            everything = "".join(archive.read(name).decode() for name in archive.namelist())
        everything += str(dict(answer.headers))
        assert here.lan.account is not None and here.lan.account.phone is not None
        for secret in (here.lan.name, str(here.lan.id), here.lan.account.phone[3:], "138 0001 0000", "上报人"):
            assert secret not in everything, secret
        assert "门口堆了垃圾" in everything and "车辆" not in everything

    def test_says_what_rests_and_what_a_part_is_for_and_nothing_of_who_is_late(self, here: Place, hub: Hub) -> None:
        now = clock.now()
        order = hub.signed(by=here.chief, now=now)
        split = splitting.split(
            part_id=new_id(),
            case_id=hub.case.id,
            case_type=LITTER,
            actor=here.dispatcher,
            text="墙那边还有碎玻璃",
            now=now,
        )
        Hub(here, split).sent(now=now)
        deciding.suspend(
            order_id=order.id, actor=here.dispatcher, ground="weather", text="等料", rests_until=now + 9 * DAY,
            now=now + HOUR,
        )  # fmt: skip
        export = made(here, exporting.ask_orders(actor=here.shi, view="", now=now, **WHY))
        head, *rows = cells_of(fetched(here.shi, export).content)[1:-1]
        said = {(row["走到哪一步"], row["怎么说的"]) for row in (dict(zip(head, one, strict=True)) for one in rows)}
        assert said == {("已暂停", "我是＊＊，电话 ＊＊，门口堆了垃圾"), ("待签收", "墙那边还有碎玻璃")}
        assert "经办人" not in head and here.chief.name not in str(rows)

    def test_holds_this_units_orders_only(self, here: Place, hub: Hub) -> None:
        hub.sent(now=clock.now())
        with pytest.raises(NothingToTake):
            exporting.ask_orders(actor=here.ning, view="", now=clock.now(), **WHY)


def test_whoever_acts_for_two_units_reads_for_which_an_order_is(here: Place) -> None:
    now = clock.now()
    Hub.with_a_case(here, now=now - 3 * HOUR).sent(here.city, now=now - 2 * HOUR)
    page = "/s/yunqiao/orders/"
    assert as_(here.shi).get(page).content.decode().count(here.city.name) == 1, "at the head, not in each row"
    Assignment.objects.create(person=here.shi, role=Role.UNIT_HANDLER, unit=here.guard, valid_from=now - DAY)
    Hub.with_a_case(here, now=now - 3 * HOUR).sent(here.guard, now=now - 2 * HOUR)
    html = as_(here.shi).get(page).content.decode()
    assert [html.count(unit.name) for unit in (here.city, here.guard)] == [2, 2]
    export = made(here, exporting.ask_orders(actor=here.shi, view="", now=now, **WHY))
    [header, *rows] = [row for row in cells_of(fetched(here.shi, export).content) if len(set(row)) > 2]
    assert {row[header.index("单位")] for row in rows} >= {here.city.name, here.guard.name}
