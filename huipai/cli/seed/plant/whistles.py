"""Joint tasks of the demo (吹哨报到): one that waits for a unit, one that was ended and rated."""

from __future__ import annotations

from dataclasses import dataclass

from huipai.cases.commands.joint import ending, mustering, visiting, whistling
from huipai.cases.joint_words import LEAST_UNITS
from huipai.cases.models import Case, JointTask, UnitCall
from huipai.cases.policies.joint import may_whistle
from huipai.cli.seed.plant.hub_people import Hub, done
from huipai.grid import queries as grid
from huipai.grid.words import UnitKind
from huipai.people.models import Person
from huipai.people.words import Role


@dataclass(frozen=True)
class Whistle:
    """A joint task of the demo: of which community's case, who is called, how far it has come."""

    task: JointTask
    coordinator: Person
    calls: tuple[UnitCall, ...]


def _whistled(hub: Hub, case: Case) -> Whistle | None:
    """The coordinator of the place calls three units by name: 吹哨."""
    held = grid.holders(Role.COORDINATOR, hub.until).filter(node__in=[*case.node.ids_above(), case.node_id])
    coordinator = next((one.person for one in held.select_related("person").order_by("id")), None)
    if coordinator is None or not may_whistle(coordinator, case, hub.until):
        return None
    kinds = (UnitKind.PROPERTY, UnitKind.CITY_MANAGEMENT)
    units = list(dict.fromkeys([*(hub.unit_of(kind, case).id for kind in kinds), hub.police_post().id]))
    if len(units) < LEAST_UNITS:
        return None
    task = whistling.whistle(
        case_ids=[case.id], unit_ids=units, actor=coordinator, hours=4, now=hub.at(case, 0.3),
        matter="这里一到晚上就堵，一家办不了，请三家一起到现场定个办法",
    )  # fmt: skip
    return Whistle(task, coordinator, tuple(task.calls.select_related("unit").order_by("unit__code")))


def _muster(hub: Hub, case: Case, calls: tuple[UnitCall, ...]) -> None:
    for call in calls:
        envoy = hub.of(call.unit_id, case)
        mustering.muster(call_id=call.id, envoy_id=envoy.id, actor=envoy, now=hub.at(case, 0.4))


def whistles(hub: Hub, case: Case) -> None:
    """One of the units has not answered yet."""
    whistle = _whistled(hub, case)
    if whistle is not None:
        _muster(hub, case, whistle.calls[:-1])


def looked_at_together(hub: Hub, case: Case) -> None:
    """They stood there, each did its part, the whistler has said what came of it and rated them; then it is done."""
    whistle = _whistled(hub, case)
    if whistle is None:
        return
    task, coordinator, here = whistle.task, whistle.coordinator, whistle.calls
    _muster(hub, case, here)
    at = hub.at(case, 0.45)
    visiting.convene(task_id=task.id, actor=coordinator, at=at, place="东门门岗", now=at)
    visiting.visit(
        task_id=task.id, actor=coordinator, text="晚上七点数了一遍，路边停了四十多辆，消防车进不来",
        asked_of=[call.id for call in here], came=[call.id for call in here], photo_ids=(), now=hub.at(case, 0.5),
    )  # fmt: skip
    parts = (
        "门口的桩子挪开了，留出一条车道",
        "画了禁停线，晚上有人在门口引导",
        "和公交场站说好了，晚上七点到早上七点放开",
    )
    for call, text in zip(here, parts, strict=False):
        visiting.report_part(
            call_id=call.id, actor=hub.of(call.unit_id, case), text=text, photo_ids=(), now=hub.at(case, 0.5)
        )
    visiting.resolve(
        task_id=task.id, actor=coordinator, text="旁边的停车场晚上开放，腾出一百五十个车位，车道通了", photo_ids=(),
        now=hub.at(case, 0.6),
    )  # fmt: skip
    ending.rate(
        task_id=task.id, actor=coordinator, marks={call.id: ending.Mark(5 - place) for place, call in enumerate(here)},
        now=hub.at(case, 0.7),
    )  # fmt: skip
    lead = hub.send(case, hub.police_post(), brief="照现场定的办法办，办完拍一张", share=0.75)
    hub.sign(lead, case)
    if not case.case_type.needs_after_photo:
        done(hub, lead, case)
