"""Who is near to whom: the one question wherever somebody checks, judges or hands out what is another's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from huipai.grid.words import TIES_LAST
from huipai.kit import hot
from huipai.people import queries as bonds
from huipai.people.models import Person
from huipai.streets.current import street_in_force


def near_to(people: Collection[UUID], at: datetime) -> set[UUID]:
    """The ids of everybody who is near to one of these people, themselves among them: of one household, guardian and
    ward, helper and elder, now or in the last `TIES_LAST`. What was begun in that time is judged by others."""
    return {*people, *_housemates(people, at), *bonds.bonded_with(people, at - TIES_LAST, at)}


# Planned once for a connection, as `people.queries.bonded_with` is: whoever draws, checks, judges or pays asks this.
_HOUSEMATES = """
SELECT DISTINCT other.person_id FROM grid_residence AS own
JOIN grid_residence AS other ON other.street_id = own.street_id AND other.household_id = own.household_id
WHERE own.street_id = %(street)s AND own.person_id = ANY(%(people)s::uuid[])
    AND own.valid_from <= %(at)s AND (own.valid_until IS NULL OR own.valid_until > %(since)s)
    AND other.valid_from <= %(at)s AND (other.valid_until IS NULL OR other.valid_until > %(since)s)
"""


def _housemates(people: Collection[UUID], at: datetime) -> set[UUID]:
    asked = {"street": street_in_force(), "people": list(people), "at": at, "since": at - TIES_LAST}
    return {id for (id,) in hot.rows(_HOUSEMATES, asked)}


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
