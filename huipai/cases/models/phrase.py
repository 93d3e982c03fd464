"""Answers that are kept ready, by outcome and kind of case."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huipai.cases.models.case_type import CaseType
from huipai.cases.phrase_words import PhraseUse
from huipai.cases.rules.contents import content_hash
from huipai.streets.models import TenantKey, TenantModel


class Phrase(TenantModel):
    """One answer that reporters read; for every kind of case, or for one."""

    use = models.CharField(max_length=12, choices=PhraseUse)
    case_type = TenantKey(CaseType, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    title = models.CharField(max_length=20)
    text = models.TextField()
    written_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    written_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="cases_one_phrase_a_title", fields=["street", "use", "case_type", "title"], nulls_distinct=False
            ),
            models.CheckConstraint(name="cases_a_phrase_says_something", condition=~Q(text="") & ~Q(title="")),
        ]

    @property
    def mark(self) -> str:
        """Another one with other words, another use or another kind."""
        return content_hash(
            {"use": self.use, "kind": self.case_type_id, "title": self.title, "text": self.text}
        )  # fmt: skip

    @property
    def subject(self) -> str:
        return f"phrase:{self.id}"
