"""What people agreed to, under which text, and when they took it back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.people.models.person import Person
from huipai.people.words import LONGEST_PAPER_NUMBER, Channel, ConsentPurpose
from huipai.streets.models import TenantKey, TenantModel


class ConsentText(TenantModel):
    """One version of the words that a street asks consent with. Never changed: a change is the next version.

    Where a street has published none, version 1 is the text of our own templates.
    """

    purpose = models.CharField(max_length=30, choices=ConsentPurpose.choices)
    version = models.PositiveSmallIntegerField()
    body = models.TextField()
    # What in the law lets the office process this at all (L3).
    legal_basis = models.CharField(max_length=200)
    published_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    published_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="people_one_text_a_version", fields=["street", "purpose", "version"]),
            models.CheckConstraint(name="people_version_one_is_ours", condition=Q(version__gte=2)),
        ]


class Consent(TenantModel):
    """One person's yes to one version of one text. The database lets only its withdrawal be added, once."""

    person = TenantKey(Person, on_delete=models.PROTECT, related_name="consents", db_index=False)
    purpose = models.CharField(max_length=30, choices=ConsentPurpose.choices)
    version = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    # The person, or the guardian of a minor.
    given_by = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    # Who noted it at the counter or on the telephone, and the paper's number.
    noted_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    paper_number = models.CharField(max_length=LONGEST_PAPER_NUMBER, blank=True)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="people_one_yes_a_version",
                fields=["street", "person", "purpose", "version"],
                condition=Q(withdrawn_at__isnull=True) & ~Q(purpose=ConsentPurpose.GUARDIANSHIP.value),
            ),
            # Every guardian signs a paper of their own.
            models.UniqueConstraint(
                name="people_one_yes_a_guardian_and_paper",
                fields=["street", "person", "version", "given_by", "paper_number"],
                condition=Q(withdrawn_at__isnull=True, purpose=ConsentPurpose.GUARDIANSHIP.value),
            ),
            models.CheckConstraint(
                name="people_no_before_yes",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
            ),
            models.CheckConstraint(
                name="people_somebody_noted_it", condition=Q(channel__in=["page", "code"]) | Q(noted_by__isnull=False)
            ),
        ]
        indexes: ClassVar = [models.Index(name="people_consents_of_a_person", fields=["street", "person", "given_at"])]
