"""Reads of the tree and of its units."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from shapely.geometry import shape

from huipai.grid.models import Absence, Assignment, AssignmentQuerySet, GridNode, GridNodeQuerySet, Residence, Unit
from huipai.grid.models.periods import in_force
from huipai.grid.queries.responsibility import roles_of
from huipai.grid.words import UNIT_ROLES, Level
from huipai.people.models import Person
from huipai.people.words import Role


def ancestors(node: GridNode) -> tuple[GridNode, ...]:
    """The nodes over this one, the street first."""
    return tuple(GridNode.objects.above(node))


def subtree_ids(node: GridNode) -> QuerySet[GridNode, UUID]:
    """The ids of the node and of everything under it, as a subquery."""
    return GridNode.objects.below(node).values_list("pk", flat=True)


def subtree(node: GridNode) -> GridNodeQuerySet:
    """The node and everything under it."""
    under: GridNodeQuerySet = GridNode.objects.below(node)
    return under


def node_over(node: GridNode, level: Level) -> GridNode | None:
    """The node of `level` over this one, or itself: the community of a building, say."""
    if node.level == level:
        return node
    return GridNode.objects.above(node).filter(level=level).first()


def root(at: datetime) -> GridNode | None:
    """The street's own node."""
    return GridNode.objects.of_level(Level.STREET).valid_at(at).first()


def edges(at: datetime) -> tuple[float, float, float, float] | None:
    """West, south, east and north of the street's area; None while no area is drawn."""
    street = root(at)
    return shape(street.boundary).bounds if street is not None and street.boundary else None


def by_code(code: str, at: datetime) -> GridNode | None:
    return GridNode.objects.valid_at(at).filter(code=code).first()


_SEE_ALL = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.DISPATCHER, Role.LEADER}
_SEE_THEIRS = {Role.COORDINATOR, Role.GRID_WORKER}


def visible_to(person: Person, at: datetime) -> GridNodeQuerySet:
    """The nodes that somebody works with: all at the hub, those of his community or grid elsewhere."""
    held = roles_of(person, at)
    if any(assignment.role in _SEE_ALL for assignment in held):
        everything: GridNodeQuerySet = GridNode.objects.all()
        return everything
    mine = Q(pk=None)
    for assignment in held:
        if assignment.role in _SEE_THEIRS and assignment.node is not None:
            mine |= Q(path__startswith=assignment.node.path)
    theirs: GridNodeQuerySet = GridNode.objects.filter(mine)
    return theirs


def scopes_of(person: Person, at: datetime) -> AssignmentQuerySet:
    """The assignments that somebody may look at: to nodes that he sees, and to units if he sees the street."""
    seen = visible_to(person, at)
    may_see_units = any(assignment.role in _SEE_ALL for assignment in roles_of(person, at))
    scope = Q(node__in=seen.values("pk"))
    found: AssignmentQuerySet = Assignment.objects.filter(scope | Q(unit__isnull=False) if may_see_units else scope)
    return found


def search(nodes: GridNodeQuerySet, words: str) -> GridNodeQuerySet:
    """Those whose code begins with the words or whose name holds them."""
    words = words.strip()
    return nodes.filter(Q(code__istartswith=words) | Q(name__icontains=words)) if words else nodes


def household_of(person: Person, at: datetime) -> GridNode | None:
    """Where somebody lives."""
    residence = Residence.objects.filter(in_force(at), person=person).select_related("household").first()
    return residence.household if residence else None


def units_in_force() -> QuerySet[Unit]:
    return Unit.objects.filter(is_active=True).select_related("node").order_by("code")


def units_with_somebody(at: datetime) -> QuerySet[Unit]:
    """Units for which somebody is appointed, there today or away until a day that is known."""
    appointed = Assignment.objects.not_forsaken(at).filter(role__in=UNIT_ROLES, unit=OuterRef("pk"))
    return units_in_force().filter(Exists(appointed))


def residents_in(household: GridNode, at: datetime) -> int:
    """How many live in a household; who they are is nobody's business here."""
    return Residence.objects.filter(in_force(at), household=household).count()


def absences_seen_by(person: Person, at: datetime) -> QuerySet[Absence]:
    """Present and coming absences: one's own, and of those who hold something that one may look at."""
    holders = scopes_of(person, at).in_force(at).values("person")
    running = Q(valid_until=None) | Q(valid_until__gt=at)
    found = Absence.objects.filter(running, Q(person=person) | Q(person__in=holders))
    return found.select_related("person").order_by("valid_from", "pk")
