"""Where a report stands, in the words for whoever reported it: a date, a place or a unit, never a person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huipai.cases import queries, step_words, telling
from huipai.cases.models import Case, Report
from huipai.cases.queries import merged, own, retention
from huipai.cases.retention_words import Kept
from huipai.cases.rules import lateness
from huipai.cases.rules.retention import last_day
from huipai.cases.whom import said_together
from huipai.cases.words import Action, State
from huipai.kit import days
from huipai.people.models import Person

_CHINA = ZoneInfo("Asia/Shanghai")
_TO_BE_SENT = frozenset({State.FILED, State.RETURNED})


@dataclass(frozen=True)
class Standing:
    """Who has it now, and what was promised."""

    who: str
    promise: str
    is_late: bool


def standing(case: Case, now: datetime) -> Standing | None:
    """Nothing once it is over, and of a part that is done and waits for its whole."""
    if case.ended_at is not None or (case.state == State.CONFIRMING and case.waits_with_its_whole):
        return None
    if case.state in (State.RESPONDED, State.CHECKING, State.CONFIRMING):
        who = case.unit.name if case.unit is not None else own.community_of(case)
        waits = (
            _("正在问上报的人解决了没有")
            if case.state == State.CONFIRMING
            else _("正在请一位没经手的人去看，看过再问您")
        )
        return Standing(_("%(who)s说办好了") % {"who": who}, waits, is_late=False)
    who = _in_hand(case) or _("%(who)s在办") % {"who": own.community_of(case)}
    late = is_late(case, now)
    return Standing(who, _promise(case, now, late), late)


def standing_for(reporter: Person, case: Case, now: datetime) -> Standing | None:
    """The same on the reporter's own page: whoever is asked reads that it is they."""
    found = standing(case, now)
    if found is None or case.state != State.CONFIRMING or own.confirmation_of(case, reporter) is None:
        return found
    return replace(found, promise=_("等您说一声解决没有"))


def is_late(case: Case, now: datetime) -> bool:
    """Whether what was promised to the reporter is over, and the clock runs; or was over before it was set aside."""
    return merged.is_told(case) and lateness.has_passed(case.due_at, now)


def _in_hand(case: Case) -> str:
    """The unit, or the hub while it looks at it or looks for a unit; nothing while it is with the community."""
    if case.unit is not None:
        return _("%(who)s在办") % {"who": case.unit.name}
    if case.state in _TO_BE_SENT:
        return _("街道联动中心在找单位来办")
    return _("街道联动中心在看") if case.state == State.VERIFYING and case.worker_id is None else ""


def _promise(case: Case, now: datetime, late: bool) -> str:
    """Until when they are answered, or when it goes on; of what is set aside both, where the answer is overdue."""
    rests = _rest(case, now)
    if rests and late:
        return _("%(promised)s；%(rests)s") % {"promised": _answer(case, now), "rests": rests}
    if rests or not late:
        return rests or _answer(case, now)
    return said_together(_answer(case, now), _more_time(case, now))


def _rest(case: Case, now: datetime) -> str:
    if case.state == State.SUSPENDED and case.wait_until is not None:
        rests = case.wait_until.astimezone(_CHINA)
        return _("先放一放，最晚 %(day)s %(time)s 接着办") % {
            "day": days.near(rests.date(), now.astimezone(_CHINA).date()), "time": f"{rests:%H:%M}"
        }  # fmt: skip
    return _("现在停着，哪天接着办会告诉您") if queries.is_paused(case) else ""


def _more_time(case: Case, now: datetime) -> str:
    """What was promised stands there; the unit has been given another day since."""
    until = own.more_time_until(case)
    if until is None or until <= now:
        return ""
    local = until.astimezone(_CHINA)
    day = days.near(local.date(), now.astimezone(_CHINA).date())
    return _("现在定在 %(day)s %(time)s 前办完") % {"day": day, "time": f"{local:%H:%M}"}


def _answer(case: Case, now: datetime) -> str:
    today = now.astimezone(_CHINA).date()
    if case.due_at is None:
        return _("放假安排还没公布，公布了就告诉您哪天前答复")
    local = case.due_at.astimezone(_CHINA)
    said = {"day": days.near(local.date(), today), "time": f"{local:%H:%M}"}
    if lateness.has_passed(case.due_at, now):
        urged = own.last_pressed_at(case)
        if urged is None:
            return _("答应 %(day)s %(time)s 前答复，已经过了") % said
        on = days.near(urged.astimezone(_CHINA).date(), today)
        return _("答应 %(day)s %(time)s 前答复，已经过了，我们%(on)s催过") % {**said, "on": on}
    return _("%(day)s %(time)s 前给您答复") % said


def keeping(case: Case, now: datetime) -> str:
    """Until when what they wrote and photographed is kept; why it is kept longer is not for them to read."""
    gone = retention.gone_of(case)
    if gone is not None:
        day = days.in_full(gone.gone_at.astimezone(_CHINA))
        return _("保存期满，%(day)s删掉了写的话、照片和附件；编号和经过还在") % {"day": day}
    held = retention.hold_on(case, now)
    if held is not None:
        return _("依法先不删，%(day)s再看") % {"day": days.in_full(held.until.astimezone(_CHINA))}
    kept = retention.class_of(case)
    if kept is None or case.ended_at is None:
        term = retention.term_of(Kept.DONE, now).days
        return ngettext(
            "您写的话、照片，办结以后保存 %(num)s 天，到期自动删掉",
            "您写的话、照片，办结以后保存 %(num)s 天，到期自动删掉",
            term,
        ) % {"num": term}
    last = last_day(case.ended_at, retention.term_of(kept, now).days).astimezone(_CHINA)
    return _("您写的话、照片保存到%(day)s，到期自动删掉；编号和经过留着") % {"day": days.in_full(last)}


def row(report: Report, viewer: Person, now: datetime, query: str, came_late: Collection[UUID]) -> dict[str, object]:
    """A line of one's own list: who has it stands below."""
    case = report.case
    told = telling.own_row(report, viewer, now, came_late)
    told |= {"href": reverse("cases:own", args=[case.code]) + query}
    return {**told, "detail": "" if case.ended_at is not None else _in_hand(case)}


def why_refused(case: Case) -> str | Promise:
    """The reason that was given, and where else to turn."""
    ended = (Action.DECLINE, Action.NOT_FILE, Action.VOID)
    last = case.transitions.filter(action__in=ended).order_by("-position").first()
    if last is None:
        return ""
    return step_words.WHERE_ELSE.get(last.reason) or step_words.NOT_FILED.get(last.reason, "")
