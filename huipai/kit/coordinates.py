"""Places on Earth in the four systems met in China, and the metres between them.

Everything stored is WGS-84. CGCS2000 differs from it by centimetres and counts as the same here. GCJ-02 (Amap, Tencent)
shifts a place by some hundred metres, BD-09 (Baidu) shifts GCJ-02 once more. Both inverses are found by iteration, not
by the usual one-step guess, so that a round trip stays far below 1e-6 degrees.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import asin, atan2, cos, fabs, hypot, isfinite, pi, radians, sin, sqrt, tan
from typing import Final, Self

from django.utils.translation import gettext_lazy as _

from huipai.kit.verdict import Invalid

Pair = tuple[float, float]

_EQUATOR: Final = 6378137.0
_FLATTENING: Final = 1 / 298.257223563
_ECCENTRICITY: Final = _FLATTENING * (2 - _FLATTENING)

# GCJ-02 uses the ellipsoid of Krasovsky 1940 and leaves everything outside this box as it is.
_GCJ_AXIS: Final = 6378245.0
_GCJ_ECCENTRICITY: Final = 0.00669342162296594323
_GCJ_WEST, _GCJ_EAST, _GCJ_SOUTH, _GCJ_NORTH = 72.004, 137.8347, 0.8293, 55.8271
# The published rule jumps by hundreds of metres at the edge of the box, so two places would share one GCJ-02 place and
# no inverse could tell them apart. Within this many degrees of the edge (sea and foreign land, nothing of China) the
# shift fades to nothing, which makes the whole mapping one to one.
_GCJ_FADE: Final = 0.25

_BD_TURN: Final = pi * 3000 / 180
_SETTLED: Final = 1e-12
_MOST_STEPS: Final = 60


class Crs(StrEnum):
    """The coordinate system in which a place was given."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    CGCS2000 = "cgcs2000"


class NotAPlace(Invalid):
    code = "not_a_place"
    default_reason = _("位置要写成经度和纬度，例如 120.7321, 31.3172")


@dataclass(frozen=True, slots=True)
class Point:
    """A place in WGS-84, longitude first; never infinite and never off the globe."""

    lng: float
    lat: float

    def __post_init__(self) -> None:
        if not (isfinite(self.lng) and isfinite(self.lat) and fabs(self.lng) <= 180 and fabs(self.lat) <= 90):
            raise NotAPlace

    @classmethod
    def given_in(cls, crs: Crs, lng: float, lat: float) -> Self:
        """The place that `crs` calls (lng, lat)."""
        return cls(*convert(lng, lat, crs, Crs.WGS84))


def convert(lng: float, lat: float, from_crs: Crs, to_crs: Crs) -> Pair:
    """The same place in another system; there and back again is the same to 1e-9 degrees."""
    if _FAMILY[from_crs] == _FAMILY[to_crs]:
        return lng, lat
    return _FROM_GCJ[to_crs](*_TO_GCJ[from_crs](lng, lat))


def distance_m(a: Point, b: Point) -> float:
    """Metres along the ellipsoid of WGS-84 (Lambert's formula; good to a metre in a hundred kilometres)."""
    beta_a, beta_b = _reduced(a.lat), _reduced(b.lat)
    half = sin((beta_b - beta_a) / 2) ** 2 + cos(beta_a) * cos(beta_b) * sin(radians(b.lng - a.lng) / 2) ** 2
    if half == 0:
        return 0.0
    arc = 2 * asin(min(1.0, sqrt(half)))
    mean, difference = (beta_a + beta_b) / 2, (beta_b - beta_a) / 2
    near = (arc + sin(arc)) * (cos(mean) * sin(difference)) ** 2 / half
    far = (arc - sin(arc)) * (sin(mean) * cos(difference)) ** 2 / max(1 - half, 1e-15)
    return _EQUATOR * (arc - _FLATTENING / 2 * (near + far))


def metres_per_degree(lat: float) -> Pair:
    """How long one degree of longitude and one of latitude are at this latitude: a flat map good for a whole town."""
    bend = 1 - _ECCENTRICITY * sin(radians(lat)) ** 2
    across = _EQUATOR / sqrt(bend)
    along = _EQUATOR * (1 - _ECCENTRICITY) / bend**1.5
    return across * cos(radians(lat)) * pi / 180, along * pi / 180


def parse_point(text: str, crs: Crs = Crs.WGS84) -> Point:
    """Read a place that somebody typed or pasted.

    Longitude first, unless letters (N, E, 北纬, 东经) say otherwise or only the other order is on the globe. Decimal
    degrees or degrees, minutes and seconds. Raises `NotAPlace`.
    """
    plain = text.strip()[:200].replace("经度", "东经").replace("纬度", "北纬").translate(_PLAIN).strip("()[] ")
    found = _LETTER_BEFORE.fullmatch(plain) or _LETTER_AFTER.fullmatch(plain)
    if found is None:
        raise NotAPlace
    (first, first_is), (second, second_is) = _degrees(found, "a"), _degrees(found, "b")
    if first_is and first_is == second_is:
        raise NotAPlace
    latitude_first = first_is == "lat" or second_is == "lng" or (not first_is and not second_is and fabs(second) > 90)
    lng, lat = (second, first) if latitude_first else (first, second)
    Point(lng, lat)
    return Point.given_in(crs, lng, lat)


_PLAIN = str.maketrans("，、；（）：º度分′’秒″”－\t\u00a0\u3000", ",,;():°°'''\"\"\"-   ")
_LETTER = r"(?P<{0}_letter>东经|西经|北纬|南纬|[NSEW])"
_NUMBER = (
    r"[: ]*(?P<{0}_whole>[+-]?[0-9]{{1,3}}(?:\.[0-9]{{1,20}})?) *°?"
    r"(?: *(?P<{0}_minutes>[0-9]{{1,2}}(?:\.[0-9]{{1,20}})?) *')?"
    r"(?: *(?P<{0}_seconds>[0-9]{{1,2}}(?:\.[0-9]{{1,20}})?) *\")?"
)
_GAP = r" *[,; ] *"
_LETTER_BEFORE = re.compile(_GAP.join(f"{_LETTER}?{_NUMBER}".format(name) for name in "ab"), re.IGNORECASE)
_LETTER_AFTER = re.compile(_GAP.join(f"{_NUMBER} *{_LETTER}".format(name) for name in "ab"), re.IGNORECASE)
_LETTERS = {
    "东经": ("lng", 1), "西经": ("lng", -1), "北纬": ("lat", 1), "南纬": ("lat", -1),
    "E": ("lng", 1), "W": ("lng", -1), "N": ("lat", 1), "S": ("lat", -1), "": ("", 1),
}  # fmt: skip


def _degrees(found: re.Match[str], name: str) -> tuple[float, str]:
    letter, whole, minutes, seconds = (
        found[f"{name}_{part}"] or "" for part in ("letter", "whole", "minutes", "seconds")
    )
    axis, sign = _LETTERS[letter.upper()]
    if float(minutes or 0) >= 60 or float(seconds or 0) >= 60:
        raise NotAPlace
    size = fabs(float(whole)) + float(minutes or 0) / 60 + float(seconds or 0) / 3600
    return (-size if whole.startswith("-") else size) * sign, axis


def _reduced(lat: float) -> float:
    if fabs(lat) == 90:
        return radians(lat)
    return atan2((1 - _FLATTENING) * tan(radians(lat)), 1)


def _solve(forward: Callable[[float, float], Pair], lng: float, lat: float) -> Pair:
    """The place that `forward` sends to (lng, lat). Each step shrinks the error at least tenfold."""
    x, y = lng, lat
    for _step in range(_MOST_STEPS):
        there_x, there_y = forward(x, y)
        x, y = x + (lng - there_x), y + (lat - there_y)
        if fabs(lng - there_x) < _SETTLED and fabs(lat - there_y) < _SETTLED:
            break
    return x, y


def _strength(lng: float, lat: float) -> float:
    inside = min(lng - _GCJ_WEST, _GCJ_EAST - lng, lat - _GCJ_SOUTH, _GCJ_NORTH - lat)
    return min(1.0, max(0.0, inside / _GCJ_FADE))


def _gcj_from_wgs(lng: float, lat: float) -> Pair:
    strength = _strength(lng, lat)
    if strength == 0:
        return lng, lat
    x, y = lng - 105, lat - 35
    ripple = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x)) + ripple
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x)) + ripple
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    bend = 1 - _GCJ_ECCENTRICITY * sin(radians(lat)) ** 2
    east_degrees = east * 180 / (_GCJ_AXIS / sqrt(bend) * cos(radians(lat)) * pi)
    north_degrees = north * 180 / (_GCJ_AXIS * (1 - _GCJ_ECCENTRICITY) / (bend * sqrt(bend)) * pi)
    return lng + east_degrees * strength, lat + north_degrees * strength


def _wgs_from_gcj(lng: float, lat: float) -> Pair:
    return _solve(_gcj_from_wgs, lng, lat)


def _bd_from_gcj(lng: float, lat: float) -> Pair:
    far = hypot(lng, lat) + 0.00002 * sin(lat * _BD_TURN)
    turn = atan2(lat, lng) + 0.000003 * cos(lng * _BD_TURN)
    return far * cos(turn) + 0.0065, far * sin(turn) + 0.006


def _gcj_from_bd(lng: float, lat: float) -> Pair:
    return _solve(_bd_from_gcj, lng, lat)


def _same(lng: float, lat: float) -> Pair:
    return lng, lat


_FAMILY = {Crs.WGS84: "wgs", Crs.CGCS2000: "wgs", Crs.GCJ02: "gcj", Crs.BD09: "bd"}
_TO_GCJ = {Crs.WGS84: _gcj_from_wgs, Crs.CGCS2000: _gcj_from_wgs, Crs.GCJ02: _same, Crs.BD09: _gcj_from_bd}
_FROM_GCJ = {Crs.WGS84: _wgs_from_gcj, Crs.CGCS2000: _wgs_from_gcj, Crs.GCJ02: _same, Crs.BD09: _bd_from_gcj}
