"""Who was shown what is kept from view, when and why."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huipai.audit.words import Ground, Kind
from huipai.journal.models import Entry
from huipai.streets.models import TenantKey, TenantModel


class Disclosure(TenantModel):
    """One act, beside its entry in the journal: the code is in both, the words only here. Rows are only added."""

    kind = models.CharField(max_length=12, choices=Kind)
    person = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    entry = TenantKey(Entry, on_delete=models.PROTECT, related_name="+", db_index=False)
    subject = models.CharField(max_length=80)
    # What the record calls it: the code of a case or a deed, the mark of a claim, which say nothing of anybody.
    about = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=16, choices=Ground)
    words = models.TextField(blank=True)
    # Of a table or a print: it stands on every page of it.
    number = models.CharField(max_length=12, blank=True)
    count = models.PositiveIntegerField(null=True)
    happened_at = models.DateTimeField()
    # What was opened closes by itself.
    until = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="audit_one_disclosure_an_entry", fields=["street", "entry"]),
            models.UniqueConstraint(
                name="audit_one_disclosure_a_number", fields=["street", "number"], condition=~Q(number="")
            ),
            models.CheckConstraint(
                name="audit_only_the_auditors_look_needs_no_words", condition=Q(kind=Kind.LOOK) | ~Q(words="")
            ),
            models.CheckConstraint(
                name="audit_what_leaves_is_numbered",
                condition=Q(kind__in=[Kind.EXPORT, Kind.PRINT, Kind.RECORD]) & ~Q(number="")
                | ~Q(kind__in=[Kind.EXPORT, Kind.PRINT, Kind.RECORD]) & Q(number=""),
            ),
            models.CheckConstraint(
                name="audit_who_was_unmasked_is_hidden_again", condition=~Q(kind=Kind.UNMASKED) | Q(until__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="audit_latest", fields=["street", "-happened_at", "-id"]),
            models.Index(name="audit_of_a_person", fields=["street", "person", "-happened_at"]),
            models.Index(name="audit_of_a_subject", fields=["street", "subject", "person"]),
        ]
