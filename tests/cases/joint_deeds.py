"""What a joint task can go through, for the property test; and what then holds, whatever its cases do."""

from __future__ import annotations

import itertools
from datetime import timedelta

from huipai.cases.commands.joint import ending, mustering, visiting, whistling
from huipai.cases.joint_words import CallState
from huipai.cases.models import Case, JointCase, JointStep, JointTask, UnitCall, UnitRating
from huipai.cases.rules import joint
from huipai.kit.verdict import Refused
from huipai.people.models import Person
from tests.cases.hub_deeds import Deed, World
from tests.cases.joint import mustered


def _task_of(case: Case) -> JointTask:
    found = JointTask.objects.filter(cases__case=case).order_by("-whistled_at", "-id").first()
    if found is None:
        raise Refused
    return found


def _call(world: World, case: Case) -> UnitCall:
    """That of the unit whose turn it is: the police post first, then the guard."""
    calls = UnitCall.objects.filter(task=_task_of(case)).select_related("unit")
    waiting = calls.exclude(state=CallState.MUSTERED).order_by("-unit__code").first()
    return waiting or calls.order_by("-unit__code")[0]


def _of(world: World, call: UnitCall) -> Person:
    of = {world.place.police.id: world.place.xu, world.place.city.id: world.people["shi"]}
    return of.get(call.unit_id, world.people["ning"])


def _whistle(world: World, person: Person, case: Case, _other: Case) -> object:
    return whistling.whistle(
        case_ids=[case.id], unit_ids=[world.place.police.id, world.place.guard.id], actor=world.people["coordinator"],
        matter="一起去看", hours=2, now=world.now,
    )  # fmt: skip


def _whistle_on_both(world: World, person: Person, case: Case, other: Case) -> object:
    return whistling.whistle(
        case_ids=[case.id, other.id], unit_ids=[world.place.police.id, world.place.city.id], actor=person,
        matter="两件一起看", hours=4, now=world.now,
    )  # fmt: skip


def _muster(world: World, case: Case) -> object:
    call = _call(world, case)
    envoy = _of(world, call)
    return mustering.muster(call_id=call.id, envoy_id=envoy.id, actor=envoy, now=world.now)


def _rate(world: World, person: Person, case: Case) -> object:
    task = _task_of(case)
    marks = {call.id: ending.Mark(4) for call in task.calls.all()}
    return ending.rate(task_id=task.id, actor=person, marks=marks, now=world.now)


def _call_again(world: World, person: Person, case: Case) -> object:
    return whistling.call(task_id=_task_of(case).id, unit_id=world.place.city.id, actor=person, now=world.now)


JOINT: dict[str, Deed] = {
    "whistle": _whistle,
    "whistle on both by anybody": _whistle_on_both,
    "muster": lambda w, _p, c, _o: _muster(w, c),
    "muster by anybody": lambda w, p, c, _o: mustering.muster(
        call_id=_call(w, c).id, envoy_id=p.id, actor=p, now=w.now
    ),
    "say no": lambda w, _p, c, _o: mustering.decline(
        call_id=_call(w, c).id, called_at=_call(w, c).called_at, actor=_of(w, _call(w, c)), text="来不了", now=w.now
    ),
    "call city": lambda w, _p, c, _o: _call_again(w, w.people["dispatcher"], c),
    "call city by anybody": lambda w, p, c, _o: _call_again(w, p, c),
    "urge to muster": lambda w, p, c, _o: whistling.urge(task_id=_task_of(c).id, actor=p, now=w.now),
    "agree on a day": lambda w, _p, c, _o: visiting.convene(
        task_id=_task_of(c).id, actor=w.people["coordinator"], at=w.now + timedelta(hours=3), place="东门", now=w.now
    ),
    "look together": lambda w, _p, c, _o: visiting.visit(
        task_id=_task_of(c).id,
        actor=w.people["coordinator"],
        text="看了",
        asked_of=mustered(),
        came=[],
        photo_ids=(),
        now=w.now,
    ),
    "say a part": lambda w, _p, c, _o: visiting.report_part(
        call_id=_call(w, c).id, actor=_of(w, _call(w, c)), text="办了", photo_ids=(), now=w.now
    ),
    "result": lambda w, _p, c, _o: visiting.resolve(
        task_id=_task_of(c).id, actor=w.people["coordinator"], text="好了", photo_ids=(), now=w.now
    ),
    "rate": lambda w, _p, c, _o: _rate(w, w.people["coordinator"], c),
    "rate by anybody": lambda w, p, c, _o: _rate(w, p, c),
    "give up": lambda w, p, c, _o: ending.give_up(task_id=_task_of(c).id, actor=p, text="没成", now=w.now),
    "call off": lambda w, p, c, _o: ending.call_off(task_id=_task_of(c).id, actor=p, text="不用", now=w.now),
    "time to muster": lambda w, _p, c, _o: mustering.lapse(task_id=_task_of(c).id, now=w.now),
}
TOGETHER = ("whistle", "muster", "agree on a day", "look together", "result", "rate", "time to muster")


def the_joint_tasks_follow(case: Case) -> None:
    """Each stays within its table, waits for nobody without a time, and goes on only while one of its cases does."""
    for task in JointTask.objects.filter(cases__case=case).distinct():
        steps = list(JointStep.objects.filter(task=task).order_by("position"))
        assert [one.position for one in steps] == list(range(1, len(steps) + 1)) and steps[-1].to_state == task.state
        for last, following in itertools.pairwise(steps):
            row = joint.step(last.to_state, following.action)  # type: ignore[arg-type]
            assert (following.from_state, following.to_state) == (last.to_state, row.target or last.to_state)
            assert following.part in row.parts
        going = JointCase.objects.filter(task=task, ended_at=None)
        assert (task.ended_at is None) == (task.wait_until is not None) == going.exists()
        if task.state in joint.BEFORE_A_RESULT:
            assert not going.filter(case__ended_at__isnull=False).exists()
        waiting = task.calls.filter(state=CallState.CALLED).exists()
        assert not waiting or task.state in joint.BEFORE_A_RESULT
        rated = set(UnitRating.objects.filter(call__task=task).values_list("call", flat=True))
        assert bool(rated) == (task.state == "rated")
        assert not rated or rated == {call.pk for call in task.calls.all() if call.is_rated}
