"""What a draft would have done to last month's awards. Computed by the points above; kept here with the content."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.people.models import Person
from huipai.rulebook.models.book import RulebookVersion
from huipai.rulebook.words import Trying
from huipai.streets.models import TenantKey, TenantModel


class DryRun(TenantModel):
    """One run for one content and what its month held when it was asked for.

    The result holds no cell of fewer than five people: the small ones are never stored. From what was told, only that
    digest by digest, the next run of the month sees how many people it would differ by.
    """

    version = TenantKey(RulebookVersion, on_delete=models.PROTECT, related_name="dry_runs", db_index=False)
    content_hash = models.CharField(max_length=64)
    asked_by = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    # The month whose awards are counted again.
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    # A digest of the deeds of that month, as the points knew them when this was asked for; empty: asked before 0024.
    held = models.CharField(max_length=64, default="", blank=True)
    state = models.CharField(max_length=8, choices=Trying.choices, default=Trying.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    result: models.JSONField[Any, Any] = models.JSONField(null=True)
    # The cells that the result was told from; empty: done before 0028.
    told: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="rulebook_one_dry_run_a_month_as_it_was", fields=["street", "version", "content_hash", "held"]
            ),
            models.CheckConstraint(
                name="rulebook_dry_run_is_done_with_a_result",
                condition=Q(state=Trying.DONE, finished_at__isnull=False, result__isnull=False)
                | (~Q(state=Trying.DONE) & Q(finished_at__isnull=True, result__isnull=True)),
            ),
            models.CheckConstraint(name="rulebook_dry_run_goes_forward", condition=Q(done__lte=F("total"))),
        ]
