"""Reading an uploaded .xlsx or .csv: every row that is right, and a sentence for each cell that is not."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import chain, islice
from typing import IO, Any, Final

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.cell import range_boundaries
from openpyxl.xml.functions import iterparse

from huipai.kit.lines import as_seen, as_text
from huipai.kit.sheets.columns import FAILED, Column, NotATable, Problem, Row, Rows, Table, Wrong, is_harmful
from huipai.kit.zipped import UNREADABLE

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_UNPACKED: Final = 200 * 1024 * 1024
MAX_PARTS: Final = 500
MAX_COLUMNS: Final = 100
MAX_CELL: Final = 2000
# Blank lines and a title may stand above the names of the columns, within so many lines.
HEADED_WITHIN: Final = 10
DELIMITERS: Final = ",;\t"
# A formula whose result the file does not hold; no cell that was read says this, for control signs are taken out of it.
UNCOUNTED: Final = "\x00"
# A cell that another one covers: Excel keeps what the upper left one says, and nothing in this one.
COVERED: Final = "\x00covered"
MOST_MERGED: Final = 1000
# A new workbook with a password lies in a file of the old form, which names its part so.
_ENCRYPTED: Final = "EncryptedPackage\0".encode("utf-16-le")
_MERGED_TAG: Final = re.compile(rb"<(?:[A-Za-z0-9_]+:)?mergeCell[\s>/]")
_FORMULA_TAG: Final = re.compile(rb"<(?:[A-Za-z0-9_]+:)?f[\s>/]")


def read(file: IO[bytes], *, tables: Sequence[Table]) -> dict[str, Rows]:
    """Read the declared tables from an uploaded .xlsx or .csv.

    Raises `NotATable` when the file as a whole cannot be read; what is wrong with single cells is in `problems`.
    """
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise NotATable(_("文件超过 %(size)s MB，分成几个再传") % {"size": MAX_BYTES // 1024 // 1024})
    if not content:
        raise NotATable(_("文件是空的"))
    if content.startswith(b"PK\x03\x04"):
        return _read_workbook(content, tables)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if _ENCRYPTED in content:
            raise NotATable(_("这个文件设了打开密码，在 Excel 或 WPS 里去掉密码再选"))
        raise NotATable(_("这是旧版 Excel（.xls）文件，请另存为 .xlsx 再选"))
    return _read_csv(content, tables)


def _read_workbook(content: bytes, tables: Sequence[Table]) -> dict[str, Rows]:
    found = _refuse_bombs(content)
    book = _open(content, data_only=True)
    formulas = _open(content) if found.has_formulas else None
    try:
        sheets = {sheet.title.strip(): sheet for sheet in book.worksheets}
        said = {sheet.title.strip(): sheet for sheet in formulas.worksheets} if formulas else {}
        wanted = {table.name: sheets.get(table.name) for table in tables}
        if len(tables) == 1 and wanted[tables[0].name] is None and len(sheets) == 1:
            wanted[tables[0].name] = next(iter(sheets.values()))
        if not any(wanted.values()):
            raise NotATable(_("没有找到工作表：%(names)s") % {"names": _("、").join(wanted)})
        return {
            name: _collect(_table(tables, name), _uncovered(_cells(sheet, said), sheet if found.has_merged else None))
            for name, sheet in wanted.items()
        }
    except (KeyError, SyntaxError, *UNREADABLE) as error:
        raise NotATable(_("文件打不开，可能没传完整，再选一次")) from error
    finally:
        for each in filter(None, (book, formulas)):
            each.close()


def _open(content: bytes, **more: bool) -> Any:
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False, **more)
        for sheet in book.worksheets:
            # Where its cells end is only said: many programs write A1 whatever follows, and rows below were not read.
            sheet.reset_dimensions()
        return book
    except Exception as error:
        raise NotATable(_("文件打不开，可能没传完整，再选一次")) from error


def _table(tables: Sequence[Table], name: str) -> Table:
    return next(table for table in tables if table.name == name)


@dataclass(slots=True)
class _Found:
    """What stands in it anywhere: only then it has to be read for it."""

    has_formulas: bool = False
    has_merged: bool = False


def _refuse_bombs(content: bytes) -> _Found:
    """Refuse an archive that would unpack to more than a table can be, before any of it is unpacked or parsed."""
    found = _Found()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise NotATable(_("文件展开后太大，分成几个再传"))
            for part in parts:
                # What a part says of its size can be a lie; what comes out of it cannot. Entities are how XML explodes.
                with archive.open(part) as stream:
                    _measure(stream, found)
    except UNREADABLE as error:
        raise NotATable(_("文件打不开，可能没传完整，再选一次")) from error
    return found


def _measure(stream: IO[bytes], found: _Found) -> None:
    """Refuse what unpacks to too much; note what stands in it."""
    size, end = 0, b""
    while chunk := stream.read(1 << 20):
        size += len(chunk)
        if size > MAX_UNPACKED:
            raise NotATable(_("文件展开后太大，分成几个再传"))
        if b"<!DOCTYPE" in end + chunk or b"<!ENTITY" in end + chunk:
            raise NotATable
        found.has_formulas = found.has_formulas or _FORMULA_TAG.search(end + chunk) is not None
        found.has_merged = found.has_merged or _MERGED_TAG.search(end + chunk) is not None
        end = chunk[-40:]


def _cells(sheet: Any, formulas: Mapping[str, Any]) -> Iterator[list[str]]:
    """The rows as people see them. A formula that has no result in the file is not empty: its cell says so."""
    beside = formulas.get(sheet.title.strip()) if sheet is not None else None
    if sheet is None:
        return
    if beside is not None:
        rows = sheet.iter_rows(max_col=MAX_COLUMNS)
        for row, typed in zip(rows, beside.iter_rows(max_col=MAX_COLUMNS, values_only=True), strict=True):
            yield [_counted(cell, said) for cell, said in zip(row, typed, strict=True)]
        return
    for row in sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True):
        # People leave formats a million rows down; an empty row costs next to nothing.
        yield [_plain(cell) for cell in row] if any(cell is not None for cell in row) else []


def _uncovered(rows: Iterable[list[str]], sheet: Any) -> Iterator[list[str]]:
    """The same rows; a cell that a merged one covers says so, for it is no more empty than the one that covers it."""
    merged = _merged(sheet) if sheet is not None else []
    for number, cells in enumerate(rows, start=1):
        if any(cells):
            for top, bottom, left, right in merged:
                if top <= number <= bottom:
                    covered = range(left + (number == top), min(right, len(cells)) + 1)
                    cells = [COVERED if place in covered else cell for place, cell in enumerate(cells, start=1)]
        yield cells


def _merged(sheet: Any) -> list[tuple[int, int, int, int]]:
    """The merged ranges: first and last row, first and last column."""
    ranges: list[tuple[int, int, int, int]] = []
    with sheet._get_source() as source:
        for _event, element in iterparse(source):
            if element.tag.endswith("}mergeCell"):
                if len(ranges) >= MOST_MERGED:
                    raise NotATable(_("合并的格子太多；取消合并，每一格都写上"))
                ranges.append(_range(element.get("ref", "")))
            element.clear()
    return ranges


def _range(said: str) -> tuple[int, int, int, int]:
    try:
        left, top, right, bottom = range_boundaries(said)
    except ValueError as error:
        raise NotATable from error
    # One without rows or columns is no range of cells.
    if top is None or bottom is None or left is None or right is None:
        raise NotATable
    return top, bottom, left, right


def _counted(cell: Any, said: object) -> str:
    """A cell where formulas stand. With no value, and not the empty text (`str`) as its result, only a formula says."""
    is_without = said is not None and cell.value is None and cell.data_type != "str"
    return UNCOUNTED if is_without else _plain(cell.value)


def _plain(cell: Any) -> str:
    """A cell as the person sees it; whole numbers without the dot that Excel puts behind them."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        # As our columns are written, whatever language the pages are read in.
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d" if cell.time() == time() else "%Y-%m-%d %H:%M:%S")
    if isinstance(cell, timedelta):
        return str(cell)
    return as_seen(as_text(str(cell)))


def _read_csv(content: bytes, tables: Sequence[Table]) -> dict[str, Rows]:
    words = _decode(content)
    if "\x00" in words:
        raise NotATable
    # A title above the header has no columns.
    above = words.split("\n", HEADED_WITHIN)[:HEADED_WITHIN]
    first = next((line for line in above if any(sign in line for sign in DELIMITERS)), "")
    delimiter = max(DELIMITERS, key=first.count)
    most = max(table.most for table in tables) + 1 + HEADED_WITHIN
    lines = csv.reader(io.StringIO(words, newline=""), delimiter=delimiter)
    try:
        cells = [[_plain(cell) for cell in line] for line in _up_to(lines, most)]
    except csv.Error as error:
        raise NotATable from error
    best = max(tables, key=lambda table: _known(cells, table))
    if not _known(cells, best):
        raise NotATable(_("第一行要写列名：%(names)s") % {"names": _("、").join(c.header for c in best.columns)})
    return {table.name: _collect(table, iter(cells if table is best else [])) for table in tables}


def _known(cells: Sequence[list[str]], table: Table) -> int:
    """How many columns of this table the file names."""
    at = _headed_at(cells[:HEADED_WITHIN], table)
    return len(set(_names(cells[at])) & {column.header for column in table.columns}) if at is not None else 0


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else encoding)
        except UnicodeDecodeError:
            continue
    raise NotATable


def _up_to(lines: Iterable[list[str]], most: int) -> Iterator[list[str]]:
    for count, line in enumerate(lines):
        if count >= most:
            return
        yield line


def _collect(table: Table, lines: Iterator[list[str]]) -> Rows:
    found = Rows(table)
    numbered = enumerate(lines, start=1)
    above = list(islice(numbered, HEADED_WITHIN))
    at = _headed_at([cells for _number, cells in above], table)
    if at is None:
        return found
    header_row, header = above[at]
    places = _places(found, _names(header), header_row)
    found.columns = frozenset(places)
    if found.problems:
        return found
    filled = ((number, cells) for number, cells in chain(above[at + 1 :], numbered) if any(cells))
    for count, (row_number, cells) in enumerate(filled):
        if count >= table.most:
            found.problems.append(Problem(table.name, row_number, "", _("最多 %(count)s 行") % {"count": table.most}))
            break
        _take(found, row_number, cells, places)
    return found


def _headed_at(lines: Sequence[list[str]], table: Table) -> int | None:
    """Which of the first lines names the columns: one that names any of ours, or the first that says anything."""
    ours = {column.header for column in table.columns}
    named = (at for at, cells in enumerate(lines) if ours & set(_names(cells)))
    filled = (at for at, cells in enumerate(lines) if any(cells))
    return next(named, next(filled, None))


def _names(header: list[str]) -> list[str]:
    return [name.removesuffix("*").strip() for name in header]


def _places(found: Rows, headers: list[str], row_number: int) -> dict[str, int]:
    """Where each declared column stands; columns that nobody declared are left alone."""
    columns = found.table.columns
    for column in columns:
        if column.is_needed and column.header not in headers:
            found.complain(row_number, column.key, _("缺少这一列"))
        elif headers.count(column.header) > 1:
            found.complain(row_number, column.key, _("这一列有两个"))
    return {column.key: headers.index(column.header) for column in columns if column.header in headers}


def _take(found: Rows, row_number: int, cells: list[str], places: Mapping[str, int]) -> None:
    values: dict[str, Any] = {}
    typed: dict[str, str] = {}
    for column in found.table.columns:
        place = places.get(column.key)
        cell = cells[place] if place is not None and place < len(cells) else ""
        try:
            values[column.key] = _value(column, cell)
        except Wrong as wrong:
            found.complain(row_number, column.key, str(wrong))
            typed[column.key] = "" if cell in (UNCOUNTED, COVERED) else cell
    is_right = len(values) == len(found.table.columns)
    (found.rows if is_right else found.wrong).append(Row(row_number, values, typed))


def _value(column: Column, cell: str) -> Any:
    if not cell:
        if column.is_needed:
            raise Wrong(_("这一格要填"))
        return None
    if cell == COVERED:
        raise Wrong(_("这一格和别的格合并了，文件里只有左上角那一格有内容；取消合并，每一格都写上"))
    if cell == UNCOUNTED:
        raise Wrong(_("这一格是公式，文件里没有算好的结果；在 Excel 里打开存一次，或者把结果写成普通的字"))
    if cell in FAILED:
        raise Wrong(_("这一格的公式算错了（%(cell)s），改成正确的内容") % {"cell": cell})
    if len(cell) > MAX_CELL:
        raise Wrong(_("最多 %(count)s 个字") % {"count": MAX_CELL})
    # A cell that we once exported comes back without the quote that kept it harmless.
    return column.read(cell[1:] if cell.startswith("'") and is_harmful(cell) else cell)
