"""What a street says of the fields that nobody has to fill in again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huipai.people.models import Person
from huipai.streets.models import TenantKey, TenantModel


class KnownField(TenantModel):
    """That the system has a field, or has it not, since when and why; the latest word on it counts. Append-only."""

    # As `rules.spellings` writes it, so short that what is said of it fits behind it.
    word = models.CharField(max_length=16)
    is_known = models.BooleanField()
    reason = models.CharField(max_length=200)
    said_by = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    said_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="rulebook_a_field_is_told_in_turn", fields=["street", "word", "said_at"]),
            models.CheckConstraint(
                name="rulebook_a_field_is_told_with_a_reason", condition=~Q(word="") & ~Q(reason="")
            ),
        ]  # fmt: skip

    @property
    def subject(self) -> str:
        return f"field:{self.id}"
