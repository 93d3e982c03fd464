"""Who is too close to whom to judge: near to them or of one group, now or lately, or because they say so themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from huipai.grid import queries as grid
from huipai.grid.words import TIES_LAST
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points.models import Conflict

# Everybody who stood in a household group (联户) with this person at some time between two instants.
Group = Callable[[UUID, datetime, datetime], Collection[UUID]]

_groups: tuple[Group, ...] = ()
_Rows = TypeVar("_Rows", bound=QuerySet[Any])


@dataclass(frozen=True, slots=True)
class Eyes:
    """Somebody who is to look at what others did: who it is, and everybody whom they may not judge."""

    id: UUID
    tied: frozenset[UUID]
    # Who is asked first: nobody before a reviewer, every reviewer before the leader. None: they decide nothing.
    first: tuple[Eyes, ...] | None = ()


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


def eyes_of(person: Person, at: datetime) -> Eyes:
    """With which eyes somebody decides; the leader is the last resort (decision 0092)."""
    if grid.has_role(person, Role.REVIEWER, at):
        return _eyes(person, at, ())
    return _eyes(person, at, eyes_as(Role.REVIEWER, at) if grid.has_role(person, Role.LEADER, at) else None)


def eyes_as(role: Role, at: datetime) -> tuple[Eyes, ...]:
    """Of everybody who may act as `role`, now or again from a day that is known."""
    return tuple(_eyes(person, at, ()) for person in grid.acting_as(role, at))


def _eyes(person: Person, at: datetime, first: tuple[Eyes, ...] | None) -> Eyes:
    return Eyes(person.id, frozenset(tied_to(person, at)), first)


def left_to(eyes: Eyes, open_to: Callable[[Eyes], _Rows]) -> _Rows:
    """What waits for these eyes: what they may decide, and nobody who is asked before them."""
    rows = open_to(eyes)
    for other in eyes.first or ():
        rows = rows.exclude(pk__in=open_to(other).values("pk"))
    return rows
