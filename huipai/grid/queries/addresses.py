"""Finding the place that an address means, and the places that somebody can choose from instead of a map."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from shapely import union_all
from shapely.geometry import shape

from huipai.grid.models import BaseMapLayer, GridNode, GridNodeQuerySet
from huipai.grid.queries.locate import locate
from huipai.grid.rules import addresses
from huipai.grid.rules.addresses import Named
from huipai.grid.rules.finding import Place
from huipai.grid.words import BaseMapKind, Level
from huipai.kit.coordinates import Point
from huipai.streets.current import street_in_force
from huipai.streets.models import Street

_AREAS: Final = (Level.COMMUNITY, Level.GRID, Level.MICRO_GRID)
_HOUSES: Final = (Level.BUILDING, Level.ENTRANCE)
_CHOSEN: Final = (Level.STREET, *_AREAS, *_HOUSES)
_NAMED_LAYERS: Final = (BaseMapKind.PLACE, BaseMapKind.BLOCK, BaseMapKind.PARK, BaseMapKind.BUILDING)
MOST_OFFERED: Final = 12


@dataclass(frozen=True)
class Spot:
    """A place found without a map. `is_exact` of a house that stands on the map; else somewhere in `node`."""

    point: Point
    place: Place[GridNode] | None
    node: GridNode

    @property
    def is_exact(self) -> bool:
        return self.place is not None


@dataclass(frozen=True)
class Choice:
    """A place to choose, by its name and what it lies in."""

    id: UUID
    name: str
    point: Point
    is_exact: bool


def at_address(words: str, at: datetime) -> list[Choice]:
    """What an address could mean, likeliest first: one, several, or nothing."""
    if len(addresses.plain(words)) < addresses.SHORTEST:
        return []
    nodes = {node.id: node for node in _nodes(at, *_AREAS, Level.BUILDING)}
    best = addresses.matches(words, map(_named, nodes.values()))
    houses = [one.id for one in best if nodes[one.id].level == Level.BUILDING]
    if houses:
        doors = {
            node.id: node for node in _nodes(at, Level.ENTRANCE).select_related("parent").filter(parent__in=houses)
        }
        nodes |= doors
        best = addresses.matches(words, [_named(node) for node in nodes.values() if _counts(node, houses, best)])
    if not best:
        return _on_the_map(words, at)
    chosen = sorted((nodes[one.id] for one in best), key=lambda node: (_depth(node), node.code))
    return [_choice(node, _called(node, nodes), at) for node in chosen[:MOST_OFFERED]]


def door_of(household: GridNode) -> str:
    """Where somebody lives, as it is said at a door: building, entrance and household."""
    above = GridNode.objects.filter(pk__in=household.ids_above(), level__in=_HOUSES).order_by("path")
    return " ".join([*above.values_list("name", flat=True), household.name])


def choice_of(node_id: UUID, at: datetime) -> Choice | None:
    """A place of the tree as something to choose."""
    node = _nodes(at, *_CHOSEN).filter(pk=node_id).first()
    return None if node is None else _choice(node, node.name, at)


def _choice(node: GridNode, name: str, at: datetime) -> Choice:
    spot = _house(node, at) or _area(node)
    return Choice(node.id, name, spot.point, spot.is_exact)


def _depth(node: GridNode) -> int:
    return len(node.ids_above())


def _counts(node: GridNode, houses: Iterable[UUID], best: Sequence[Named]) -> bool:
    """Doors of the houses that fit, those houses and what lies over them."""
    over = {id for one in best for id in one.path}
    return node.id in over or node.parent_id in set(houses)


def spot_of(node_id: UUID, at: datetime) -> Spot | None:
    """The place that was chosen; None where it is none of this street, today."""
    node = _nodes(at, *_CHOSEN).filter(pk=node_id).first()
    return None if node is None else _house(node, at) or _area(node)


def _house(node: GridNode, at: datetime) -> Spot | None:
    """A house or its door, if it stands on the map inside the street."""
    if node.level not in _HOUSES:
        return None
    point = node.point or (node.parent.point if node.parent and node.level == Level.ENTRANCE else None)
    place = locate(point, at) if point else None
    if point is None or place is None or place.node is None:
        return None
    return Spot(point, place, place.node)


def _area(node: GridNode) -> Spot:
    """Somewhere in an area: its middle stands for it. A house that nobody has drawn lies in its micro-grid."""
    if node.level in _HOUSES:
        node = GridNode.objects.above(node).get(level=Level.MICRO_GRID)
    if node.boundary:
        return Spot(_inside(node.boundary), None, node)
    street = Street.objects.get(pk=street_in_force())
    return Spot(node.point or Point(street.center_lng, street.center_lat), None, node)


def middles_of(node_ids: Collection[UUID]) -> dict[UUID, Point]:
    """Where the label of each of these areas stands: at its own point, or inside what is drawn of it or below it.

    Nothing for an area of which nothing is drawn.
    """
    nodes = list(GridNode.objects.filter(pk__in=node_ids))
    below = Q(pk__in=[])
    for node in nodes:
        if node.point is None and not node.boundary:
            below |= Q(path__startswith=node.path)
    drawn = list(GridNode.objects.filter(below, boundary__isnull=False).values_list("path", "boundary"))
    found: dict[UUID, Point] = {}
    for node in nodes:
        parts = [node.boundary] if node.boundary else [part for path, part in drawn if path.startswith(node.path)]
        if node.point is not None:
            found[node.pk] = node.point
        elif parts:
            found[node.pk] = _inside(*parts)
    return found


def _inside(*areas: dict[str, Any]) -> Point:
    """A point that lies in these areas, wherever their middle may be."""
    found = union_all([shape(area) for area in areas]).representative_point()
    return Point(found.x, found.y)


@dataclass(frozen=True)
class Area:
    """A community as a whole, and its micro-grids."""

    whole: Choice
    inside: list[Choice]


def areas_to_choose(at: datetime) -> list[Area]:
    """What stands beside the map for whoever has none, by the codes."""
    areas = list(_nodes(at, Level.COMMUNITY, Level.MICRO_GRID).order_by("code"))
    return [
        Area(_choice(one, one.name, at), [
            _choice(inside, inside.name, at) for inside in areas
            if inside.level == Level.MICRO_GRID and inside.path.startswith(one.path)
        ])
        for one in areas if one.level == Level.COMMUNITY
    ]  # fmt: skip


def _on_the_map(words: str, at: datetime) -> list[Choice]:
    """A park, a school, a market: what the base map calls by its name lies in some micro-grid."""
    said = addresses.plain(words)
    found: dict[UUID, Choice] = {}
    for layer in BaseMapLayer.objects.filter(kind__in=_NAMED_LAYERS).order_by("kind"):
        for feature in layer.features.get("features", []):
            name = str((feature.get("properties") or {}).get("name") or "")
            if len(name) < 2 or addresses.plain(name) not in said:
                continue
            node = locate(_inside(feature["geometry"]), at).node
            if node is not None:
                said_of_it = _("%(name)s（%(more)s）") % {"name": name, "more": node.name}
                found.setdefault(node.id, _choice(GridNode.objects.get(pk=node.id), said_of_it, at))
    return list(found.values())[:MOST_OFFERED]


def _nodes(at: datetime, *levels: Level) -> GridNodeQuerySet:
    found: GridNodeQuerySet = GridNode.objects.valid_at(at).of_level(*levels)
    return found


def _named(node: GridNode) -> Named:
    return Named(node.id, node.name, (*node.ids_above(), node.id))


def _called(node: GridNode, nodes: dict[UUID, GridNode]) -> str:
    """From the micro-grid down; what lies higher says nothing to anybody who lives there."""
    over = [
        nodes[id] for id in node.ids_above() if id in nodes and nodes[id].level not in (Level.COMMUNITY, Level.GRID)
    ]
    return " ".join(one.name for one in (*over, node))
