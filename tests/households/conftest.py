"""A stairwell: two households with their people, a contact, a coordinator, two reviewers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from huipai.grid import commands as grid
from huipai.grid.models import GridNode
from huipai.households.commands import links
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.rulebook.rules import Terms
from huipai.rulebook.words import Earner, Evidence, Port
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.cast import A_MONTH_AGO
from tests.grid.conftest import Town, build

CALM = Terms(
    code="ox-31", port=Port.OX, title="楼道一季度无杂物", description="一季度没有堆放杂物，联户互相看过，计 20 分。",
    points=20, evidence=(Evidence.WITNESS,), earners=(Earner.HOUSEHOLD,), month_cap=40,
)  # fmt: skip


@dataclass
class Stairwell:
    street: Street
    town: Town
    lan: Person
    child: Person
    hua: Person
    tao: Person
    coordinator: Person
    qin: Person
    bo: Person

    @property
    def first(self) -> GridNode:
        return self.town["H1"]

    @property
    def second(self) -> GridNode:
        return self.town["H2"]


def settle(street: Street) -> Stairwell:
    town = build(street)
    with in_street(street.id):
        lan, hua = cast.resident("兰小河", "13800000001"), cast.resident("华小山", "13800000002")
        child = Person.objects.create(name="兰小叶", birth_year=2015, created_at=A_MONTH_AGO)
        for person, home in ((lan, "H1"), (child, "H1"), (hua, "H2")):
            grid.move_in(person=person, household=town[home], at=A_MONTH_AGO, actor=None, now=A_MONTH_AGO)
        held: dict[str, Person] = {}
        for name, phone, role, node in (
            ("陶小梁", "13900000001", Role.GRID_WORKER, "G"),
            ("何小桥", "13900000002", Role.COORDINATOR, "C"),
            ("覃小雨", "13900000003", Role.REVIEWER, "S"),
            ("薄小雪", "13900000004", Role.REVIEWER, "S"),
        ):
            held[name] = cast.staff(name, phone)
            grid.assign(person=held[name], role=role, node=town[node], actor=None, now=A_MONTH_AGO)
        cast.rulebook(CALM)
        tao, coordinator, qin, bo = held.values()
    return Stairwell(street, town, lan, child, hua, tao, coordinator, qin, bo)


def join_up(here: Stairwell) -> None:
    """Both households are 双联户 for a month: a worker of their grid is the contact of each."""
    with in_street(here.street.id):
        contact = cast.staff("纪小川", "13900000005")
        grid.assign(person=contact, role=Role.GRID_WORKER, node=here.town["G"], actor=None, now=A_MONTH_AGO)
        for household, person in ((here.first, here.lan), (here.second, here.hua)):
            link = links.ask_household(household=household, contact=contact, now=A_MONTH_AGO)
            links.accept(link_id=link.pk, actor=person, now=A_MONTH_AGO)


@pytest.fixture
def here(in_yunqiao: Street) -> Stairwell:
    return settle(in_yunqiao)


@pytest.fixture
def there(hetang: Street) -> Stairwell:
    return settle(hetang)


@pytest.fixture
def as_(client: Client) -> Callable[[Person], Client]:
    def sign_in(person: Person) -> Client:
        client.force_login(person.account)
        return client

    return sign_in
