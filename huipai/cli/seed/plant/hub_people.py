"""The hub's dispatcher and the units of the demo, at work on one case after another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

from huipai.cases.commands import (
    arriving,
    checking,
    confirming,
    dispatching,
    working,
)
from huipai.cases.models import Case, Check, StageLimit, WorkOrder
from huipai.cases.order_words import Stage
from huipai.grid.models import Assignment, Unit
from huipai.grid.words import UnitKind
from huipai.people.models import Person


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


def done(hub: Hub, order: WorkOrder, case: Case) -> None:
    working.respond(
        order_id=order.id, actor=hub.of(order.unit_id, case), text="旁边的停车场晚上开放，车都停进去了", photo_ids=(),
        now=hub.at(case, 0.3),
    )  # fmt: skip
    check = Check.objects.filter(case=case, result="").first()
    if check is not None:
        checking.pass_check(check_id=check.id, actor=check.checker, text="看过了", photo_ids=(), now=hub.at(case, 0.3))
        confirming.confirm(case_id=case.id, actor=case.reporter, rating=5, text="终于不堵了", now=hub.at(case, 0.3))
