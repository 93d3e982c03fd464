"""吹哨: the community calls units by name; it and the hub can call more of them, and urge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from huipai.cases.commands import standing, stepping, timing
from huipai.cases.commands.joint import taking
from huipai.cases.fact_words import JointFact
from huipai.cases.joint_words import (
    HOURS_BETWEEN_URGES,
    HOURS_TO_MUSTER,
    LEAST_UNITS,
    LONGEST_MATTER,
    MOST_CASES,
    MOST_UNITS,
    CallState,
    JointAction,
    JointState,
)
from huipai.cases.models import Case, JointCase, JointStep, JointTask, UnitCall
from huipai.cases.policies import joint
from huipai.cases.queries import joint as joint_read
from huipai.cases.rules import machine
from huipai.cases.rules.joint import BEFORE_A_RESULT
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Action, Actor
from huipai.grid.models import GridNode, Unit
from huipai.journal import commands as journal
from huipai.journal import queries as journal_read
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, NotVisible, TooMany
from huipai.people.models import Person
from huipai.points import rules as points
from huipai.workdays.words import Span
from huipai.workdays.words import Unit as TimeUnit


class SayTheMatter(Invalid):
    code = "joint_say_the_matter"
    default_reason = _("写清楚要大家一起看什么，500 字以内")


class TwoUnits(Invalid):
    code = "joint_two_units"
    default_reason = _("至少请两家单位；只要一家，直接派单就行")


class NobodyToCome(Invalid):
    """It would be waited for in vain: nobody is appointed for it, or who is is away and nobody stands in."""

    code = "joint_nobody_to_come"
    default_reason = _("有一家单位现在没有人能来，请别的单位，或者先让它配好人")


class HowManyHours(Invalid):
    code = "joint_hours"
    default_reason = _("选一个报到的时限")


class WhistledAlready(Moved):
    """Nothing was sent: whoever wants other units calls them in the one that goes on, or ends it first."""

    code = "joint_whistled_already"
    default_reason = _("已经吹过哨，还没有收尾，这一次没有发出去。要再请一家，在那一次里叫；要从头来，先撤哨")


class CalledAlready(Moved):
    code = "joint_called_already"
    default_reason = _("这家单位已经叫过，正在等它或者已经报到")


class UrgedToMuster(TooMany):
    code = "joint_urged_just_now"
    default_reason = _("刚催过，过几个小时再催")


@transaction.atomic
def whistle(
    *, case_ids: Sequence[UUID], unit_ids: Sequence[UUID], actor: Person, matter: str, hours: int, now: datetime
) -> JointTask:
    """Call units together on one matter. Its cases go on by themselves: no order and no clock is touched.

    Refused: a case that has a response or has ended, and one on which somebody has whistled. The same in all that was
    sent, by the same person, is once.
    """
    cases = [stepping.locked(case_id) for case_id in sorted(dict.fromkeys(case_ids))[:MOST_CASES]]
    if not cases:
        raise NotVisible
    for case in cases:
        joint.may_whistle(actor, case, now).require()
    matter = _matter(matter)
    going = JointCase.objects.select_related("task", "case").filter(case__in=cases, ended_at=None).first()
    if going is not None:
        if going.task.matter == matter and _was_sent_so(going.task, actor, case_ids, unit_ids, hours):
            return going.task
        raise _why_not_again(going.task, going.case, case_ids[0])
    # As long as somebody can be urged there is something to be done together.
    if not all(machine.allows(case.state, Action.URGE) for case in cases):
        raise NotNow
    first = next(case for case in cases if case.pk == case_ids[0])
    units, answer_by = _units(unit_ids, first.node, now), _answer_by(now, hours)
    task = JointTask.objects.create(
        node=first.node, matter=matter, whistled_by=actor, whistled_at=now, muster_hours=hours, wait_until=answer_by,
    )  # fmt: skip
    ordered = [first, *(case for case in cases if case.pk != first.pk)]
    JointCase.objects.bulk_create(
        JointCase(task=task, case=case, position=position) for position, case in enumerate(ordered)
    )
    UnitCall.objects.bulk_create(
        UnitCall(task=task, unit=unit, called_at=now, answer_by=answer_by) for unit in units
    )  # fmt: skip
    step = taking.append(task, JointAction.WHISTLE, "", part=Actor.COORDINATOR, actor=actor, now=now)
    journal.record(
        what=JointFact.WHISTLED, subject=task.subject, actor_id=actor.id, now=now,
        facts={
            "cases": [str(case.id) for case in ordered], "units": [str(unit.id) for unit in units], "hours": hours,
            "answer_by": points.microseconds(answer_by),
            "step": standing.of_joint_step(step),
        },
    )  # fmt: skip
    return task


def _was_sent_so(
    task: JointTask, actor: Person, case_ids: Sequence[UUID], unit_ids: Sequence[UUID], hours: int
) -> bool:
    """Whether it was whistled by them with these, whatever was called or merged since."""
    sent = journal_read.about(task.subject).filter(what=JointFact.WHISTLED, actor_id=actor.id).first()
    return sent is not None and (sent.facts["hours"], set(sent.facts["cases"]), set(sent.facts["units"])) == (
        hours, {str(id) for id in case_ids}, {str(id) for id in unit_ids},
    )  # fmt: skip


def _why_not_again(task: JointTask, case: Case, first_id: UUID) -> WhistledAlready:
    """Says what to do: of another case of the form, of a result that waits, of one where units can still be called."""
    if case.pk != first_id:
        words = _("一起勾的 {code} 在另一次吹哨里，还没有收尾，这一次没有发出去。去掉它再吹")
        return WhistledAlready(format_lazy(words, code=case.code))
    if task.state not in BEFORE_A_RESULT:
        return WhistledAlready(_("上一次吹哨有结果了，还没有评各家单位，这一次没有发出去。评过就能再吹"))
    return WhistledAlready()


@transaction.atomic
def call(*, task_id: UUID, unit_id: UUID, actor: Person, now: datetime) -> UnitCall:
    """Call one more unit, or again one that did not come; it has as long as the others had. Twice is once."""
    task = taking.locked(task_id)
    part = joint.part_in_joint(actor, task, now)
    unit = next(iter(_reaching([unit_id], task.node)), None)
    if unit is None:
        raise TwoUnits(_("选一家单位"), field="unit")
    before = UnitCall.objects.filter(task=task, unit=unit).first()
    if before is not None and before.state in (CallState.CALLED, CallState.MUSTERED):
        if taking.is_repeat(task, JointAction.CALL, actor, unit):
            return before
        raise CalledAlready(field="unit")
    _require_somebody([unit], now)
    if before is None and task.calls.count() >= MOST_UNITS:
        raise TwoUnits(_("最多叫 12 家"), field="unit")
    answer_by = _answer_by(now, task.muster_hours)
    one = before or UnitCall(task=task, unit=unit)
    one.state, one.called_at, one.answer_by = CallState.CALLED, now, answer_by
    one.save()
    taking.take(
        task, JointAction.CALL, part=part, actor=actor, now=now, fact=JointFact.CALLED, unit=unit,
        wait_until=_not_before(task, answer_by), facts={"answer_by": points.microseconds(answer_by)},
    )  # fmt: skip
    return one


@transaction.atomic
def urge(*, task_id: UUID, actor: Person, now: datetime) -> JointTask:
    """Remind who is still waited for; at most every four hours. Pressed again within them it is once."""
    task = taking.locked(task_id)
    part = joint.part_in_joint(actor, task, now)
    since = now - timedelta(hours=HOURS_BETWEEN_URGES)
    if JointStep.objects.filter(task=task, action=JointAction.URGE, happened_at__gt=since).exists():
        if taking.is_repeat(task, JointAction.URGE, actor):
            return task
        raise UrgedToMuster
    if not task.calls.filter(state__in=(CallState.CALLED, CallState.ABSENT)).exists():
        raise NotNow
    taking.take(task, JointAction.URGE, part=part, actor=actor, now=now, fact=JointFact.URGED)
    return task


def _not_before(task: JointTask, answer_by: datetime) -> datetime:
    """Nobody's time to muster is cut short by the time-out of the task."""
    if task.state in (JointState.WHISTLED, JointState.UNANSWERED) or task.wait_until is None:
        return answer_by
    return max(task.wait_until, answer_by)


def _matter(text: str) -> str:
    matter = as_seen(text)
    if not matter or len(matter) > LONGEST_MATTER:
        raise SayTheMatter(field="text")
    return matter


def _answer_by(now: datetime, hours: int) -> datetime:
    if hours not in HOURS_TO_MUSTER:
        raise HowManyHours(field="hours")
    return timing.until(now, Span(hours, TimeUnit.WORK_HOURS)) or now + timedelta(days=1)


def _units(ids: Sequence[UUID], node: GridNode, now: datetime) -> list[Unit]:
    found = _reaching(ids, node)
    if not LEAST_UNITS <= len(found) <= MOST_UNITS:
        raise TwoUnits(field="unit")
    _require_somebody(found, now)
    return found


def _require_somebody(units: Sequence[Unit], now: datetime) -> None:
    empty = joint_read.nobody_in(units, now)
    if empty:
        names = _("、").join(unit.name for unit in empty)
        raise NobodyToCome(
            format_lazy(_("现在没有人能来：{names}。请别的单位，或者先让它配好人"), names=names), field="unit"
        )


def _reaching(ids: Sequence[UUID], node: GridNode) -> list[Unit]:
    """Those of these units that reach over the place: no other is called there, and reads what lies there."""
    return [unit for unit in joint_read.units_over(node) if unit.pk in set(ids)]


def cases_of(task: JointTask) -> list[Case]:
    """Its cases that have not ended, as they were whistled."""
    links = JointCase.objects.filter(task=task, case__ended_at=None).select_related("case").order_by("position")
    return [link.case for link in links]
