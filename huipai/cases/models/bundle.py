"""What a worker ticked together on a phone, once it has arrived here, and what came of each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.cases.bundle_words import Became, BundleKind
from huipai.cases.models.case import Case
from huipai.streets.models import TenantKey, TenantModel


class KeptBundle(TenantModel):
    """Several cases under the id that their phone gave them: the same again is known, and nothing is done twice."""

    person = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=BundleKind)
    content_hash = models.CharField(max_length=64)
    # So many of those ticked were not theirs to see any more.
    left = models.PositiveSmallIntegerField(default=0)
    arrived_at = models.DateTimeField()
    # When they first read what came of it; today's list says so until then.
    seen_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(name="cases_a_bundle_is_known", condition=Q(kind__in=BundleKind.values)),
            models.CheckConstraint(
                name="cases_a_bundle_is_seen_after_it_came", condition=Q(seen_at=None) | Q(seen_at__gte=F("arrived_at"))
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="cases_bundles_not_seen", fields=["street", "person"], condition=Q(seen_at=None)),
        ]


class BundleResult(TenantModel):
    """What came of one case of a bundle. Only added; of a refusal no name of anybody is kept."""

    bundle = TenantKey(KeptBundle, on_delete=models.PROTECT, related_name="results", db_index=False)
    case = TenantKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()
    became = models.CharField(max_length=8, choices=Became)
    refusal = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_a_case_is_once_in_a_bundle", fields=["street", "bundle", "case"]),
            models.CheckConstraint(name="cases_a_result_is_known", condition=Q(became__in=Became.values)),
            models.CheckConstraint(
                name="cases_what_is_refused_says_why",
                condition=(Q(became=Became.REFUSED) & ~Q(refusal="")) | (~Q(became=Became.REFUSED) & Q(refusal="")),
            ),
        ]
