"""Reading a drawing: GeoJSON as programs and people really save it, with a sentence for each area that is not sound."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely import MultiPolygon, Polygon
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from huipai.kit.coordinates import Crs, convert
from huipai.kit.verdict import Invalid

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_FEATURES: Final = 5000
MAX_VERTICES: Final = 300_000
# A millimetre: no survey is better, and files stay small.
_DECIMALS: Final = 8
_CODE_NAMES: Final = ("code", "编码", "网格编码", "CODE", "Code")
_DEGREES: Final = re.compile(r"CRS:?84|EPSG:+4326|EPSG:+4490|EPSG:+4479|CGCS2000|WGS ?84", re.IGNORECASE)


class NotADrawing(Invalid):
    code = "not_a_drawing"
    default_reason = gettext_lazy("这不是 GeoJSON 文件，在制图软件里另存为 GeoJSON 再选")


class NotAnArea(NotADrawing):
    code = "not_an_area"
    default_reason = gettext_lazy("边界画得不对")


@dataclass(frozen=True)
class Trouble:
    """What is wrong with one area of the file; 1 is the first."""

    number: int
    code: str
    reason: str


@dataclass(frozen=True)
class Drawn:
    """A sound area in WGS-84, and the code of the node that it belongs to."""

    number: int
    code: str
    area: BaseGeometry

    @property
    def geojson(self) -> dict[str, Any]:
        return as_geojson(self.area)


@dataclass(frozen=True)
class Drawing:
    areas: tuple[Drawn, ...]
    troubles: tuple[Trouble, ...]


class _Unsound(Exception):
    """One area cannot be taken; the words are for the person."""


def read_drawing(content: bytes, crs: Crs) -> Drawing:
    """All areas of a FeatureCollection, turned into WGS-84. Raises `NotADrawing` when the file as a whole is none."""
    areas, troubles, seen = [], [], set()
    for number, feature in enumerate(_features(content), start=1):
        code = _code(feature)
        try:
            if not code:
                raise _Unsound(_("没有编码：属性里要有 code 或 编码"))
            if code in seen:
                raise _Unsound(_("这个编码在文件里出现了两次"))
            seen.add(code)
            areas.append(Drawn(number, code, area_of(feature.get("geometry"), crs)))
        except _Unsound as unsound:
            troubles.append(Trouble(number, code, str(unsound)))
    return Drawing(tuple(areas), tuple(troubles))


def read_area(geometry: object, crs: Crs) -> BaseGeometry:
    """One sound area in WGS-84; raises `NotAnArea` with the reason."""
    try:
        return area_of(geometry, crs)
    except _Unsound as unsound:
        raise NotAnArea(str(unsound)) from unsound


def as_geojson(area: BaseGeometry) -> dict[str, Any]:
    """The area as it is stored, its outer ring anticlockwise as RFC 7946 asks."""
    return json.loads(json.dumps(mapping(shapely.orient_polygons(area))))  # type: ignore[no-any-return]


def _features(content: bytes) -> list[dict[str, Any]]:
    if len(content) > MAX_BYTES:
        raise NotADrawing(_("文件超过 %(size)s MB，分成几个再传") % {"size": MAX_BYTES // 1024 // 1024})
    try:
        found = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise NotADrawing from error
    features = found.get("features") if isinstance(found, dict) and found.get("type") == "FeatureCollection" else None
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise NotADrawing(_("文件里要有一个 FeatureCollection"))
    _refuse_other_systems(found.get("crs"))
    if not features:
        raise NotADrawing(_("文件里没有一块边界"))
    if len(features) > MAX_FEATURES:
        raise NotADrawing(_("一次最多 %(count)s 块，分成几个文件再传") % {"count": MAX_FEATURES})
    if _numbers_in(features) > MAX_VERTICES * 3:
        raise NotADrawing(_("边界的点太多，先在制图软件里简化"))
    return features


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _refuse_other_systems(crs: Any) -> None:
    """A projected system cannot be read as degrees. Of the four in degrees, what the person says counts."""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else crs
    if name is not None and not _DEGREES.search(str(name)[:200]):
        raise NotADrawing(
            _("文件的坐标系是 %(name)s，要导出成经纬度（WGS-84 或 CGCS2000）") % {"name": plain(str(name)[:60])}
        )


def _numbers_in(thing: object) -> int:
    """How many numbers stand in nested lists and dicts; counted without recursion."""
    count, waiting = 0, [thing]
    while waiting:
        here = waiting.pop()
        if isinstance(here, list):
            waiting.extend(here)
        elif isinstance(here, dict):
            waiting.extend(here.values())
        elif isinstance(here, int | float):
            count += 1
    return count


def _code(feature: dict[str, Any]) -> str:
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        return ""
    for name in _CODE_NAMES:
        value = properties.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool):
            return plain(str(value).strip()[:40])
    return ""


def plain(text: str) -> str:
    """Without half a character or a zero, which JSON can spell and no database takes."""
    return text.encode("utf-8", "replace").decode().replace("\0", "?")


def area_of(geometry: object, crs: Crs) -> BaseGeometry:
    """Check an area as it was given and turn it into WGS-84."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    parts = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(parts, list) or not parts:
        if not isinstance(kind, str) or kind in ("Polygon", "MultiPolygon"):
            raise _Unsound(_("这一块没有画边界（geometry 是空的），画一个面（Polygon 或 MultiPolygon）再导入"))
        raise _Unsound(_("边界要是面（Polygon 或 MultiPolygon），这里是 %(kind)s") % {"kind": plain(kind[:40])})
    polygons = [_polygon(rings, crs) for rings in ([parts] if kind == "Polygon" else parts)]
    area: BaseGeometry = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
    if not area.is_valid:
        raise _Unsound(_why_not_valid(area))
    if area.area == 0:
        raise _Unsound(_("这块边界没有面积"))
    return area


def _polygon(rings: object, crs: Crs) -> Polygon:
    if not isinstance(rings, list) or not rings:
        raise _Unsound(_("有一块是空的"))
    shell, *holes = [_ring(ring, crs) for ring in rings]
    return Polygon(shell, holes)


def _ring(ring: object, crs: Crs) -> list[tuple[float, float]]:
    if not isinstance(ring, list) or len(ring) < 4:
        raise _Unsound(_("一圈至少要四个点"))
    corners = [_corner(position) for position in ring]
    if corners[0] != corners[-1]:
        raise _Unsound(_("有一圈没有闭合：最后一个点要和第一个点相同"))
    turned = (convert(lng, lat, crs, Crs.WGS84) for lng, lat in corners)
    return [(round(lng, _DECIMALS), round(lat, _DECIMALS)) for lng, lat in turned]


def _corner(position: object) -> tuple[float, float]:
    """A third number is a height, and is left aside."""
    if not isinstance(position, list) or len(position) < 2 or not _are_numbers(position[:2]):
        raise _Unsound(_("有一个点不是经度和纬度"))
    lng, lat = float(position[0]), float(position[1])
    if not (isfinite(lng) and isfinite(lat)):
        raise _Unsound(_("有一个点不是经度和纬度"))
    if abs(lng) > 180 or abs(lat) > 90:
        if abs(lng) <= 90 and abs(lat) <= 180:
            raise _Unsound(_("经度和纬度可能写反了，经度在前"))
        raise _Unsound(_("坐标不是经纬度，可能是投影坐标：导出时选 WGS-84 或 CGCS2000 经纬度"))
    return lng, lat


def _are_numbers(values: Iterable[object]) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9 for value in values)


def _why_not_valid(area: BaseGeometry) -> str:
    why = explain_validity(area)
    found = re.search(r"\[(-?[0-9.]+) (-?[0-9.]+)\]", why)
    where = f"{float(found[1]):.6f}, {float(found[2]):.6f}" if found else ""
    if "Self-intersection" in why:
        return _("边界自己和自己交叉了，在 %(where)s 附近") % {"where": where}
    if "Hole" in why or "hole" in why:
        return _("里面的洞画到了外面，在 %(where)s 附近") % {"where": where}
    return _("边界画得不对，在 %(where)s 附近") % {"where": where}
