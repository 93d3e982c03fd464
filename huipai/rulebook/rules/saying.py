"""An item in words: each thing that it says, under its name. One list for the page, the diff and the print."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huipai.kit.verdict import Words
from huipai.rulebook.rules import formula as formulas
from huipai.rulebook.rules.burden import price
from huipai.rulebook.rules.terms import Terms
from huipai.rulebook.words import Evidence


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that an item says."""

    name: Words
    say: Callable[[Terms], str]


@dataclass(frozen=True, slots=True)
class Saying:
    """A line whose words differ between two wordings of an item; empty where there is nothing to say."""

    name: Words
    old: str
    new: str


def listed(words: Iterable[Words]) -> str:
    return _("、").join(str(word) for word in words)


def points(terms: Terms) -> str:
    if terms.formula is None:
        return ngettext("%(num)s 分", "%(num)s 分", terms.points) % {"num": terms.points}
    return _("%(formula)s，一次最多 %(points)s 分") % {
        "formula": formulas.said(terms.formula), "points": terms.points,
    }  # fmt: skip


def limits(terms: Terms) -> str:
    day, month, home, home_month = (
        terms.day_cap, terms.month_cap, terms.household_day_cap, terms.household_month_cap,
    )  # fmt: skip
    said: list[str] = []
    if day is not None:
        said.append(ngettext("一天最多 %(num)s 分", "一天最多 %(num)s 分", day) % {"num": day})
    if month is not None:
        said.append(ngettext("一个月最多 %(num)s 分", "一个月最多 %(num)s 分", month) % {"num": month})
    if home is not None:
        said.append(ngettext("一户一天最多 %(num)s 分", "一户一天最多 %(num)s 分", home) % {"num": home})
    if home_month is not None:
        said.append(
            ngettext("一户一个月最多 %(num)s 分", "一户一个月最多 %(num)s 分", home_month) % {"num": home_month}
        )
    if terms.cooldown_minutes:
        said.append(_("两次之间隔 %(span)s") % {"span": span(terms.cooldown_minutes)})
    return listed(said) or _("没有上限")


def span(minutes: int) -> str:
    """So long, in the largest whole unit."""
    if minutes % (24 * 60) == 0:
        return ngettext("%(count)s 天", "%(count)s 天", minutes // (24 * 60)) % {"count": minutes // (24 * 60)}
    if minutes % 60 == 0:
        return ngettext("%(count)s 小时", "%(count)s 小时", minutes // 60) % {"count": minutes // 60}
    return ngettext("%(count)s 分钟", "%(count)s 分钟", minutes) % {"count": minutes}


def same_deed(terms: Terms) -> str:
    if not terms.duplicate_minutes:
        return ""
    words = {"span": span(terms.duplicate_minutes), "metres": terms.duplicate_metres}
    if not terms.duplicate_metres:
        return _("%(span)s里算同一件") % words
    return _("同一地点 %(metres)s 米、%(span)s里算同一件") % words


def lasting(terms: Terms) -> str:
    if terms.lot_months is None:
        return _("一直有效")
    return ngettext(
        "%(months)s 个月后的月底到期，到期前提醒您", "%(months)s 个月后的月底到期，到期前提醒您", terms.lot_months
    ) % {"months": terms.lot_months}


def reviews(terms: Terms) -> str:
    if terms.automatic:
        return _("核实以后系统自己记上，不用您申报")
    said = _("申报以后由两个人先后看") if terms.review_levels == 2 else _("申报以后由一个人看")
    return _("%(said)s；凭签到名册的，审核的人会对名册") % {"said": said} if Evidence.ROLL in terms.evidence else said


def children(terms: Terms) -> str:
    return _("14 岁以下也计分") if terms.under_14 else _("14 岁以下不计分")


def assessed(terms: Terms) -> str:
    return _("可以用来考核工作人员") if terms.assessable else _("自愿，不用来考核任何人、任何单位")


def burden(terms: Terms) -> str:
    cost = price(terms)
    if not cost.fields:
        return _("不用谁填表")
    return _("%(fields)s 个字段 × %(people)s 人 × 每月 %(times)s 次，系统已有 %(known)s 个，每月 %(hours)s 工时") % {
        "fields": cost.fields, "people": cost.people, "times": cost.times, "known": len(cost.known),
        "hours": hours(cost.hours.numerator / cost.hours.denominator),
    }  # fmt: skip


def hours(value: float) -> str:
    """6.5, 13: at most one digit behind the point."""
    return f"{value:.1f}".removesuffix(".0")


def until(terms: Terms) -> str:
    return terms.admitted_until.isoformat() if terms.admitted_until else ""


LINES: tuple[Line, ...] = (
    Line(gettext_lazy("名称"), lambda terms: terms.title),
    Line(gettext_lazy("怎样才算"), lambda terms: terms.description),
    Line(gettext_lazy("计多少分"), points),
    Line(gettext_lazy("谁可以挣"), lambda terms: listed(each.label for each in terms.earners)),
    Line(gettext_lazy("凭什么认定"), lambda terms: listed(each.label for each in terms.evidence)),
    Line(gettext_lazy("怎么记"), reviews),
    Line(gettext_lazy("上限"), limits),
    Line(gettext_lazy("同一件事"), same_deed),
    Line(gettext_lazy("有效期"), lasting),
    Line(gettext_lazy("孩子"), children),
    Line(gettext_lazy("谁提出的"), lambda terms: terms.owner),
    Line(gettext_lazy("依据"), lambda terms: terms.legal_ground),
    Line(gettext_lazy("准入到"), until),
    Line(gettext_lazy("考核"), assessed),
    Line(gettext_lazy("要人填的"), burden),
    Line(gettext_lazy("截图里找的词"), lambda terms: listed(terms.keywords)),
)


def said(terms: Terms) -> list[tuple[Words, str]]:
    """Everything that an item says, without what there is nothing to say about."""
    return [(line.name, words) for line in LINES if (words := line.say(terms))]


def differences(before: Terms, after: Terms) -> list[Saying]:
    """The lines in which two wordings differ."""
    found = ((line.name, line.say(before), line.say(after)) for line in LINES)
    return [Saying(name, old, new) for name, old, new in found if old != new]
