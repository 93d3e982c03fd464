"""Whom a fact about a case concerns, and until when they are promised an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from huipai.cases import queries
from huipai.cases.models import Case, Report
from huipai.cases.order_words import ExtensionGround
from huipai.cases.rules import lateness
from huipai.cases.words import ReportState
from huipai.grid.models import Assignment, GridNode, Unit
from huipai.grid.words import UNIT_ROLES
from huipai.journal.models import Entry
from huipai.kit import days
from huipai.people.words import Role

_CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Telling:
    """Whom to tell, which kind of notice, and what it is made from when it is read."""

    to: list[UUID]
    kind: str
    params: Mapping[str, object]
    # What it is about, where that is not what the entry is about.
    subject: str = ""


Teller = Callable[[Entry, Case, datetime], Telling]


def reporters(entry: Entry, case: Case, now: datetime, **more: object) -> Telling:
    """Everybody who reported it and did not take it back; of a part that was split off nobody, unless it goes alone."""
    reports = queries.heard_reports(case).exclude(state=ReportState.WITHDRAWN).order_by("received_at", "id")
    return Telling(list(reports.values_list("reporter_id", flat=True)), entry.what, {"code": case.code, **more})


def reporters_of_a_part_too(entry: Entry, case: Case, now: datetime, **more: object) -> Telling:
    """The same; of a part also everybody who reported the whole: it is refused or takes longer."""
    if case.parent_id is None or case.goes_alone:
        return reporters(entry, case, now, **more)
    of_whole = Report.objects.filter(case=case.parent_id).exclude(state=ReportState.WITHDRAWN)
    to = dict.fromkeys(of_whole.order_by("received_at", "id").values_list("reporter_id", flat=True))
    return Telling(list(to), entry.what, {"code": case.code, "part": True, **more})


def community(case: Case, now: datetime) -> list[UUID]:
    """Coordinators over the case's place and the dispatchers of the street; who stands in for them while away."""
    return over(case.node, (Role.COORDINATOR, Role.DISPATCHER), now)


def hub(case: Case, now: datetime) -> list[UUID]:
    """The dispatchers; where a street has none, whoever coordinates."""
    return over(case.node, (Role.DISPATCHER,), now) or community(case, now)


def over(node: GridNode, roles: tuple[Role, ...], now: datetime) -> list[UUID]:
    """Who attends to a place in one of these roles; who stands in for them while away."""
    held = Assignment.objects.attended(now).filter(role__in=roles, node__in=[*node.ids_above(), node.pk])
    return [one.acting.id for one in held.select_related("person", "deputy").order_by("id")]


def of_unit(unit_id: UUID, now: datetime) -> list[UUID]:
    """Who acts for a unit, whoever is there."""
    return _acting(unit_id, UNIT_ROLES, now)


def leads_of(unit_id: UUID, now: datetime) -> list[UUID]:
    """Who leads a unit; where it has no lead, everybody who acts for it."""
    return _acting(unit_id, (Role.UNIT_LEAD,), now) or of_unit(unit_id, now)


def _acting(unit_id: UUID, roles: tuple[Role, ...], now: datetime) -> list[UUID]:
    held = Assignment.objects.attended(now).filter(role__in=roles, unit=unit_id)
    return [one.acting.id for one in held.select_related("person", "deputy").order_by("id")]


def unit_name(entry: Entry) -> str:
    """What the unit of a step is called; an office, not a person."""
    id = entry.facts.get("unit")
    name = Unit.objects.filter(pk=UUID(str(id))).values_list("name", flat=True).first() if id else None
    return name or ""


def because(params: Mapping[str, object]) -> str:
    """The legal ground on which somebody has to wait, as it is said."""
    ground = str(params.get("reason", ""))
    return _("原因：%(ground)s") % {"ground": ExtensionGround(ground).label} if ground in ExtensionGround.values else ""


def of_a_part(params: Mapping[str, object]) -> str:
    """That it is told of a part, to whoever reported the whole."""
    return _("说的是您报的事里分开办的一部分") if params.get("part") else ""


def said_together(*said: str) -> str:
    return _("；").join(one for one in said if one)


def unchecked(case: Case) -> dict[str, object]:
    """What a notice of the close keeps of a case that the lot left unchecked (ruling 9)."""
    return {"unchecked": True} if case.is_unchecked else {}


def with_unchecked(title: str | Promise, params: Mapping[str, object]) -> str | Promise:
    """The title of a close; one without a check says so."""
    return _("%(title)s，未经核查") % {"title": title} if params.get("unchecked") else title


def promised(case: Case, now: datetime) -> dict[str, object]:
    """What a notice keeps of the promise: its day, and whether that was over already when it was written."""
    if case.due_at is None:
        return {}
    over = {"over": True} if lateness.has_passed(case.due_at, now) else {}
    return {"due": int(case.due_at.timestamp()), **over}


def answer_by(params: Mapping[str, object]) -> str:
    """The promise, as a date and an hour: what was promised then stays true whenever it is read."""
    due = params.get("due")
    if not due:
        return ""
    at = datetime.fromtimestamp(int(str(due)), _CHINA)
    said = {"day": days.of_the_year(at), "time": f"{at:%H:%M}"}
    if params.get("over"):
        return _("答应 %(day)s %(time)s 前答复，已经过了") % said
    return _("答应 %(day)s %(time)s 前给您答复") % said


def moment_of(moment: int) -> str:
    """A day and an hour, as they are said."""
    at = datetime.fromtimestamp(moment, _CHINA)
    return _("%(day)s %(time)s") % {"day": days.of_the_year(at), "time": f"{at:%H:%M}"}


def day_of(moment: int) -> str:
    """A day, as it is said."""
    return days.of_the_year(datetime.fromtimestamp(moment, _CHINA))
