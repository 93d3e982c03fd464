"""Who is responsible, where and when; deputies stand in for those who are away."""

from __future__ import annotations

from datetime import datetime

from huipai.grid.models import Absence, Assignment, AssignmentQuerySet, GridNode, Unit
from huipai.grid.models.periods import in_force
from huipai.grid.words import UNIT_ROLES
from huipai.people.models import Person
from huipai.people.words import Role


def roles_of(person: Person, at: datetime) -> tuple[Assignment, ...]:
    """What somebody may act as: his own assignments, and those of the absent for whom he stands in."""
    return tuple(_exercised(person, at).order_by("role", "valid_from", "pk"))


def has_role(person: Person, role: Role, at: datetime, node: GridNode | None = None) -> bool:
    """Whether somebody may act as `role`: anywhere, or for `node`, by an assignment to it or to a node over it."""
    held = Assignment.objects.exercised_by(person, at).filter(role=role)
    if node is not None:
        held = held.filter(node__in=[*node.ids_above(), node.pk])
    return held.exists()


def responsible_at(node: GridNode, role: Role, at: datetime) -> Assignment | None:
    """The nearest attended assignment up the tree (ruling 14); ask it who is `acting`. None: it waits in the queue.

    Of several at one node the longest-standing is taken, so that the answer is always the same.
    """
    found = Assignment.objects.attended(at).filter(role=role, node__in=[*node.ids_above(), node.pk])
    chosen = sorted(
        found.select_related("person", "deputy", "node"),
        key=lambda held: (-len(held.node.path) if held.node else 0, held.valid_from, held.pk),
    )
    return chosen[0] if chosen else None


def nodes_of(person: Person, role: Role, at: datetime) -> tuple[GridNode, ...]:
    """The nodes for which somebody may act as `role`."""
    held = _exercised(person, at).filter(role=role, node__isnull=False).order_by("node__path")
    return tuple(assignment.node for assignment in held if assignment.node)


def units_of(person: Person, at: datetime) -> tuple[Unit, ...]:
    """The units for which somebody acts."""
    held = _exercised(person, at).filter(role__in=UNIT_ROLES, unit__is_active=True).order_by("unit__code")
    return tuple({assignment.unit.pk: assignment.unit for assignment in held if assignment.unit}.values())


def holders(role: Role, at: datetime) -> AssignmentQuerySet:
    """Everybody who holds `role` in the street, away or not."""
    return Assignment.objects.in_force(at).filter(role=role)


def is_away(person: Person, at: datetime) -> bool:
    return Absence.objects.filter(in_force(at), person=person).exists()


def _exercised(person: Person, at: datetime) -> AssignmentQuerySet:
    return Assignment.objects.exercised_by(person, at).select_related("person", "deputy", "node", "unit")
