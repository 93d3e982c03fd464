"""The base map as GeoJSON feature collections, one per layer, in the order in which they are painted."""

from itertools import pairwise
from math import sin
from typing import Any

from huipai.cli.seed.town.blocks import REACH, main_lines, spots
from huipai.cli.seed.town.plan import Plan
from huipai.cli.seed.town.warp import Position, Spot, along_u, along_v, box
from huipai.cli.seed.town.words import GREEN, WIDTH, Line, MicroGrid, Town, Use, Way

Feature = dict[str, Any]
Collection = dict[str, Any]


def layers(plan: Plan, town: Town) -> dict[str, Collection]:
    """land, block, park, water, road, bridge, tram, building, place: what a map of the street is drawn from."""
    micros = town.micro_grids
    parks = [micro for micro in micros if micro.block.use in GREEN]
    schools = [micro for micro in micros if micro.block.use is Use.SCHOOL]
    return {
        "land": _collect([_polygon(plan.bend.ring(_country(plan)), {})]),
        "block": _collect(_blocks(plan, [micro for micro in micros if micro.block.use not in GREEN])),
        "park": _collect(_parks(plan, parks) + _fields(plan, schools)),
        "water": _collect(_waters(plan) + _ponds(plan, parks)),
        "road": _collect([_road(plan, line) for line in town.lines]),
        "bridge": _collect(_bridges(plan)),
        "tram": _collect(_tram(plan)),
        "building": _collect(_buildings(micros)),
        "place": _collect(_labels(micros)),
    }


def _collect(features: list[Feature]) -> Collection:
    return {"type": "FeatureCollection", "features": features}


def _trim(positions: list[Position]) -> list[Position]:
    """A decimetre is enough for a picture."""
    return [(round(lng, 6), round(lat, 6)) for lng, lat in positions]


def _polygon(ring: list[Position], properties: dict[str, Any]) -> Feature:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [_trim(ring)]}}


def _line(positions: list[Position], properties: dict[str, Any]) -> Feature:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "LineString", "coordinates": _trim(positions)},
    }


def _point(position: Position, properties: dict[str, Any]) -> Feature:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": position}}


def _country(plan: Plan) -> list[Spot]:
    west, east = plan.columns[0][0] - REACH, plan.columns[-1][0] + REACH
    north, south = plan.rows[0][0] + REACH, plan.rows[-1][0] - REACH
    return box(west, south, east, north)


def _blocks(plan: Plan, micros: list[MicroGrid]) -> list[Feature]:
    return [
        _polygon(plan.bend.ring(box(*_tuck(micro))), {"use": micro.block.use.value, "name": micro.block.name})
        for micro in micros
    ]


def _tuck(micro: MicroGrid) -> tuple[float, float, float, float]:
    u0, v0, u1, v1 = micro.block.inside
    return u0, v0, u1, v1


def _parks(plan: Plan, micros: list[MicroGrid]) -> list[Feature]:
    return [
        _polygon(plan.bend.ring(_round(box(*_tuck(micro)))), {"use": micro.block.use.value, "name": micro.block.name})
        for micro in micros
    ]


def _round(corners: list[Spot]) -> list[Spot]:
    """Corners cut twice, so that greens and lakes have soft outlines."""
    for _ in range(2):
        cut = []
        for here, there in pairwise([*corners, corners[0]]):
            cut.append(Spot(here.u * 0.75 + there.u * 0.25, here.v * 0.75 + there.v * 0.25))
            cut.append(Spot(here.u * 0.25 + there.u * 0.75, here.v * 0.25 + there.v * 0.75))
        corners = cut
    return corners


def _waters(plan: Plan) -> list[Feature]:
    found = []
    west, east = plan.columns[0][0] - REACH, plan.columns[-1][0] + REACH
    for at, way, name in plan.rows:
        if way is Way.RIVER:
            north = [Spot(u, at + 27 + 5 * sin(u / 170) + 2 * sin(u / 53)) for u, _ in along_u(west, east, at)]
            south = [Spot(u, at - 27 - 5 * sin(u / 140 + 2) - 2 * sin(u / 47)) for u, _ in along_u(east, west, at)]
            found.append(_polygon(plan.bend.ring([*south, *north]), {"kind": "river", "name": name}))
    for u, low, high, name in plan.canals:
        banks = [Spot(u + 8, v) for _, v in along_v(low, high, u)] + [Spot(u - 8, v) for _, v in along_v(high, low, u)]
        found.append(_polygon(plan.bend.ring(banks), {"kind": "canal", "name": name}))
    name, shore = plan.lake
    if shore:
        found.append(_polygon(plan.bend.ring(_round([Spot(*spot) for spot in shore])), {"kind": "lake", "name": name}))
    return found


def _ponds(plan: Plan, parks: list[MicroGrid]) -> list[Feature]:
    """Every second park has a pond."""
    rim = [(1, 0.1), (0.5, 0.7), (-0.3, 0.8), (-1, 0.35), (-0.8, -0.5), (0.1, -0.75), (0.8, -0.6)]
    found = []
    for micro in parks[::2]:
        u0, v0, u1, v1 = micro.block.inside
        size = min(u1 - u0, v1 - v0) * 0.34
        u, v = u0 + (u1 - u0) * 0.55, v0 + (v1 - v0) * 0.45
        spots = _round([Spot(u + size * east, v + size * north) for east, north in rim])
        found.append(_polygon(plan.bend.ring(spots), {"kind": "pond", "name": f"{micro.block.name}的池塘"}))
    return found


def _fields(plan: Plan, schools: list[MicroGrid]) -> list[Feature]:
    """The playing field in the south of each school."""
    found = []
    for micro in schools:
        u0, v0, u1, v1 = micro.block.inside
        corners = box(u0 + (u1 - u0) * 0.12, v0 + (v1 - v0) * 0.1, u0 + (u1 - u0) * 0.7, v0 + (v1 - v0) * 0.42)
        found.append(_polygon(plan.bend.ring(_round(corners)), {"use": "field", "name": ""}))
    return found


def _road(plan: Plan, line: Line) -> Feature:
    properties = {"way": line.way.value, "name": line.name, "width": WIDTH[line.way]}
    return _line(plan.bend.line(spots(line)), properties)


def _bridges(plan: Plan) -> list[Feature]:
    """Where a road crosses the river or a canal."""
    rivers = [at for at, way, _ in plan.rows if way is Way.RIVER]
    found = []
    for line in main_lines(plan):
        crossed = _over_river(line, rivers, plan) if line.runs_north else _over_canals(line, plan)
        found += [_line(plan.bend.line(deck), {"width": WIDTH[line.way]}) for deck in crossed]
    for u, low, high, _ in plan.canals:
        decks = [along_v(v - 38, v + 38, u) for v in rivers if low <= v < high]
        found += [_line(plan.bend.line(deck), {"width": WIDTH[Way.ROAD]}) for deck in decks]
    return found


def _over_river(line: Line, rivers: list[int], plan: Plan) -> list[list[Spot]]:
    if any(abs(line.at - u) < 20 for u, _, _, _ in plan.canals):
        return []  # roads beside a canal share one bridge in the middle
    return [along_v(v - 38, v + 38, line.at) for v in rivers if line.start < v < line.end]


def _over_canals(line: Line, plan: Plan) -> list[list[Spot]]:
    return [
        along_u(u - 12, u + 12, line.at)
        for u, low, high, _ in plan.canals
        if low < line.at < high and line.start < u < line.end
    ]


def _tram(plan: Plan) -> list[Feature]:
    if not plan.tram:
        return []
    at = next(v for v, _, name in plan.rows if name == plan.tram)
    west, east = plan.columns[0][0] - REACH, plan.columns[-1][0] + REACH
    return [_line(plan.bend.line(along_u(west, east, at)), {"name": f"{plan.tram}有轨电车"})]


def _buildings(micros: tuple[MicroGrid, ...]) -> list[Feature]:
    return [
        _polygon(building.ring, {"storeys": building.storeys, "use": micro.block.use.value})
        for micro in micros
        for building in micro.buildings
    ]


LANDMARKS = frozenset({Use.PARK, Use.SHORE, Use.SCHOOL, Use.MARKET, Use.CLINIC, Use.DEPOT, Use.CIVIC})


def _labels(micros: tuple[MicroGrid, ...]) -> list[Feature]:
    """One label per estate and landmark, in the middle of its blocks."""
    spread: dict[tuple[str, str], list[Position]] = {}
    for micro in micros:
        spread.setdefault((micro.block.name, micro.block.use.value), []).append(micro.middle)
    found = []
    for (name, use), middles in spread.items():
        middle = (
            round(sum(lng for lng, _ in middles) / len(middles), 7),
            round(sum(lat for _, lat in middles) / len(middles), 7),
        )
        rank = 1 if len(middles) > 1 else 2
        found.append(_point(middle, {"name": name, "use": use, "rank": rank, "landmark": use in LANDMARKS}))
    return found
