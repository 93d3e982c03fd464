"""Two small towns on a grid of 200 metres: a street, a community, a grid and four micro-grids each."""

from collections.abc import Callable

import pytest

from huipai.grid.models import GridNode, Unit
from huipai.grid.words import Level, UnitKind
from huipai.kit.coordinates import Point, metres_per_degree
from huipai.people.models import Person
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import A_MONTH_AGO

SIDE = 200.0


class Town:
    """Nodes by code, and places by metres east and north of the town's corner."""

    def __init__(self, street: Street) -> None:
        self.street = street
        self.per_lng, self.per_lat = metres_per_degree(street.center_lat)
        self.nodes: dict[str, GridNode] = {}

    def __getitem__(self, code: str) -> GridNode:
        return self.nodes[code]

    def at(self, east: float, north: float) -> Point:
        return Point(self.street.center_lng + east / self.per_lng, self.street.center_lat + north / self.per_lat)

    def square(self, east: float, north: float, width: float = SIDE, height: float = SIDE) -> dict[str, object]:
        corners = [(0, 0), (width, 0), (width, height), (0, height), (0, 0)]
        ring = [(place.lng, place.lat) for place in (self.at(east + x, north + y) for x, y in corners)]
        return {"type": "Polygon", "coordinates": [[list(corner) for corner in ring]]}

    def add(self, level: Level, code: str, parent: str | None = None, **fields: object) -> GridNode:
        over = self.nodes[parent] if parent else None
        values: dict[str, object] = {"name": code, "valid_from": A_MONTH_AGO, **fields}
        node = GridNode(level=level, code=code, parent=over, **values)
        node.path = f"{over.path if over else ''}{node.id}/"
        node.save(force_insert=True)
        self.nodes[code] = node
        return node


def build(street: Street) -> Town:
    """M1 south-west, M2 south-east, M3 north-west, M4 north-east; M1 holds a building with two households."""
    town = Town(street)
    with in_street(street.id):
        town.add(Level.STREET, "S", boundary=town.square(0, 0, 2 * SIDE, 2 * SIDE))
        town.add(Level.COMMUNITY, "C", "S")
        town.add(Level.GRID, "G", "C")
        for number, (east, north) in enumerate([(0, 0), (SIDE, 0), (0, SIDE), (SIDE, SIDE)], start=1):
            town.add(Level.MICRO_GRID, f"M{number}", "G", boundary=town.square(east, north))
        door = town.at(50, 50)
        town.add(Level.BUILDING, "B1", "M1", lng=door.lng, lat=door.lat)
        town.add(Level.ENTRANCE, "E1", "B1")
        town.add(Level.HOUSEHOLD, "H1", "E1")
        town.add(Level.HOUSEHOLD, "H2", "E1")
    return town


@pytest.fixture
def town(yunqiao: Street) -> Town:
    return build(yunqiao)


@pytest.fixture
def other_town(hetang: Street) -> Town:
    return build(hetang)


@pytest.fixture
def somebody() -> Callable[..., Person]:
    def make(name: str, **fields: object) -> Person:
        return Person.objects.create(name=name, created_at=A_MONTH_AGO, **fields)

    return make


@pytest.fixture
def property_unit(in_yunqiao: Street) -> Unit:
    return Unit.objects.create(code="U1", name="云桥物业", kind=UnitKind.PROPERTY)
