"""A paper or table of a case: its bytes lie under their digest, the row says whose eyes they are for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huipai.cases.attachment_words import Eyes, FileKind
from huipai.cases.models.case import Case
from huipai.cases.models.order import WorkOrder
from huipai.cases.words import Actor
from huipai.streets.models import TenantKey, TenantModel


class Attachment(TenantModel):
    """Once removed, only the digest is left: the file is gone when no other row names it."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="attachments", db_index=False)
    # Of a unit's own: its order. Other units do not see it.
    order = TenantKey(WorkOrder, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    part = models.CharField(max_length=16, choices=Actor)
    added_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField()
    eyes = models.CharField(max_length=12, choices=Eyes)
    name = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=8, choices=FileKind)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    removed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="cases_an_attachment_has_a_name", condition=~Q(name="") | Q(removed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="cases_an_attachment_has_its_digest", condition=Q(sha256__regex="^[0-9a-f]{64}$", size__gt=0)
            ),
            models.CheckConstraint(
                name="cases_a_units_attachment_is_the_units",
                condition=Q(order__isnull=True) | Q(part=Actor.UNIT) & ~Q(eyes=Eyes.INSIDE),
            ),
            # The same paper twice from one side is one; what two units have added each for itself is two.
            models.UniqueConstraint(
                name="cases_one_attachment_a_side",
                fields=["street", "case", "order", "sha256", "eyes"],
                condition=Q(removed_at__isnull=True),
                nulls_distinct=False,
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="cases_attachments_of_a_case", fields=["street", "case", "id"]),
            models.Index(name="cases_attachments_by_digest", fields=["street", "sha256"]),
        ]

    @property
    def subject(self) -> str:
        return f"attachment:{self.id}"

    @property
    def key(self) -> str:
        return key_of(str(self.street_id), self.sha256)


def key_of(street: str, sha256: str) -> str:
    """Where the bytes lie: under the street, by their digest."""
    return f"{street}/{sha256[:2]}/{sha256}"
