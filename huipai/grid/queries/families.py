"""One household after another in the same flat: what belongs to those who live there, and what to those before."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from huipai.grid.models import Family, GridNode, Residence
from huipai.people.models import Person


def family_since(household_id: UUID) -> datetime | None:
    """Since when those who live in a household are others than those before; None: nobody was there before."""
    begun = Family.objects.filter(household=household_id).order_by("-began_at")
    return begun.values_list("began_at", flat=True).first()


def begins_family(person: Person, household: GridNode, at: datetime) -> bool:
    """Whether a new family would begin: others have lived there and all have left, and this person is not of them."""
    lived = Residence.objects.filter(household=household, valid_from__lt=at).exclude(valid_until=F("valid_from"))
    since = family_since(household.pk)
    if since is not None:
        lived = lived.filter(valid_from__gte=since)
    stays = Residence.objects.filter(Q(valid_until=None) | Q(valid_until__gt=at), household=household)
    if lived.filter(person=person).exists() or stays.exists():
        return False
    return lived.exists()


def of_those_living(household: str, since: str) -> Q:
    """Rows that those who live in their household now may know: no new family has begun in it since they came about."""
    return Q(~Exists(Family.objects.filter(household=OuterRef(household), began_at__gt=OuterRef(since))))


def is_of_those_living(household_id: UUID, at: datetime) -> bool:
    """The same for what came about in one household at an instant."""
    return not Family.objects.filter(household=household_id, began_at__gt=at).exists()
