"""The squares of the map. The bits of column and row, in turn, make one number: each square of each zoom is a range."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

# As deep as places are kept; a square is about ten metres wide.
DEEPEST = 22
# A square of a view is 64 to 128 pixels wide where the whole world at zoom 0 has 512.
FINER = 3
# No view asks about more squares than a large screen has.
MOST = 700
_NORTHERNMOST = 85.05


@dataclass(frozen=True)
class View:
    """What a map shows: its edges in degrees, and how far in."""

    west: float
    south: float
    east: float
    north: float
    zoom: float


@dataclass(frozen=True)
class Square:
    """Every place whose number is at least `low` and below `high`."""

    low: int
    high: int


def quadkey(lng: float, lat: float) -> int:
    """The number of the deepest square in which a place lies: `cases_quadkey` in the database."""
    return _spread(_column(lng, DEEPEST)) | _spread(_row(lat, DEEPEST)) << 1


def squares(view: View) -> list[Square]:
    """The squares that cover a view: of the size of its zoom, larger where there would be too many."""
    level = max(0, min(DEEPEST, math.floor(view.zoom) + FINER))
    while _count(view, level) > MOST:
        level -= 1
    return list(_covering(view, level))


def _count(view: View, level: int) -> int:
    return (_column(view.east, level) - _column(view.west, level) + 1) * (
        _row(view.south, level) - _row(view.north, level) + 1
    )


def _covering(view: View, level: int) -> Iterator[Square]:
    width = 2 * (DEEPEST - level)
    for row in range(_row(view.north, level), _row(view.south, level) + 1):
        for column in range(_column(view.west, level), _column(view.east, level) + 1):
            low = (_spread(column) | _spread(row) << 1) << width
            yield Square(low, low + (1 << width))


def _column(lng: float, level: int) -> int:
    return _inside(math.floor((lng + 180) / 360 * 2**level), level)


def _row(lat: float, level: int) -> int:
    north = math.radians(min(max(lat, -_NORTHERNMOST), _NORTHERNMOST))
    return _inside(math.floor((1 - math.log(math.tan(north) + 1 / math.cos(north)) / math.pi) / 2 * 2**level), level)


def _inside(number: int, level: int) -> int:
    return min(max(number, 0), (1 << level) - 1)


def _spread(bits: int) -> int:
    """Each bit with a nought before it."""
    for shift, mask in ((16, 281470681808895), (8, 71777214294589695), (4, 1085102592571150095),
                        (2, 3689348814741910323), (1, 6148914691236517205)):  # fmt: skip
        bits = (bits | bits << shift) & mask
    return bits
