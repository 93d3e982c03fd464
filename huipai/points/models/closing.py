"""The end of the scheme: proposed by one, decided by another, announced to everybody."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.people.models import Person
from huipai.streets.models import TenantKey, TenantModel


class Closing(TenantModel):
    """No awards for deeds from one instant on, nothing exchanged from a later one on, and then what is left lapses.

    Once decided it stands: the database lets only the decision, or taking back the proposal, be added.
    """

    awards_until = models.DateTimeField()
    redeem_until = models.DateTimeField()
    proposed_by = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    proposed_at = models.DateTimeField()
    approved_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    approved_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="points_a_closing_is_decided_after_it_was_asked",
                condition=(Q(approved_at=None) | Q(approved_at__gte=F("proposed_at")))
                & (Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("proposed_at"))),
            ),
            models.CheckConstraint(
                name="points_a_closing_leaves_time",
                condition=Q(redeem_until__gt=F("awards_until"))
                & (Q(approved_at=None) | Q(approved_at__lt=F("awards_until"))),
            ),
            models.CheckConstraint(
                name="points_a_closing_has_four_eyes",
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False, withdrawn_at=None)
                & ~Q(approved_by=F("proposed_by")),
            ),
            models.UniqueConstraint(
                name="points_one_closing_at_a_time", fields=["street"], condition=Q(withdrawn_at=None)
            ),
        ]
