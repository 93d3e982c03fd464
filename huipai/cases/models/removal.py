"""That what must not be kept is gone: the proof of it, and who decided."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.cases.models.case import Case
from huipai.streets.models import TenantKey, TenantModel


class Removal(TenantModel):
    """Words and pictures of a case that was voided as unlawful were removed. Two people's decision, never changed."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="removals", db_index=False)
    voided_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    removed_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    photos = models.PositiveSmallIntegerField()
    removed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_removed_once", fields=["street", "case"]),
            models.CheckConstraint(name="cases_two_people_remove", condition=~Q(voided_by=F("removed_by"))),
        ]
