"""Open work never lies with somebody who is not there: it goes to who stands in, or into the queue (ruling 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from huipai.cases import policies
from huipai.cases.commands import dispatching, orders, stepping
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, WorkOrder
from huipai.cases.order_words import OrderAction, OrderState, Part
from huipai.cases.queries import involved
from huipai.cases.rules.machine import allows
from huipai.cases.rules.whereabouts import BEFORE_A_RESPONSE, WITH_THE_WORKER
from huipai.cases.words import Action, Actor
from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.people.models import Person
from huipai.people.words import Role


def pass_on_work_of(*, person_id: UUID, named: Sequence[UUID] = (), now: datetime) -> int:
    """Pass on what a person has in hand and can no longer attend to; the number of cases.

    `named` come first, if they are there: a successor, a deputy. Twice is once.
    """
    held = Case.objects.filter(worker=person_id, state__in=BEFORE_A_RESPONSE).order_by("id")
    return sum(_pass_on_one(case_id, person_id, named, now) for case_id in list(held.values_list("id", flat=True)))


def pass_on_work_at(*, nodes: Iterable[GridNode], named: Sequence[UUID] = (), now: datetime) -> int:
    """Pass on what lies there in hands that no longer attend to it; the number of cases.

    Whoever stood in does so no more: who is away came back or left, or somebody else stands in. The first of the
    `named` who is there keeps what they have.
    """
    below = reduce(or_, (Q(node__path__startswith=node.path) for node in nodes), Q(pk=None))
    held = Case.objects.filter(below, worker__isnull=False, ended_at=None, state__in=BEFORE_A_RESPONSE).order_by("id")
    return sum(
        _pass_on_one(case_id, worker_id, named, now) for case_id, worker_id in list(held.values_list("id", "worker_id"))
    )


@transaction.atomic
def _pass_on_one(case_id: UUID, person_id: UUID, named: Sequence[UUID], now: datetime) -> bool:
    case = stepping.locked(case_id)
    if case.worker_id != person_id:
        return False
    return pass_on_if_nobody_is_there(case, named=named, now=now)


def pass_on_if_nobody_is_there(case: Case, *, named: Sequence[UUID] = (), now: datetime) -> bool:
    """Pass a locked case on if who has it in hand is away, left, or must not handle it; whether it was passed on."""
    if case.unit is not None:
        return _pass_on_at_the_unit(case, named, now)
    worker = case.worker
    if case.state not in BEFORE_A_RESPONSE or worker is None or _attends(worker, case, now):
        return False
    if next(_free_of(named, case, now), None) == worker:
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


def pass_on_parts_of_others(whole: Case, *, now: datetime) -> None:
    """Pass on the parts of a locked case that lie with somebody who has come to report the whole, or has checked it."""
    who = involved.of(whole)
    held = whole.parts.filter(worker__in=who.reporters | who.checkers, state__in=BEFORE_A_RESPONSE).order_by("id")
    for part_id in list(held.values_list("id", flat=True)):
        pass_on_if_nobody_is_there(stepping.locked(part_id), now=now)


def recall_from_unit(*, unit_id: UUID, now: datetime) -> int:
    """A unit was closed, or nobody is left in it: what it has in work comes back to the hub; the number of orders.

    Twice is once; while somebody is appointed there, and not away without an end, nothing comes back.
    """
    held = WorkOrder.objects.in_work().filter(unit=unit_id).order_by("id").values_list("id", flat=True)
    return sum(_recall_one(order_id, now) for order_id in list(held))


@transaction.atomic
def _recall_one(order_id: UUID, now: datetime) -> bool:
    order, case = dispatching.locked_order(order_id)
    if dispatching.has_somebody(order.unit, now) or order.ended_at is not None:
        return False
    if order.part == Part.LEAD and not allows(case.state, Action.RECALL):
        return False
    dispatching.recall_locked(case, order, part=Actor.SYSTEM, actor=None, text="", now=now)
    return True


def pass_on_orders_of(*, unit_id: UUID, named: Sequence[UUID] = (), now: datetime) -> int:
    """Pass on what was signed by somebody who is away or left to who is there in the unit; the number of orders.

    The first of the `named`, who stands in, a lead, a colleague: whoever of them may handle it. Twice is once.
    What was answered names who answered, and goes to who is there when it comes back from a check or a dispute.
    """
    signed = WorkOrder.objects.filter(unit=unit_id, state=OrderState.SIGNED).order_by("id")
    return sum(_pass_on_order(order_id, named, now) for order_id in list(signed.values_list("id", flat=True)))


@transaction.atomic
def _pass_on_order(order_id: UUID, named: Sequence[UUID], now: datetime) -> bool:
    order, case = dispatching.locked_order(order_id)
    return _pass_on_locked(order, case, named, now)


def _pass_on_locked(order: WorkOrder, case: Case, named: Sequence[UUID], now: datetime) -> bool:
    there = [person for person in _at_the_unit(order, named, now) if policies.may_work_on(person, order, case, now)]
    if order.state != OrderState.SIGNED or order.handler in there or not there:
        return False
    following = there[0]
    order.handler = following
    if order.part == Part.LEAD:
        case.handler = following
        case.save(update_fields=["handler"])
    step = orders.take(order, OrderAction.PASS_ON, part=Actor.SYSTEM, actor=None, now=now)
    dispatching.tell_of_order(case, step, Fact.ORDER_PASSED_ON, actor=None, now=now)
    return True


def _at_the_unit(order: WorkOrder, named: Sequence[UUID], at: datetime) -> list[Person]:
    """Who acts for the unit today, likeliest first."""
    held = [
        one
        for role in (Role.UNIT_LEAD, Role.UNIT_HANDLER)
        for one in grid.holders(role, at)
        .attended(at)
        .filter(unit=order.unit_id)
        .select_related("person", "deputy")
        .order_by("valid_from", "id")
    ]
    likeliest = sorted(held, key=lambda one: (one.acting.id not in named, one.person_id != order.handler_id))
    return [one.acting for one in likeliest]


def _pass_on_at_the_unit(case: Case, named: Sequence[UUID], now: datetime) -> bool:
    """Within the unit; where nobody is left in it, back to the hub."""
    order = orders.lead_of(case)
    if order is None:
        return False
    if dispatching.has_somebody(order.unit, now):
        return _pass_on_locked(order, case, named, now)
    if not allows(case.state, Action.RECALL):
        return False
    dispatching.recall_locked(case, order, part=Actor.SYSTEM, actor=None, text="", now=now)
    return True


def _who_could(case: Case, named: Sequence[UUID], at: datetime) -> Iterator[Person]:
    """Who might take it, likeliest first: the named, then whoever is nearest up the tree (ruling 14)."""
    acting = grid.acting_at(case.node, Role.GRID_WORKER, at)
    for person in _free_of([*named, *([acting] if acting else [])], case, at):
        if person.id != case.worker_id:
            yield person


def _free_of(people: Sequence[UUID], case: Case, at: datetime) -> Iterator[Person]:
    for person_id in people:
        person = Person.objects.filter(pk=person_id).first()
        if person is not None and _is_free_for(person, case, at):
            yield person


def _attends(worker: Person, case: Case, at: datetime) -> bool:
    return grid.has_role(worker, Role.GRID_WORKER, at, node=case.node) and _is_free_for(worker, case, at)


def _is_free_for(person: Person, case: Case, at: datetime) -> bool:
    """A worker, here today, in whose hands it may be."""
    return policies.is_worker(person, at) and not grid.is_away(person, at) and policies.may_come_to(person, case)
