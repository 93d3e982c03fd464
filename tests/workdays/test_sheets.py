from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from huipai.kit import sheets as kit_sheets
from huipai.workdays import queries, sheets
from huipai.workdays.models import CalendarYear
from huipai.workdays.words import DayKind
from tests.workdays.test_commands import TABLE_2027


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    queries.forget()
    yield
    queries.forget()


ROWS = [
    {"day": special.day, "kind": "休息" if special.kind == DayKind.HOLIDAY else "上班", "name": special.name}
    for special in TABLE_2027
]


class TestRead:
    @pytest.mark.parametrize(
        "write", [kit_sheets.write_csv, lambda table, rows: kit_sheets.write_workbook([(table, rows)])]
    )
    def test_csv_and_excel_say_the_same(self, write: object) -> None:
        found = sheets.read(io.BytesIO(write(sheets.TABLE, ROWS)))  # type: ignore[operator]
        assert not found.problems
        assert sheets.specials(found) == TABLE_2027

    def test_each_wrong_cell_gets_its_row_and_sentence(self) -> None:
        content = "日期,安排,名称\n2027-01-01,休息,元旦\n2027-02-30,休息,\n2027-02-20,加班,\n".encode()
        found = sheets.read(io.BytesIO(content))
        assert [(problem.row, problem.column) for problem in found.problems] == [(3, "日期"), (4, "安排")]


@pytest.mark.django_db
class TestCommandLine:
    def test_brings_a_year_in_and_says_what_changed(self, tmp_path: Path) -> None:
        file, out = tmp_path / "2027.csv", io.StringIO()
        file.write_bytes(kit_sheets.write_csv(sheets.TABLE, ROWS))
        call_command("import_workdays", str(file), year=2027, source="通知（样例）", stdout=out)
        assert out.getvalue() == "2027, version 1; changed: 2026, 2027\n"
        assert CalendarYear.objects.get().imported_by is None

    def test_imports_nothing_when_a_row_is_wrong(self, tmp_path: Path) -> None:
        file = tmp_path / "2027.csv"
        file.write_text("日期,安排,名称\n2027-01-01,休息,元旦\n2027-02-30,休息,\n")
        with pytest.raises(CommandError, match="3 日期"):
            call_command("import_workdays", str(file), year=2027, source="x")
        assert not CalendarYear.objects.exists()

    def test_a_missing_file_and_a_cut_table_are_one_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="No such file"):
            call_command("import_workdays", str(tmp_path / "no.csv"), year=2027, source="x")
        file = tmp_path / "2027.csv"
        file.write_text("日期,安排,名称\n2027-01-01,休息,元旦\n")
        with pytest.raises(CommandError, match="2027-05-01"):
            call_command("import_workdays", str(file), year=2027, source="x")
