"""The street's own base map, and files waiting to be applied."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from huipai.grid.words import BaseMapKind, TableKind
from huipai.kit.coordinates import Crs
from huipai.people.models import Person
from huipai.streets.models import TenantKey, TenantModel


class BaseMapLayer(TenantModel):
    """One layer of the base map that we draw ourselves: a GeoJSON FeatureCollection in WGS-84."""

    kind = models.CharField(max_length=12, choices=BaseMapKind.choices)
    features: models.JSONField[Any, Any] = models.JSONField()
    replaced_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="grid_one_layer_a_kind", fields=["street", "kind"]),
            models.CheckConstraint(name="grid_layer_kind_is_a_word", condition=Q(kind__in=BaseMapKind.values)),
            models.CheckConstraint(name="grid_layer_is_a_collection", condition=Q(features__type="FeatureCollection")),
        ]


class Upload(TenantModel):
    """A file that was checked and waits to be applied, or was. Kept only as long as somebody may still look at it."""

    kind = models.CharField(max_length=12, choices=TableKind.choices)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    crs = models.CharField(max_length=8, choices=[(crs.value, crs.name) for crs in Crs], default=Crs.WGS84.value)
    uploaded_by = TenantKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    # What was shown to the person: applying is refused when the same check now finds something else.
    findings = models.CharField(max_length=64, blank=True)
    applied_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(name="grid_upload_kind_is_a_word", condition=Q(kind__in=TableKind.values)),
        ]
