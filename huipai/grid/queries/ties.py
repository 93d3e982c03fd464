"""Who is near to whom: the one question wherever somebody checks, judges or hands out what is another's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from huipai.grid.models import Residence
from huipai.grid.words import TIES_LAST
from huipai.people import queries as bonds
from huipai.people.models import Person


def near_to(people: Collection[UUID], at: datetime) -> set[UUID]:
    """The ids of everybody who is near to one of these people, themselves among them: of one household, guardian and
    ward, helper and elder, now or in the last `TIES_LAST`. What was begun in that time is judged by others."""
    return {*people, *_housemates(people, at), *bonds.bonded_with(people, at - TIES_LAST, at)}


def _housemates(people: Collection[UUID], at: datetime) -> set[UUID]:
    since = at - TIES_LAST
    lately = Residence.objects.filter(Q(valid_until=None) | Q(valid_until__gt=since), valid_from__lte=at)
    homes = lately.filter(person__in=people).values("household")
    return set(lately.filter(household__in=homes).values_list("person_id", flat=True))


def family_of(person: Person, at: datetime) -> set[UUID]:
    """The ids of everybody of whom `is_family` says so of this person; themselves perhaps among them."""
    guarded = bonds.guardianships_at(at)
    guardians = guarded.filter(minor=person).values_list("guardian_id", flat=True)
    wards = guarded.filter(guardian=person).values_list("minor_id", flat=True)
    return {*_housemates([person.pk], at), *guardians, *wards}


def is_family(one: Person, other: Person, at: datetime) -> bool:
    """Whether two are of one household, now or lately, or one answers for the other. Who is helped is no family: they
    know best whether they were."""
    return other.pk in family_of(one, at)


def is_near_to(one: Person, other: Person, at: datetime) -> bool:
    return other.pk in near_to([one.pk], at)
