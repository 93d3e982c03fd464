"""Writing Excel and CSV that no spreadsheet will run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from huipai.kit.lines import as_text
from huipai.kit.sheets.columns import SHANGHAI, Table, is_harmful


def harmless(value: object) -> object:
    """The value as a cell that no spreadsheet will run: text that begins like a formula gets a quote before it."""
    if isinstance(value, str):
        value = as_text(value)
        return f"'{value}" if is_harmful(value) else value
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    if value is None or isinstance(value, int | float | date):
        return value
    return harmless(str(value))


def write_workbook(tables: Iterable[tuple[Table, Iterable[Mapping[str, object]]]]) -> bytes:
    """An .xlsx with one sheet a table; every cell is harmless."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for table, rows in tables:
        sheet: Worksheet = book.create_sheet(table.name)
        _write_header(sheet, table)
        for row in rows:
            sheet.append([harmless(row.get(column.key)) for column in table.columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_template(tables: Iterable[Table]) -> bytes:
    """An empty workbook to fill in: headers, and a sheet that says how each column is filled in."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    chosen = list(tables)
    for table in chosen:
        sheet = book.create_sheet(table.name)
        _write_header(sheet, table)
        for row in range(2, 502):
            for place in range(1, len(table.columns) + 1):
                # Codes and telephone numbers stay as they are typed.
                sheet.cell(row=row, column=place).number_format = "@"
    notes: Worksheet = book.create_sheet(_("填写说明"))
    notes.append([_("工作表"), _("列"), _("要不要填"), _("怎么填"), _("例子")])
    for table in chosen:
        for column in table.columns:
            needed = _("要填") if column.is_needed else _("可以不填")
            notes.append([table.name, column.header, needed, str(column.hint), str(harmless(column.example) or "")])
    for letter, width in zip("ABCDE", (14, 16, 12, 60, 24), strict=True):
        notes.column_dimensions[letter].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_csv(table: Table, rows: Iterable[Mapping[str, object]]) -> bytes:
    """A CSV that Excel opens as it is: UTF-8 with its mark, every cell harmless."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.header for column in table.columns])
    for row in rows:
        cells = (harmless(row.get(column.key)) for column in table.columns)
        writer.writerow(["" if cell is None else cell for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def _write_header(sheet: Worksheet, table: Table) -> None:
    for place, column in enumerate(table.columns, start=1):
        cell = sheet.cell(row=1, column=place, value=column.header)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="EDE6D8")
        cell.alignment = Alignment(vertical="center")
        sheet.column_dimensions[get_column_letter(place)].width = max(12, len(column.header) * 2 + 4)
    sheet.freeze_panes = "A2"
