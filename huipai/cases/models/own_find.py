"""What a worker found on the round and mended at once: a record (`self_handled`), never a case (ruling 10)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huipai.cases.models.case_type import CaseType
from huipai.cases.words import Moment
from huipai.streets.models import TenantKey, TenantModel

_SIDES = (Moment.BEFORE, Moment.AFTER)


class OwnFind(TenantModel):
    """Without state, clock, check or points, and in no figure. Its id is made by the form (ruling 6)."""

    worker = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    case_type = TenantKey(CaseType, on_delete=models.PROTECT, related_name="+", db_index=False)
    node = TenantKey("grid.GridNode", on_delete=models.PROTECT, related_name="+", db_index=False)
    lng = models.FloatField()
    lat = models.FloatField()
    address = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    content_hash = models.CharField(max_length=64)
    found_at = models.DateTimeField()
    # Entered by mistake: struck out by whoever entered it, and still there.
    taken_back_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="cases_a_find_lies_on_earth", condition=Q(lng__range=(-180, 180), lat__range=(-90, 90))
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="cases_finds_of_a_worker", fields=["street", "worker", "-id"]),
            models.Index(name="cases_finds_of_a_node", fields=["street", "node", "-id"]),
        ]

    @property
    def subject(self) -> str:
        return f"find:{self.id}"


class FindPhoto(TenantModel):
    """A photo of a find, before or after. Staff see it; it is never public."""

    find = TenantKey(OwnFind, on_delete=models.PROTECT, related_name="photos", db_index=False)
    photo = TenantKey("photos.Photo", on_delete=models.PROTECT, related_name="+", db_index=False)
    moment = models.CharField(max_length=8, choices=Moment)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_a_photo_belongs_to_one_find", fields=["street", "photo"]),
            models.CheckConstraint(name="cases_a_find_is_seen_before_or_after", condition=Q(moment__in=_SIDES)),
        ]
        indexes: ClassVar = [models.Index(name="cases_photos_of_a_find", fields=["street", "find", "position"])]
