"""The hub's way of a case, step by step, as tests walk it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from huipai.cases.commands import checking, dispatching, working
from huipai.cases.models import Case, Check, OrderStep, Transition, WorkOrder
from huipai.grid.models import Unit
from huipai.people.models import Person
from tests.cases.conftest import LITTER, Place
from tests.cast import MONDAY

HOUR = timedelta(hours=1)


@dataclass
class Hub:
    """A street at work, and one case of it."""

    place: Place
    case: Case

    @classmethod
    def with_a_case(cls, place: Place, *, case_type: str = LITTER, now: datetime = MONDAY, **more: object) -> Hub:
        return cls(place, place.report(case_type=case_type, now=now, **more))

    def fresh(self) -> Case:
        self.case = Case.objects.select_related("case_type", "unit", "node").get(pk=self.case.pk)
        return self.case

    def sent(self, unit: Unit | None = None, *, now: datetime = MONDAY + HOUR, **more: object) -> WorkOrder:
        return dispatching.dispatch(
            case_id=self.case.id, unit_id=(unit or self.place.city).id, actor=self.place.dispatcher,
            brief="先到现场", now=now, **more,  # type: ignore[arg-type]
        )  # fmt: skip

    def signed(self, unit: Unit | None = None, by: Person | None = None, *, now: datetime = MONDAY + HOUR) -> WorkOrder:
        order = self.sent(unit, now=now)
        return working.sign(order_id=order.id, actor=by or self.place.shi, now=now + HOUR / 2)

    def responded(self, order: WorkOrder, by: Person | None = None, *, now: datetime = MONDAY + 2 * HOUR) -> Check:
        working.respond(order_id=order.id, actor=by or self.place.shi, text="清走了", photo_ids=(), now=now)
        return Check.objects.get(case=self.case, result="")

    def passed(self, check: Check, *, now: datetime = MONDAY + 3 * HOUR) -> None:
        checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=now)

    def failed(self, check: Check, *, now: datetime = MONDAY + 3 * HOUR) -> None:
        checking.fail_check(
            check_id=check.id,
            actor=check.checker,
            text="还有一堆",
            photo_ids=self.place.photo_ids(check.checker),
            now=now,
        )

    def returned(self, order: WorkOrder, by: Person, *, now: datetime = MONDAY + 2 * HOUR) -> WorkOrder:
        whose = self.place.city if order.unit_id == self.place.guard.id else self.place.guard
        return working.return_order(
            order_id=order.id, actor=by, ground="not_our_duty", text="归物业管", now=now, belongs_to=whose.id
        )

    def steps(self) -> list[str]:
        return list(Transition.objects.filter(case=self.case).order_by("position").values_list("action", flat=True))


def order_steps(order: WorkOrder) -> list[str]:
    return list(OrderStep.objects.filter(order=order).order_by("position").values_list("action", flat=True))
