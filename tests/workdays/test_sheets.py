from __future__ import annotations

import io

import pytest

from huipai.kit import sheets as kit_sheets
from huipai.workdays import sheets
from huipai.workdays.words import DayKind
from tests.workdays.test_commands import TABLE_2027

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
