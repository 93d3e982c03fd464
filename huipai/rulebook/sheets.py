"""The columns of the rulebook's workbook: the whole of it out, and in again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import IO, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huipai.kit import sheets
from huipai.kit.sheets import Column, NotATable, Rows, Table, Wrong
from huipai.rulebook.rules import EndRule, Terms, with_rest_of
from huipai.rulebook.rules import formula as formulas
from huipai.rulebook.rules.formula import Formula, Unreadable
from huipai.rulebook.words import (
    BOUNDS,
    CODE,
    END_NOTICE,
    END_REDEEM,
    LONGEST_WORD,
    MOST_WORDS,
    NUMBERS,
    Earner,
    Evidence,
    Port,
)

_PORTS: Final = sheets.written(Port)
_YES: Final = {"是": True, "否": False}


def _several(words: dict[str, Any]) -> Any:
    def read(cell: str) -> tuple[Any, ...]:
        parts = [part.strip() for part in cell.replace("，", "、").replace(",", "、").split("、") if part.strip()]
        unknown = [part for part in parts if part not in words]
        if unknown:
            raise Wrong(_("没有「%(word)s」，只能写：%(words)s") % {"word": unknown[0], "words": _("、").join(words)})
        return tuple(dict.fromkeys(words[part] for part in parts))

    return read


def _words(longest: int) -> Any:
    def read(cell: str) -> tuple[str, ...]:
        parts = [part.strip() for part in cell.replace("，", "、").replace(",", "、").split("、") if part.strip()]
        if any(len(part) > longest for part in parts):
            raise Wrong(_("每个词最多 %(count)s 个字") % {"count": longest})
        if len(parts) > MOST_WORDS:
            raise Wrong(_("最多写 %(most)s 个") % {"most": MOST_WORDS})
        return tuple(dict.fromkeys(parts))

    return read


def _whole(name: str) -> Any:
    return _integer(*BOUNDS[name])


def _integer(lowest: int, highest: int) -> Any:
    read_number = sheets.number(lowest, highest)

    def read(cell: str) -> int:
        value = read_number(cell)
        if value != int(value):
            raise Wrong(_("要写整数"))
        return int(value)

    return read


def _formula(cell: str) -> Formula:
    try:
        return formulas.parse(cell)
    except Unreadable as refusal:
        raise Wrong(refusal.reason) from refusal


_CODE = sheets.matching(CODE, gettext_lazy("编号写成 woodpecker-03 这样"))
_EARNERS: Final = sheets.written(Earner)
_EVIDENCE: Final = sheets.written(Evidence)

ITEMS: Final = Table(
    "计分条目",
    (
        Column("code", "编号", _CODE, example="woodpecker-03"),
        Column("port", "端口", sheets.choice(_PORTS), hint="、".join(_PORTS), example="啄木鸟"),
        Column("title", "名称", sheets.text(40), example="路上乱停乱摆"),
        Column("description", "怎样才算", sheets.text(400), example="报车辆乱停，核查属实计 5 分。"),
        Column("points", "分数", _whole("points"), hint="有算法时是一次最多的分", example="5"),
        Column("formula", "算法", _formula, is_needed=False, hint="小时、人数、件数，加减乘除，取小、取大、取整",
               example="取小(小时 × 5, 10)"),
        Column("earners", "谁可以挣", _several(_EARNERS), hint="、".join(_EARNERS), example="居民、兼职网格员"),
        Column("evidence", "凭什么认定", _several(_EVIDENCE), hint="、".join(_EVIDENCE), example="照片、有人证实"),
        Column("keywords", "截图里找的词", _words(LONGEST_WORD), is_needed=False, example="防骗、提醒"),
        Column("day_cap", "一天最多", _whole("day_cap"), is_needed=False, hint="不填就是不限"),
        Column("month_cap", "一个月最多", _whole("month_cap"), is_needed=False),
        Column("household_day_cap", "一户一天最多", _whole("household_day_cap"), is_needed=False),
        Column("household_month_cap", "一户一个月最多", _whole("household_month_cap"), is_needed=False),
        Column("cooldown_minutes", "间隔分钟", _whole("cooldown_minutes"), is_needed=False, hint="两次之间至少隔多久"),
        Column("duplicate_minutes", "同一件分钟", _whole("duplicate_minutes"), is_needed=False,
               hint="这么久里算同一件事"),
        Column("duplicate_metres", "同一件米数", _whole("duplicate_metres"), is_needed=False),
        Column("review_levels", "审几道", _whole("review_levels"), is_needed=False, hint="1 或 2，不填就是 1"),
        Column("lot_months", "有效月数", _whole("lot_months"), is_needed=False, hint="不填就是一直有效"),
        Column("under_14", "14 岁以下", sheets.choice(_YES), hint="是、否", example="否"),
        Column("owner", "谁提出的", sheets.text(40), example="街道综合执法办"),
        Column("legal_ground", "依据", sheets.text(200), hint="文件和第几条", example="《道路交通安全法》"),
        Column("admitted_until", "准入到", sheets.day, is_needed=False, example="2027-07-01"),
        Column("assessable", "可以考核", sheets.choice(_YES), hint="是、否", example="否"),
        Column("automatic", "系统自己记", sheets.choice(_YES), hint="是、否", example="否"),
        Column("asked_fields", "要人填的字段", _words(LONGEST_WORD), is_needed=False),
        Column("asked_people", "多少人填", _whole("asked_people"), is_needed=False),
        Column("asked_times", "每月几次", _whole("asked_times"), is_needed=False),
        Column("why", "为什么", sheets.text(200), is_needed=False, hint="新的、改了的都要写"),
    ),
    most=len(Port) * len(NUMBERS),
)  # fmt: skip


ENDING: Final = Table(
    "积分要停",
    (
        Column("notice_days", "提前几天告诉大家", _integer(*END_NOTICE), example="30"),
        Column("redeem_days", "停止记分后几天能换", _integer(*END_REDEEM), example="90"),
    ),
)


def read(file: IO[bytes]) -> Rows:
    """The items of an uploaded workbook or CSV, with a sentence for each cell that is wrong."""
    return sheets.read(file, tables=[ITEMS])["计分条目"]


def read_ending(file: IO[bytes]) -> Rows:
    """What the same workbook says of the scheme's end: one row, or none where it says nothing."""
    file.seek(0)
    try:
        found = sheets.read(file, tables=[ITEMS, ENDING])["积分要停"]
    except NotATable:  # one table under any name is the items
        return Rows(ENDING)
    for row in found.rows[1:]:
        found.complain(row.number, "notice_days", _("只写一行"))
    return found


def end_rule_of(rows: Rows) -> EndRule | None:
    """What a right row says."""
    return EndRule(**rows.rows[0].cells) if rows.rows else None


def terms_of(row: sheets.Row, columns: frozenset[str], then: Terms | None) -> Terms:
    """What a right row says; what its file has no column for is as it was `then`.

    A program that cuts hidden columns off must not lift a cap.
    """
    given = {key: value for key, value in row.cells.items() if value is not None}
    said = Terms(**{"lot_months": None, **given})
    return with_rest_of(then, said, lacking(columns))


def lacking(columns: frozenset[str]) -> list[str]:
    """What of an item a file with these columns says nothing of."""
    return [column.key for column in ITEMS.columns if column.key not in columns]


def workbook(items: Iterable[Terms], rule: EndRule) -> bytes:
    """These items and this rule as a workbook that `read` and `read_ending` read back to the same."""
    return sheets.write_workbook([(ITEMS, [_row(terms) for terms in items]), (ENDING, [asdict(rule)])])


def template() -> bytes:
    """The workbook to fill in."""
    return sheets.write_template([ITEMS, ENDING])


def _row(terms: Terms) -> dict[str, object]:
    yes = {True: "是", False: "否"}
    spelled = {choice: words for known in (_PORTS, _EARNERS, _EVIDENCE) for words, choice in known.items()}
    return {
        **{column.key: getattr(terms, column.key) for column in ITEMS.columns},
        "port": spelled[terms.port],
        "formula": formulas.words(terms.formula) if terms.formula is not None else None,
        "earners": "、".join(spelled[each] for each in terms.earners),
        "evidence": "、".join(spelled[each] for each in terms.evidence),
        "keywords": "、".join(terms.keywords),
        "asked_fields": "、".join(terms.asked_fields),
        "under_14": yes[terms.under_14],
        "assessable": yes[terms.assessable],
        "automatic": yes[terms.automatic],
    }
