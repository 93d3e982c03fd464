"""The columns of an announced table: one row a day that is not what its weekday says."""

from typing import IO

from huipai.kit import sheets
from huipai.kit.sheets import Column, Rows, Table, choice, day, text
from huipai.workdays.words import DayKind, Special

TABLE = Table(
    "工作日",
    (
        Column("day", "日期", day, hint="放假或调休上班的每一天各写一行", example="2027-01-01"),
        Column(
            "kind",
            "安排",
            choice({"休息": DayKind.HOLIDAY, "上班": DayKind.WORKDAY}),
            hint="休息 或 上班",
            example="休息",
        ),
        Column("name", "名称", text(20), is_needed=False, hint="哪个节日", example="元旦"),
    ),
)


def read(file: IO[bytes]) -> Rows:
    """The rows of an uploaded Excel or CSV, with a sentence for each cell that is wrong."""
    return sheets.read(file, tables=[TABLE])[TABLE.name]


def specials(rows: Rows) -> list[Special]:
    """The days that these rows say."""
    return [Special(row["day"], row["kind"], row["name"] or "") for row in rows.rows]
