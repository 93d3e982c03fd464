"""What lies at the street hub and at the units today: real cases of the year, moved on through the hub's commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.db.models import QuerySet

from huipai.cases.commands import (
    arriving,
    asking,
    checking,
    confirming,
    deciding,
    dispatching,
    filing,
    pressing,
    working,
)
from huipai.cases.commands.joint import ending, mustering, visiting, whistling
from huipai.cases.joint_words import LEAST_UNITS
from huipai.cases.models import Case, CaseType, Check, JointTask, StageLimit, UnitCall, WorkOrder
from huipai.cases.order_words import Part, Stage
from huipai.cases.policies.joint import may_whistle
from huipai.cases.words import State
from huipai.cli.seed.plant.folk import Crowd
from huipai.cli.seed.plant.ground import Ground
from huipai.cli.seed.texts.kinds import KINDS
from huipai.cli.seed.texts.words import ANSWER, UnitText
from huipai.grid import queries as grid
from huipai.grid.models import Assignment, Unit
from huipai.grid.words import UnitKind
from huipai.people.models import Person
from huipai.people.words import Role

BEGUN = (State.REPORTED, State.ACCEPTED)
# A street with fewer open cases keeps them in the grid.
FEW = 8


@dataclass
class Hub:
    """The hub's dispatcher and the units, at work on one case after another."""

    dispatcher: Person
    units: dict[str, Unit]
    until: datetime
    chance: Random

    def at(self, case: Case, share: float) -> datetime:
        """A moment so far between the last step of a case and the present."""
        last = case.transitions.order_by("-position").values_list("happened_at", flat=True).first() or case.reported_at
        return last + (self.until - last) * share

    def of(self, unit_id: UUID, case: Case) -> Person:
        """Somebody of the unit who has no stake in the case."""
        held = Assignment.objects.in_force(self.until).filter(unit=unit_id).exclude(person=case.reporter_id)
        return held.select_related("person").order_by("id")[0].person

    def send(
        self, case: Case, unit: Unit, *, brief: str = "", helpers: tuple[Unit, ...] = (), share: float = 0.3
    ) -> WorkOrder:
        return dispatching.dispatch(
            case_id=case.id, unit_id=unit.id, actor=self.dispatcher, brief=brief, now=self.at(case, share),
            helper_ids=tuple(helper.id for helper in helpers),
        )  # fmt: skip

    def sign(self, order: WorkOrder, case: Case) -> WorkOrder:
        return working.sign(order_id=order.id, actor=self.of(order.unit_id, case), now=self.at(case, 0.3))

    def arrive(self, order: WorkOrder, case: Case) -> None:
        """Somebody of the unit is on the spot, where the type says until when."""
        if StageLimit.objects.filter(case_type=case.case_type_id, edition=case.edition, stage=Stage.ARRIVE).exists():
            arriving.arrive_for_unit(order_id=order.id, actor=self.of(order.unit_id, case), now=self.at(case, 0.2))

    def police_post(self) -> Unit:
        """The transit police beside the estate."""
        return next(unit for unit in self.units.values() if unit.name.endswith("公交警务中心"))

    def unit_of(self, kind: UnitKind, case: Case) -> Unit:
        """The nearest unit of a kind; a small street has not every kind, then city management does it."""
        above = [*case.node.ids_above(), case.node_id]
        reach = [unit for unit in self.units.values() if unit.node_id in (None, *above)]
        found = [unit for unit in reach if unit.kind == kind]
        found = found or [unit for unit in reach if unit.kind == UnitKind.CITY_MANAGEMENT]
        return sorted(found, key=lambda unit: (unit.node_id is None, unit.code))[0]


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
        _done(hub, lead, case)


def _done(hub: Hub, order: WorkOrder, case: Case) -> None:
    working.respond(
        order_id=order.id, actor=hub.of(order.unit_id, case), text="旁边的停车场晚上开放，车都停进去了", photo_ids=(),
        now=hub.at(case, 0.3),
    )  # fmt: skip
    check = Check.objects.filter(case=case, result="").first()
    if check is not None:
        checking.pass_check(check_id=check.id, actor=check.checker, text="看过了", photo_ids=(), now=hub.at(case, 0.3))
        confirming.confirm(case_id=case.id, actor=case.reporter, rating=5, text="终于不堵了", now=hub.at(case, 0.3))


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


def _whistles(hub: Hub, case: Case) -> None:
    """One of the units has not answered yet."""
    whistle = _whistled(hub, case)
    if whistle is not None:
        _muster(hub, case, whistle.calls[:-1])


def _looked_at_together(hub: Hub, case: Case) -> None:
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
        came=[call.id for call in here], photo_ids=(), now=hub.at(case, 0.5),
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
        _done(hub, lead, case)


# What is told of cars is told of cars alone.
OF_CARS: tuple[Scene, ...] = (_looked_at_together, _together, _whistles)
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
