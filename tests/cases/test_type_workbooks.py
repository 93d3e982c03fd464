"""Kinds of cases out as a workbook and in again: cell by cell what is wrong, and nothing that it leaves out is lost."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huipai.cases import type_forms, type_sheets
from huipai.cases.commands import types
from huipai.cases.models import CaseType, StageLimit, TypeSheet
from huipai.cases.order_words import Stage
from huipai.cases.queries import types as read
from huipai.cases.rules import types as rules
from huipai.cases.rules.types import Question
from huipai.cases.type_words import RESERVED, QuestionKind
from huipai.cli.seed.plant.hub import stage_limits
from huipai.cli.seed.plant.types import LIFT, plant_types
from huipai.people.models import Person
from huipai.workdays.words import Span, Unit
from tests.cases.conftest import LITTER, PARKING, Place
from tests.cases.test_pages import as_
from tests.cases.test_types import BASE, FLOOR, NEW, OPTIONS, SMELL, changed, keeper, terms
from tests.cast import MONDAY

__all__ = ["keeper"]


def workbook(*rows: dict[str, object], asks: tuple[dict[str, object], ...] = ()) -> io.BytesIO:
    """The street's own workbook with some cells changed."""
    book = openpyxl.load_workbook(io.BytesIO(type_sheets.workbook(read.book().values())))
    for sheet, lines in zip(book.worksheets, (rows, asks), strict=True):
        headers = [cell.value for cell in sheet[1]]
        for line in lines:
            code = line.get("编码")
            at = next((r for r in range(2, sheet.max_row + 1) if code and sheet.cell(r, 1).value == code), 0)
            at = at or sheet.max_row + 1
            for name, value in line.items():
                sheet.cell(at, headers.index(name) + 1).value = value  # type: ignore[assignment]
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def said(file: io.BytesIO) -> type_sheets.Read:
    return type_sheets.read(
        file, units=read.units_in_service(), items=frozenset(read.items_at(MONDAY)), standing=read.book(),
    )  # fmt: skip


def without(*, columns: tuple[str, ...] = (), sheet: str = "") -> io.BytesIO:
    """The workbook as it goes out, less these columns or this sheet."""
    book = openpyxl.load_workbook(io.BytesIO(type_sheets.workbook(read.book().values())))
    if sheet:
        book.remove(book[sheet])
    types = book["案件类别"]
    for name in columns:
        [at] = [cell.column for cell in types[1] if str(cell.value).removesuffix("*") == name]
        types.delete_cols(at)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


class TestWorkbook:
    def test_what_goes_out_comes_back_the_same(self, here: Place, keeper: Person) -> None:
        changed(
            keeper, replace(terms(), questions=(SMELL, FLOOR), stages=((Stage.ARRIVE, Span(1, Unit.URGENT_HOURS)),))
        )
        assert said(workbook()).wanted == read.book() and not said(workbook()).problems

    def test_what_the_file_has_no_column_or_sheet_for_stays(self, here: Place, keeper: Person) -> None:
        stages = ((Stage.ARRIVE, Span(1, Unit.URGENT_HOURS)),)
        changed(keeper, replace(
            terms(), is_public=False, needs_after_photo=True, check_share=Decimal("0.25"), max_returns=1,
            questions=(SMELL,), stages=stages,
        ))  # fmt: skip
        book = read.book()
        for lost in ("邻居可见", "要办后照片", "每百件核查几件", "最多退单", "到现场时限"):
            found = said(without(columns=(lost,)))
            assert not found.problems and found.wanted == book, lost
        assert said(without(sheet="补充问题")).wanted == book
        # An empty cell of a column that is there means what the column says it means.
        assert said(workbook({"编码": LITTER, "邻居可见": None})).wanted[LITTER].is_public

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(OPTIONS, min_size=1, max_size=3))
    def test_options_come_back_with_every_comma_that_is_in_them(self, asked: list[list[str]]) -> None:
        questions = tuple(
            Question(f"q{number}", "里面有没有人，还能动吗", QuestionKind.CHOICE, tuple(options))
            for number, options in enumerate(asked)
        )
        one = replace(NEW, unit="", questions=questions)
        found = type_sheets.read(io.BytesIO(type_sheets.workbook([one])), units={}, items=frozenset())
        assert not found.problems and found.wanted == {one.code: one}
        typed = {f"ask-{at}-{name}": value for at, row in enumerate(type_forms.question_rows(questions))
                 for name, value in {**row, "required": ""}.items()}  # fmt: skip
        assert tuple(type_forms.questions_in(typed)) == questions

    def test_as_many_options_as_the_form_takes_come_back(self, here: Place, keeper: Person) -> None:
        doors = replace(SMELL, options=tuple(f"{number} 号楼门口" for number in range(1, 60)))
        changed(keeper, replace(terms(), questions=(doors,)))
        assert not said(workbook()).problems and said(workbook()).wanted == read.book()

    def test_of_the_demo_every_kind_comes_back_the_same_and_holds(self, here: Place) -> None:
        CaseType.objects.all().delete()
        plant_types()
        StageLimit.objects.bulk_create(stage_limits())
        CaseType.objects.filter(code="lift").update(questions=[one.plain() for one in LIFT])
        book = read.book()
        assert len(book) == 40 and any("，" in option for one in LIFT for option in one.options)
        assert all(
            rules.faults(one, units={}, items=frozenset({one.point_item}), taken=rules.Taken()) == []
            for one in book.values()
        )
        found = type_sheets.read(
            io.BytesIO(type_sheets.workbook(book.values())), units={},
            items=frozenset(one.point_item for one in book.values())
        )  # fmt: skip
        assert not found.problems and found.wanted == book

    @pytest.mark.parametrize(
        ("stage", "whole", "is_refused"),
        [
            ("8 工作日", "4 工作时", True), ("5 工作时", "4 工作时", True), ("4 工作时", "4 工作时", False),
            ("3 工作时", "2 紧急工作时", True), ("2 紧急工作时", "2 工作时", False), ("1 工作日", "8 工作时", False),
            ("2 工作日", "24 紧急工作时", True), ("40 工作时", "1 工作日", True), ("8 工作时", "1 工作日", False),
            ("3 自然日", "24 紧急工作时", True), ("2 自然日", "1 工作日", False), ("49 紧急工作时", "1 自然日", True),
        ],
    )  # fmt: skip
    def test_nobody_has_longer_to_come_than_to_be_done(
        self, here: Place, keeper: Person, stage: str, whole: str, is_refused: bool
    ) -> None:
        found = said(workbook({"编码": LITTER, "办完时限": whole, "到现场时限": stage}))
        assert [one.column for one in found.problems] == (["到现场时限"] if is_refused else [])
        # What comes before the clock of the unit, or after its work, may be longer.
        assert not said(workbook({"编码": LITTER, "办完时限": whole, "答复居民时限": stage})).problems

    @pytest.mark.parametrize("code", sorted(RESERVED))
    def test_a_code_that_is_an_address_of_ours_is_refused_as_that(self, here: Place, keeper: Person, code: str) -> None:
        found = said(workbook({"编码": code, "名称": "噪声", "办完时限": "4 工作时"}))
        assert [one.column for one in found.problems] == ["编码"] and "系统自己要用" in str(found.problems[0].reason)

    def test_errors_are_told_by_their_cells(self, here: Place, keeper: Person) -> None:
        found = said(
            workbook(
                {"编码": LITTER, "办完时限": "两天", "承办单位编码": "U-x"},
                {"编码": "Noise", "名称": "噪声", "办完时限": "4 工作时"},
                {"编码": "noise", "名称": "噪声", "办完时限": "4 工作时", "承办单位编码": "U-x"},
                asks=({"类别编码": "nobody", "标识": "a", "问题": "几层", "种类": "数字"},),
            )
        )
        assert {(one.table, one.column) for one in found.problems} == {
            ("案件类别", "办完时限"), ("案件类别", "编码"), ("案件类别", "承办单位编码"), ("补充问题", "类别编码"),
        }  # fmt: skip

    def test_a_wrong_cell_is_told_once_and_nowhere_else(self, here: Place, keeper: Person) -> None:
        ask = {"类别编码": LITTER, "标识": "a", "问题": "几层", "种类": "数字"}
        found = said(workbook({"编码": LITTER, "办完时限": "两天"}, asks=(ask,)))
        row = list(read.book()).index(LITTER) + 2
        assert [(one.table, one.row, one.column) for one in found.problems] == [("案件类别", row, "办完时限")]
        # Whose code cannot be read: of its questions nobody can say that they are nobody's.
        found = said(
            workbook({"编码": "Nobody", "名称": "没人", "办完时限": "4 工作时"}, asks=({**ask, "类别编码": "nobody"},))
        )
        assert [(one.table, one.column) for one in found.problems] == [("案件类别", "编码")]

    def test_of_questions_the_row_is_that_of_the_question(self, here: Place, keeper: Person) -> None:
        asks = [{"类别编码": LITTER, "标识": key, "问题": "几层", "种类": "数字"} for key in ("a", "b", "a")]
        asks.append({"类别编码": LITTER, "标识": "c", "问题": "有没有味道", "种类": "选择", "选项": "有"})
        found = said(workbook({"编码": LITTER}, asks=tuple(asks)))
        assert [(one.table, one.row, one.column) for one in found.problems] == [
            ("补充问题", 4, "标识"), ("补充问题", 5, "选项"),
        ]  # fmt: skip

    def test_full_width_digits_and_signs_are_read(self, here: Place, keeper: Person) -> None:
        found = said(
            workbook({
                "编码": LITTER, "办完时限": "４　工作时", "到现场时限": "２工作时", "重复半径（米）": "８０",
                "每百件核查几件": "５０", "国标代码": "０１／０２",
            })
        )  # fmt: skip
        one = found.wanted[LITTER]
        assert not found.problems and one.handle == Span(4, Unit.WORK_HOURS) and one.radius_m == 80
        assert one.stages == ((Stage.ARRIVE, Span(2, Unit.WORK_HOURS)),) and one.national_code == "01/02"
        assert one.check_share == Decimal("0.50")

    @pytest.mark.parametrize("share", [0.4, 12.5, 99.6, "0．5"])
    def test_a_share_is_a_whole_number_of_a_hundred_and_none_becomes_nothing(
        self, here: Place, keeper: Person, share: object
    ) -> None:
        found = said(workbook({"编码": LITTER, "每百件核查几件": share}))
        assert [(one.column, one.reason) for one in found.problems] == [("每百件核查几件", "要写整数")]

    def test_a_national_code_is_of_one_type_in_use(self, here: Place, keeper: Person) -> None:
        changed(keeper, replace(terms(PARKING), national_code="05/01"))
        taken = said(workbook({"编码": LITTER, "国标代码": "05/01"}))
        row = list(read.book()).index(LITTER) + 2
        assert [(one.row, one.column) for one in taken.problems] == [(row, "国标代码")]
        assert PARKING in taken.problems[0].reason
        twice = said(
            workbook({"编码": LITTER, "国标代码": "05/02"},
                     {"编码": "noise", "名称": "噪声", "办完时限": "4 工作时", "国标代码": "05/02"})
        )  # fmt: skip
        assert [(one.row, one.column) for one in twice.problems] == [(4, "国标代码")]
        with pytest.raises(types.TypeFault) as refused:
            changed(keeper, replace(terms(), national_code="05/01"))
        assert refused.value.field == "national_code"
        with pytest.raises(IntegrityError, match="cases_one_type_a_national_code"), transaction.atomic():
            CaseType.objects.filter(code=LITTER).update(national_code="05/01")
        changed(keeper, replace(terms(PARKING), is_active=False), seen=2)
        assert not said(workbook({"编码": LITTER, "国标代码": "05/01"})).problems, "nobody uses the other"

    def test_two_types_exchange_theirs_in_one_workbook(self, here: Place, keeper: Person) -> None:
        for code, national in ((PARKING, "05/01"), (LITTER, "05/02")):
            changed(keeper, replace(terms(code), national_code=national))
        wanted = {
            code: replace(terms(code), national_code=national)
            for code, national in ((PARKING, "05/02"), (LITTER, "05/01"))
        }
        sheet = types.keep_sheet(wanted=wanted, file_name="a.xlsx", actor=keeper, now=MONDAY)
        types.apply_sheet(sheet_id=sheet.id, actor=keeper, now=MONDAY)
        assert [terms(code).national_code for code in (PARKING, LITTER)] == ["05/02", "05/01"]
        same = types.keep_sheet(wanted=read.book(), file_name="b.xlsx", actor=keeper, now=MONDAY)
        types.apply_sheet(sheet_id=same.id, actor=keeper, now=MONDAY)
        assert read.taken().national_codes == {"05/02": PARKING, "05/01": LITTER}, "what says the same keeps its own"

    def test_a_name_is_of_one_type_in_use_however_it_is_written(self, here: Place, keeper: Person) -> None:
        named = terms(PARKING).name
        for typed in (named, f" {named[:2]}\u200b {named[2:]}"):
            with pytest.raises(types.TypeFault) as refused:
                changed(keeper, replace(terms(), name=typed))
            assert refused.value.field == "name" and PARKING in str(refused.value.reason)
        row = list(read.book()).index(LITTER) + 2
        found = said(workbook({"编码": LITTER, "名称": named}))
        assert [(one.row, one.column) for one in found.problems] == [(row, "名称")]
        twice = said(workbook(*({"编码": code, "名称": name, "办完时限": "4 工作时"}
                                for code, name in (("noise", "噪声 A"), ("sound", "噪声Ａ")))))  # fmt: skip
        assert [(one.row, one.column) for one in twice.problems] == [(5, "名称")]
        with pytest.raises(IntegrityError, match="cases_one_type_a_name"), transaction.atomic():
            CaseType.objects.filter(code=LITTER).update(name=named)
        changed(keeper, replace(terms(PARKING), is_active=False))
        changed(keeper, replace(terms(), name=named))
        with pytest.raises(types.TypeFault, match=LITTER):
            changed(keeper, replace(terms(PARKING), is_active=True), seen=2)

    def test_two_types_exchange_their_names_in_one_workbook(self, here: Place, keeper: Person) -> None:
        names = {PARKING: terms(LITTER).name, LITTER: terms(PARKING).name}
        wanted = said(workbook(*({"编码": code, "名称": name} for code, name in names.items())))
        assert not wanted.problems
        sheet = types.keep_sheet(wanted=wanted.wanted, file_name="a.xlsx", actor=keeper, now=MONDAY)
        types.apply_sheet(sheet_id=sheet.id, actor=keeper, now=MONDAY)
        assert {code: terms(code).name for code in names} == names
        assert all(terms(code).is_active for code in names)

    def test_is_shown_row_by_row_then_put_in_force_as_a_whole_and_undone_by_the_older_one(
        self, here: Place, keeper: Person
    ) -> None:
        before = read.book()
        client = as_(keeper)
        file = workbook(
            {"编码": LITTER, "办完时限": "1 工作日", "在用": "否"},
            {"编码": "noise", "名称": "噪声", "办完时限": "4 工作时"},
        )
        page = client.post(f"{BASE}excel/", {"file": SimpleUploadedFile("types.xlsx", file.read())}, follow=True)
        body = page.content.decode()
        for words in ("新加的类别", "噪声", "会改的类别", "2 工作日", "1 工作日", "不变的 1 类"):
            assert words in body
        assert read.book() == before
        address = page.redirect_chain[-1][0]
        assert client.post(address).status_code == 302
        assert client.post(address).status_code == 302  # twice is once
        assert read.book()[LITTER].handle == Span(1, Unit.WORKDAYS) and not read.book()[LITTER].is_active
        assert CaseType.objects.get(code=LITTER).edition == 2 and TypeSheet.objects.get().wanted == {}
        older = client.get(f"{address}before/").content
        again = client.post(f"{BASE}excel/", {"file": SimpleUploadedFile("old.xlsx", older)}, follow=True)
        assert "表里没有、也不动的" in again.content.decode()
        client.post(again.redirect_chain[-1][0])
        assert {code: one for code, one in read.book().items() if code in before} == before

    def test_a_wrong_cell_changes_nothing(self, here: Place, keeper: Person) -> None:
        client = as_(keeper)
        file = workbook({"编码": PARKING, "办完时限": "8 工作时"}, {"编码": LITTER, "办完时限": "两天"})
        page = client.post(f"{BASE}excel/", {"file": SimpleUploadedFile("types.xlsx", file.read())})
        assert page.status_code == 422 and "案件类别 第" in page.content.decode() and not TypeSheet.objects.exists()

    def test_what_moved_meanwhile_is_shown_again(self, here: Place, keeper: Person) -> None:
        client = as_(keeper)
        wanted = {**read.book(), LITTER: replace(terms(), radius_m=70)}
        sheet = types.keep_sheet(wanted=wanted, file_name="a.xlsx", actor=keeper, now=MONDAY)
        changed(keeper, replace(terms(), radius_m=90))
        page = client.post(f"{BASE}sheets/{sheet.id}/")
        assert page.status_code == 409 and "别人刚改过" in page.content.decode()
        assert terms().radius_m == 90

    def test_formulas_go_out_harmless(self, here: Place, keeper: Person) -> None:
        changed(keeper, replace(terms(), closing_standard="=1+1"))
        book = openpyxl.load_workbook(io.BytesIO(type_sheets.workbook(read.book().values())))
        assert any(cell.value == "'=1+1" for row in book.worksheets[0].iter_rows() for cell in row)
        assert said(workbook()).wanted[LITTER].closing_standard == "=1+1"
