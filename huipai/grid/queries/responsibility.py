"""Who is responsible, where and when; deputies stand in for those who are away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from huipai.grid.models import Absence, Assignment, AssignmentQuerySet, GridNode, Unit
from huipai.grid.models.periods import in_force
from huipai.grid.queries.exercised import EXERCISED, exercised_by, exercises, exercises_at
from huipai.grid.words import UNIT_ROLES
from huipai.kit import hot
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import is_to_read, notes, street_in_force

ROLES_NOTE = "roles"
_AN_INSTANT = timedelta(seconds=5)
_at_hand: ContextVar[tuple[UUID, datetime, tuple[Assignment, ...]] | None] = ContextVar("roles_at_hand", default=None)


@contextmanager
def roles_at_hand(person: Person, at: datetime) -> Iterator[None]:
    """Inside, what somebody may act as at this instant is asked of the database once, however many doors ask."""
    token = _at_hand.set((person.pk, at, roles_of(person, at)))
    try:
        yield
    finally:
        _at_hand.reset(token)


def _known(person: Person, at: datetime) -> tuple[Assignment, ...] | None:
    """What is at hand; for a page that is only shown it is fetched once, for all of its parts."""
    known = _known_already(person, at)
    if known is None and is_to_read():
        known = exercised_by(person, at)
        notes().setdefault(ROLES_NOTE, {})[person.pk] = (at, known)
    return known


def _known_already(person: Person, at: datetime) -> tuple[Assignment, ...] | None:
    at_hand = _at_hand.get()
    if at_hand is not None and at_hand[:2] == (person.pk, at):
        return at_hand[2]
    # A page is of one instant, though its parts each look at the clock; another day is asked for anew.
    since, held = notes().get(ROLES_NOTE, {}).get(person.pk, (None, None))
    return held if since is not None and timedelta(0) <= at - since < _AN_INSTANT else None


def roles_of(person: Person, at: datetime) -> tuple[Assignment, ...]:
    """What somebody may act as: his own assignments, and those of the absent for whom he stands in."""
    known = _known(person, at)
    return exercised_by(person, at) if known is None else known


def has_role(person: Person, role: Role, at: datetime, node: GridNode | None = None) -> bool:
    """Whether somebody may act as `role`: anywhere, or for `node`, by an assignment to it or to a node over it."""
    over = None if node is None else {*node.ids_above(), node.pk}
    if (known := _known(person, at)) is not None:
        return any(held.role == role and (over is None or held.node_id in over) for held in known)
    return exercises(person, role, at) if over is None else exercises_at(person, role, at, over)


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


# The rule of `responsible_at`, for the door through which every report comes; a test holds the two together.
_ACTING = """
SELECT CASE WHEN holder_is_away THEN deputy_id ELSE person_id END
FROM (
    SELECT held.id, held.person_id, held.deputy_id, held.valid_from, held.node_id,
           EXISTS (SELECT FROM grid_absence AS away
                   WHERE away.street_id = %(street)s AND away.person_id = held.person_id AND away.valid_from <= %(at)s
                     AND (away.valid_until IS NULL OR away.valid_until > %(at)s)) AS holder_is_away,
           held.deputy_id IS NOT NULL AND NOT EXISTS (
                   SELECT FROM grid_absence AS away
                   WHERE away.street_id = %(street)s AND away.person_id = held.deputy_id AND away.valid_from <= %(at)s
                     AND (away.valid_until IS NULL OR away.valid_until > %(at)s)) AS deputy_is_there
    FROM grid_assignment AS held
    WHERE held.street_id = %(street)s AND held.role = %(role)s AND held.node_id = ANY(%(nodes)s::uuid[])
      AND held.valid_from <= %(at)s AND (held.valid_until IS NULL OR held.valid_until > %(at)s)
) AS candidate
WHERE NOT holder_is_away OR deputy_is_there
ORDER BY array_position(%(nodes)s::uuid[], node_id) DESC, valid_from, id
LIMIT 1
"""


def acting_at(node: GridNode, role: Role, at: datetime) -> UUID | None:
    """The id of the person who attends to `node` as `role`: who is `acting` in `responsible_at`, in one statement."""
    asked = {
        "street": street_in_force(), "role": role.value, "at": at, "nodes": [*node.ids_above(), node.pk],
    }  # fmt: skip
    found = hot.rows(_ACTING, asked)
    return found[0][0] if found else None


# The paths of `nodes_of` at `at`, for statements that ask within; a test holds the two together.
AREAS = f"""
SELECT node.path
FROM grid_assignment AS held
JOIN grid_gridnode AS node ON node.street_id = %(street)s AND node.id = held.node_id
WHERE held.role = %(role)s AND {EXERCISED}
"""


def areas_of(person: Person, role: Role, at: datetime) -> list[str]:
    """The paths of the nodes for which somebody may act as `role`: of `nodes_of`, in one planned statement."""
    if (known := _known_already(person, at)) is not None:
        return sorted(held.node.path for held in known if held.role == role and held.node is not None)
    asked = {"street": street_in_force(), "person": person.pk, "role": role.value, "at": at}
    return sorted(path for (path,) in hot.rows(AREAS, asked))


def nodes_of(person: Person, role: Role, at: datetime) -> tuple[GridNode, ...]:
    """The nodes for which somebody may act as `role`."""
    found = [held.node for held in roles_of(person, at) if held.role == role and held.node is not None]
    return tuple(sorted(found, key=lambda node: node.path))


def units_of(person: Person, at: datetime) -> tuple[Unit, ...]:
    """The units for which somebody acts."""
    held = [held.unit for held in roles_of(person, at) if held.role in UNIT_ROLES and held.unit is not None]
    return tuple({unit.pk: unit for unit in sorted(held, key=lambda unit: unit.code) if unit.is_active}.values())


def holders(role: Role, at: datetime) -> AssignmentQuerySet:
    """Everybody who holds `role` in the street, away or not; who has left holds nothing."""
    return Assignment.objects.in_force(at).filter(role=role, person__erased_at=None)


def acting_as(role: Role, at: datetime) -> list[Person]:
    """Everybody who may act as `role` now, or again from a day that is known: who holds it and is not away without an
    end, and who stands in for somebody away."""
    away = Absence.objects.filter(in_force(at)).values("person")
    held = holders(role, at)
    own = held.exclude(person__in=away.filter(valid_until=None)).values("person")
    stood_in = held.filter(person__in=away, deputy__isnull=False).exclude(deputy__in=away).values("deputy")
    found = Person.objects.filter(Q(pk__in=own) | Q(pk__in=stood_in), erased_at=None)
    return list(found.order_by("id"))


def is_away(person: Person, at: datetime) -> bool:
    return Absence.objects.filter(in_force(at), person=person).exists()


def is_away_without_end(person: Person, at: datetime) -> bool:
    return Absence.objects.filter(in_force(at), person=person, valid_until=None).exists()


def held_in(node: GridNode, at: datetime) -> list[Assignment]:
    """Who is or will be responsible for exactly this node, with who is away now."""
    later = Assignment.objects.filter(Q(valid_until=None) | Q(valid_until__gt=at), node=node)
    return list(later.with_absences(at).select_related("person", "deputy").order_by("role", "valid_from", "pk"))


def held_in_unit(unit: Unit, at: datetime) -> list[Assignment]:
    """Who acts or will act for this unit."""
    later = Assignment.objects.filter(Q(valid_until=None) | Q(valid_until__gt=at), unit=unit)
    return list(later.with_absences(at).select_related("person", "deputy").order_by("role", "valid_from", "pk"))
