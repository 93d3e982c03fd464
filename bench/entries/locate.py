"""`grid.queries.locate` against a bare STRtree of the same areas, one thread."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle

import shapely

from bench.words import InProcess
from bench.world import World
from huipai.grid.models import GridNode
from huipai.grid.queries import locate
from huipai.grid.words import Level
from huipai.kit.coordinates import Point


class Locate(InProcess):
    name = "locate"

    def prepare(self, world: World) -> None:
        self._now = world.now
        areas = GridNode.objects.of_level(Level.MICRO_GRID).values_list("boundary", flat=True)
        self._shapes = [shapely.geometry.shape(area) for area in areas]
        # The middle of each area, and a place some thirty metres off.
        middles = world.ground.middles
        self._places = [*middles, *(Point(place.lng + 0.0003, place.lat + 0.0001) for place in middles)]

    def ours(self) -> Callable[[], object]:
        places, now = cycle(self._places), self._now
        return lambda: locate(next(places), now)

    def raw(self) -> Callable[[], object]:
        tree, places, point = shapely.STRtree(self._shapes), cycle(self._places), shapely.Point

        def ask() -> object:
            place = next(places)
            return tree.query(point(place.lng, place.lat), "within")

        return ask


ENTRY = Locate()
