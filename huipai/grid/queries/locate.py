"""Finding the micro-grid of a place, in this process, by a tree that is never old.

Each street's areas stand in memory with the stamp under which they were read. A request or job looks at the stamp in
the database before its first answer, again when it has itself written a node, and again after a twentieth of a second.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from datetime import UTC, datetime
from threading import Lock
from time import monotonic
from typing import Final
from uuid import UUID

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from huipai.grid.models import GridNode
from huipai.grid.rules.finding import Finder, Place
from huipai.grid.words import TREE_NOTE, Level
from huipai.kit import hot
from huipai.kit.coordinates import Point
from huipai.streets.current import notes, street_in_force

_LOOK_AGAIN_AFTER_S: Final = 0.05
_STREETS_KEPT: Final = 64
_MOMENTS_KEPT: Final = 8
_EVER: Final = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def locate(point: Point, at: datetime) -> Place[GridNode]:
    """Where `point` lies among the micro-grids that are valid at `at`.

    The nodes of the answer are shared by all requests: read them, do not change them.
    """
    noted: _Noted | None = notes().get(TREE_NOTE)
    if noted is None or monotonic() > noted.until:
        noted = _look_again()
    return noted.areas.finder(at).place(point)


def finder(at: datetime) -> Finder[GridNode]:
    """What `locate` asks, for many points of one moment."""
    return _look_again().areas.finder(at)


class _Areas:
    """The micro-grids of one street as they were under one stamp, at every moment of their history."""

    def __init__(self, stamp: UUID | None, drawn: list[tuple[GridNode, BaseGeometry]]) -> None:
        self.stamp = stamp
        self._drawn = drawn
        changes = {node.valid_from for node, _shape in drawn} | {n.valid_until for n, _s in drawn if n.valid_until}
        self._changes = sorted(changes)
        self._finders: OrderedDict[int, Finder[GridNode]] = OrderedDict()
        self._lock = Lock()
        # The moment asked for last, nearly always the present: (from, until, its finder), replaced as a whole.
        self._last: tuple[datetime, datetime, Finder[GridNode]] | None = None

    def finder(self, at: datetime) -> Finder[GridNode]:
        last = self._last
        if last is None or not last[0] <= at < last[1]:
            last = self._last = self._find(at)
        return last[2]

    def _find(self, at: datetime) -> tuple[datetime, datetime, Finder[GridNode]]:
        era = bisect_right(self._changes, at)
        begin, end = ([_EVER[0], *self._changes][era], [*self._changes, _EVER[1]][era])
        with self._lock:
            if era not in self._finders:
                self._finders[era] = Finder([(node, area) for node, area in self._drawn if node.is_valid(at)])
            self._finders.move_to_end(era)
            if len(self._finders) > _MOMENTS_KEPT:
                self._finders.popitem(last=False)
            return begin, end, self._finders[era]


class _Noted:
    __slots__ = ("areas", "until")

    def __init__(self, areas: _Areas, until: float) -> None:
        self.areas = areas
        self.until = until


_shared: OrderedDict[UUID, _Areas] = OrderedDict()
_lock = Lock()


def _look_again() -> _Noted:
    street = street_in_force()
    stamp = _stamp(street)
    areas = _shared.get(street)
    # A tree that another transaction has not committed yet has a stamp that we do not see, so it is not taken here.
    if areas is None or areas.stamp != stamp:
        areas = _read(street, stamp)
    noted = notes()[TREE_NOTE] = _Noted(areas, monotonic() + _LOOK_AGAIN_AFTER_S)
    return noted


def _stamp(street: UUID) -> UUID | None:
    found = hot.rows("SELECT stamp FROM grid_treeversion WHERE street_id = %(street)s", {"street": street})
    return found[0][0] if found else None


def _read(street: UUID, stamp: UUID | None) -> _Areas:
    """Read the areas after their stamp: what changes in between is newer than its stamp, and read again at once."""
    drawn = []
    for node in GridNode.objects.of_level(Level.MICRO_GRID).filter(boundary__isnull=False).order_by("code", "id"):
        area = shape(node.__dict__.pop("boundary"))
        drawn.append((node, area if area.is_valid else shapely.make_valid(area)))
    areas = _Areas(stamp, drawn)
    with _lock:
        _shared[street] = areas
        _shared.move_to_end(street)
        if len(_shared) > _STREETS_KEPT:
            _shared.popitem(last=False)
    return areas
