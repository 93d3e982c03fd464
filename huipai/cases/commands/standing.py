"""What an entry says of where a case and its orders stand when it is written: `verify` compares their rows with it."""

from __future__ import annotations

from huipai.cases.models import Case, JointStep, OrderStep, Transition, WorkOrder
from huipai.points import rules as points


def of_case(case: Case) -> dict[str, object]:
    """Until when it is promised and who handles it, as its row has been saved."""
    return {"due": _due(case), "handler": _id(case.handler_id)}


def of_order(order: WorkOrder) -> dict[str, object]:
    """The same of an order that moved."""
    return {"order": str(order.id), "due": _due(order), "handler": _id(order.handler_id)}


def of_order_step(step: OrderStep) -> dict[str, object]:
    """The same with the step that moved it: all of it but when, which is when its entry was."""
    said = [step.position, step.action, step.from_state, step.to_state, step.part, _id(step.actor_id), step.reason]
    return {**of_order(step.order), "step": said}


def of_transition(step: Transition) -> list[object]:
    """What its entry does not say anyway."""
    return [step.position, step.action, step.part, step.clock, _id(step.unit_id), step.reason]


def of_joint_step(step: JointStep) -> list[object]:
    """All of it but when, which is when its entry was."""
    return [
        step.position, step.action, step.from_state, step.to_state, step.part, _id(step.actor_id), _id(step.unit_id),
        points.microseconds(step.meets_at),
    ]  # fmt: skip


def _due(thing: Case | WorkOrder) -> int | None:
    """In microseconds since 1970; the year, where its calendar is waited for."""
    return points.microseconds(thing.due_at) or thing.due_year


def _id(id: object) -> str | None:
    return str(id) if id else None
