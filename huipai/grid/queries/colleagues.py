"""Who works for the street, in which roles, and how they come in. Nobody is counted or compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from huipai.grid.models import Assignment
from huipai.journal.models import Entry
from huipai.people import queries as people
from huipai.people.models import Account, Person
from huipai.people.rules import normalise_phone
from huipai.people.words import Fact, Role

# What was done to somebody by others, as their page tells it.
_TOLD = (
    Fact.PERSON_EMPLOYED,
    Fact.PERSON_LEFT,
    Fact.ACCOUNT_PASSWORD_SET_BY_STAFF,
    Fact.ACCOUNT_NEW_PASSWORD_REQUIRED,
    Fact.ACCOUNT_SECOND_FACTOR_REQUIRED,
    Fact.ACCOUNT_SECOND_FACTOR_SET,
    Fact.ACCOUNT_SECOND_FACTOR_REMOVED,
    Fact.ACCOUNT_UNLOCKED,
    Fact.ACCOUNT_CLOSED,
)


@dataclass(frozen=True)
class Access:
    """How somebody comes in."""

    has_password: bool
    must_change: bool
    has_second_factor: bool
    needs_second_factor: bool
    is_stopped: bool
    locked_for: timedelta | None
    is_closed: bool


@dataclass(frozen=True)
class Colleague:
    """Somebody employed here, with what they hold now or will hold."""

    person: Person
    held: Sequence[Assignment]
    access: Access


@dataclass(frozen=True)
class Told:
    """A line of what was done to somebody, and by whom; nobody where the system did it."""

    what: str
    why: str
    at: datetime
    by: Person | None


def staff(now: datetime, *, words: str = "", role: Role | None = None) -> QuerySet[Person]:
    """The employed, by name; found by a part of it or by their whole number."""
    held = Assignment.objects.filter(Q(valid_until=None) | Q(valid_until__gt=now))
    found = Person.objects.filter(is_staff=True).select_related("account")
    if words:
        phone = normalise_phone(words)
        found = found.filter(account__phone=phone) if phone else found.filter(name__icontains=words)
    if role is not None:
        found = found.filter(Exists(held.filter(person=OuterRef("pk"), role=role)))
    lines = held.select_related("node", "unit").order_by("role", "valid_from", "pk")
    return found.prefetch_related(Prefetch("assignments", queryset=lines)).order_by("name", "pk")


def colleagues(persons: Sequence[Person], now: datetime) -> list[Colleague]:
    """Each with their roles and the state of their access; a fixed number of queries."""
    accounts = [person.account for person in persons if person.account is not None]
    locks, bound = people.lock_of(accounts, now), people.with_second_factor(accounts)
    return [
        Colleague(person, list(person.assignments.all()), _access(person.account, locks, bound))
        for person in persons
        if person.account is not None
    ]


def _access(account: Account, locks: Mapping[UUID, timedelta], bound: Set[UUID]) -> Access:
    return Access(
        has_password=account.has_usable_password(),
        must_change=account.must_change_password,
        has_second_factor=account.pk in bound,
        needs_second_factor=account.needs_second_factor,
        locked_for=locks.get(account.pk),
        is_stopped=account.is_stopped,
        is_closed=not account.is_active,
    )


def told_of(person: Person, *, most: int) -> list[Told]:
    """What others did to somebody's employment and access, newest first."""
    subjects = [f"person:{person.pk}", f"account:{person.account_id}"]
    entries = list(Entry.objects.filter(subject__in=subjects, what__in=_TOLD).order_by("-happened_at", "-id")[:most])
    names = Person.objects.in_bulk({entry.actor_id for entry in entries if entry.actor_id})
    return [
        Told(entry.what, str(entry.facts.get("why", "")), entry.happened_at, names.get(entry.actor_id))
        for entry in entries
    ]
