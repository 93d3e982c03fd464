"""Splitting a micro-grid: the old one stays for what happened in it, the parts take over from an instant on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from huipai.grid import policies
from huipai.grid.commands.duty import end_all_of
from huipai.grid.commands.refusals import (
    AlreadyEnded,
    NotAFit,
    NothingPlanned,
    PartsDoNotFit,
    StillInUse,
    WrongPeriod,
)
from huipai.grid.commands.telling import tell_of_node
from huipai.grid.commands.time import rehouse
from huipai.grid.commands.tree import close_quietly, create_node, last_as_before, node_for_change, require_words
from huipai.grid.models import Assignment, GridNode
from huipai.grid.rules.coverage import Finding, FindingKind, findings
from huipai.grid.rules.drawing import as_geojson, read_area
from huipai.grid.words import Fact, Level
from huipai.kit.coordinates import Crs
from huipai.people.models import Person


@dataclass(frozen=True)
class Part:
    """One of the micro-grids that take over: a GeoJSON Polygon or MultiPolygon in the system that was said."""

    code: str
    name: str
    boundary: dict[str, Any]


@transaction.atomic
def split_micro_grid(
    *,
    node_id: UUID,
    parts: Sequence[Part],
    at: datetime,
    actor: Person | None,
    now: datetime,
    source_crs: Crs = Crs.WGS84,
) -> tuple[GridNode, ...]:
    """Two or more new micro-grids from `at` on, in place of the old one, which is valid until then.

    Cases stay with the old one. Buildings move to the part that holds them, when the time comes. Assignments to the old
    one end. Refuses parts that overlap, leave a gap or reach out of the old one.
    """
    if actor is not None:
        policies.may_keep_tree(actor, now).require()
    old = node_for_change(node_id, actor, now)
    if old.level != Level.MICRO_GRID or old.parent is None:
        raise NotAFit(field="node")
    if at < now or at <= old.valid_from:
        raise WrongPeriod(_("拆分从现在或以后的某一天开始"), field="at")
    if not old.is_valid(at):
        raise AlreadyEnded
    for part in parts:
        require_words(part.code, part.name, at="file")
    areas = {part.code: read_area(part.boundary, source_crs) for part in parts}
    _require_fit(old, parts, areas)
    old.valid_until = at
    old.save(update_fields=["valid_until"])
    end_all_of(Assignment.objects.filter(node=old), at=at, actor=actor, now=now)
    new = tuple(
        create_node(
            level=Level.MICRO_GRID,
            code=part.code,
            name=part.name,
            parent=old.parent,
            boundary=as_geojson(areas[part.code]),
            source_crs=source_crs,
            succeeds=old,
            valid_from=at,
            actor=actor,
            now=now,
        )
        for part in parts
    )
    rehouse(now=now)
    tell_of_node(Fact.NODE_SPLIT, old, actor, now, parts=[str(node.pk) for node in new], at=at.isoformat())
    return new


@transaction.atomic
def withdraw_split(*, node_id: UUID, actor: Person | None, now: datetime) -> GridNode:
    """Take a planned split back before its day: the parts never come to be, and the old one goes on as it was.

    Refuses while something hangs on a part already.
    """
    if actor is not None:
        policies.may_keep_tree(actor, now).require()
    old = node_for_change(node_id, actor, now)
    if old.valid_until is None or old.valid_until <= now:
        raise NothingPlanned
    parts = list(old.successors.filter(valid_from=old.valid_until).exclude(valid_until=F("valid_from")))
    if not parts:
        raise NothingPlanned
    if GridNode.objects.filter(Q(parent__in=parts) | Q(succeeds__in=parts)).exclude(
        valid_until=F("valid_from")
    ).exists():  # fmt: skip
        raise StillInUse
    for part in parts:
        close_quietly(part, at=part.valid_from, actor=actor, now=now)
    last_as_before(old, actor, now)
    tell_of_node(Fact.SPLIT_WITHDRAWN, old, actor, now, parts=[str(part.pk) for part in parts])
    return old


def _require_fit(old: GridNode, parts: Sequence[Part], areas: dict[str, BaseGeometry]) -> None:
    if len(parts) < 2 or len(areas) != len(parts):
        raise PartsDoNotFit(_("至少拆成两块，编码各不相同"), field="parts")
    if not old.boundary:
        return
    found = findings(areas, {old.code: shape(old.boundary)}, dict.fromkeys(areas, old.code))
    if found:
        raise PartsDoNotFit(_sentence(found[0]), field="parts")


def _sentence(finding: Finding) -> str:
    size = {"codes": _("、").join(finding.codes), "area": round(finding.area_m2)}
    if finding.kind == FindingKind.OVERLAP:
        return _("%(codes)s 重叠了 %(area)s 平方米") % size
    if finding.kind == FindingKind.GAP:
        return _("还有 %(area)s 平方米没有分给任何一块") % size
    return _("%(codes)s 超出原来的边界 %(area)s 平方米") % size
