"""The joint visit: a day and a place, what was seen and who stood there, each unit's part, and what came of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from huipai.cases.commands import saying, stepping, timing
from huipai.cases.commands.handling import WordsMissing
from huipai.cases.commands.joint import taking
from huipai.cases.commands.joint.mustering import mark_absent, of_unit
from huipai.cases.commands.joint.whistling import cases_of
from huipai.cases.fact_words import JointFact
from huipai.cases.joint_words import (
    LONGEST_PLACE,
    MOST_DAYS_AHEAD,
    WORKDAYS_TO_RATE,
    WORKDAYS_TO_RESOLVE,
    CallState,
    JointAction,
)
from huipai.cases.models import Case, CasePhoto, JointCase, JointTask, UnitCall
from huipai.cases.policies import joint as joint_policies
from huipai.cases.queries.naming import names_somebody_of
from huipai.cases.rules import joint
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Actor, Moment
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved
from huipai.people.models import Person
from huipai.photos import commands as photos
from huipai.photos.models import Photo
from huipai.workdays.words import Span, Unit


class WhenAndWhere(Invalid):
    code = "joint_when_and_where"
    default_reason = _("写清哪天几点、在哪里碰头，30 天以内")


class VisitedAlready(NotNow):
    code = "joint_visited_already"
    default_reason = _("到现场看过已经记下了，看到什么、谁到了都改不了。要补充，写在结果里")


class WhoCame(Invalid):
    """An empty row of boxes can be forgotten, and what it says cannot be put right."""

    code = "joint_who_came"
    default_reason = _("勾一下哪几家到了现场；一家都没到，就勾“一家都没到”")


class MusteredSince(Moved):
    """Whether they came is said once, and of whom the page did not name nothing was said."""

    code = "joint_mustered_since"
    default_reason = _("您打开这一页以后，又有单位报到了。看一下还有谁到了，再记")


class VisitFirst(NotNow):
    code = "joint_visit_first"
    default_reason = _("先记下到现场看过，再写结果")


class TellsTooMuch(Invalid):
    code = "joint_tells_too_much"
    default_reason = _("这句话居民都看得到，去掉姓名、电话、邮箱、证件号和车牌")


@transaction.atomic
def convene(*, task_id: UUID, actor: Person, at: datetime | None, place: str, now: datetime) -> JointTask:
    """Agree on a day and a place, or on another one. Whoever has mustered is told. Twice is once."""
    task = taking.locked(task_id)
    part = joint_policies.part_in_joint(actor, task, now)
    place = as_seen(place)
    is_same = (task.visit_at, task.visit_place) == (at, place)
    if is_same and taking.is_repeat(task, JointAction.CONVENE, actor):
        return task
    if at is None or not now - timedelta(hours=1) <= at <= now + timedelta(days=MOST_DAYS_AHEAD):
        raise WhenAndWhere(field="at")
    if not place or len(place) > LONGEST_PLACE:
        raise WhenAndWhere(field="place_words")
    if task.visited_at is not None or not joint.allows(task.state, JointAction.CONVENE):
        raise NotNow
    if is_same:
        return task
    task.visit_at, task.visit_place = at, place
    limit = timing.until(max(at, now), Span(WORKDAYS_TO_RESOLVE, Unit.WORKDAYS)) or at + timedelta(days=10)
    taking.take(
        task, JointAction.CONVENE, part=part, actor=actor, now=now, fact=JointFact.CONVENED, wait_until=limit,
        facts={"at": int(at.timestamp())},
    )  # fmt: skip
    return task


@transaction.atomic
def visit(
    *, task_id: UUID, actor: Person, text: str, asked_of: Collection[UUID], came: Collection[UUID],
    photo_ids: tuple[UUID, ...], now: datetime,
) -> JointTask:  # fmt: skip
    """Write down what was seen together and which units stood there: of the calls that it was `asked_of`, those of whom
    had mustered, `came` are those who did.

    The same in all that was sent is once; anything else is refused.
    """
    task = taking.locked(task_id)
    part = joint_policies.part_in_joint(actor, task, now)
    is_same = (
        task.visit_note == as_seen(text) and _are_there(task, photo_ids, actor) and _stood_there(task) == set(came)
    )
    if is_same and taking.is_repeat(task, JointAction.VISIT, actor):
        return task
    if task.visited_at is not None:
        raise VisitedAlready
    there = task.calls.filter(state=CallState.MUSTERED)
    if there.exclude(pk__in=list(asked_of)).exists():
        raise MusteredSince
    task.visit_note, task.visited_at = _said(text, _("写一句现场看到了什么")), now
    there.filter(pk__in=list(came)).update(came=True)
    there.filter(came=None).update(came=False)
    taking.take(
        task, JointAction.VISIT, part=part, actor=actor, now=now, fact=JointFact.VISITED,
        facts={
            "came": there.filter(came=True).count(), "missing": there.filter(came=False).count(),
            "there": [str(id) for id in there.filter(came=True).order_by("id").values_list("id", flat=True)],
        },
    )  # fmt: skip
    if photo_ids:
        _attach(task, photo_ids, actor, Moment.VISIT, now)
    return task


@transaction.atomic
def report_part(*, call_id: UUID, actor: Person, text: str, photo_ids: tuple[UUID, ...], now: datetime) -> UnitCall:
    """What the unit has done or will do; the community puts the result together from it. Said again, it is replaced.

    The same words with the same photos are once, also where a phone sends them again after there is a result.
    """
    call, task = of_unit(call_id, actor, now)
    if call.state != CallState.MUSTERED:
        raise NotNow
    said = _said(text, _("写一句本单位办了什么"))
    if call.part == said and _are_there(task, photo_ids, actor):
        return call
    call.part, call.part_at = said, now
    call.save(update_fields=["part", "part_at"])
    taking.take(
        task, JointAction.REPORT_PART, part=Actor.UNIT, actor=actor, now=now, fact=JointFact.PART_REPORTED,
        unit=call.unit, facts={"call": str(call.id)},
    )  # fmt: skip
    if photo_ids:
        _attach(task, photo_ids, actor, Moment.VISIT, now)
    return call


@transaction.atomic
def resolve(*, task_id: UUID, actor: Person, text: str, photo_ids: tuple[UUID, ...], now: datetime) -> JointTask:
    """Say what came of it, in words for the reporter and, of a public case, for neighbours. No case is moved by it.

    A photo is one of after, of every case that goes on: whoever handles it need not take it again. Nobody is waited for
    any more: who is late is marked so, others need not come. Twice is once.
    """
    task = taking.locked(task_id)
    part = joint_policies.part_in_joint(actor, task, now)
    is_same = task.result == as_seen(text) and _are_there(task, photo_ids, actor)
    if is_same and taking.is_repeat(task, JointAction.RESOLVE, actor):
        return task
    if joint.allows(task.state, JointAction.RESOLVE) and task.visited_at is None:
        raise VisitFirst
    said = _said(text, _("写一句有什么结果，居民看得到"))
    if joint.tells_too_much(said) or any(names_somebody_of(said, case) for case in _cases_of(task)):
        raise TellsTooMuch(field="text")
    if joint.allows(task.state, JointAction.RESOLVE):
        mark_absent(task, now)
    task.result, task.resolved_at = said, now
    limit = timing.until(now, Span(WORKDAYS_TO_RATE, Unit.WORKDAYS)) or now + timedelta(days=7)
    taking.take(
        task, JointAction.RESOLVE, part=part, actor=actor, now=now, fact=JointFact.RESOLVED, wait_until=limit,
        facts={"words": sha256(said.encode()).hexdigest()},
    )  # fmt: skip
    if photo_ids:
        _attach(task, photo_ids, actor, Moment.AFTER, now)
    return task


def _cases_of(task: JointTask) -> QuerySet[Case]:
    return Case.objects.filter(pk__in=JointCase.objects.filter(task=task).values("case"))


def _said(text: str, missing: object) -> str:
    said = saying.within(text)
    if not said:
        raise WordsMissing(missing, field="text")  # type: ignore[arg-type]
    return said


def _stood_there(task: JointTask) -> set[UUID]:
    return set(task.calls.filter(came=True).values_list("pk", flat=True))


def _are_there(task: JointTask, photo_ids: tuple[UUID, ...], actor: Person) -> bool:
    """Whether these photos of theirs came with it before; none of none."""
    there = CasePhoto.objects.filter(case__in=_cases_of(task), photo__in=photo_ids, photo__uploader=actor)
    return there.count() == len(set(photo_ids))


def _attach(task: JointTask, photo_ids: tuple[UUID, ...], actor: Person, moment: Moment, now: datetime) -> None:
    """To every case that still goes on. The first has the photos, each other copies of its own: another place looks at
    them, another term lets them go, another hold keeps them, another gate shows them."""
    cases = cases_of(task)
    if not cases:
        raise NotNow
    of_visit = task if moment == Moment.VISIT else None
    stepping.attach(cases[0], photo_ids, by=actor, moment=moment, now=now, joint_task=of_visit)
    seen = Photo.objects.in_bulk(photo_ids)
    for case in cases[1:]:
        copies = tuple(photos.copy(photo=seen[id], now=now).id for id in dict.fromkeys(photo_ids))
        stepping.attach(case, copies, by=actor, moment=moment, now=now, joint_task=of_visit)
