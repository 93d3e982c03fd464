"""A small town on the map, for tests of pages that show one."""

from datetime import datetime

from huipai.cli.seed.town.build import build
from huipai.cli.seed.town.hetang import HETANG
from huipai.cli.seed.town.layers import layers
from huipai.cli.seed.town.plan import Plan
from huipai.grid.models import BaseMapLayer, GridNode
from huipai.grid.words import BaseMapKind, Level
from huipai.kit.ids import new_id


def _node(parent: GridNode | None, level: Level, code: str, name: str, now: datetime, **more: object) -> GridNode:
    key = new_id()
    path = f"{parent.path if parent else ''}{key}/"
    return GridNode.objects.create(
        id=key, parent=parent, level=level, code=code, name=name, path=path, valid_from=now, **more
    )


def draw_town(plan: Plan = HETANG, *, now: datetime) -> GridNode:
    """Layers and micro-grids of a drawn town, in the street in force; returns the street's node."""
    town = build(plan, seed=1)
    kinds = layers(plan, town)
    for kind in BaseMapKind.values:
        if kind in kinds:
            BaseMapLayer.objects.create(kind=kind, features=kinds[kind], replaced_at=now)
    root = _node(None, Level.STREET, town.code, town.name, now)
    for community in town.communities:
        above = _node(root, Level.COMMUNITY, community.code, community.name, now)
        for grid in community.grids:
            inner = _node(above, Level.GRID, grid.code, grid.name, now)
            for micro in grid.micro_grids:
                ring = [*micro.ring, micro.ring[0]]
                area = {"type": "Polygon", "coordinates": [ring]}
                _node(inner, Level.MICRO_GRID, micro.code, micro.name, now, boundary=area)
    return root
