"""Declared columns, and what a cell of them may say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Final
from unicodedata import normalize
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl.cell.cell import ERROR_CODES

from huipai.kit.language import speaking
from huipai.kit.verdict import Invalid, Words

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
# What a spreadsheet would run when a cell begins with it; full-width signs are turned into these by some.
FORMULA: Final = re.compile(r"^[\s\u00a0\u3000]*[=+\-@＝＋－＠]|^[\t\r]")
# What it would take for the result of a formula that went wrong.
FAILED: Final = frozenset(ERROR_CODES)


def is_harmful(words: str) -> bool:
    """Whether a cell with these words has a quote before it, so that a spreadsheet takes them for words.

    Words that begin with quotes before such are no exception: else they would come back without one.
    """
    bare = words.lstrip("'")
    return FORMULA.match(bare) is not None or bare in FAILED


class NotATable(Invalid):
    code = "not_a_table"
    default_reason = gettext_lazy("这不是 Excel（.xlsx）或 CSV 文件，另存一次再选")


class Wrong(Exception):
    """A cell does not say what its column asks for; the words are for the person."""


Reader = Callable[[str], Any]


@dataclass(frozen=True)
class Column:
    """One declared column: the key in our code, the header that people read, and what a cell may say."""

    key: str
    header: str
    read: Reader
    is_needed: bool = True
    # One line for the template: how to fill it in.
    hint: str = ""
    example: str = ""


@dataclass(frozen=True)
class Table:
    """One sheet of a workbook, or a CSV."""

    name: str
    columns: tuple[Column, ...]
    # The rows that it can hold at all; the first one past them is said, and nothing behind it is looked at.
    most: int = 50_000


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: the row as the spreadsheet numbers it (the header is row 1)."""

    table: str
    row: int
    column: str
    reason: str


@dataclass(frozen=True)
class Row:
    number: int
    cells: Mapping[str, Any]
    # As it was typed, of what could not be read.
    typed: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Any:
        return self.cells[key]


@dataclass
class Rows:
    """What a table held. A row with an error is not among the rows; what could be read of it is in `wrong`."""

    table: Table
    rows: list[Row] = field(default_factory=list)
    wrong: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # By key, which declared columns the file has: of the others it says nothing. None where the sheet is missing.
    columns: frozenset[str] = frozenset()

    def complain(self, row: int, key: str, reason: str) -> None:
        header = next((column.header for column in self.table.columns if column.key == key), key)
        self.problems.append(Problem(self.table.name, row, header, reason))


def plain_signs(read: Reader) -> Reader:
    """The same, where full-width digits, letters and signs are as good as the plain ones: input methods leave both."""

    def read_plain(cell: str) -> Any:
        return read(normalize("NFKC", cell).strip())

    return read_plain


def text(longest: int) -> Reader:
    def read(cell: str) -> str:
        if len(cell) > longest:
            raise Wrong(_("最多 %(count)s 个字") % {"count": longest})
        return cell

    return read


def matching(pattern: str, reason: Words) -> Reader:
    compiled = re.compile(pattern)

    def read(cell: str) -> str:
        if not compiled.fullmatch(cell):
            raise Wrong(str(reason))
        return cell

    return read


def written(choices: Iterable[Any]) -> dict[str, Any]:
    """Choices by their words as a workbook spells them: in Chinese, like its headers, whoever reads or writes it."""
    with speaking("zh-hans"):
        return {str(each.label): each for each in choices}


def choice(words: Mapping[str, Any]) -> Reader:
    """One of the words people know, as the value that our code knows."""

    def read(cell: str) -> Any:
        if cell not in words:
            raise Wrong(_("只能写：%(words)s") % {"words": _("、").join(words)})
        return words[cell]

    return read


def number(lowest: float, highest: float) -> Reader:
    def read(cell: str) -> float:
        cell = normalize("NFKC", cell).strip()
        if not re.fullmatch(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?", cell):
            raise Wrong(_("要写数字"))
        value = float(cell)
        if not lowest <= value <= highest:
            raise Wrong(_("要在 %(lowest)s 到 %(highest)s 之间") % {"lowest": lowest, "highest": highest})
        return value

    return read


def day(cell: str) -> date:
    """A calendar day as people write it: 2026-07-01, 2026/7/1, 2026年7月1日, 20260701, ２０２６－０７－０１."""
    cell = normalize("NFKC", cell)
    found = re.fullmatch(
        r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00)?)?", cell, re.ASCII
    )
    try:
        if found:
            return date(*map(int, found.groups()))
    except ValueError:
        pass
    raise Wrong(_("日期写成 2026-07-01 这样"))


def beginning_of(a_day: date) -> datetime:
    """The first instant of a day in China."""
    return datetime.combine(a_day, time(), tzinfo=SHANGHAI).astimezone(UTC)
