"""Open work never lies with somebody who is not there: it goes to who stands in, or into the queue (ruling 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from huipai.cases import policies
from huipai.cases.commands import dispatching, orders, stepping
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, WorkOrder
from huipai.cases.order_words import Part
from huipai.cases.rules.machine import allows
from huipai.cases.rules.whereabouts import BEFORE_A_RESPONSE, WITH_THE_WORKER
from huipai.cases.words import Action, Actor
from huipai.grid import queries as grid
from huipai.people.models import Person
from huipai.people.words import Role


def pass_on_work_of(*, person_id: UUID, named: Sequence[UUID] = (), now: datetime) -> int:
    """Pass on what a person has in hand and can no longer attend to; the number of cases.

    `named` come first, if they are there: a successor, a deputy. Twice is once.
    """
    held = Case.objects.filter(worker=person_id, state__in=BEFORE_A_RESPONSE).order_by("id")
    return sum(_pass_on_one(case_id, person_id, named, now) for case_id in list(held.values_list("id", flat=True)))


@transaction.atomic
def _pass_on_one(case_id: UUID, person_id: UUID, named: Sequence[UUID], now: datetime) -> bool:
    case = stepping.locked(case_id)
    if case.worker_id != person_id:
        return False
    return pass_on_if_nobody_is_there(case, named=named, now=now)


def pass_on_if_nobody_is_there(case: Case, *, named: Sequence[UUID] = (), now: datetime) -> bool:
    """Pass a locked case on if its worker is away, left, or must not handle it; whether it was passed on."""
    if case.unit is not None and not case.unit.is_active:
        return _recall_from_who_closed(case, now)
    worker = case.worker
    if case.state not in BEFORE_A_RESPONSE or worker is None or _attends(worker, case, now):
        return False
    following = next(_who_could(case, named, now), None)
    case.worker = following
    if case.state in WITH_THE_WORKER:
        case.handler = following
    elif following is None:
        # Nobody is left to look: the hub decides by itself.
        case.wait_until = None
    facts = {"before": str(worker.id), "node": str(case.node_id), "worker": str(following.id) if following else None}
    stepping.take(
        case, Action.PASS_ON, part=Actor.SYSTEM, actor=None, now=now, fact=Fact.REASSIGNED, facts=facts
    )  # fmt: skip
    return True


def recall_from_unit(*, unit_id: UUID, now: datetime) -> int:
    """A unit was closed: what it has in work comes back to the hub; the number of orders. Twice is once."""
    held = WorkOrder.objects.in_work().filter(unit=unit_id).order_by("id").values_list("id", flat=True)
    return sum(_recall_one(order_id, now) for order_id in list(held))


@transaction.atomic
def _recall_one(order_id: UUID, now: datetime) -> bool:
    order, case = dispatching.locked_order(order_id)
    if order.unit.is_active or order.ended_at is not None:
        return False
    if order.part == Part.LEAD and not allows(case.state, Action.RECALL):
        return False
    dispatching.recall_locked(case, order, part=Actor.SYSTEM, actor=None, text="", now=now)
    return True


def _recall_from_who_closed(case: Case, now: datetime) -> bool:
    order = orders.lead_of(case)
    if order is None or not allows(case.state, Action.RECALL):
        return False
    dispatching.recall_locked(case, order, part=Actor.SYSTEM, actor=None, text="", now=now)
    return True


def _who_could(case: Case, named: Sequence[UUID], at: datetime) -> Iterator[Person]:
    """Who might take it, likeliest first: the named, then whoever is nearest up the tree (ruling 14)."""
    for person_id in (*named, grid.acting_at(case.node, Role.GRID_WORKER, at)):
        person = Person.objects.filter(pk=person_id).first() if person_id else None
        if person is not None and person.id != case.worker_id and _is_free_for(person, case, at):
            yield person


def _attends(worker: Person, case: Case, at: datetime) -> bool:
    return grid.has_role(worker, Role.GRID_WORKER, at, node=case.node) and _is_free_for(worker, case, at)


def _is_free_for(person: Person, case: Case, at: datetime) -> bool:
    """A worker, here today, who neither reported nor checked it."""
    return (
        policies.is_worker(person, at)
        and not grid.is_away(person, at)
        and not policies.has_reported(person, case)
        and not policies.has_checked(person, case)
    )
