"""Places as people name them: gates, crossings of roads, banks, spots in a park; each lies inside its micro-grid."""

from huipai.cli.seed.town.warp import Bend, Spot
from huipai.cli.seed.town.words import GREEN, HOMES, Block, Footprint, Place, Use, Way

OPEN = frozenset({Way.MAIN, Way.ROAD, Way.STREET})
GATES = {"east": "东门", "south": "南门", "north": "北门", "west": "西门"}
YARDS: dict[Use, tuple[tuple[str, str], ...]] = {
    Use.PARK: (("健身角", "park"), ("小广场", "park"), ("步道", "footway")),
    Use.SHORE: (("步道", "footway"), ("亲水平台", "water"), ("凉亭", "park")),
    Use.SCHOOL: (("门口", "school"), ("家长接送区", "school")),
    Use.MARKET: (("门口", "market"), ("卸货口", "market"), ("西侧通道", "footway")),
    Use.OFFICE: (("门口", "office"), ("地面停车场", "parking")),
    Use.WORKS: (("大门", "works"), ("围墙外", "works")),
    Use.CLINIC: (("门口", "clinic"), ("停车场", "parking")),
    Use.DEPOT: (("出入口", "depot"), ("候车亭", "stop")),
    Use.CIVIC: (("门口", "civic"), ("小广场", "park")),
}
HOME_YARDS = (("垃圾分类点", "bins"), ("地面停车位", "parking"), ("非机动车棚", "bikes"), ("中心花园", "park"))


def places(block: Block, buildings: tuple[Footprint, ...], roads: dict[str, str], bend: Bend) -> tuple[Place, ...]:
    """The named places of a block; `roads` says which road runs along which side."""
    found = [*_along_roads(block, roads, bend), *_banks(block, bend)]
    if block.use in HOMES:
        found += [*_gates(block, roads, bend), *_yards(block, bend), *_doors(block, buildings)]
    else:
        found += _yard(block, YARDS[block.use], bend)
    return tuple(found)


def _at(block: Block, east: float, north: float, bend: Bend) -> tuple[float, float]:
    """A position by share of the box, kept a little away from its outline."""
    return bend.position(Spot(block.u0 + (block.u1 - block.u0) * east, block.v0 + (block.v1 - block.v0) * north))


SIDES = {"east": (0.94, 0.5), "south": (0.5, 0.06), "north": (0.5, 0.94), "west": (0.06, 0.5)}


def _along_roads(block: Block, roads: dict[str, str], bend: Bend) -> list[Place]:
    found = []
    for side, name in roads.items():
        east, north = SIDES[side]
        where = f"{name}{block.name}段" if block.use in GREEN else f"{name}，{block.name}旁"
        shift = 0.18 if side in ("north", "south") else 0.0
        found.append(Place(where, "road", _at(block, east + shift, north + (0.18 if not shift else 0), bend)))
    if "east" in roads and "south" in roads:
        found.append(Place(f"{roads['south']}{roads['east']}路口", "crossing", _at(block, 0.95, 0.05, bend)))
    return found


def _banks(block: Block, bend: Bend) -> list[Place]:
    found = []
    for side in ("north", "south"):
        if getattr(block, side) is Way.RIVER:
            found.append(Place(f"{block.name}河埠", "water", _at(block, 0.4, SIDES[side][1], bend)))
    for side in ("east", "west"):
        if getattr(block, side) is Way.CANAL:
            found.append(Place(f"河边步道，{block.name}段", "footway", _at(block, SIDES[side][0], 0.4, bend)))
    return found


def _gates(block: Block, roads: dict[str, str], bend: Bend) -> list[Place]:
    ways = {side: getattr(block, side) for side in GATES}
    gates = [side for side in GATES if ways[side] in OPEN][:2]
    return [Place(f"{block.name}{GATES[side]}", "gate", _at(block, *SIDES[side], bend)) for side in gates]


def _yards(block: Block, bend: Bend) -> list[Place]:
    if block.use is Use.LANES:
        return [
            Place(f"{block.name}口", "lane", _at(block, 0.5, 0.12, bend)),
            Place(f"{block.name}后巷", "lane", _at(block, 0.3, 0.7, bend)),
        ]
    return _yard(block, HOME_YARDS, bend)


def _yard(block: Block, names: tuple[tuple[str, str], ...], bend: Bend) -> list[Place]:
    return [
        Place(f"{block.name}{name}", kind, _at(block, 0.28 + 0.16 * n, 0.3 + 0.13 * n, bend))
        for n, (name, kind) in enumerate(names)
    ]


def _doors(block: Block, buildings: tuple[Footprint, ...]) -> list[Place]:
    if block.use is Use.LANES:
        return [Place(f"{block.name} {building.number} 号", "door", building.middle) for building in buildings[:6]]
    return [
        Place(f"{block.name} {building.number} 幢 {entrance} 单元", "stairs", building.middle)
        for building in buildings
        for entrance in (1, 2)
    ]
