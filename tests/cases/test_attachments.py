"""Attachments: taken in by their bytes, kept under their digest, each for named eyes and never public."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import override_settings
from pypdf import PdfReader

from huipai.cases import attachment_storage as storage
from huipai.cases import case_file
from huipai.cases.attachment_words import Eyes
from huipai.cases.commands import attaching, printing, working
from huipai.cases.commands.attaching import (
    FileActs,
    FileNotTaken,
    FilesFull,
    FileTooLarge,
    NoFile,
    NotYoursToRemove,
    Paper,
)
from huipai.cases.commands.handling import ReasonMissing
from huipai.cases.commands.retention import letting_go
from huipai.cases.models import Attachment, Case, WorkOrder
from huipai.cases.queries import attachments, proof
from huipai.cases.retention_words import FIRST, Kept
from huipai.cases.rules import papers
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.streets.current import in_street
from tests.by_hand import by_hand
from tests.cases.acting_papers import ACTING_PACKAGES, ACTING_PDFS, CALM
from tests.cases.conftest import SMALL, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_pages import as_
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def drawer(folder: Path, tmp_path: Path) -> Iterator[Path]:
    """Where the files of this test lie, beside its photos."""
    with drawer_in(tmp_path / "attachments") as place:
        yield place


@contextmanager
def drawer_in(place: Path) -> Iterator[Path]:
    sealed = {"BACKEND": "huipai.photos.storage.SealedFolder", "OPTIONS": {"location": str(place)}}
    with override_settings(STORAGES={**settings.STORAGES, "attachments": sealed}):
        yield place


@pytest.fixture
def hub(here: Place) -> Hub:
    return Hub.with_a_case(here, now=clock.now() - 2 * HOUR)


def paper(content: bytes = PDF, name: str = "测量.pdf") -> Paper:
    return Paper(BytesIO(content), name, len(content))


def package(*parts: str) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for part in ("[Content_Types].xml", *parts):
            made.writestr(part, "<x/>")
    return file.getvalue()


def attach(hub: Hub, by: Person | None = None, eyes: str = Eyes.UNIT, **more: bytes | str) -> Attachment:
    one = paper(**more)  # type: ignore[arg-type]
    actor = by or hub.place.dispatcher
    return attaching.attach(case_id=hub.case.id, actor=actor, paper=one, eyes=eyes, now=clock.now())


def files(drawer: Path) -> list[Path]:
    return [path for path in drawer.rglob("*") if path.is_file()]


class TestTaking:
    def test_is_by_the_bytes_and_never_by_the_name(self) -> None:
        kinds = {
            PDF: "pdf", SMALL: "jpeg", b"\x89PNG\r\n\x1a\n...": "png", package("word/document.xml"): "docx",
            package("xl/workbook.xml"): "xlsx", package("xl/workbook.xml", "xl/vbaProject.bin"): None,
            package("other.xml"): None, b"PK\x03\x04 cut short": None, b"MZ\x90": None, b"<html>": None, b"": None,
        }  # fmt: skip
        assert {content: papers.kind_of(BytesIO(content)) for content in kinds} == kinds
        assert papers.name_of("../a\u202efdp.exe", papers.kind_of(BytesIO(PDF)) or "") == "a fdp.pdf"  # type: ignore[arg-type]

    def test_refuses_nothing_too_much_and_what_it_does_not_know(self, hub: Hub) -> None:
        for one, refusal in (
            (None, NoFile), (paper(b""), NoFile), (Paper(BytesIO(), "a.pdf", 21 * 1024 * 1024), FileTooLarge),
            (paper(b"MZ\x90\x00", "a.pdf"), FileNotTaken),
        ):  # fmt: skip
            with pytest.raises(refusal):
                attaching.attach(case_id=hub.case.id, actor=hub.place.wei, paper=one, eyes=Eyes.INSIDE, now=clock.now())
        with pytest.raises(ReasonMissing):
            attach(hub, eyes="everybody")
        for person in (hub.place.lan, hub.place.hua, hub.place.shi):
            with pytest.raises(NotAllowed):
                attach(hub, by=person)
        for number in range(20):
            attach(hub, content=PDF + bytes([number]))
        with pytest.raises(FilesFull):
            attach(hub, content=PDF + b"one more")

    @pytest.mark.parametrize("made", [*ACTING_PACKAGES, *ACTING_PDFS])
    def test_refuses_what_acts_by_itself_whatever_its_parts_are_called(self, hub: Hub, made: str) -> None:
        content = {**ACTING_PACKAGES, **ACTING_PDFS}[made]
        assert papers.kind_of(BytesIO(content)) is not None
        with pytest.raises(FileActs):
            attach(hub, content=content)
        assert not Attachment.objects.exists()

    @pytest.mark.parametrize("made", CALM)
    def test_takes_what_only_leads_somewhere(self, hub: Hub, made: str) -> None:
        assert attach(hub, content=CALM[made]).size == len(CALM[made])

    def test_lies_under_its_digest_once_and_the_journal_knows_it(self, hub: Hub, drawer: Path) -> None:
        one, again, inside = attach(hub), attach(hub), attach(hub, eyes=Eyes.INSIDE)
        assert one == again != inside and [path.name for path in files(drawer)] == [one.sha256]
        entry = Entry.objects.get(subject=one.subject)
        assert entry.facts["sha256"] == one.sha256 and "测量" not in str(entry.facts)
        assert list(proof.verify_cases(hub.place.street)) == []
        edit = "UPDATE cases_attachment SET sha256 = repeat('0', 64) WHERE street_id = %s AND id = %s"
        by_hand(edit, [one.street_id, one.pk])
        assert "cases_attachment" in str(next(iter(proof.verify_cases(hub.place.street))))


class TestEyes:
    def test_each_is_for_whom_it_is_for(self, here: Place, there: Place, hub: Hub) -> None:
        order = hub.sent(helper_ids=(here.guard.id,), now=clock.now() - HOUR)
        own = attaching.attach_to_order(order_id=order.id, actor=here.shi, paper=paper(PDF + b"own"), now=clock.now())
        inside, unit, told = (attach(hub, eyes=eyes, content=PDF + eyes.encode()) for eyes in Eyes.values)
        staff = {here.coordinator, here.dispatcher, here.wei}
        eyes = {
            inside: staff, unit: staff | {here.shi, here.ning}, told: staff | {here.lan}, own: staff | {here.shi},
        }  # fmt: skip
        everybody = staff | {here.lan, here.hua, here.shi, here.ning, here.xu, here.qin}
        for one, wanted in eyes.items():
            opened = {who for who in everybody if _status(who, one) == 200}
            assert opened == wanted and {_status(who, one) for who in everybody - wanted} == {404}, one.eyes
        with in_street(there.street.id), pytest.raises(NotVisible):
            attachments.opened_by(there.dispatcher, unit.id, clock.now())
        assert "测量" not in as_(here.lan).get(f"/s/yunqiao/c/{hub.case.code}/").content.decode()

    def test_the_drawn_checker_sees_none(self, here: Place, hub: Hub) -> None:
        attach(hub, eyes=Eyes.INSIDE)
        order = hub.signed(now=clock.now() - HOUR)
        check = hub.responded(order, now=clock.now())
        case_page = as_(check.checker).get(f"/s/yunqiao/cases/{hub.case.code}/")
        assert "测量" not in case_page.content.decode() and _status(check.checker, Attachment.objects.get()) == 404

    def test_is_a_download_that_no_page_can_show_and_without_a_name(self, here: Place, hub: Hub) -> None:
        order = hub.sent(now=clock.now())
        one = attach(hub, name=f"{here.lan.name}家门口.pdf")
        answer = as_(here.shi).get(f"/s/yunqiao/attachments/{one.id}/")
        assert b"".join(answer) == PDF  # type: ignore[arg-type]
        said = answer["Content-Disposition"]
        assert said.startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-store" and "sandbox" in answer["Content-Security-Policy"]
        page = as_(here.shi).get(f"/s/yunqiao/orders/{order.id}/").content.decode()
        assert here.lan.name not in page and "家门口.pdf" in page
        for staff in (here.wei, here.dispatcher, here.coordinator):
            page = as_(staff).get(f"/s/yunqiao/cases/{hub.case.code}/").content.decode()
            answer = as_(staff).get(f"/s/yunqiao/attachments/{one.id}/")
            assert b"".join(answer) == PDF  # type: ignore[arg-type]
            said = answer["Content-Disposition"]
            assert here.lan.name not in page and "家门口.pdf" in page
            assert quote(here.lan.name) not in said and here.lan.name not in said


class TestTheSamePaperFromTwoSides:
    @pytest.fixture
    def orders(self, here: Place, hub: Hub) -> tuple[WorkOrder, WorkOrder]:
        lead = hub.sent(helper_ids=(here.guard.id,), now=clock.now() - HOUR)
        helper = WorkOrder.objects.get(case=hub.case, unit=here.guard)
        for order, by in ((lead, here.shi), (helper, here.ning)):
            working.sign(order_id=order.id, actor=by, now=clock.now() - HOUR)
        return lead, helper

    def test_is_each_ones_own_and_taken_away_alone(
        self, here: Place, orders: tuple[WorkOrder, WorkOrder], drawer: Path,
        django_capture_on_commit_callbacks: object,
    ) -> None:  # fmt: skip
        lead, helper = orders
        one = to_order(lead, here.shi)
        other = to_order(helper, here.ning)
        assert attachments.for_order(lead) == [one] and attachments.for_order(helper) == [other]
        assert _status(here.ning, other) == 200 and _status(here.ning, one) == 404
        assert [path.name for path in files(drawer)] == [one.sha256]
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            attaching.remove(attachment_id=one.id, actor=here.shi, now=clock.now())
        assert attachments.for_order(helper) == [other] and _status(here.ning, other) == 200
        assert attachments.for_staff(Case.objects.get()) == [other]
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            attaching.remove(attachment_id=other.id, actor=here.ning, now=clock.now())
        assert files(drawer) == [] and list(proof.verify_cases(here.street)) == []

    def test_is_given_by_the_desk_to_all_of_them(
        self, here: Place, hub: Hub, orders: tuple[WorkOrder, WorkOrder]
    ) -> None:
        lead, helper = orders
        own = to_order(lead, here.shi)
        given = attach(hub, by=here.coordinator)
        assert attach(hub) == given
        assert attachments.for_order(helper) == [given] and attachments.for_order(lead) == [own, given]
        for who in (here.shi, here.ning):
            assert _status(who, given) == 200
        attaching.remove(attachment_id=given.id, actor=here.dispatcher, now=clock.now())
        assert attachments.for_order(helper) == [] and attachments.for_order(lead) == [own]

    def test_that_the_desk_has_given_is_the_units_too_once_it_adds_it(
        self, here: Place, hub: Hub, orders: tuple[WorkOrder, WorkOrder]
    ) -> None:
        given = attach(hub)
        own = to_order(orders[0], here.shi)
        attaching.remove(attachment_id=given.id, actor=here.dispatcher, now=clock.now())
        assert attachments.for_order(orders[0]) == [own] and _status(here.shi, own) == 200

    def test_from_one_unit_is_once_also_when_the_case_comes_back_to_it(self, here: Place, hub: Hub) -> None:
        first = hub.signed(now=clock.now() - HOUR)
        one = to_order(first, here.shi)
        hub.returned(first, here.shi, now=clock.now())
        again = hub.sent(now=clock.now())
        assert again != first and to_order(again, here.shi) == one == to_order(again, here.shi)
        assert attachments.for_order(again) == [one]

    def test_goes_to_the_next_unit_after_a_return(self, here: Place, hub: Hub) -> None:
        first = hub.signed(now=clock.now() - HOUR)
        to_order(first, here.shi)
        hub.returned(first, here.shi, now=clock.now())
        order = hub.sent(here.guard, now=clock.now())
        assert attachments.for_order(order) == []
        assert attachments.for_order(order) != [to_order(order, here.ning)] == attachments.for_order(order)

    def test_is_once_a_side_in_the_database(self, here: Place, hub: Hub, orders: tuple[WorkOrder, WorkOrder]) -> None:
        for one in (attach(hub), to_order(orders[0], here.shi)):
            twin = Attachment(
                case=one.case, order=one.order, part=one.part, added_by=one.added_by, added_at=one.added_at,
                eyes=one.eyes, name=one.name, kind=one.kind, size=one.size, sha256=one.sha256,
            )  # fmt: skip
            with pytest.raises(IntegrityError, match="cases_one_attachment_a_side"), transaction.atomic():
                twin.save()

    def test_goes_whole_with_the_class_of_its_case(
        self, here: Place, hub: Hub, orders: tuple[WorkOrder, WorkOrder], drawer: Path,
        django_capture_on_commit_callbacks: object,
    ) -> None:  # fmt: skip
        attach(hub)
        to_order(orders[0], here.shi)
        to_order(orders[1], here.ning)
        long_ago = clock.now() - timedelta(days=FIRST[Kept.REFUSED].days + 1)
        Case.objects.filter(pk=hub.case.pk).update(state="declined", outcome="declined", ended_at=long_ago)
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            gone = letting_go.let_go_of_case(case_id=hub.case.id, now=clock.now())
        assert gone is not None and gone.papers == 3 and files(drawer) == []


def to_order(order: WorkOrder, by: Person) -> Attachment:
    return attaching.attach_to_order(order_id=order.id, actor=by, paper=paper(), now=clock.now())


def _status(person: Person, one: Attachment) -> int:
    answer = as_(person).get(f"/s/yunqiao/attachments/{one.id}/")
    if answer.streaming:
        b"".join(answer)  # type: ignore[arg-type]  # read to its end, a file is closed
    return answer.status_code


class TestLeaving:
    def test_is_taken_away_by_the_side_that_added_it(
        self, here: Place, hub: Hub, drawer: Path, django_capture_on_commit_callbacks: object
    ) -> None:
        order = hub.sent(now=clock.now())
        own = attaching.attach_to_order(order_id=order.id, actor=here.shi, paper=paper(PDF + b"own"), now=clock.now())
        one, twin = attach(hub), attach(hub, eyes=Eyes.INSIDE)
        for actor, what in ((here.shi, one), (here.dispatcher, own)):
            with pytest.raises(NotYoursToRemove):
                attaching.remove(attachment_id=what.id, actor=actor, now=clock.now())
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            attaching.remove(attachment_id=one.id, actor=here.dispatcher, now=clock.now())
        assert len(files(drawer)) == 2 and _status(here.dispatcher, one) == 404
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            attaching.remove(attachment_id=twin.id, actor=here.dispatcher, now=clock.now())
            attaching.remove(attachment_id=own.id, actor=here.shi, now=clock.now())
        assert files(drawer) == [] and set(Attachment.objects.values_list("name", flat=True)) == {""}
        assert list(proof.verify_cases(here.street)) == []

    def test_goes_with_the_class_of_its_case_and_strays_are_swept(
        self, here: Place, hub: Hub, drawer: Path, django_capture_on_commit_callbacks: object
    ) -> None:
        one = attach(hub)
        long_ago = clock.now() - timedelta(days=FIRST[Kept.REFUSED].days + 1)
        assert letting_go.let_go_of_case(case_id=hub.case.id, now=clock.now()) is None
        Case.objects.filter(pk=hub.case.pk).update(state="declined", outcome="declined", ended_at=long_ago)
        stray = f"{here.street.id}/aa/{'a' * 64}"
        storage.keep(stray, BytesIO(PDF))
        os.utime(drawer / stray, (long_ago.timestamp(),) * 2)
        assert attaching.sweep(now=clock.now()) == 1 and [path.name for path in files(drawer)] == [one.sha256]
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            assert letting_go.let_go_of_case(case_id=hub.case.id, now=clock.now()) is not None
        assert files(drawer) == []


class TestPages:
    def test_add_show_and_print_it(self, here: Place, hub: Hub) -> None:
        order = hub.sent(now=clock.now())
        desk, page = as_(here.dispatcher), f"/s/yunqiao/cases/{hub.case.code}/"
        again = desk.post(f"{page}attachments/", {"eyes": "unit"})
        assert again.status_code == 422 and 'value="unit" checked' in again.content.decode().replace(
            ' checked=""', " checked"
        )
        file = SimpleUploadedFile("测量.pdf", PDF, "text/html")
        assert desk.post(f"{page}attachments/", {"eyes": "reporter", "file": file}).status_code == 302
        mine = as_(here.lan).get(f"/s/yunqiao/mine/{hub.case.code}/").content.decode()
        assert "测量.pdf" in desk.get(page).content.decode() and "测量.pdf" in mine
        unit = as_(here.shi)
        file = SimpleUploadedFile("方案.pdf", PDF + b"2", "application/pdf")
        assert unit.post(f"/s/yunqiao/orders/{order.id}/attachments/", {"file": file}).status_code == 302
        shown = unit.get(f"/s/yunqiao/orders/{order.id}/").content.decode()
        assert "方案.pdf" in shown and "测量.pdf" not in shown
        taken = printing.print_case(
            case_id=hub.case.id, actor=here.dispatcher, reason="upward", words="联席会上用", now=clock.now()
        )
        hub.fresh()
        printed = PdfReader(BytesIO(case_file.of_case(hub.case, taken, here.dispatcher)))
        text = "".join(sheet.extract_text() for sheet in printed.pages)
        assert "测量.pdf" in text and Attachment.objects.first().sha256[:12] in text  # type: ignore[union-attr]
