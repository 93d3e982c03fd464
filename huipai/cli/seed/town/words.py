"""The nouns of a drawn town."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from huipai.cli.seed.town.warp import Bend, Position


class Use(StrEnum):
    """What a block is used for."""

    SLABS = "slabs"
    TOWERS = "towers"
    LANES = "lanes"
    ROWS = "rows"
    PARK = "park"
    SHORE = "shore"
    SCHOOL = "school"
    MARKET = "market"
    OFFICE = "office"
    WORKS = "works"
    CLINIC = "clinic"
    DEPOT = "depot"
    CIVIC = "civic"


HOMES = frozenset({Use.SLABS, Use.TOWERS, Use.LANES, Use.ROWS})
GREEN = frozenset({Use.PARK, Use.SHORE})


class Way(StrEnum):
    """What runs along the edge of a block."""

    MAIN = "main"
    ROAD = "road"
    STREET = "street"
    LANE = "lane"
    PATH = "path"
    RIVER = "river"
    CANAL = "canal"


# metres from the line to where the block begins
HALF = {Way.MAIN: 17.0, Way.ROAD: 14.0, Way.STREET: 9.5, Way.LANE: 6.5, Way.PATH: 2.5, Way.RIVER: 58.0, Way.CANAL: 29.0}
WIDTH = {Way.MAIN: 26, Way.ROAD: 20, Way.STREET: 13, Way.LANE: 8, Way.PATH: 4}


@dataclass(frozen=True)
class Line:
    """A straight line of the plan: `at` is its u when it runs north, its v when it runs east."""

    runs_north: bool
    at: int
    start: int
    end: int
    way: Way
    name: str = ""


@dataclass(frozen=True)
class Block:
    """One micro-grid of the plan, with what runs along its four sides."""

    u0: int
    v0: int
    u1: int
    v1: int
    use: Use
    name: str
    west: Way
    east: Way
    south: Way
    north: Way

    @property
    def inside(self) -> tuple[float, float, float, float]:
        """The box that is left when roads and water have taken theirs."""
        return (
            self.u0 + HALF[self.west],
            self.v0 + HALF[self.south],
            self.u1 - HALF[self.east],
            self.v1 - HALF[self.north],
        )


class Footprint(NamedTuple):
    """One building: its number in the estate (0 = none), its storeys and its four corners on the map."""

    number: int
    storeys: int
    middle: Position
    ring: list[Position]


class Place(NamedTuple):
    """Somewhere people name when they say where: 柳溪花园东门."""

    name: str
    kind: str
    position: Position


@dataclass(frozen=True)
class MicroGrid:
    code: str
    name: str
    number: int
    block: Block
    ring: list[Position]
    middle: Position
    buildings: tuple[Footprint, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Grid:
    code: str
    name: str
    rings: list[list[Position]]
    micro_grids: tuple[MicroGrid, ...]


@dataclass(frozen=True)
class Community:
    code: str
    name: str
    rings: list[list[Position]]
    grids: tuple[Grid, ...]

    @property
    def micro_grids(self) -> tuple[MicroGrid, ...]:
        return tuple(micro for grid in self.grids for micro in grid.micro_grids)


@dataclass(frozen=True)
class Town:
    slug: str
    code: str
    name: str
    bend: Bend
    rings: list[list[Position]]
    communities: tuple[Community, ...]
    lines: tuple[Line, ...]

    @property
    def grids(self) -> tuple[Grid, ...]:
        return tuple(grid for community in self.communities for grid in community.grids)

    @property
    def micro_grids(self) -> tuple[MicroGrid, ...]:
        return tuple(micro for grid in self.grids for micro in grid.micro_grids)
