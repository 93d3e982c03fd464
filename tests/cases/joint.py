"""吹哨报到, step by step, as tests walk it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from huipai.cases.commands.joint import mustering, visiting, whistling
from huipai.cases.joint_words import CallState
from huipai.cases.models import JointStep, JointTask, UnitCall
from huipai.people.models import Person
from tests.cases.conftest import Place
from tests.cases.hub import Hub
from tests.cast import MONDAY

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
RESULT = "旁边的停车场夜里开放，腾出 150 个车位"


def whistled(
    hub: Hub, *, units: tuple[str, ...] = ("police", "guard"), now: object = MONDAY, **more: object
) -> JointTask:
    given = {"case_ids": [hub.case.id], "matter": "东门晚上堵死，一起去看", "hours": 4, "now": now, **more}
    return whistling.whistle(
        unit_ids=[getattr(hub.place, name).id for name in units],
        actor=hub.place.coordinator,
        **given,  # type: ignore[arg-type]
    )


def call_of(task: JointTask, place: Place, name: str) -> UnitCall:
    return UnitCall.objects.get(task=task, unit=getattr(place, name))


def muster(task: JointTask, place: Place, name: str, by: Person, *, now: object = MONDAY + HOUR) -> UnitCall:
    call = call_of(task, place, name)
    return mustering.muster(call_id=call.id, envoy_id=by.id, actor=by, now=now)  # type: ignore[arg-type]


def mustered() -> list[UUID]:
    """Whom a page about a visit names: every unit that has mustered."""
    return list(UnitCall.objects.filter(state=CallState.MUSTERED).values_list("pk", flat=True))


def convened(hub: Hub) -> JointTask:
    task = whistled(hub)
    muster(task, hub.place, "police", hub.place.xu)
    return visiting.convene(
        task_id=task.id, actor=hub.place.coordinator, at=MONDAY + DAY, place="东门岗亭", now=MONDAY + HOUR
    )


def resolved(hub: Hub) -> JointTask:
    task, call = convened(hub), UnitCall.objects.get(state=CallState.MUSTERED)
    at = MONDAY + DAY + HOUR
    visiting.visit(
        task_id=task.id,
        actor=hub.place.coordinator,
        text="两边都停满",
        asked_of=mustered(),
        came=[call.id],
        photo_ids=(),
        now=at,
    )
    return visiting.resolve(task_id=task.id, actor=hub.place.coordinator, text=RESULT, photo_ids=(), now=at)


def actions(task: JointTask) -> list[str]:
    return list(JointStep.objects.filter(task=task).order_by("position").values_list("action", flat=True))
