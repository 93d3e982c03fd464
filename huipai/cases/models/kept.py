"""What a worker did where there was no network, once it has arrived here."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huipai.cases.models.case import Case
from huipai.cases.words import KeptDeedKind
from huipai.streets.models import TenantKey, TenantModel


class KeptDeed(TenantModel):
    """One deed under the id that its phone gave it: the same again is known and not done twice. Only added to."""

    person = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    case = TenantKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=KeptDeedKind)
    # Of what was noted, so that something else under this id is not taken for it; empty of what came before 0059.
    content_hash = models.CharField(max_length=64, default="", db_default="", blank=True)
    arrived_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(name="cases_a_kept_deed_is_known", condition=Q(kind__in=KeptDeedKind.values)),
        ]
