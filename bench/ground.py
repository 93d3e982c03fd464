"""The ground that entries stand on: the demo's town, a worker for each client, a resident for each client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bench.words import CLIENTS
from huipai.cases.models import CaseType
from huipai.cli.seed.town.build import build
from huipai.cli.seed.town.words import Town
from huipai.cli.seed.town.yunqiao import YUNQIAO
from huipai.grid.models import Assignment, GridNode
from huipai.grid.words import Level
from huipai.kit.coordinates import Point
from huipai.kit.ids import new_id
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose, Role

Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Ground:
    """Who and where. Client n acts as resident n or as worker n.

    Reports come in where nobody's list is measured: in the grids past the workers' own.
    """

    residents: tuple[Person, ...]
    workers: tuple[Person, ...]
    own_nodes: tuple[UUID, ...]
    receiver: Person
    dispatcher: Person
    busy_nodes: tuple[UUID, ...]
    busy_places: tuple[Point, ...]
    middles: tuple[Point, ...]
    case_type: CaseType


def lay(now: datetime) -> Ground:
    """The tree with its boundaries and its people, in the street in force."""
    town = build(YUNQIAO, seed=1)
    nodes = _tree(town, now)
    GridNode.objects.bulk_create(nodes)
    workers = tuple(_person(f"139{number:08}", now) for number in range(CLIENTS))
    receiver = _person("13700000000", now)
    dispatcher = _person("13600000000", now)
    Assignment.objects.create(person=dispatcher, role=Role.DISPATCHER, node=nodes[0], valid_from=now)
    grids = [node for node in nodes if node.level == Level.GRID]
    for number, grid in enumerate(grids):
        worker = workers[number] if number < CLIENTS else receiver
        Assignment.objects.create(person=worker, role=Role.GRID_WORKER, node=grid, valid_from=now)
    micro = [[node for node in nodes if node.level == Level.MICRO_GRID and node.is_in(grid)] for grid in grids]
    busy = [node for part in micro[CLIENTS:] for node in part]
    middles = {micro_grid.code: Point(*micro_grid.middle) for micro_grid in town.micro_grids}
    return Ground(
        residents=tuple(_person(f"138{number:08}", now) for number in range(CLIENTS)),
        workers=workers,
        own_nodes=tuple(part[0].id for part in micro[:CLIENTS]),
        receiver=receiver,
        dispatcher=dispatcher,
        busy_nodes=tuple(node.id for node in busy),
        busy_places=tuple(middles[node.code] for node in busy),
        middles=tuple(middles.values()),
        case_type=CaseType.objects.create(code="parking", name="车辆乱停", limit_amount=8, limit_unit="urgent_hours"),
    )


def _person(phone: str, now: datetime) -> Person:
    person = people.register(phone=phone, name="测", now=now)
    people.give_consent(person=person, purpose=ConsentPurpose.PRIVACY_NOTICE, now=now)
    return person


def _tree(town: Town, now: datetime) -> list[GridNode]:
    street = _node(None, Level.STREET, town.code, town.name, town.rings, now)
    nodes = [street]
    for community in town.communities:
        nodes.append(over := _node(street, Level.COMMUNITY, community.code, community.name, community.rings, now))
        for grid in community.grids:
            nodes.append(middle := _node(over, Level.GRID, grid.code, grid.name, grid.rings, now))
            nodes += [
                _node(middle, Level.MICRO_GRID, micro.code, micro.name, [micro.ring], now) for micro in grid.micro_grids
            ]
    return nodes


def _node(parent: GridNode | None, level: Level, code: str, name: str, rings: list[Ring], now: datetime) -> GridNode:
    node_id = new_id()
    closed = [[*ring, ring[0]] if ring[0] != ring[-1] else ring for ring in rings]
    return GridNode(
        id=node_id, parent=parent, level=level, code=code, name=name, valid_from=now,
        path=f"{parent.path if parent else ''}{node_id}/",
        boundary={"type": "Polygon", "coordinates": [[list(spot) for spot in ring] for ring in closed]},
    )  # fmt: skip
