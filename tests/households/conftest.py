"""A stairwell: two households with their people, a contact, a coordinator, two reviewers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

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
from tests.cases.conftest import open_street
from tests.cast import A_MONTH_AGO, A_YEAR_AGO, GROUND, OWNER
from tests.grid.conftest import Town, build
from tests.remembered import remembered

CALM = Terms(
    code="ox-31", port=Port.OX, title="楼道一季度无杂物", description="一季度没有堆放杂物，联户互相看过，计 20 分。",
    points=20, evidence=(Evidence.WITNESS,), earners=(Earner.HOUSEHOLD,), month_cap=40, owner=OWNER,
    legal_ground=GROUND,
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


def settle(street: Street, number: int = 0) -> Stairwell:
    """Whom a stairwell needs; the phones of each numbered street are its own."""
    town = build(street)
    for node in town.nodes.values():
        node.valid_from = A_YEAR_AGO
    with in_street(street.id):
        GridNode.objects.update(valid_from=A_YEAR_AGO)
        lan, hua = cast.resident("兰小河", f"13800{number}00001"), cast.resident("华小山", f"13800{number}00002")
        child = Person.objects.create(name="兰小叶", birth_year=2015, created_at=A_MONTH_AGO)
        for person, home in ((lan, "H1"), (child, "H1"), (hua, "H2")):
            grid.move_in(person=person, household=town[home], at=A_YEAR_AGO, actor=None, now=A_YEAR_AGO)
        held: dict[str, Person] = {}
        for name, phone, role, node in (
            ("陶小梁", f"13900{number}00001", Role.GRID_WORKER, "G"),
            ("何小桥", f"13900{number}00002", Role.COORDINATOR, "C"),
            ("覃小雨", f"13900{number}00003", Role.REVIEWER, "S"),
            ("薄小雪", f"13900{number}00004", Role.REVIEWER, "S"),
        ):
            held[name] = cast.staff(name, phone)
            grid.assign(person=held[name], role=role, node=town[node], actor=None, now=A_YEAR_AGO)
        cast.rulebook(CALM, since=A_YEAR_AGO)
        tao, coordinator, qin, bo = held.values()
    return Stairwell(street, town, lan, child, hua, tao, coordinator, qin, bo)


def join_up(here: Stairwell) -> None:
    """Both households are 双联户 for a year: a worker of their grid is the contact of each."""
    with in_street(here.street.id):
        contact = cast.staff("纪小川", "13900000005")
        grid.assign(person=contact, role=Role.GRID_WORKER, node=here.town["G"], actor=None, now=A_YEAR_AGO)
        for household, person in ((here.first, here.lan), (here.second, here.hua)):
            link = links.ask_household(household=household, contact=contact, now=A_YEAR_AGO)
            links.accept(link_id=link.pk, actor=person, now=A_YEAR_AGO)


@pytest.fixture(scope="module")
def settled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Stairwell, Stairwell]]:
    """Both streets, settled once a module, as in tests/cases: settling was most of the time of this folder."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield remembered(_both)
        transaction.set_rollback(True)


def _both() -> tuple[Stairwell, Stairwell]:
    return settle(open_street("yunqiao", "云桥街道")), settle(open_street("hetang", "荷塘街道"), 1)


@pytest.fixture
def here(settled: tuple[Stairwell, Stairwell], db: None) -> Iterator[Stairwell]:
    """云桥街道, in force."""
    stairwell = deepcopy(settled[0])
    with in_street(stairwell.street.id):
        yield stairwell


@pytest.fixture
def there(settled: tuple[Stairwell, Stairwell], db: None) -> Stairwell:
    """荷塘街道, not in force."""
    return deepcopy(settled[1])


@pytest.fixture
def as_(client: Client) -> Callable[[Person], Client]:
    def sign_in(person: Person) -> Client:
        client.force_login(person.account)
        return client

    return sign_in
