"""From the plan of a town, drawn in straight metres, to bent streets and WGS-84 degrees.

A plan is drawn with whole metres and right angles, so that neighbours share corners exactly; the bend is smooth and
one-to-one, so what shares a corner in the plan shares a rounded position on the map.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, pi, radians, sin
from typing import NamedTuple

METRES_PER_DEGREE = 111_195.0
MARK = 40  # a bent edge carries a corner at every multiple of this many metres


class Spot(NamedTuple):
    """A position in the plan: metres east and north of its south-west corner."""

    u: float
    v: float


Position = tuple[float, float]


@dataclass(frozen=True)
class Bend:
    """How a plan lies on the ground: where its corner is, which way it is turned and how far streets swing."""

    lng: float
    lat: float
    turn: float
    swing: float
    phase: float

    def ground(self, spot: Spot) -> tuple[float, float]:
        """Metres east and north of the corner, after the bend and the turn."""
        u, v = spot
        swing, phase = self.swing, self.phase
        x = u + swing * (58 * sin(2 * pi * v / 2500 + phase) + 17 * sin(2 * pi * (u / 1900 + v / 1250)))
        y = v + swing * (66 * sin(2 * pi * u / 2700 + phase + 0.9) + 15 * sin(2 * pi * (u / 1150 - v / 2100)))
        angle = radians(self.turn)
        return x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle)

    def position(self, spot: Spot) -> Position:
        """Longitude and latitude, rounded to about a centimetre."""
        x, y = self.ground(spot)
        lng = self.lng + x / (METRES_PER_DEGREE * cos(radians(self.lat)))
        return round(lng, 7), round(self.lat + y / METRES_PER_DEGREE, 7)

    def line(self, spots: Iterable[Spot]) -> list[Position]:
        return [self.position(spot) for spot in spots]

    def ring(self, spots: Iterable[Spot]) -> list[Position]:
        """A closed ring: the first position comes again at the end."""
        positions = self.line(spots)
        return [*positions, positions[0]]


def marks(start: float, end: float, extra: Iterable[float] = ()) -> list[float]:
    """The stops from start to end, both included: every multiple of MARK between them, and the extra ones."""
    low, high = min(start, end), max(start, end)
    first = int(low // MARK) + 1
    inner = {float(n * MARK) for n in range(first, int(high // MARK) + 1)} | {float(stop) for stop in extra}
    stops = sorted({float(low), float(high)} | {stop for stop in inner if low < stop < high})
    return stops if start <= end else stops[::-1]


def along_u(u_from: float, u_to: float, v: float) -> list[Spot]:
    return [Spot(u, v) for u in marks(u_from, u_to)]


def along_v(v_from: float, v_to: float, u: float) -> list[Spot]:
    return [Spot(u, v) for v in marks(v_from, v_to)]


def box(u0: float, v0: float, u1: float, v1: float) -> list[Spot]:
    """The corners of a box with stops along its sides, anticlockwise from the south-west."""
    return [
        *along_u(u0, u1, v0)[:-1],
        *along_v(v0, v1, u1)[:-1],
        *along_u(u1, u0, v1)[:-1],
        *along_v(v1, v0, u0)[:-1],
    ]
