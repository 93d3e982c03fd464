"""Open work never lies with somebody who is not there: it goes to who stands in, or into the queue (ruling 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from huipai.cases import policies
from huipai.cases.commands import stepping
from huipai.cases.models import Case
from huipai.cases.rules.machine import BEFORE_A_RESPONSE
from huipai.cases.words import Action, Actor, Fact, State
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
    worker = case.worker
    if case.state not in BEFORE_A_RESPONSE or worker is None or _attends(worker, case, now):
        return False
    following = next(_who_could(case, named, now), None)
    case.worker = following
    if case.state != State.REPORTED:
        case.handler = following
    facts = {"before": str(worker.id), "node": str(case.node_id), "worker": str(following.id) if following else None}
    stepping.take(
        case, Action.PASS_ON, part=Actor.SYSTEM, actor=None, now=now, fact=Fact.REASSIGNED, facts=facts
    )  # fmt: skip
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
        and not policies.is_reporter_of(person, case)
        and not policies.has_checked(person, case)
    )
