"""What lies at the street hub and at the units today: real cases of the year, moved on through the hub's commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random

from django.db.models import QuerySet

from huipai.cases.commands import (
    asking,
    deciding,
    filing,
    pressing,
    working,
)
from huipai.cases.models import Case, CaseType, StageLimit, WorkOrder
from huipai.cases.order_words import Part, Stage
from huipai.cases.words import State
from huipai.cli.seed.plant.folk import Crowd
from huipai.cli.seed.plant.ground import Ground
from huipai.cli.seed.plant.hub_people import Hub, done
from huipai.cli.seed.plant.whistles import looked_at_together, whistles
from huipai.cli.seed.texts.kinds import KINDS
from huipai.cli.seed.texts.words import ANSWER, UnitText
from huipai.grid.words import UnitKind
from huipai.people.models import Person
from huipai.people.words import Role

BEGUN = (State.REPORTED, State.ACCEPTED)
# A street with fewer open cases keeps them in the grid.
FEW = 8


Scene = Callable[[Hub, Case], None]


def _waits(hub: Hub, case: Case) -> None:
    if case.worker is not None:
        filing.hand_up(case_id=case.id, actor=case.worker, text="网格里办不了，要单位来", now=hub.at(case, 0.4))


def _unread(hub: Hub, case: Case) -> None:
    hub.send(case, hub.unit_of(UnitKind.CITY_MANAGEMENT, case), brief="请先到现场看看，拍一张")


def _in_work(hub: Hub, case: Case) -> None:
    order = hub.send(case, hub.unit_of(UnitKind.PROPERTY, case), brief="这里的楼道一直是你们管，今天能清就清")
    hub.arrive(hub.sign(order, case), case)


def _watched(hub: Hub, case: Case) -> None:
    _in_work(hub, case)
    pressing.supervise(case_id=case.id, actor=hub.dispatcher, text="居民报过两次，盯到办完", now=hub.at(case, 0.5))


def _asked(hub: Hub, case: Case) -> None:
    order = hub.sign(hub.send(case, hub.unit_of(UnitKind.CITY_MANAGEMENT, case)), case)
    asking.ask_for_unit(
        order_id=order.id, actor=hub.of(order.unit_id, case), text="一般几点最厉害？我们好安排人", now=hub.at(case, 0.5)
    )


def _returned(hub: Hub, case: Case) -> None:
    order = hub.send(case, hub.unit_of(UnitKind.CITY_MANAGEMENT, case))
    working.return_order(
        order_id=order.id, actor=hub.of(order.unit_id, case), ground="not_our_duty",
        text="小区里面的地方归物业，按权责清单第 12 项", belongs_to=hub.unit_of(UnitKind.PROPERTY, case).id,
        now=hub.at(case, 0.3),
    )  # fmt: skip


def _in_a_circle(hub: Hub, case: Case) -> None:
    _returned(hub, case)
    order = hub.send(case, hub.unit_of(UnitKind.PROPERTY, case))
    working.return_order(
        order_id=order.id, actor=hub.of(order.unit_id, case), ground="not_our_area", text="围墙外面的人行道不归我们",
        now=hub.at(case, 0.3),
    )  # fmt: skip


def _wants_time(hub: Hub, case: Case) -> None:
    order = hub.sign(hub.send(case, hub.unit_of(UnitKind.PROPERTY, case)), case)
    if order.due_at is None or order.due_at > hub.until:
        working.ask_extension(
            order_id=order.id, actor=hub.of(order.unit_id, case), ground="weather", text="连着三天有雨，路面干了才能补",
            days=3, now=hub.at(case, 0.6),
        )  # fmt: skip


def _rests(hub: Hub, case: Case) -> None:
    order = hub.sign(hub.send(case, hub.unit_of(UnitKind.GREENERY, case)), case)
    if order.due_at is None or order.due_at > hub.until:
        deciding.suspend(
            order_id=order.id, actor=hub.dispatcher, ground="season", text="现在补种活不了，等开春",
            rests_until=hub.until + timedelta(days=90), now=hub.at(case, 0.5),
        )  # fmt: skip


def _together(hub: Hub, case: Case) -> None:
    """The jam at the gate: the transit police post beside the estate leads, the guard and the law office help."""
    police = hub.police_post()
    partners = tuple(unit for unit in hub.units.values() if unit.kind == UnitKind.PARTNER)
    helpers = (hub.unit_of(UnitKind.PROPERTY, case), *partners)
    lead = hub.send(case, police, brief="请和物业一起到东门看看，旁边的停车场能不能开放", helpers=helpers)
    hub.sign(lead, case)
    for order in WorkOrder.objects.filter(case=case, part=Part.HELPER, unit=helpers[0]):
        hub.sign(order, case)
        working.respond(
            order_id=order.id, actor=hub.of(order.unit_id, case), text="门口的桩子挪开了，留出一条车道", photo_ids=(),
            now=hub.at(case, 0.3),
        )  # fmt: skip
    if not case.case_type.needs_after_photo:
        done(hub, lead, case)


# What is told of cars is told of cars alone.
OF_CARS: tuple[Scene, ...] = (looked_at_together, _together, whistles)
CARS = ("parking_short", "parking_jam")
SCENES: tuple[Scene, ...] = (
    _unread, _in_work, _returned, _in_a_circle, _wants_time, _rests, _asked,
    _watched, _waits, _waits, _in_work,
)  # fmt: skip


def plant_hub(crowd: Crowd, ground: Ground, *, until: datetime, seed: int) -> None:
    """Move the youngest open cases on, each to where one scene shows it; half of what is open stays in the grid."""
    dispatchers = crowd.holding(Role.DISPATCHER)
    if not dispatchers:
        return
    hub = Hub(dispatchers[0], ground.units, until, Random(f"{seed}:{ground.street.slug}:hub"))
    found = list(open_cases(dispatchers[0]))
    if len(found) < FEW:
        return
    jams = list(open_jams(dispatchers[0]))[: len(OF_CARS)]
    others = [case for case in found if case not in jams]
    for scene, case in [*zip(OF_CARS, jams, strict=False), *zip(SCENES[: len(found) // 2], others, strict=False)]:
        scene(hub, case)


def open_cases(dispatcher: Person) -> Iterator[Case]:
    """Open cases that nobody has handled and that end without a photo, the youngest first."""
    yield from _begun(dispatcher).filter(case_type__needs_after_photo=False).order_by("-reported_at", "id")


def open_jams(dispatcher: Person) -> Iterator[Case]:
    """Where cars stand in the way or find no place: first what can be told to its end without a photo."""
    cars = _begun(dispatcher).filter(case_type__code__in=CARS)
    yield from cars.order_by("case_type__needs_after_photo", "-reported_at", "id")


def _begun(dispatcher: Person) -> QuerySet[Case]:
    found = Case.objects.filter(state__in=BEGUN).exclude(reporter=dispatcher)
    return found.select_related("case_type", "node", "worker", "reporter")


def stage_limits() -> Iterator[StageLimit]:
    """What the kinds say beyond handling: when somebody is on the spot, when the resident is answered."""
    known = {"到现场": Stage.ARRIVE, ANSWER.stage: Stage.ANSWER}
    types = {case_type.code: case_type for case_type in CaseType.objects.all()}
    for kind in KINDS:
        for limit in kind.limits:
            if limit.stage in known:
                yield StageLimit(
                    case_type=types[kind.code], stage=known[limit.stage], amount=limit.amount, unit=limit.unit
                )


def name_units(units: tuple[UnitText, ...], ground: Ground) -> None:
    """A type whose owner is one unit of the street goes to it by name."""
    for kind in KINDS:
        owners = [unit for unit in units if unit.kind == kind.owner and not unit.community]
        if len(owners) == 1:
            CaseType.objects.filter(code=kind.code).update(unit=ground.units[owners[0].code])
