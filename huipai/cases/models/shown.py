"""What every neighbour may see: kept by the database's own gate, read by every page, feed, card and map."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q

from huipai.cases.models.case import Case
from huipai.cases.models.case_type import CaseType
from huipai.cases.words import KeepBackReason, Kind, Moment, State
from huipai.streets.models import TenantKey, TenantModel


class Shown(TenantModel):
    """One public thing, under the id of the case it shows. Written by the gate alone (migration `shown_gate`).

    The gate runs in the transaction that changes what it depends on: a photo released or taken back, a step of the
    case, a report withdrawn. Where there is no row, no surface has anything to show.
    """

    kind = models.CharField(max_length=16, choices=Kind)
    code = models.CharField(max_length=12)
    case_type = TenantKey(CaseType, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    node = TenantKey("grid.GridNode", on_delete=models.PROTECT, related_name="+", db_index=False)
    # Of a good deed only; a case is called by its type, never by what somebody wrote.
    title = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=20, choices=State)
    is_unchecked = models.BooleanField(default=False, db_default=False)
    lng = models.FloatField()
    lat = models.FloatField()
    # The square of the map at level 22, bits of column and row in turn: each square of each zoom is one range.
    quadkey = models.BigIntegerField()
    cover = TenantKey("photos.Photo", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    happened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # Still going on, or ended within the last days: what map and list begin with. A nightly job lets the rest go.
    is_current = models.BooleanField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_shown_a_code", fields=["street", "code"]),
        ]
        indexes: ClassVar = [
            models.Index(name="cases_shown_latest", fields=["street", "-id"]),
            models.Index(name="cases_shown_current", fields=["street", "-id"], condition=Q(is_current=True)),
            models.Index(
                name="cases_shown_current_here",
                fields=["street", "quadkey"],
                include=["state", "is_unchecked", "lng", "lat", "id"],
                condition=Q(is_current=True),
            ),
            # What could be the same as a new report; see `alike_statement`.
            GistIndex(
                F("street"),
                F("case_type"),
                Func(F("lng"), F("lat"), function="point"),
                name="cases_shown_by_place",
                condition=Q(ended_at__isnull=True),
            ),
            # Of all time a square is read until it is full; of some months it is looked into by both.
            models.Index(
                name="cases_shown_all_here",
                fields=["street", "quadkey"],
                include=["kind", "state", "is_unchecked", "lng", "lat", "id"],
            ),
            GistIndex(
                name="cases_shown_here_since",
                fields=["street", "quadkey", "happened_at"],
                include=["kind", "state", "is_unchecked", "lng", "lat", "id"],
            ),
            models.Index(name="cases_shown_of_a_type", fields=["street", "case_type", "-id"]),
            models.Index(name="cases_shown_deeds", fields=["street", "-id"], condition=Q(kind=Kind.GOOD_DEED)),
        ]


class ShownPhoto(TenantModel):
    """A photo that every neighbour may see, under the photo's own id. Written by the gate alone."""

    shown = TenantKey(Shown, on_delete=models.PROTECT, related_name="photos", db_index=False)
    photo = TenantKey("photos.Photo", on_delete=models.PROTECT, related_name="+", db_index=False)
    moment = models.CharField(max_length=8, choices=Moment)
    round = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_a_photo_is_shown_once", fields=["street", "photo"]),
        ]
        indexes: ClassVar = [models.Index(name="cases_shown_photos_of", fields=["street", "shown"])]


class KeptBack(TenantModel):
    """Somebody has looked at a public copy and decided that it stays inside, with the reason; can be taken back."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    photo = TenantKey("photos.Photo", on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=16, choices=KeepBackReason)
    by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_a_photo_is_kept_back_once", fields=["street", "photo"]),
        ]
        indexes: ClassVar = [models.Index(name="cases_kept_back_latest", fields=["street", "-decided_at"])]
