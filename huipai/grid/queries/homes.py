"""Where people live, for the floor below that knows only who they are (`people.homes`)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Replace

from huipai.grid.models import GridNode, Residence
from huipai.grid.models.periods import in_force
from huipai.grid.words import Level
from huipai.people.words import STAYS_KNOWN

# From the community down to the door.
_OVER = tuple(f"{'parent__' * up}name" for up in range(5, -1, -1))
_LONGEST = 60


def living_at(words: str, at: datetime) -> QuerySet[Residence]:
    """Who lives in the households that an address means now: the numbers in their order, whatever stands between
    them (1 幢 2 单元 101, 1-2-101), after the name of the place; or the beginning of a code."""
    typed = typed_as(words)
    households = GridNode.objects.valid_at(at).filter(level=Level.HOUSEHOLD)
    said = households.alias(said=Replace(Concat(*_OVER), Value(" "), Value(""))).filter(says(typed))
    coded = households.filter(code__istartswith=typed)
    meant = Q(household__in=said.values("pk")) | Q(household__in=coded.values("pk"))
    return Residence.objects.filter(in_force(at), meant)


def typed_as(words: str) -> str:
    """What was typed as an address, in one width and without blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", words))[:_LONGEST]


def says(typed: str) -> Q:
    """Rows whose address, annotated as `said`, is meant."""
    place = re.match(r"[^0-9]*", typed)[0]  # type: ignore[index]
    numbers = re.findall(r"[0-9]+", typed)
    says = Q(said__icontains=place)
    if numbers:
        says &= Q(said__regex="(^|[^0-9])" + "[^0-9]+".join(numbers) + "([^0-9]|$)")
    return says


def homes_of(people: Iterable[UUID], at: datetime) -> dict[UUID, str]:
    """Building, entrance and door of each, as their neighbours say it."""
    living = Residence.objects.filter(in_force(at), person__in=list(people))
    rows = living.values_list("person", "household__parent__parent__name", "household__parent__name", "household__name")
    return {person: " ".join(name for name in names if name) for person, *names in rows}


def kept_of_a_person(at: datetime) -> QuerySet[Residence]:
    """Where the person `OuterRef("pk")` lives, or lived until lately: whoever moves is written in again elsewhere."""
    lately = Q(valid_until=None) | Q(valid_until__gt=at - STAYS_KNOWN)
    return Residence.objects.filter(lately, person=OuterRef("pk"))
