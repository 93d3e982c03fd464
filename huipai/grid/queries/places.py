"""Places that somebody may name instead of pointing at them: what is called so, and every micro-grid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, Value
from django.db.models.functions import Concat, Replace
from shapely.geometry import shape

from huipai.grid.models import GridNode
from huipai.grid.queries.homes import says, typed_as
from huipai.grid.words import Level

_OVER_A_BUILDING = tuple(f"{'parent__' * up}name" for up in range(3, -1, -1))


@dataclass(frozen=True, slots=True)
class Spot:
    """A place by its name, under what it lies, and a point of it."""

    name: str
    over: str
    lng: float
    lat: float


def buildings_called(words: str, at: datetime, *, most: int) -> list[Spot]:
    """The buildings that an address means, by the numbers in it and the name before them."""
    typed = typed_as(words)
    if not re.search(r"\w", typed):
        return []
    standing = GridNode.objects.valid_at(at).filter(level=Level.BUILDING, lng__isnull=False, lat__isnull=False)
    said = standing.alias(said=Replace(Concat(*_OVER_A_BUILDING), Value(" "), Value("")))
    found = said.filter(says(typed) | Q(code__iexact=typed)).select_related("parent__parent__parent").order_by("code")
    return [
        Spot(f"{_name(node.parent)} {node.name}", _name(_over(node, 3)), node.lng, node.lat)
        for node in found[:most]
        if node.lng is not None and node.lat is not None
    ]


def micro_grids(at: datetime) -> Iterator[Spot]:
    """A point within each micro-grid, by community and code."""
    drawn = GridNode.objects.valid_at(at).filter(level=Level.MICRO_GRID, boundary__isnull=False)
    for node in drawn.select_related("parent__parent").order_by("parent__parent__code", "code"):
        point = shape(node.boundary).representative_point()
        yield Spot(node.name, _name(_over(node, 2)), point.x, point.y)


def _over(node: GridNode, steps: int) -> GridNode | None:
    over: GridNode | None = node
    for _step in range(steps):
        over = over.parent if over is not None else None
    return over


def _name(node: GridNode | None) -> str:
    return node.name if node is not None else ""
