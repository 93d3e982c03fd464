"""How much somebody has sent lately, so that nobody floods those who work."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huipai.streets.models import TenantKey, TenantModel


class ReportAllowance(TenantModel):
    """One row a person: how many reports they sent on their last day of sending, and in the last hour of it.

    Whoever sends is counted, not in whose name: a clerk at the counter, a helper of an elder.
    """

    person = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    # The day and the hour by the clock of China.
    day = models.DateField()
    hour = models.PositiveSmallIntegerField()
    in_day = models.PositiveIntegerField()
    in_hour = models.PositiveIntegerField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_allowance_a_person", fields=["street", "person"]),
        ]
