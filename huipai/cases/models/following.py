"""Neighbours who follow a public case, and who say that it is still there."""

from typing import ClassVar

from django.db import models

from huipai.cases.models.case import Case
from huipai.streets.models import TenantKey, TenantModel


class Follow(TenantModel):
    """Somebody wants to hear each step of a public case. It earns nothing, and they are not drawn to check it."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="follows", db_index=False)
    person = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    followed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_followed_once", fields=["street", "case", "person"]),
        ]
        indexes: ClassVar = [
            models.Index(name="cases_follows_of_a_person", fields=["street", "person", "-followed_at"])
        ]


class Sighting(TenantModel):
    """A follower or a reporter says that it is still there: a hint to whoever works on it, never a step of the case."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="sightings", db_index=False)
    person = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    # Of the place's own calendar: one a person and day.
    seen_date = models.DateField()
    seen_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_seen_once_a_day", fields=["street", "case", "person", "seen_date"]),
        ]
