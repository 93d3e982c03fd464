"""报到: a unit names who comes, or says why it cannot; and what time makes of those who say nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import saying, timing
from huipai.cases.commands.handling import WordsMissing
from huipai.cases.commands.joint import taking
from huipai.cases.fact_words import JointFact
from huipai.cases.joint_words import (
    LONGEST_ENDING,
    WORK_HOURS_FOR_THE_HUB,
    WORKDAYS_TO_CONVENE,
    CallState,
    JointAction,
    JointState,
)
from huipai.cases.models import JointTask, UnitCall
from huipai.cases.policies import joint as joint_policies
from huipai.cases.rules import joint
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Actor
from huipai.grid import queries as grid
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person
from huipai.workdays.words import Span, Unit


class NamedAlready(Moved):
    code = "joint_named_already"
    default_reason = _("同事已经报到了，要换人就选“换一个人去”")


class NotOfTheUnit(Invalid):
    code = "joint_not_of_the_unit"
    default_reason = _("选一位本单位的人")


class IsAway(Invalid):
    """Nobody would stand there: whoever stands in for them, or a colleague, is named instead."""

    code = "joint_envoy_is_away"
    default_reason = _("这位记着不在岗，选一位在岗的同事")


@transaction.atomic
def muster(*, call_id: UUID, envoy_id: UUID, actor: Person, now: datetime) -> UnitCall:
    """Name who comes for the unit: oneself or a colleague. Late is late and written so; the same name twice is once."""
    call, task = of_unit(call_id, actor, now)
    if call.state == CallState.MUSTERED:
        if call.envoy_id == envoy_id:
            return call
        raise NamedAlready
    return _name(call, task, envoy_id, actor, now)


@transaction.atomic
def send_another(*, call_id: UUID, envoy_id: UUID, actor: Person, now: datetime) -> UnitCall:
    """Another comes instead of whom the unit had named. When it mustered stays when it mustered.

    Refused once they have been there: who came is who had a hand in it, and nobody has to come any more.
    """
    call, task = of_unit(call_id, actor, now)
    if call.state != CallState.MUSTERED or task.visited_at is not None:
        raise NotNow
    return call if call.envoy_id == envoy_id else _name(call, task, envoy_id, actor, now)


def _name(call: UnitCall, task: JointTask, envoy_id: UUID, actor: Person, now: datetime) -> UnitCall:
    envoy = Person.objects.filter(pk=envoy_id).first()
    if envoy is None or not policies.acts_for(envoy, call.unit, now):
        raise NotOfTheUnit(field="envoy")
    if grid.is_away(envoy, now):
        raise IsAway(field="envoy")
    joint_policies.may_muster(envoy, task, now).require()
    instead_of = {"instead_of": str(call.envoy_id)} if call.envoy_id else {}
    call.envoy, call.state, call.excuse = envoy, CallState.MUSTERED, ""
    call.mustered_at = call.mustered_at or now
    call.save()
    taking.take(
        task, JointAction.MUSTER, part=Actor.UNIT, actor=actor, now=now, fact=JointFact.MUSTERED, unit=call.unit,
        wait_until=_until_convened(task, now), facts={"call": str(call.id), "envoy": str(envoy.id), **instead_of},
    )  # fmt: skip
    return call


def _until_convened(task: JointTask, now: datetime) -> datetime | None:
    """So long to agree on a day, from when the last that was waited for has had its time."""
    if task.state not in (JointState.WHISTLED, JointState.UNANSWERED):
        return None
    waiting = task.calls.filter(state=CallState.CALLED).order_by("-answer_by").values_list("answer_by", flat=True)
    begins = max(now, waiting[0]) if waiting else now
    return timing.until(begins, Span(WORKDAYS_TO_CONVENE, Unit.WORKDAYS)) or begins + timedelta(days=7)


@transaction.atomic
def decline(*, call_id: UUID, called_at: datetime | None, actor: Person, text: str, now: datetime) -> UnitCall:
    """Say why the unit cannot come. It stays written; the community may call it again.

    It answers the call of that time: sent again after another it is what was said before, and no answer to the new one.
    """
    call, task = of_unit(call_id, actor, now)
    said = saying.within(text, LONGEST_ENDING)
    is_said = bool(said) and call.excuse == said
    if is_said and (call.state == CallState.DECLINED or call.called_at != called_at):
        return call
    if call.called_at != called_at or call.state not in (CallState.CALLED, CallState.ABSENT):
        raise NotNow
    if not said:
        raise WordsMissing(_("写一句为什么来不了，社区好另外安排"), field="text")
    call.state, call.excuse = CallState.DECLINED, said
    call.save()
    taking.take(
        task, JointAction.DECLINE, part=Actor.UNIT, actor=actor, now=now, fact=JointFact.DECLINED, unit=call.unit,
        facts={"call": str(call.id)},
    )  # fmt: skip
    fall_back_if_nobody_is_left(task, now)
    return call


@transaction.atomic
def lapse(*, task_id: UUID, now: datetime) -> JointTask:
    """What time brings: who did not muster in time is marked, nobody at all falls to the hub, standing still ends.

    Safe to run at any moment, and twice.
    """
    task = taking.locked(task_id)
    if task.state in joint.BEFORE_A_RESULT:
        mark_absent(task, now)
        fall_back_if_nobody_is_left(task, now)
    if task.wait_until is not None and task.wait_until <= now:
        _run_out(task, now)
    return task


def mark_absent(task: JointTask, now: datetime) -> None:
    """Write down of each unit whose time to muster has passed that it did not come."""
    late = task.calls.select_related("unit").filter(state=CallState.CALLED, answer_by__lte=now).order_by("unit__code")
    for call in late:
        call.state = CallState.ABSENT
        call.save(update_fields=["state"])
        taking.take(
            task, JointAction.MARK_ABSENT, part=Actor.SYSTEM, actor=None, now=now, fact=JointFact.ABSENT,
            unit=call.unit, facts={"call": str(call.id)},
        )  # fmt: skip


def fall_back_if_nobody_is_left(task: JointTask, now: datetime) -> None:
    """Nobody has come and nobody is waited for: the hub takes it over."""
    if task.state != JointState.WHISTLED or not joint.nobody_is_left(task.calls.values_list("state", flat=True)):
        return
    limit = timing.until(now, Span(WORK_HOURS_FOR_THE_HUB, Unit.WORK_HOURS)) or now + timedelta(days=3)
    taking.take(
        task, JointAction.FALL_BACK, part=Actor.SYSTEM, actor=None, now=now, fact=JointFact.FELL_BACK, wait_until=limit
    )


def _run_out(task: JointTask, now: datetime) -> None:
    if task.state == JointState.RESOLVED:
        taking.take(task, JointAction.LAPSE_RATING, part=Actor.SYSTEM, actor=None, now=now, fact=JointFact.UNRATED)
    elif task.state in joint.BEFORE_A_RESULT:
        taking.take(task, JointAction.LAPSE, part=Actor.SYSTEM, actor=None, now=now, fact=JointFact.UNRESOLVED)


def of_unit(call_id: UUID, actor: Person, now: datetime) -> tuple[UnitCall, JointTask]:
    """The call of one's own unit, with its task locked; for others it does not exist. Refuses who took another part."""
    task_id = UnitCall.objects.filter(pk=call_id).values_list("task_id", flat=True).first()
    if task_id is None:
        raise NotVisible
    task = taking.locked(task_id)
    call = UnitCall.objects.select_related("unit").get(pk=call_id)
    if not any(unit.pk == call.unit_id for unit in grid.units_of(actor, now)):
        raise NotVisible
    joint_policies.may_muster(actor, task, now).require()
    return call, task
