"""Hot statements say what the rules say: who attends to a node, and what somebody may act as."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

import pytest
from django.db import connection
from django.db.models import Q
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from huipai.grid import queries
from huipai.grid.models import Absence, Assignment, GridNode, Unit
from huipai.grid.words import AbsenceKind, UnitKind
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.models import Street
from tests.cast import MONDAY, staff
from tests.grid.conftest import Town

DAYS = [MONDAY + timedelta(days=n) for n in range(6)]


@dataclass(frozen=True)
class Duty:
    people: list[Person]
    nodes: list[GridNode]


@pytest.fixture(params=range(6))
def duty(request: pytest.FixtureRequest, in_yunqiao: Street, town: Town) -> Duty:
    """Five people with two nodes or a unit each, some deputised and some away for some of the days, by chance."""
    chance = random.Random(request.param)
    people = [staff(name, f"1390000000{number}") for number, name in enumerate("甲乙丙丁戊")]
    nodes = [town[code] for code in ("C", "G", "M1", "M2")]
    unit = Unit.objects.create(code="CG", name="城管中队", kind=UnitKind.DEPARTMENT)
    for person in people:
        places: list[dict[str, object]] = [
            {"node": node, "role": Role.GRID_WORKER} for node in chance.sample(nodes, 2)
        ]  # fmt: skip
        for place in [*places, {"unit": unit, "role": Role.UNIT_LEAD}]:
            begin = chance.randrange(4)
            deputy = chance.choice([None, *(other for other in people if other != person)])
            until = chance.choice([None, DAYS[begin + 1]])
            Assignment.objects.create(
                person=person, deputy=deputy, valid_from=DAYS[begin], valid_until=until, **place
            )  # fmt: skip
        if chance.random() < 0.7:
            begin = chance.randrange(4)
            until = chance.choice([None, DAYS[begin + 2]])
            Absence.objects.create(person=person, kind=AbsenceKind.LEAVE, valid_from=DAYS[begin], valid_until=until)
    return Duty(people, nodes)


def exercised(person: Person, at: datetime) -> list[Assignment]:
    """The rule: their own, and those that they stand in for because the holder is away and they are not."""
    standing_in = Q(deputy=person, holder_is_away=True, deputy_is_away=False)
    held = Assignment.objects.in_force(at).with_absences(at).filter(Q(person=person) | standing_in)
    return list(held.select_related("person", "deputy", "node", "unit").order_by("role", "valid_from", "pk"))


def test_whoever_may_act_is_who_holds_it_or_stands_in(duty: Duty) -> None:
    for person, at in product(duty.people, DAYS):
        rule = exercised(person, at)
        found = queries.roles_of(person, at)
        assert [everything_of(held) for held in found] == [everything_of(held) for held in rule]
        for role in (Role.GRID_WORKER, Role.UNIT_LEAD, Role.COORDINATOR):
            assert queries.has_role(person, role, at) == any(held.role == role for held in rule)
        for node in duty.nodes:
            over = {*node.ids_above(), node.pk}
            assert queries.has_role(person, Role.GRID_WORKER, at, node) == any(held.node_id in over for held in rule)


def everything_of(held: Assignment) -> list[object]:
    """Each value of an assignment and of what is fetched with it, read without another statement."""
    with CaptureQueriesContext(connection) as asked:
        values: list[object] = [
            model_to_dict(one) if one else None for one in (held, held.person, held.deputy, held.node, held.unit)
        ]
        values += [held.acting.name, held.is_stand_in, held._state.db, held._state.adding]
    assert not asked.captured_queries
    return values


def test_agrees_with_the_rule_whoever_is_away(duty: Duty, town: Town) -> None:
    nodes = duty.nodes
    for at in DAYS:
        for node in (*nodes, town["H1"]):
            rule = queries.responsible_at(node, Role.GRID_WORKER, at)
            assert queries.acting_at(node, Role.GRID_WORKER, at) == (rule.acting.id if rule else None)


def test_asks_once(in_yunqiao: Street, town: Town, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert queries.acting_at(town["H1"], Role.GRID_WORKER, MONDAY) is None
