"""What applying a drawing would do: read only, so that it can be shown before and asked again under lock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from huipai.grid.models import GridNode
from huipai.grid.rules.coverage import Finding, findings, shift_m, within
from huipai.grid.rules.drawing import Drawn, Trouble, read_drawing
from huipai.grid.rules.plane import Plane
from huipai.grid.words import LEVELS_WITH_BOUNDARY, Level
from huipai.kit.coordinates import Crs

# Farther than this from the street's middle it is another town, or the wrong numbers.
_FAR_M = 50_000


@dataclass(frozen=True)
class Redrawn:
    """A node and its new area."""

    node: GridNode
    drawn: Drawn
    is_new: bool


@dataclass(frozen=True)
class DrawingReport:
    """What a drawing changes, what is wrong with it, and what it leaves between the areas."""

    redrawn: tuple[Redrawn, ...]
    unchanged: int
    troubles: tuple[Trouble, ...]
    findings: tuple[Finding, ...]
    # All areas lie this far from where they were: probably the wrong coordinate system.
    shift_m: float | None
    # Micro-grids that have no area, neither before nor now.
    undrawn: tuple[str, ...]

    @property
    def digest(self) -> str:
        """The same for the same outcome."""
        outcome = [
            [[one.node.pk.hex, one.drawn.area.wkt] for one in self.redrawn],
            [[trouble.number, trouble.reason] for trouble in self.troubles],
            [[finding.kind, *finding.codes, finding.area_m2] for finding in self.findings],
        ]
        return hashlib.sha256(json.dumps(outcome, ensure_ascii=False).encode()).hexdigest()


def check_drawing(content: bytes, crs: Crs, at: datetime, middle: tuple[float, float]) -> DrawingReport:
    """Read a GeoJSON file and compare it with the tree as it is valid at `at`."""
    drawing = read_drawing(content, crs)
    nodes = _drawable(at)
    by_code = {node.code: node for node in nodes}
    troubles = list(drawing.troubles)
    fitting = [drawn for drawn in drawing.areas if _fits(drawn, by_code, middle, troubles)]
    before = {node.code: shape(node.boundary) for node in nodes if node.boundary}
    redrawn = [
        Redrawn(by_code[drawn.code], drawn, drawn.code not in before)
        for drawn in fitting
        if drawn.code not in before or not before[drawn.code].equals_exact(drawn.area, 0)
    ]
    after = before | {drawn.code: drawn.area for drawn in fitting}
    in_file = [by_code[drawn.code] for drawn in fitting]
    return DrawingReport(
        redrawn=tuple(redrawn),
        unchanged=len(fitting) - len(redrawn),
        troubles=tuple(sorted(troubles, key=lambda trouble: trouble.number)),
        findings=tuple(_around(in_file, nodes, after)),
        shift_m=shift_m([(before[one.drawn.code], one.drawn.area) for one in redrawn if not one.is_new]),
        undrawn=tuple(node.code for node in nodes if node.level == Level.MICRO_GRID and node.code not in after),
    )


def coverage(at: datetime) -> list[Finding]:
    """The gaps, overlaps and overhangs of the tree as it is."""
    nodes = _drawable(at)
    areas = {node.code: shape(node.boundary) for node in nodes if node.boundary}
    return _between(nodes, areas, _frames(nodes, areas), {Level.MICRO_GRID})


def _drawable(at: datetime) -> list[GridNode]:
    return list(GridNode.objects.valid_at(at).of_level(*LEVELS_WITH_BOUNDARY).order_by("code"))


def _fits(drawn: Drawn, nodes: dict[str, GridNode], middle: tuple[float, float], troubles: list[Trouble]) -> bool:
    if drawn.code not in nodes:
        reason = _("没有编码是 %(code)s 的网格，先导入网格树") % {"code": drawn.code}
    elif (away := _metres_from(drawn.area, middle)) > _FAR_M:
        reason = _("离本街道 %(km)s 千米，可能经纬度写反了，或者选错了坐标系") % {"km": round(away / 1000)}
    else:
        return True
    troubles.append(Trouble(drawn.number, drawn.code, reason))
    return False


def _metres_from(area: BaseGeometry, middle: tuple[float, float]) -> float:
    plane = Plane.around([area.centroid])
    x, y = (middle[0] - plane.lng) * plane.per_lng, (middle[1] - plane.lat) * plane.per_lat
    return float((x * x + y * y) ** 0.5)


def _around(drawn: Sequence[GridNode], nodes: list[GridNode], areas: dict[str, BaseGeometry]) -> list[Finding]:
    """What is wrong on the levels of what was drawn, and then between each drawn node and what should fill it."""
    frame_of = _frames(nodes, areas)
    filling: dict[str, dict[str, BaseGeometry]] = {}
    for code, frame in frame_of.items():
        filling.setdefault(frame, {})[code] = areas[code]
    levels = {node.level for node in drawn}
    found = _between(nodes, areas, frame_of, levels)
    asked = {frame_of.get(node.code) for node in nodes if node.level in levels}
    for code in sorted({node.code for node in drawn} & filling.keys() - asked):
        found += within(code, areas[code], filling[code])
    return found


def _frames(nodes: list[GridNode], areas: dict[str, BaseGeometry]) -> dict[str, str]:
    """By its code, which drawn node above each drawn one is the nearest: that one should be filled by it."""
    by_id = {node.pk: node for node in nodes}
    frame_of = dict[str, str]()
    for node in nodes:
        if node.code in areas:
            over = [by_id[key] for key in node.ids_above() if key in by_id and by_id[key].code in areas]
            frame_of |= {node.code: over[-1].code} if over else {}
    return frame_of


def _between(
    nodes: list[GridNode], areas: dict[str, BaseGeometry], frame_of: dict[str, str], levels: Iterable[str]
) -> list[Finding]:
    """Level by level: areas of one level against each other and against their frames."""
    found: list[Finding] = []
    for level in sorted(set(levels), key=lambda level: Level(level).rank):
        of_level = {node.code: areas[node.code] for node in nodes if node.level == level and node.code in areas}
        frames = {frame: areas[frame] for frame in sorted({frame_of[code] for code in of_level if code in frame_of})}
        found += findings(of_level, frames, frame_of)
    return found
