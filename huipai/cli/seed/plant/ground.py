"""The street, its tree with boundaries, the base map, the units."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from huipai.cli.seed.folk.ids import derived
from huipai.cli.seed.texts.words import UnitText
from huipai.cli.seed.town.layers import layers
from huipai.cli.seed.town.plan import Plan
from huipai.cli.seed.town.warp import Position
from huipai.cli.seed.town.words import HOMES, MicroGrid, Town, Use
from huipai.grid import commands as grid
from huipai.grid.models import GridNode, Unit
from huipai.grid.words import BaseMapKind, Level, UnitKind
from huipai.kit.coordinates import Point
from huipai.streets.models import Street

UNIT_KINDS: dict[str, UnitKind] = {
    "property": UnitKind.PROPERTY,
    "community": UnitKind.COMMUNITY,
    "city_management": UnitKind.CITY_MANAGEMENT,
    "transit_police": UnitKind.POLICE,
    "police": UnitKind.POLICE,
    "municipal": UnitKind.UTILITY,
    "sanitation": UnitKind.SANITATION,
    "garden": UnitKind.GREENERY,
    "water": UnitKind.SANITATION,
    "fire": UnitKind.DEPARTMENT,
    "market_supervision": UnitKind.MARKET,
    "law_office": UnitKind.PARTNER,
}
# In these estates the buildings are known, and in a few of them every household; elsewhere the tree ends at the
# micro-grid.
KNOWN_ESTATES = frozenset({"柳溪花园", "望山名苑", "新港家园", "塘湾新村", "荷塘新村"})
FLOORS, FLATS, KNOWN_HOUSES = 6, 2, 3


@dataclass
class Ground:
    """What has been planted so far, by code."""

    street: Street
    town: Town
    opened_at: datetime
    nodes: dict[str, GridNode] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    households: list[GridNode] = field(default_factory=list)


def open_street(plan: Plan, town: Town, *, seed: int, opened_at: datetime, phone: str) -> Street:
    """The tenant itself; it becomes the demo's when everything is in it."""
    lng, lat = _middle([position for ring in town.rings for position in ring])
    return Street.objects.create(
        id=derived(seed, opened_at, plan.slug, "street"),
        slug=plan.slug,
        name=plan.name,
        operator=f"{plan.name}办事处",
        complaint_phone=phone,
        hotline_phone=phone,
        center_lng=lng,
        center_lat=lat,
        opened_at=opened_at,
    )


def _middle(positions: list[Position]) -> Position:
    return (
        round(sum(lng for lng, _ in positions) / len(positions), 6),
        round(sum(lat for _, lat in positions) / len(positions), 6),
    )


def plant_tree(ground: Ground, *, with_homes: bool) -> None:
    """Street, communities, grids, micro-grids; buildings, entrances and households where they are known."""
    town = ground.town
    root = _node(ground, Level.STREET, town.code, town.name, None, boundary=_area(town.rings))
    for community in town.communities:
        parent = _node(ground, Level.COMMUNITY, community.code, community.name, root, boundary=_area(community.rings))
        for grid_ in community.grids:
            over = _node(ground, Level.GRID, grid_.code, grid_.name, parent, boundary=_area(grid_.rings))
            for micro in grid_.micro_grids:
                node = _node(
                    ground, Level.MICRO_GRID, micro.code, micro.name, over,
                    boundary=_area([micro.ring]), at=micro.middle,
                )  # fmt: skip
                if with_homes and micro.block.use in HOMES and micro.block.name in KNOWN_ESTATES:
                    _plant_homes(ground, micro, node)


def _plant_homes(ground: Ground, micro: MicroGrid, over: GridNode) -> None:
    entrances = 2 if micro.block.use is Use.SLABS else 1
    for n, building in enumerate(micro.buildings):
        code = f"{micro.code}-{building.number:03d}"
        house = _node(ground, Level.BUILDING, code, f"{building.number} 幢", over, at=building.middle)
        for entrance in range(1, entrances + 1 if n < KNOWN_HOUSES else 1):
            door = _node(ground, Level.ENTRANCE, f"{code}-{entrance}", f"{entrance} 单元", house)
            for floor in range(1, FLOORS + 1):
                for flat in range(1, FLATS + 1):
                    room = f"{floor}{flat:02d}"
                    home = _node(ground, Level.HOUSEHOLD, f"{code}-{entrance}-{room}", f"{room} 室", door)
                    ground.households.append(home)


def _node(
    ground: Ground,
    level: Level,
    code: str,
    name: str,
    parent: GridNode | None,
    *,
    boundary: dict[str, Any] | None = None,
    at: Position | None = None,
) -> GridNode:
    node = grid.create_node(
        level=level,
        code=code,
        name=name,
        parent=parent,
        actor=None,
        now=ground.opened_at,
        point=Point(*at) if at else None,
        boundary=boundary,
    )
    ground.nodes[code] = node
    return node


def _area(rings: list[list[Position]]) -> dict[str, Any]:
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": [rings[0]]}
    return {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}


def plant_map(ground: Ground, plan: Plan) -> None:
    """The layers that the base map knows, drawn from the same plan."""
    known = set(BaseMapKind.values)
    for kind, features in layers(plan, ground.town).items():
        if kind in known:
            grid.replace_base_map(kind=BaseMapKind(kind), features=features, actor=None, now=ground.opened_at)


def plant_units(ground: Ground, units: tuple[UnitText, ...]) -> None:
    communities = {community.name: community.code for community in ground.town.communities}
    for unit in units:
        ground.units[unit.code] = grid.create_unit(
            code=unit.code,
            name=unit.name,
            kind=UNIT_KINDS[unit.kind],
            node=ground.nodes[communities[unit.community]] if unit.community else None,
            actor=None,
            now=ground.opened_at,
        )
