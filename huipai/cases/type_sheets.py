"""The columns of the workbook of case types, out and in: a sheet of types, a sheet of what is asked besides."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import IO, Any, Final
from unicodedata import normalize

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huipai.cases.order_words import Stage
from huipai.cases.rules.types import (
    LONGEST_OPTIONS,
    LONGEST_RULE,
    Question,
    Taken,
    Terms,
    faults,
    name_read,
    options_in,
    options_out,
)
from huipai.cases.type_words import ICONS, QuestionKind
from huipai.grid.words import UnitKind
from huipai.kit import sheets
from huipai.kit.sheets import Column, Problem, Row, Rows, Table, Wrong
from huipai.workdays.words import Span, Unit

_UNITS: Final = {
    "工作日": Unit.WORKDAYS, "工作时": Unit.WORK_HOURS, "紧急工作时": Unit.URGENT_HOURS,
    "自然日": Unit.CALENDAR_DAYS,
}  # fmt: skip
_UNIT_WORDS: Final = {unit: word for word, unit in _UNITS.items()}
_STAGES: Final = {
    Stage.ACCEPT: "受理时限", Stage.FILE: "立案时限", Stage.DISPATCH: "派单时限", Stage.SIGN: "签收时限",
    Stage.ARRIVE: "到现场时限", Stage.ANSWER: "答复居民时限",
}  # fmt: skip
_KINDS: Final = {
    "物业": UnitKind.PROPERTY, "城管": UnitKind.CITY_MANAGEMENT, "派出所": UnitKind.POLICE, "环卫": UnitKind.SANITATION,
    "绿化": UnitKind.GREENERY, "水电气": UnitKind.UTILITY, "市场监管": UnitKind.MARKET, "科室": UnitKind.DEPARTMENT,
    "社区居委会": UnitKind.COMMUNITY, "共建单位": UnitKind.PARTNER, "其他单位": UnitKind.OTHER,
}  # fmt: skip
_KIND_WORDS: Final = {kind.value: word for word, kind in _KINDS.items()}
_YES_NO: Final = {"是": True, "否": False}
_ASKS: Final = {"文字": QuestionKind.TEXT, "选择": QuestionKind.CHOICE, "数字": QuestionKind.NUMBER}
_ASK_WORDS: Final = {kind: word for word, kind in _ASKS.items()}


def _limit(cell: str) -> Span:
    """A limit as people write it: 4 工作时, 2工作日."""
    found = re.fullmatch(r"([0-9]{1,3})\s*(工作日|工作时|紧急工作时|自然日)", cell)
    if not found:
        raise Wrong(_("写成「4 工作时」这样，单位是工作日、工作时、紧急工作时或自然日"))
    return Span(int(found[1]), _UNITS[found[2]])


_LIMIT = sheets.plain_signs(_limit)


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    read = sheets.number(lowest, highest)

    def whole(cell: str) -> int:
        value = read(cell)
        if value != int(value):
            raise Wrong(_("要写整数"))
        return int(value)

    return whole


def _said(span: Span) -> str:
    return f"{int(span.amount)} {_UNIT_WORDS[span.unit]}"


_CODE = sheets.plain_signs(
    sheets.matching(r"[a-z][a-z0-9_-]{0,39}", gettext_lazy("编码用小写字母开头，只写小写字母、数字、短横和下划线"))
)
_SIGNS = sheets.plain_signs(sheets.text(16))

TYPES: Final = Table(
    "案件类别",
    (
        Column("code", "编码", _CODE, hint="一类一个，用过就不改", example="litter"),
        Column("name", "名称", sheets.text(30), example="垃圾堆放"),
        Column("hint", "一句说明", sheets.text(60), is_needed=False, hint="居民选类别时看到", example="路边成堆的垃圾"),
        Column(
            "everyday",
            "居民常说",
            sheets.text(LONGEST_RULE),
            is_needed=False,
            hint="用顿号隔开，提类别时认得出来",
            example="乱扔垃圾",
        ),
        Column("group", "大类", sheets.text(30), is_needed=False, example="市容环境"),
        Column("national_code", "国标代码", _SIGNS, is_needed=False, hint="GB/T 30428，由街道核对后填，一类一个"),
        Column("filing_condition", "立案条件", sheets.text(LONGEST_RULE), is_needed=False),
        Column("closing_standard", "结案标准", sheets.text(LONGEST_RULE), is_needed=False, hint="办到什么样算好"),
        Column("handle", "办完时限", _LIMIT, hint="数字加单位", example="4 工作时"),
        *(
            Column(stage.value, header, _LIMIT, is_needed=False, hint="不填就用通常的")
            for stage, header in _STAGES.items()
        ),
        Column("needs_after_photo", "要办后照片", sheets.choice(_YES_NO), is_needed=False, example="否"),
        Column("radius_m", "重复半径（米）", _whole(5, 500), is_needed=False, hint="不填是 50", example="50"),
        Column("is_public", "邻居可见", sheets.choice(_YES_NO), is_needed=False, hint="不填是「是」", example="是"),
        Column("check_share", "每百件核查几件", _whole(0, 100), is_needed=False, hint="不填是 100"),
        Column("point_item", "积分条目", sheets.plain_signs(sheets.text(13)), is_needed=False, hint="条款库里的编号"),
        Column("unit", "承办单位编码", sheets.text(40), is_needed=False),
        Column("unit_kind", "承办单位类别", sheets.choice(_KINDS), is_needed=False, hint="、".join(_KINDS)),
        Column("max_returns", "最多退单", _whole(0, 9), is_needed=False, hint="不填是 2", example="2"),
        Column("position", "排列", _whole(0, 9999), is_needed=False, hint="小的在前", example="1"),
        Column("icon", "图标", sheets.choice({name: name for name in ICONS}), is_needed=False, hint="、".join(ICONS)),
        Column("is_active", "在用", sheets.choice(_YES_NO), is_needed=False, hint="写「否」就是停用", example="是"),
    ),
    most=500,
)
QUESTIONS: Final = Table(
    "补充问题",
    (
        Column("code", "类别编码", _CODE, example="litter"),
        Column("key", "标识", _CODE, hint="同一类里不重复", example="smell"),
        Column("label", "问题", sheets.text(40), example="有没有味道"),
        Column("kind", "种类", sheets.choice(_ASKS), hint="文字、选择、数字", example="选择"),
        Column(
            "options",
            "选项",
            sheets.text(LONGEST_OPTIONS),
            is_needed=False,
            hint="用顿号隔开；逗号算选项里的字",
            example="没有、有一点、很大",
        ),
        Column("required", "必填", sheets.choice(_YES_NO), is_needed=False, hint="不填是「否」", example="否"),
    ),
)
TABLES: Final = (TYPES, QUESTIONS)


@dataclass
class Read:
    """What a workbook says, or what is wrong with it, cell by cell."""

    wanted: dict[str, Terms] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read(
    file: IO[bytes],
    *,
    units: Mapping[str, str],
    items: frozenset[str],
    standing: Mapping[str, Terms] = MappingProxyType({}),
) -> Read:
    """The types of an uploaded workbook or CSV, with a sentence for each cell that is wrong, and for no other.

    `standing`: the types as they are, by code: what the file has no column or sheet for stays as it is, and nobody gets
    the name or the national code of another.
    """
    tables = sheets.read(file, tables=TABLES)
    types, asked = tables[TYPES.name], tables[QUESTIONS.name]
    told = Read(problems=[*types.problems, *asked.problems])
    numbers: dict[str, int] = {}
    for row in types.rows:
        if row["code"] in numbers:
            _complain(told, TYPES, row.number, "code", _("这个编码在前面已经有了"))
        numbers[row["code"]] = row.number
        told.wanted[row["code"]] = _terms(row, types.columns, asked.columns, standing.get(row["code"]))
    asks = _ask(told, types, asked, numbers)
    taken = _kept(standing, told.wanted)
    for code, terms in told.wanted.items():
        for fault in faults(terms, units=units, items=items, taken=taken):
            if fault.field == "questions":
                _complain(told, QUESTIONS, asks[code][fault.question or 0], fault.part, fault.reason)
            else:
                _complain(told, TYPES, numbers[code], fault.field, fault.reason)
        taken.keep(terms)
    if not told.wanted and not told.problems:
        told.problems.append(Problem(TYPES.name, 2, "", _("表里一行也没有")))
    told.problems.sort(key=lambda one: (one.table, one.row))
    return told


def _complain(told: Read, table: Table, row: int, key: str, reason: str) -> None:
    header = next((column.header for column in table.columns if column.key == key), "")
    told.problems.append(Problem(table.name, row, header, reason))


def _ask(told: Read, types: Rows, asked: Rows, numbers: Mapping[str, int]) -> dict[str, list[int]]:
    """Give each type its questions; in which rows they stand.

    Of a type whose own row is wrong nothing more is said here: that row says it.
    """
    wrong = {_meant(row) for row in types.wrong}
    is_unread = "" in wrong or any(problem.row == 1 for problem in types.problems)
    rows: dict[str, list[int]] = {}
    for row in asked.rows:
        if row["code"] not in numbers:
            if row["code"] not in wrong and not is_unread:
                _complain(told, QUESTIONS, row.number, "code", _("「案件类别」表里没有这个编码"))
            continue
        rows.setdefault(row["code"], []).append(row.number)
        terms = told.wanted[row["code"]]
        question = Question(
            row["key"], row["label"], row["kind"], options_in(row["options"] or ""), bool(row["required"])
        )
        told.wanted[row["code"]] = replace(terms, questions=(*terms.questions, question))
    return rows


def _kept(standing: Mapping[str, Terms], wanted: Mapping[str, Terms]) -> Taken:
    """What types have now and keep, since the workbook leaves it out or says the same; wrong is who wants it."""
    kept = Taken()
    for code, now in standing.items():
        then = wanted.get(code, now)
        if not (now.is_active and then.is_active):
            continue
        if name_read(then.name) == name_read(now.name):
            kept.names[name_read(now.name)] = code
        if then.national_code and then.national_code == now.national_code:
            kept.national_codes[now.national_code] = code
    return kept


def _meant(row: Row) -> str:
    """The code of a wrong row; where the code itself is wrong, what it was meant to be as far as anybody can say."""
    return str(row.cells.get("code") or normalize("NFKC", row.typed.get("code", "")).strip().lower())


_USUAL: Final[Mapping[str, Any]] = {
    "hint": "", "everyday": "", "group": "", "national_code": "", "filing_condition": "", "closing_standard": "",
    "point_item": "",
    "unit": "", "unit_kind": "", "icon": "dots", "needs_after_photo": False, "is_public": True, "is_active": True,
    "radius_m": 50, "max_returns": 2, "position": 0,
}  # fmt: skip


def _terms(row: Row, columns: frozenset[str], asked: frozenset[str], then: Terms | None) -> Terms:
    """What a row says of its type; what there is no column for, or no sheet of questions, is as it was."""
    values = {name: usual if row[name] is None else row[name] for name, usual in _USUAL.items()}
    share = Decimal(100) if row["check_share"] is None else Decimal(str(row["check_share"]))
    said = Terms(
        code=row["code"], name=row["name"], handle=row["handle"], stages=_stages(row, columns, then),
        check_share=(share / 100).quantize(Decimal("0.01")), **{**values, "unit_kind": str(values["unit_kind"] or "")},
    )  # fmt: skip
    unsaid = ({*_USUAL, "check_share"} - columns) | (set() if asked else {"questions"})
    return replace(said, **{name: getattr(then, name) for name in unsaid}) if then else said


def _stages(row: Row, columns: frozenset[str], then: Terms | None) -> tuple[tuple[Stage, Span], ...]:
    before = dict(then.stages) if then else {}
    spans = ((stage, row[stage.value] if stage.value in columns else before.get(stage)) for stage in _STAGES)
    return tuple((stage, span) for stage, span in spans if span is not None)


def workbook(types: Iterable[Terms]) -> bytes:
    """Every type as a workbook that can be changed and read in again."""
    chosen = list(types)
    return sheets.write_workbook(
        ((TYPES, (_row(terms) for terms in chosen)), (QUESTIONS, (row for terms in chosen for row in _asks(terms))))
    )


def template() -> bytes:
    """The workbook to fill in."""
    return sheets.write_template(TABLES)


def _row(terms: Terms) -> dict[str, object]:
    said = {name: getattr(terms, name) for name in _USUAL}
    for name in ("needs_after_photo", "is_public", "is_active"):
        said[name] = "是" if said[name] else "否"
    said["unit_kind"] = _KIND_WORDS.get(terms.unit_kind, "")
    return {
        **said, "code": terms.code, "name": terms.name, "handle": _said(terms.handle),
        "check_share": float(terms.check_share * 100), **{stage.value: _said(span) for stage, span in terms.stages},
    }  # fmt: skip


def _asks(terms: Terms) -> Iterator[dict[str, object]]:
    for one in terms.questions:
        yield {
            "code": terms.code, "key": one.key, "label": one.label, "kind": _ASK_WORDS[one.kind],
            "options": options_out(one.options), "required": "是" if one.is_required else "否",
        }  # fmt: skip
