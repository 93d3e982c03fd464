"""One step of a joint task, and what becomes of it when its cases end. Cases are locked first, then the task."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from huipai.cases.commands import standing
from huipai.cases.fact_words import JointFact
from huipai.cases.joint_words import CallState, JointAction
from huipai.cases.models import Case, JointCase, JointStep, JointTask, UnitCall
from huipai.cases.rules import joint
from huipai.cases.words import Actor
from huipai.grid.models import Unit
from huipai.journal import commands as journal
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person


def locked(task_id: UUID) -> JointTask:
    """The task, held until the transaction ends; its cases before it, so that no two wait for each other."""
    ids = JointCase.objects.filter(task=task_id).values_list("case_id", flat=True)
    list(Case.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(ids)).order_by("pk"))
    return _locked_alone(task_id)


def _locked_alone(task_id: UUID) -> JointTask:
    task = JointTask.objects.select_for_update(of=("self",), no_key=True).filter(pk=task_id).first()
    if task is None:
        raise NotVisible
    return task


def take(
    task: JointTask, action: JointAction, *, part: Actor, actor: Person | None, now: datetime, fact: JointFact,
    unit: Unit | None = None, wait_until: datetime | None = None, facts: Mapping[str, object] | None = None,
) -> JointStep:  # fmt: skip
    """Move a locked task along its table: state, time-out, step and journal change together, or nothing does.

    `wait_until` is the new time-out; without one the old one stays. An end has none. With a result, and with an end
    before one, whoever was still waited for need not come.
    """
    row = joint.step(task.state, action)
    joint.require_part(row, part)
    before, task.state = task.state, row.target or task.state
    task.wait_until = wait_until or task.wait_until
    if task.state not in joint.BEFORE_A_RESULT:
        UnitCall.objects.filter(task=task, state=CallState.CALLED).update(state=CallState.RELEASED)
    if task.state in joint.ends():
        _end(task, now)
    task.save()
    step = append(task, action, before, part=part, actor=actor, now=now, unit=unit)
    journal.record(
        what=fact, subject=task.subject, actor_id=actor.id if actor else None, now=now,
        facts={**({"unit": str(unit.id)} if unit else {}), "from": before, "to": task.state, **(facts or {}),
               "step": standing.of_joint_step(step)},
    )  # fmt: skip
    return step


def is_repeat(task: JointTask, action: JointAction, actor: Person, unit: Unit | None = None) -> bool:
    """Whether this is what `actor` did last on the task, to this unit, whatever others did since; whoever asks
    compares the words."""
    last = task.steps.filter(actor=actor).order_by("-position").first()
    if last is None or last.action != action:
        return False
    return unit is None or last.unit_id == unit.id


def _end(task: JointTask, now: datetime) -> None:
    """Its cases are free for another whistle."""
    task.wait_until, task.ended_at = None, now
    JointCase.objects.filter(task=task, ended_at=None).update(ended_at=now)


def append(
    task: JointTask, action: JointAction, before: str, *, part: Actor, actor: Person | None, now: datetime,
    unit: Unit | None = None,
) -> JointStep:  # fmt: skip
    last = task.steps.aggregate(last=Max("position"))["last"] or 0
    return JointStep.objects.create(
        task=task, position=last + 1, action=action, from_state=before, to_state=task.state, part=part, actor=actor,
        unit=unit, meets_at=task.visit_at if action == JointAction.CONVENE else None, happened_at=now,
    )  # fmt: skip


def follow(case: Case, *, now: datetime) -> None:
    """A locked case has ended: what was whistled on it goes along to where it was merged, or ends with its last case.

    A result that waits to be rated is not touched: it was there.
    """
    link = JointCase.objects.filter(case=case, ended_at=None).first()
    if link is None:
        return
    task = _locked_alone(link.task_id)
    if task.state not in joint.BEFORE_A_RESULT:
        return
    JointCase.objects.filter(pk=link.pk).update(ended_at=now)
    if case.merged_into is not None:
        _go_along(task, case, case.merged_into, now)
    if not JointCase.objects.filter(task=task, ended_at=None).exists():
        task.ending = ""
        take(task, JointAction.CALL_OFF, part=Actor.SYSTEM, actor=None, now=now, fact=JointFact.CALLED_OFF)


def _go_along(task: JointTask, case: Case, into: Case, now: datetime) -> None:
    """To the case that goes on, unless somebody has whistled on that one too."""
    if JointCase.objects.filter(case=into, ended_at=None).exists():
        return
    if JointCase.objects.filter(task=task, case=into).exists():
        JointCase.objects.filter(task=task, case=into).update(ended_at=None)
    else:
        last = JointCase.objects.filter(task=task).aggregate(last=Max("position"))["last"] or 0
        JointCase.objects.create(task=task, case=into, position=last + 1)
    journal.record(
        what=JointFact.MOVED, subject=task.subject, actor_id=None, now=now,
        facts={"case": str(case.id), "into": str(into.id)},
    )  # fmt: skip
