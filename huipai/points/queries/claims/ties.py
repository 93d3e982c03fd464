"""Who is too close to whom to judge: near to them or of one group, now or lately, or because they say so themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from huipai.grid import queries as grid
from huipai.grid.words import TIES_LAST
from huipai.people.models import Person
from huipai.points.models import Conflict

# Everybody who stood in a household group (联户) with this person at some time between two instants.
Group = Callable[[UUID, datetime, datetime], Collection[UUID]]

_groups: tuple[Group, ...] = ()


def wire_groups(groups: tuple[Group, ...]) -> None:
    """Name, once at start-up, who knows the household groups; they belong to packages above."""
    global _groups
    _groups = groups


def is_tied(one: Person, other: Person, at: datetime) -> bool:
    """Whether one may not judge the other."""
    return other.id != one.id and other.id in tied_to(one, at)


def tied_to(person: Person, at: datetime) -> set[UUID]:
    """The ids of everybody whom somebody may not judge, themselves among them.

    A home or a group that was left makes nobody a stranger at once: what was done in its time is judged by others.
    """
    grouped = {member for group in _groups for member in group(person.id, at - TIES_LAST, at)}
    declared = set(Conflict.objects.filter(reviewer=person, ended_at=None).values_list("person", flat=True))
    return grid.near_to([person.id], at) | grouped | declared
