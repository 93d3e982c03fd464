"""Tables that leave the house: every one says on its face and in its properties who took it, when, and its number."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from huipai.kit.sheets.columns import SHANGHAI, Table
from huipai.kit.sheets.writing import harmless

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Mark:
    """Who took it, when, and the number by which the auditor finds it again."""

    place: str
    by: str
    number: str
    at: datetime

    @property
    def line(self) -> str:
        said = {
            "place": self.place, "by": self.by, "number": self.number,
            "at": self.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        }  # fmt: skip
        return _("%(place)s · %(by)s %(at)s导出 · 编号 %(number)s · 只为写下的事由使用，不外传") % said


def write_marked(table: Table, rows: Iterable[Mapping[str, object]], mark: Mark) -> bytes:
    """An .xlsx of one sheet, row after row without holding them all; every cell is harmless."""
    book = openpyxl.Workbook(write_only=True)
    sheet: Any = book.create_sheet(table.name)
    sheet.freeze_panes = "A3"
    for place, column in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = max(12, len(column.header) * 2 + 4)
    sheet.print_title_rows = "1:2"
    # Quoted: an ampersand begins a code in a header, and a name may hold one.
    sheet.oddHeader.left.text = sheet.oddFooter.left.text = mark.line.replace("&", "&&")
    sheet.append([harmless(mark.line)])
    sheet.append([_heading(sheet, column.header) for column in table.columns])
    for row in rows:
        sheet.append([harmless(row.get(column.key)) for column in table.columns])
    sheet.append([harmless(mark.line)])
    about = book.properties
    about.creator = about.lastModifiedBy = mark.by
    about.title, about.subject = table.name, mark.line
    about.description = about.keywords = about.identifier = mark.number
    about.created = about.modified = mark.at.astimezone(SHANGHAI).replace(tzinfo=None)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _heading(sheet: Any, words: str) -> Any:
    cell = WriteOnlyCell(sheet, value=words)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="EDE6D8")
    return cell
