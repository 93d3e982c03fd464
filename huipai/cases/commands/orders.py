"""One step of a work order, and what becomes of the orders when their case moves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Max

from huipai.cases.models import Case, OrderStep, Question, UnitRequest, WorkOrder
from huipai.cases.order_words import Decision, OrderAction, OrderState, Part
from huipai.cases.rules import orders
from huipai.cases.words import Action, Actor, Outcome
from huipai.kit.verdict import NotAllowed
from huipai.people.models import Person

_SOLVED = (Outcome.CONFIRMED, Outcome.NO_ANSWER, Outcome.PART_DONE)
_BACK_TO_WORK = (Action.FAIL_CHECK, Action.DISPUTE, Action.SEND_BACK_PART)


def take(
    order: WorkOrder, action: OrderAction, *, part: Actor, actor: Person | None, now: datetime, reason: str = ""
) -> OrderStep:
    """Move an order whose case is locked along its table: state, dates and step change together."""
    row = orders.step(order.state, action)
    if part not in row.parts:
        raise NotAllowed
    before, order.state = order.state, row.target or order.state
    for name in _DATED.get(action, ()):
        setattr(order, name, now)
    if order.read_at is None and part == Actor.UNIT:
        order.read_at = now  # who acts on it has seen it, whether or not they opened its page
    order.save()
    return _append(order, action, before, part, actor, now, reason)


# Which dates a step writes.
_DATED: Mapping[OrderAction, tuple[str, ...]] = {
    OrderAction.READ: ("read_at",),
    OrderAction.SIGN: ("signed_at",),
    OrderAction.RESPOND: ("responded_at",),
    OrderAction.RETURN: ("ended_at",),
    OrderAction.RECALL: ("ended_at",),
    OrderAction.FINISH: ("ended_at",),
}


def begin(order: WorkOrder, *, actor: Person, now: datetime) -> OrderStep:
    """The first step of a new order."""
    return _append(order, OrderAction.SEND, "", Actor.DISPATCHER, actor, now, "")


def _append(
    order: WorkOrder, action: OrderAction, before: str, part: Actor, actor: Person | None, now: datetime, reason: str
) -> OrderStep:
    last = order.steps.aggregate(last=Max("position"))["last"] or 0
    return OrderStep.objects.create(
        order=order, position=last + 1, action=action, from_state=before, to_state=order.state, part=part,
        actor=actor, reason=reason, happened_at=now,
    )  # fmt: skip


def lead_of(case: Case) -> WorkOrder | None:
    """The live order of the unit that leads."""
    return WorkOrder.objects.live().leading().select_related("unit").filter(case=case).first()


def follow(case: Case, action: Action, *, now: datetime) -> list[OrderStep]:
    """What a step of the case does to its orders. None is left open beside an ended case."""
    steps = []
    if action in _BACK_TO_WORK:
        for order in WorkOrder.objects.filter(case=case, part=Part.LEAD, state=OrderState.RESPONDED):
            steps.append(take(order, OrderAction.REDO, part=Actor.SYSTEM, actor=None, now=now))
    if case.ended_at:
        steps += _end_orders(case, now)
    return steps


def _end_orders(case: Case, now: datetime) -> list[OrderStep]:
    steps = []
    for order in WorkOrder.objects.live().filter(case=case):
        is_done = case.outcome in _SOLVED and order.state == OrderState.RESPONDED
        action = OrderAction.FINISH if is_done else OrderAction.RECALL
        steps.append(take(order, action, part=Actor.SYSTEM, actor=None, now=now))
    return steps


def drop_what_is_open(case: Case, now: datetime) -> None:
    """The case went where nobody can answer or decide: it waits for no word, whoever moved it."""
    drop_request(case, now)
    Question.objects.filter(case=case, closed_at=None).update(closed_at=now)


def drop_request(case: Case, now: datetime) -> None:
    """A request that nobody has to decide any more."""
    UnitRequest.objects.filter(case=case, decision="").update(decision=Decision.DROPPED, decided_at=now)
