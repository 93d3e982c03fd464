"""How a kind of case, and what an edition changed, is said on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.cases.order_words import Stage
from huipai.cases.rules.types import Difference, Question, Terms, differences
from huipai.cases.type_words import QuestionKind
from huipai.grid.words import UnitKind
from huipai.workdays.words import Span, Unit

FIELDS: dict[str, str | Promise] = {
    "name": _("名称"), "hint": _("一句说明"), "everyday": _("居民常说"), "group": _("大类"),
    "national_code": _("国标代码"),
    "filing_condition": _("立案条件"), "closing_standard": _("结案标准"), "handle": _("办完时限"),
    "stages": _("其他时限"), "needs_after_photo": _("要办后照片"), "radius_m": _("重复半径（米）"),
    "is_public": _("邻居可见"), "check_share": _("每百件核查几件"), "point_item": _("积分条目"),
    "unit": _("承办单位"), "unit_kind": _("承办单位类别"), "max_returns": _("最多退单几次"), "position": _("排列"),
    "icon": _("图标"), "is_active": _("在用"), "questions": _("补充问题"),
}  # fmt: skip


def question(one: Question) -> str:
    """A question in one line, as the history tells it."""
    asked = (
        _("%(name)s（%(more)s）") % {"name": one.label, "more": _("、").join(one.options)} if one.options else one.label
    )
    needed = f" · {_('必填')}" if one.is_required else ""
    return f"{asked} · {QuestionKind(one.kind).label}{needed}"


def said(name: str, value: Any) -> str:
    """A field in words, from the plain data of an edition."""
    if value in (None, "", []):
        return str(_("没有"))
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if name == "handle":
        return Span(value[0], Unit(value[1])).words
    if name == "stages":
        return _("；").join(f"{Stage(stage).label} {Span(amount, Unit(unit)).words}" for stage, amount, unit in value)
    if name == "questions":
        return _("；").join(question(Question.of(one)) for one in value)
    if name == "check_share":
        return f"{float(value) * 100:g}"
    return str(UnitKind(value).label) if name == "unit_kind" else str(value)


def told(one: Difference) -> dict[str, str]:
    return {
        "field": str(FIELDS.get(one.field, one.field)),
        "before": said(one.field, one.before),
        "after": said(one.field, one.after),
    }


def plan(wanted: Mapping[str, Terms], there: Mapping[str, Terms]) -> dict[str, Any]:
    """What a workbook would do, row by row: new, changed, the same; and what it leaves alone."""
    new, changed, same = [], [], 0
    for code, terms in wanted.items():
        if code not in there:
            new.append(terms)
            continue
        found = differences(there[code], terms)
        if found:
            changed.append({"terms": terms, "changes": [told(one) for one in found]})
        else:
            same += 1
    left = [terms for code, terms in there.items() if code not in wanted and terms.is_active]
    return {"new": new, "changed": changed, "same": same, "left": left, "does": bool(new or changed)}
