"""The auditor's record: who may read it, what stands in it, and that it is only ever added to."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from huipai.audit import commands
from huipai.audit.commands import Act, GroundMissing, GroundNotSaid, GroundTooLong, Why
from huipai.audit.models import Disclosure
from huipai.audit.words import OF_A_PERSON, OF_A_TABLE, Ground, Kind
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.people.doors import Browser

RECORD = "audit/"


@pytest.fixture(autouse=True)
def one_factor() -> Iterator[None]:
    with override_settings(SECOND_FACTOR_FOR_ADMINS=False):
        yield


@pytest.fixture
def zhen(in_yunqiao: Street) -> Person:
    return cast.appoint(cast.staff("甄细看", "13900000009"), Role.AUDITOR)


@pytest.fixture
def gao(in_yunqiao: Street) -> Person:
    return cast.appoint(cast.staff("高明明", "13900000002"), Role.COORDINATOR)


def taken(by: Person, words: str = "季度台账", code: str = "", *, days_ago: int = 0) -> Disclosure:
    now = clock.now() - timedelta(days=days_ago)
    act = Act(Kind.UNMASKED, "case:0190", code, until=now + timedelta(minutes=10))
    return commands.disclose(what="case.unmasked", act=act, by=by, why=Why(Ground.DISPUTE, words), now=now)


class TestWhy:
    def test_wants_a_ground_that_fits_and_words(self) -> None:
        for reason in ("", "owner", "nonsense"):
            with pytest.raises(GroundMissing):
                commands.why(reason, "要打电话", of=OF_A_PERSON)
        for words in ("", " 好 "):
            with pytest.raises(GroundNotSaid):
                commands.why("contact", words, of=OF_A_PERSON)
        with pytest.raises(GroundTooLong):
            commands.why("contact", "长" * 301, of=OF_A_PERSON)

    def test_keeps_no_name_and_no_number_of_whom_it_is_about(self) -> None:
        given = commands.why("contact", "回蓝小河 13800000001 的电话", of=OF_A_PERSON, names=["蓝小河"])
        assert given == Why(Ground.CONTACT, "回＊＊ ＊＊ 的电话")


class TestRecord:
    def test_journal_and_record_say_the_same_but_for_the_words(self, gao: Person) -> None:
        one = taken(gao)
        entry = Entry.objects.get(pk=one.entry_id)
        assert (entry.what, entry.actor_id, entry.facts) == ("case.unmasked", gao.id, {"reason": "dispute"})

    def test_is_only_added_to(self, gao: Person) -> None:
        one = taken(gao)
        for change in ({"words": "别的"}, {"reason": Ground.LEGAL}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Disclosure.objects.filter(pk=one.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            Disclosure.objects.filter(pk=one.pk).delete()

    def test_the_database_wants_words_a_number_and_an_end(self, gao: Person) -> None:
        for act, words in (
            (Act(Kind.ORIGINAL, "photo:1"), ""),
            (Act(Kind.EXPORT, "export:1"), "台账"),
            (Act(Kind.UNMASKED, "case:1"), "投诉"),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                commands.disclose(
                    what="case.unmasked", act=act, by=gao, why=Why(Ground.DISPUTE, words), now=cast.MONDAY
                )

    def test_only_the_auditor_of_the_street_reads_it(
        self, zhen: Person, gao: Person, in_yunqiao: Street, hetang: Street
    ) -> None:
        taken(gao)
        others = [
            gao,
            *(
                cast.appoint(cast.staff(f"同事{number}", f"1390000010{number}"), role)
                for number, role in enumerate(
                    (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.DISPATCHER, Role.LEADER, Role.GRID_WORKER)
                )
            ),
        ]
        assert Browser().enter(zhen).open(RECORD).status_code == 200
        for day in ("9999-12-31", "0001-01-01", "2026-02-30"):
            assert Browser().enter(zhen).open(f"{RECORD}?since={day}&until={day}").status_code == 200
        assert {Browser().enter(other).open(RECORD).status_code for other in others} == {403}
        assert {Browser().enter(other).send(RECORD + "export/").status_code for other in others} == {403}
        assert Browser().open(RECORD).status_code == 302
        with in_street(hetang.id):
            assert not Disclosure.objects.exists()
        assert Browser("hetang").enter(zhen).open(RECORD).status_code in {302, 403}

    def test_shows_who_what_and_why_by_kind_person_days_and_words(self, zhen: Person, gao: Person) -> None:
        wei = cast.staff("魏大为", "13900000001")
        taken(gao, "季度台账", "ABC234")
        taken(wei, "核实投诉", "XYZ789", days_ago=3)
        browser = Browser().enter(zhen)
        everything = browser.open(RECORD).content.decode()
        assert all(word in everything for word in ("季度台账", "核实投诉", "高明明", "魏大为", "ABC234"))
        today = clock.now().astimezone().date()
        for query, shown, hidden in (
            ("?q=季度", "季度台账", "核实投诉"),
            ("?q=xyz789", "核实投诉", "季度台账"),
            ("?q=魏大", "核实投诉", "季度台账"),
            (f"?person={gao.id}", "季度台账", "核实投诉"),
            (f"?since={today - timedelta(days=1)}", "季度台账", "核实投诉"),
            (f"?until={today - timedelta(days=2)}", "核实投诉", "季度台账"),
            ("?kind=unmasked&q=台账", "季度台账", "核实投诉"),
        ):
            page = browser.open(RECORD + query).content.decode()
            assert shown in page and hidden not in page, query
        assert "没有这样的记录" in browser.open(RECORD + "?kind=print").content.decode()
        assert browser.open(RECORD + "?since=2026-99-99&person=x&page=0").status_code == 200

    def test_the_auditors_own_looks_are_in_it_once_in_half_an_hour(self, zhen: Person) -> None:
        browser = Browser().enter(zhen)
        for _ in range(3):
            browser.open(RECORD)
        assert Disclosure.objects.filter(kind=Kind.LOOK, person=zhen).count() == 1
        assert commands.look(actor=zhen, now=clock.now() + timedelta(minutes=31)) is not None
        assert Entry.objects.filter(what="audit.looked").count() == 2

    def test_a_page_is_a_fixed_number_of_queries(
        self, zhen: Person, gao: Person, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(8):
            taken(gao, f"第 {number} 次")
        browser = Browser().enter(zhen)
        browser.open(RECORD)
        with django_assert_max_num_queries(16):
            assert browser.open(RECORD).content.decode().count("<time") == 9


class TestExport:
    def test_leaves_with_a_reason_a_mark_and_harmless_cells_and_is_recorded(self, zhen: Person, gao: Person) -> None:
        taken(gao, "=1+1")
        answer = Browser().enter(zhen).send(RECORD + "export/", reason="upward", words="季度报告", kind="unmasked")
        assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
        one = Disclosure.objects.get(kind=Kind.RECORD)
        assert (one.person, one.count, one.words) == (zhen, 1, "季度报告") and one.number in answer[
            "Content-Disposition"
        ]
        assert Entry.objects.get(pk=one.entry_id).what == "audit.exported"
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
        assert "甄细看" in cells[0][0] and one.number in cells[0][0] and cells[-1][0] == cells[0][0]
        assert "'=1+1" in cells[2] and len(cells) == 4
        assert book.properties.creator == "甄细看" and one.number in (book.properties.description or "")

    def test_without_a_reason_nothing_leaves_and_what_was_typed_stays(self, zhen: Person) -> None:
        answer = Browser().enter(zhen).send(RECORD + "export/", reason="", words="季度报告")
        assert answer.status_code == 422 and "选一个事由" in answer.content.decode()
        assert "季度报告" in answer.content.decode() and not Disclosure.objects.filter(kind=Kind.RECORD).exists()

    def test_only_the_auditor_takes_it(self, gao: Person) -> None:
        with pytest.raises(NotAllowed):
            commands.export(actor=gao, wanted=commands.Wanted(), reason="audit", words="看一看", now=cast.MONDAY)

    def test_grounds_of_a_table_are_not_those_of_a_person(self) -> None:
        assert Ground.CONTACT not in OF_A_TABLE


def test_the_record_is_read_by_an_index(zhen: Person, gao: Person) -> None:
    """Latest first of one street: no sort of the whole table."""
    for number in range(5):
        taken(gao, f"第 {number} 次")
    sql, values = Disclosure.objects.order_by("-happened_at", "-id")[:5].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + sql, values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "audit_latest" in plan and "Sort" not in plan, plan
