"""The steps of an import, and what stands in its way."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from huipai.grid.words import Level
from huipai.kit.coordinates import Crs, Point
from huipai.kit.sheets import Problem, Row, Rows, beginning_of
from huipai.people.words import Role


@dataclass(frozen=True)
class NewNode:
    level: Level
    code: str
    name: str
    parent: str | None
    point: Point | None
    crs: Crs
    valid_from: datetime | None


@dataclass(frozen=True)
class ChangedNode:
    """The same node with another name, or another point."""

    code: str
    name: str
    point: Point | None
    crs: Crs


@dataclass(frozen=True)
class PlannedUnit:
    code: str
    name: str
    kind: str
    node: str | None


@dataclass(frozen=True)
class PlannedPerson:
    phone: str
    name: str
    is_employed: bool


@dataclass(frozen=True)
class PlannedAssignment:
    phone: str
    role: Role
    node: str | None
    unit: str | None
    valid_from: datetime | None
    valid_until: datetime | None
    deputy: str | None


@dataclass
class TreePlan:
    """Everything to be done, in an order in which it can be done; and what stands in its way."""

    new_nodes: list[NewNode] = field(default_factory=list)
    changed_nodes: list[ChangedNode] = field(default_factory=list)
    new_units: list[PlannedUnit] = field(default_factory=list)
    renamed_units: list[PlannedUnit] = field(default_factory=list)
    people: list[PlannedPerson] = field(default_factory=list)
    assignments: list[PlannedAssignment] = field(default_factory=list)
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        steps = (self.new_nodes, self.changed_nodes, self.new_units, self.renamed_units, self.people, self.assignments)
        return not any(steps)

    @property
    def digest(self) -> str:
        """The same for the same outcome."""
        steps: list[Sequence[object]] = [
            self.new_nodes,
            self.changed_nodes,
            self.new_units,
            self.renamed_units,
            self.people,
            self.assignments,
        ]
        outcome = [[str(one) for one in step] for step in [*steps, self.problems]]
        return hashlib.sha256(json.dumps(outcome, ensure_ascii=False).encode()).hexdigest()


def once(rows: Rows, key: Callable[[Row], Hashable], column: str, reason: str) -> list[Row]:
    """The rows without those that say again what an earlier one said; each of these is a problem."""
    seen, kept = set(), []
    for row in rows.rows:
        if key(row) in seen:
            rows.complain(row.number, column, reason)
        else:
            seen.add(key(row))
            kept.append(row)
    return kept


def instant(day: date | None) -> datetime | None:
    return beginning_of(day) if day else None
