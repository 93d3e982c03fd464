"""The streets of the claims."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from huipai.stations.models import Station
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cases.conftest import open_street
from tests.grid.conftest import Town, build, other_town
from tests.photos.conftest import folder
from tests.points.claims.world import Drawn, World, make
from tests.remembered import remembered
from tests.stations.test_commands import open_station

__all__ = ["folder", "other_town"]


@pytest.fixture(autouse=True)
def _pictures_from_the_first() -> None:
    Drawn.number = 0


@pytest.fixture(scope="module")
def settled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Town, World]]:
    """云桥街道, settled once a module, as in tests/cases: settling was most of the time of this folder."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield remembered(_lived_in)
        transaction.set_rollback(True)


def _lived_in() -> tuple[Town, World]:
    street = open_street("yunqiao", "云桥街道")
    with in_street(street.id):
        return build(street), make(street)


@pytest.fixture
def _yunqiao(settled: tuple[Town, World], db: None) -> Iterator[tuple[Town, World]]:
    """Town and claims of one street, in force; copies, so that no test sees what another made of them."""
    copies = deepcopy(settled)
    with in_street(copies[1].street.id):
        yield copies


@pytest.fixture
def town(_yunqiao: tuple[Town, World]) -> Town:
    return _yunqiao[0]


@pytest.fixture
def world(_yunqiao: tuple[Town, World]) -> World:
    return _yunqiao[1]


@pytest.fixture
def elsewhere(hetang: Street, other_town: Town) -> World:
    with in_street(hetang.id):
        return make(hetang, "1381111")


@pytest.fixture
def station(world: World, town: Town) -> Station:
    """Open from nine to twelve."""
    return open_station(town)


@pytest.fixture
def other_station(world: World, town: Town) -> Station:
    return open_station(town, code="Z02", name="柳溪驿站")
