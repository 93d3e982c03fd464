"""Who is too close to whom to judge: one household, one household group, or because they say so themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from huipai.grid import queries as grid
from huipai.people.models import Person
from huipai.points.models import Conflict

# Everybody who stands in a household group (联户) with this person at that time.
Group = Callable[[UUID, datetime], Collection[UUID]]

_groups: tuple[Group, ...] = ()


def wire_groups(groups: tuple[Group, ...]) -> None:
    """Name, once at start-up, who knows the household groups; they belong to packages above."""
    global _groups
    _groups = groups


def grouped_with(person: Person, at: datetime) -> set[UUID]:
    """The ids of all who are in a household group with somebody."""
    return {member for group in _groups for member in group(person.id, at)} - {person.id}


def is_tied(one: Person, other: Person, at: datetime) -> bool:
    """Whether one may not judge the other."""
    if grid.same_household(one, other, at) or other.id in grouped_with(one, at):
        return True
    return Conflict.objects.filter(reviewer=one, person=other, ended_at=None).exists()


def tied_to(person: Person, at: datetime) -> set[UUID]:
    """The ids of everybody whom somebody may not judge, themselves among them."""
    housemates = set(grid.housemates_of(person, at))
    declared = set(Conflict.objects.filter(reviewer=person, ended_at=None).values_list("person", flat=True))
    return {person.id} | housemates | grouped_with(person, at) | declared
