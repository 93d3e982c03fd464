"""A workbook that was checked and waits to be written into the draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from huipai.people.models import Person
from huipai.rulebook import rules
from huipai.rulebook.models.book import RulebookVersion
from huipai.rulebook.rules import Terms
from huipai.streets.models import TenantKey, TenantModel


class Sheet(TenantModel):
    """The items that a workbook holds, against the content that the draft had when they were shown."""

    version = TenantKey(RulebookVersion, on_delete=models.PROTECT, related_name="sheets", db_index=False)
    file_name = models.CharField(max_length=200)
    # [{terms}, …]; emptied once they are in the draft.
    items: models.JSONField[Any, Any] = models.JSONField()
    # The columns that its file had not: of these it says what the draft says.
    lacking: models.JSONField[Any, Any] = models.JSONField(default=list)
    # Why an item of the draft that the workbook leaves out goes, by its code: said when it is written into the draft.
    struck: models.JSONField[Any, Any] = models.JSONField(default=dict)
    # What it says of the scheme's end; None: nothing.
    end_rule: models.JSONField[Any, Any] = models.JSONField(null=True)
    content_hash = models.CharField(max_length=64)
    uploaded_by = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    uploaded_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="rulebook_applied_sheet_is_emptied", condition=Q(applied_at__isnull=True) | Q(items=[])
            ),
        ]

    def wanted(self, book: Mapping[str, Terms]) -> dict[str, Terms]:
        """The items that it holds, beside those of a draft: of what its file had no column for it says the same."""
        said = {plain["code"]: rules.from_json(plain) for plain in self.items}
        return {
            code: rules.with_breaks_of(book.get(code), rules.with_rest_of(book.get(code), terms, self.lacking))
            for code, terms in said.items()
        }
