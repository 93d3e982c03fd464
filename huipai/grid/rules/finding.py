"""Finding the area of a point. Three answers, each on purpose: inside one, on a border, outside all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from huipai.grid.rules.plane import Plane
from huipai.grid.words import Answer
from huipai.kit.coordinates import Point

# Nobody's boundary is drawn more exactly than this, so nearer to an edge than this is 'on the border'.
TOLERANCE_M: Final = 1.0
# Squares of the short way: at most so many, and none smaller.
_MOST_CELLS: Final = 8192
_SMALLEST_CELL_M: Final = 15.0
_ROW: Final = 1 << 22
# Round corners of an inward offset are drawn a little too far in; what lies between is decided by exact distances.
_MARGIN_M: Final = TOLERANCE_M * 1.05


_N = TypeVar("_N", covariant=True)


@dataclass(frozen=True, slots=True)
class Place(Generic[_N]):
    """Where a point lies.

    inside:  `node` holds it, and no edge is within a metre.
    border:  `nodes` are all within a metre; `node` is the one that holds it, and where several do, or none, the first
             of these by code. Asking again gives the same one.
    outside: `node` is None; `nearest` is `distance_m` away.
    """

    answer: Answer
    node: _N | None
    nodes: tuple[_N, ...]
    nearest: _N | None
    distance_m: float


class Finder(Generic[_N]):
    """The areas of one moment in an R-tree. Made once, asked often, never changed.

    The areas come in the order in which a tie is settled: the first wins.
    """

    def __init__(self, areas: Sequence[tuple[_N, BaseGeometry]]) -> None:
        self._plane = Plane.around(shape for _node, shape in areas)
        self._nodes = [node for node, _shape in areas]
        self._shapes = [self._plane.flat(shape) for _node, shape in areas]
        self._tree = STRtree(self._shapes)
        self._cores, self._core_places = self._make_cores()
        self._cells = self._make_cells()

    def place(self, point: Point) -> Place[_N]:
        """Where `point` lies among the areas."""
        x = (point.lng - self._lng) * self._per_lng
        y = (point.lat - self._lat) * self._per_lat
        known = self._cells.get(int((x - self._west) * self._per_cell) * _ROW + int((y - self._south) * self._per_cell))
        if known is not None:
            return known
        hits = self._cores.query(shapely.Point(x, y), "intersects")
        # A core belongs to one area alone and keeps away from every edge: a hit is the whole answer.
        return self._core_places[hits[0]] if hits.size else self._decide(shapely.Point(x, y))

    def _make_cores(self) -> tuple[STRtree, list[Place[_N]]]:
        """Of each area the part farther than a metre from every edge, its own and the others'."""
        cores: list[BaseGeometry] = []
        places: list[Place[_N]] = []
        if not self._shapes:
            return STRtree(cores), places
        wide = shapely.buffer(self._shapes, _MARGIN_M)
        near, other = self._tree.query(self._shapes, "dwithin", distance=_MARGIN_M)
        for number, shape in enumerate(self._shapes):
            others = [one for one in other[near == number] if one != number]
            core = shape.buffer(-_MARGIN_M)
            core = core.difference(shapely.union_all(wide[others])) if others else core
            if not core.is_empty:
                node = self._nodes[number]
                cores.append(core)
                places.append(Place(Answer.INSIDE, node, (node,), node, 0.0))
        return STRtree(cores), places

    def _make_cells(self) -> dict[int, Place[_N]]:
        """Squares that lie wholly in one core, by row and column: most answers need no look at a shape.

        The first row and column stay empty, so that what lies before them, rounded towards nought, finds nothing.
        """
        plane = self._plane
        self._lng, self._lat, self._per_lng, self._per_lat = plane.lng, plane.lat, plane.per_lng, plane.per_lat
        self._west, self._south, self._per_cell = 0.0, 0.0, 1.0
        if not self._core_places:
            return {}
        west, south, east, north = (float(edge) for edge in shapely.total_bounds(self._shapes))
        side = max(_SMALLEST_CELL_M, ((east - west) * (north - south) / _MOST_CELLS) ** 0.5)
        self._west, self._south, self._per_cell = west - side, south - side, 1 / side
        numbers = np.meshgrid(np.arange(1, (east - west) // side + 2), np.arange(1, (north - south) // side + 2))
        columns, rows = (axis.ravel().astype(int) for axis in numbers)
        left, bottom = self._west + columns * side, self._south + rows * side
        squares, cores = self._cores.query(shapely.box(left, bottom, left + side, bottom + side), "within")
        keys = (columns * _ROW + rows)[squares].tolist()
        return {key: self._core_places[core] for key, core in zip(keys, cores.tolist(), strict=True)}

    def _decide(self, spot: Any) -> Place[_N]:
        """The long way, by exact distances: near an edge, or outside."""
        near = sorted(int(number) for number in self._tree.query(spot, "dwithin", distance=TOLERANCE_M))
        if not near:
            return self._outside(spot)
        holding = [number for number in near if self._shapes[number].covers(spot)]
        chosen = holding[0] if holding else near[0]
        if holding == near and len(near) == 1 and self._shapes[chosen].boundary.distance(spot) > TOLERANCE_M:
            node = self._nodes[chosen]
            return Place(Answer.INSIDE, node, (node,), node, 0.0)
        nodes = tuple(self._nodes[number] for number in [chosen, *(other for other in near if other != chosen)])
        return Place(Answer.BORDER, nodes[0], nodes, nodes[0], float(self._shapes[chosen].distance(spot)))

    def _outside(self, spot: Any) -> Place[_N]:
        if not self._shapes:
            return Place(Answer.OUTSIDE, None, (), None, float("inf"))
        found, distances = self._tree.query_nearest(spot, return_distance=True, all_matches=True)
        return Place(Answer.OUTSIDE, None, (), self._nodes[int(min(found))], float(distances[0]))
