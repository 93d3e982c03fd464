"""Whether areas cover the ground once: gaps, overlaps and overhangs, with their size in square metres."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import shapely
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from shapely import Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from huipai.grid.rules.plane import Plane

# Two hands never draw one line the same: what is nowhere half a metre wide, or under a square metre, is no finding.
_THINNEST_M: Final = 0.5
_SMALLEST_M2: Final = 1.0
_NEIGHBOURS_NAMED: Final = 4
# The same areas, read in another system, are as big as before; with a tenth more or less somebody has drawn others.
_OTHER_SIZE: Final = 0.1


class FindingKind(TextChoices):
    OVERLAP = "overlap", _("重叠")
    GAP = "gap", _("空隙")
    OVERHANG = "overhang", _("超出上级")


@dataclass(frozen=True)
class Finding:
    """Something between areas: which ones, how big, and a point in the middle of it."""

    kind: FindingKind
    codes: tuple[str, ...]
    area_m2: float
    lng: float
    lat: float


def findings(
    areas: Mapping[str, BaseGeometry], frames: Mapping[str, BaseGeometry], frame_of: Mapping[str, str]
) -> list[Finding]:
    """What is wrong between `areas` (by code, in degrees), the biggest first.

    `frames` are areas of nodes above that should be filled; `frame_of` says in which one each area belongs.
    """
    plane = Plane.around([*areas.values(), *frames.values()])
    flat = {code: plane.flat(area) for code, area in areas.items()}
    flat_frames = {code: plane.flat(frame) for code, frame in frames.items()}
    return _described(plane, [*_overlaps(flat), *_gaps(flat, flat_frames), *_overhangs(flat, flat_frames, frame_of)])


def within(code: str, frame: BaseGeometry, areas: Mapping[str, BaseGeometry]) -> list[Finding]:
    """Where `areas` do not fill the frame of this code, and where they reach beyond it, the biggest first."""
    plane = Plane.around([frame, *areas.values()])
    flat = {one: plane.flat(area) for one, area in areas.items()}
    frames = {code: plane.flat(frame)}
    return _described(plane, [*_gaps(flat, frames), *_overhangs(flat, frames, dict.fromkeys(areas, code))])


_Found = tuple[FindingKind, tuple[str, ...], Polygon]


def _overlaps(flat: Mapping[str, Any]) -> Iterator[_Found]:
    codes, shapes = list(flat), list(flat.values())
    tree = STRtree(shapes)
    for one, other in tree.query(shapes, predicate="intersects").T:
        if one < other:
            for part in parts_of(shapes[one].intersection(shapes[other])):
                yield FindingKind.OVERLAP, tuple(sorted((codes[one], codes[other]))), part


def _gaps(flat: Mapping[str, Any], frames: Mapping[str, Any]) -> Iterator[_Found]:
    """What the frames, and the outlines of the areas together, enclose without covering it."""
    covered = shapely.union_all(list(flat.values()))
    outlines = [Polygon(part.exterior) for part in _polygons(covered)]
    missing = shapely.union_all([*outlines, *frames.values()]).difference(covered)
    codes, tree = list(flat), STRtree(list(flat.values()))
    for part in parts_of(missing):
        near = sorted(codes[number] for number in tree.query(part, predicate="dwithin", distance=1.0))
        yield FindingKind.GAP, tuple(near[:_NEIGHBOURS_NAMED]), part


def _overhangs(flat: Mapping[str, Any], frames: Mapping[str, Any], frame_of: Mapping[str, str]) -> Iterator[_Found]:
    shapely.prepare(list(frames.values()))  # of a big street nearly all is well inside, and is told so at once
    for code, area in flat.items():
        frame = frame_of.get(code, "")
        if frame in frames and not frames[frame].covers(area):
            for part in parts_of(area.difference(frames[frame])):
                yield FindingKind.OVERHANG, (code, frame), part


def parts_of(shape: BaseGeometry) -> Iterator[Polygon]:
    """Its areas on the plane that are big and wide enough to be meant."""
    for part in _polygons(shape):
        if part.area >= _SMALLEST_M2 and not part.buffer(-_THINNEST_M / 2).is_empty:
            yield part


def _polygons(shape: BaseGeometry) -> list[Polygon]:
    return [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]


def _described(plane: Plane, found: Iterable[_Found]) -> list[Finding]:
    described = []
    for kind, codes, part in found:
        middle = part.representative_point()
        place = plane.point(middle.x, middle.y)
        area_m2 = round(float(part.area), 1)
        described.append(Finding(kind, codes, area_m2, round(place.lng, 7), round(place.lat, 7)))
    return sorted(described, key=lambda finding: (-finding.area_m2, finding.kind, finding.codes))


def shift_m(pairs: list[tuple[BaseGeometry, BaseGeometry]]) -> float | None:
    """How far all areas together have moved from where they were drawn before; None when they did not move as one, or
    have become others: drawn smaller, an area has another middle too.

    The four systems lie some hundred metres apart, so this is what a wrongly chosen system looks like.
    """
    if not pairs:
        return None
    plane = Plane.around(old for old, _new in pairs)
    flat = [(plane.flat(old), plane.flat(new)) for old, new in pairs]
    moves = [(new.centroid.x - old.centroid.x, new.centroid.y - old.centroid.y) for old, new in flat]
    growth = sum(new.area for _old, new in flat) / sum(old.area for old, _new in flat)
    east, north = (sum(axis) / len(moves) for axis in zip(*moves, strict=True))
    length = float((east**2 + north**2) ** 0.5)
    together = all(((x - east) ** 2 + (y - north) ** 2) ** 0.5 < 0.2 * length for x, y in moves)
    return length if together and length > 50 and abs(growth - 1) < _OTHER_SIZE else None
