"""How a joint task ends: rated, given up, called off. What time ends is in `mustering.lapse`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases.commands import saying
from huipai.cases.commands.handling import WordsMissing
from huipai.cases.commands.joint import taking
from huipai.cases.fact_words import JointFact
from huipai.cases.joint_words import LONGEST_ENDING, JointAction, JointState
from huipai.cases.models import JointTask, UnitRating
from huipai.cases.policies import joint
from huipai.cases.rules.machine import NotNow
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid
from huipai.people.models import Person

FEW_STARS = 2
LONGEST_WORD = 200


class RateEach(Invalid):
    code = "joint_rate_each"
    default_reason = _("到现场看以前报到的每家单位都要评，1 到 5")


class SayWhy(Invalid):
    code = "joint_say_why"
    default_reason = _("评得低要写一句为什么，单位看得到")


@dataclass(frozen=True)
class Mark:
    """What the community thinks of one unit's part."""

    stars: int
    text: str = ""

    def is_as(self, stars: int, text: str) -> bool:
        return (self.stars, as_seen(self.text)) == (stars, text)


@transaction.atomic
def rate(*, task_id: UUID, actor: Person, marks: Mapping[UUID, Mark], now: datetime) -> JointTask:
    """Rate every unit that had mustered when they went there, by its call, whether it came or not: one that mustered
    afterwards could not have. Units are rated, never people; it goes into nothing else. Twice is once.
    """
    task = taking.locked(task_id)
    part = joint.part_in_joint(actor, task, now)
    if taking.is_repeat(task, JointAction.RATE, actor) and _are_as_given(marks, task):
        return task
    calls = {call.pk: call for call in task.calls.all() if call.is_rated}
    joint.may_rate(actor, [call.unit_id for call in calls.values()], now).require()
    if task.state == JointState.RESOLVED:
        _look_at(marks, set(calls))
    taking.take(task, JointAction.RATE, part=part, actor=actor, now=now, fact=JointFact.RATED)
    UnitRating.objects.bulk_create(
        UnitRating(call=call, stars=marks[id].stars, text=as_seen(marks[id].text), rated_at=now)
        for id, call in calls.items()
    )
    return task


def _are_as_given(marks: Mapping[UUID, Mark], task: JointTask) -> bool:
    """The same for each that is rated; what the form says of others is nothing."""
    given = UnitRating.objects.filter(call__task=task).values_list("call", "stars", "text")
    return all(id in marks and marks[id].is_as(stars, text) for id, stars, text in given)


def _look_at(marks: Mapping[UUID, Mark], calls: set[UUID]) -> None:
    if not calls <= set(marks) or any(not 1 <= marks[id].stars <= 5 for id in calls):
        raise RateEach(field="stars")
    if any(marks[id].stars <= FEW_STARS and not as_seen(marks[id].text) for id in calls):
        raise SayWhy(field="stars")
    if any(len(as_seen(marks[id].text)) > LONGEST_WORD for id in calls):
        raise SayWhy(_("每家写 200 字以内"), field="stars")


@transaction.atomic
def give_up(*, task_id: UUID, actor: Person, text: str, now: datetime) -> JointTask:
    """It was tried and came to nothing: said in words. The cases go on their own way. Twice is once."""
    return _end(task_id, actor, text, JointAction.GIVE_UP, JointFact.UNRESOLVED, now)


@transaction.atomic
def call_off(*, task_id: UUID, actor: Person, text: str, now: datetime) -> JointTask:
    """Nobody needs to come any more: said in words. Twice is once."""
    return _end(task_id, actor, text, JointAction.CALL_OFF, JointFact.CALLED_OFF, now)


def _end(
    task_id: UUID, actor: Person, text: str, action: JointAction, fact: JointFact, now: datetime
) -> JointTask:  # fmt: skip
    task = taking.locked(task_id)
    part = joint.part_in_joint(actor, task, now)
    if task.ended_at is not None:
        if taking.is_repeat(task, action, actor) and task.ending == as_seen(text):
            return task
        raise NotNow
    task.ending = saying.within(text, LONGEST_ENDING)
    if not task.ending:
        raise WordsMissing(_("写一句为什么，单位看得到"), field="text")
    taking.take(task, action, part=part, actor=actor, now=now, fact=fact)
    return task
