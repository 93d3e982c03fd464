"""What people say of a version: comments while it is a draft, objections once it is published."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.people.models import Person
from huipai.rulebook.models.book import RulebookVersion
from huipai.rulebook.words import ANSWERS, Outcome, Said
from huipai.streets.models import TenantKey, TenantModel


class Postponement(TenantModel):
    """A version that was to take effect while an objection was open begins later. Append-only."""

    version = TenantKey(RulebookVersion, on_delete=models.PROTECT, related_name="postponements", db_index=False)
    was = models.DateTimeField()
    becomes = models.DateTimeField()
    decided_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="rulebook_postponed_once_from_a_day", fields=["street", "version", "was"]),
            models.CheckConstraint(
                name="rulebook_postponed_before_it_begins",
                condition=Q(becomes__gt=F("was"), decided_at__lt=F("becomes")),
            ),
        ]


class Remark(TenantModel):
    """One comment or objection. Shown to others, without a name, once it has been answered."""

    version = TenantKey(RulebookVersion, on_delete=models.PROTECT, related_name="remarks", db_index=False)
    kind = models.CharField(max_length=10, choices=Said.choices)
    person = TenantKey(Person, on_delete=models.PROTECT, related_name="+")
    # The item it is about; empty: the version as a whole.
    code = models.CharField(max_length=13, blank=True)
    text = models.CharField(max_length=400)
    said_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    answer = models.CharField(max_length=400, blank=True)
    answered_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(name="rulebook_remark_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="rulebook_remark_is_answered_in_words",
                condition=Q(outcome="", answer="", answered_by__isnull=True, answered_at__isnull=True)
                | Q(answered_by__isnull=False, answered_at__isnull=False)
                & ~Q(answer="")
                & (
                    Q(kind=Said.COMMENT, outcome__in=[each.value for each in ANSWERS[Said.COMMENT]])
                    | Q(kind=Said.OBJECTION, outcome__in=[each.value for each in ANSWERS[Said.OBJECTION]])
                ),
            ),
            models.CheckConstraint(
                name="rulebook_nobody_decides_their_own_objection",
                condition=Q(kind=Said.COMMENT) | Q(answered_by__isnull=True) | ~Q(answered_by=F("person")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="rulebook_remark_by_version", fields=["street", "version", "said_at"]),
            # What every award asks: nearly always nothing.
            models.Index(
                name="rulebook_open_objections",
                fields=["street", "version", "said_at"],
                condition=Q(kind=Said.OBJECTION, answered_at__isnull=True),
            ),
        ]
