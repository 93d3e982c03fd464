"""The streets of the claims."""

import pytest

from huipai.stations.models import Station
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.grid.conftest import Town, other_town, town
from tests.photos.conftest import folder
from tests.points.claims.world import World, make
from tests.stations.test_commands import open_station

__all__ = ["folder", "other_town", "town"]


@pytest.fixture
def world(in_yunqiao: Street, town: Town) -> World:
    return make(in_yunqiao)


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
