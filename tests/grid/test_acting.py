"""`acting_at`, the one hot statement, says what `responsible_at` says."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from huipai.grid import queries
from huipai.grid.models import Absence, Assignment
from huipai.grid.words import AbsenceKind
from huipai.people.words import Role
from huipai.streets.models import Street
from tests.cast import MONDAY, staff
from tests.grid.conftest import Town

DAYS = [MONDAY + timedelta(days=n) for n in range(6)]


@pytest.mark.parametrize("seed", range(6))
def test_agrees_with_the_rule_whoever_is_away(in_yunqiao: Street, town: Town, seed: int) -> None:
    chance = random.Random(seed)
    people = [staff(name, f"1390000000{number}") for number, name in enumerate("甲乙丙丁戊")]
    nodes = [town[code] for code in ("C", "G", "M1", "M2")]
    for person in people:
        for node in chance.sample(nodes, 2):
            begin = chance.randrange(4)
            deputy = chance.choice([None, *(other for other in people if other != person)])
            until = chance.choice([None, DAYS[begin + 1]])
            Assignment.objects.create(
                person=person,
                role=Role.GRID_WORKER,
                node=node,
                deputy=deputy,
                valid_from=DAYS[begin],
                valid_until=until,
            )
        if chance.random() < 0.7:
            begin = chance.randrange(4)
            until = chance.choice([None, DAYS[begin + 2]])
            Absence.objects.create(person=person, kind=AbsenceKind.LEAVE, valid_from=DAYS[begin], valid_until=until)
    for at in DAYS:
        for node in (*nodes, town["H1"]):
            rule = queries.responsible_at(node, Role.GRID_WORKER, at)
            assert queries.acting_at(node, Role.GRID_WORKER, at) == (rule.acting.id if rule else None)


def test_asks_once(in_yunqiao: Street, town: Town, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert queries.acting_at(town["H1"], Role.GRID_WORKER, MONDAY) is None
