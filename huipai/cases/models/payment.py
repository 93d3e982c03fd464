"""Which point item a type of case pays: asked by one, agreed to by another."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.cases.models.case_type import CaseType
from huipai.cases.type_words import PaymentState
from huipai.streets.models import TenantKey, TenantModel


class TypePayment(TenantModel):
    """By which item a type shall thank its reporters. The database lets only the decision be added, once."""

    case_type = TenantKey(CaseType, on_delete=models.PROTECT, related_name="payments", db_index=False)
    # What it paid when this was asked, and what it shall pay; empty = nothing.
    was = models.CharField(max_length=13, blank=True)
    becomes = models.CharField(max_length=13, blank=True)
    why = models.CharField(max_length=200)
    proposed_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=PaymentState.choices, default=PaymentState.PROPOSED)
    # Empty where whoever asked has taken it back.
    decided_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=200, blank=True)
    # The edition of the type that says so.
    edition = models.PositiveSmallIntegerField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="cases_a_payment_is_decided_after_it_was_asked",
                condition=Q(decided_at=None) | Q(decided_at__gte=F("proposed_at")),
            ),
            models.CheckConstraint(
                name="cases_nobody_agrees_to_their_own_payment",
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(name="cases_a_payment_changes_something", condition=~Q(becomes=F("was"))),
            models.CheckConstraint(
                name="cases_a_payment_is_decided_once",
                condition=Q(state=PaymentState.PROPOSED, decided_by=None, decided_at=None, answer="", edition=None)
                | Q(
                    state=PaymentState.AGREED, decided_by__isnull=False, decided_at__isnull=False, answer="",
                    edition__isnull=False,
                )
                | Q(state=PaymentState.REFUSED, decided_by__isnull=False, decided_at__isnull=False, edition=None)
                & ~Q(answer="")
                | Q(state=PaymentState.WITHDRAWN, decided_by=None, decided_at__isnull=False, answer="", edition=None),
            ),
            models.UniqueConstraint(
                name="cases_one_payment_waits", fields=["street", "case_type"], condition=Q(state=PaymentState.PROPOSED)
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(name="cases_payments_of_a_type", fields=["street", "case_type", "-proposed_at"]),
        ]

    @property
    def subject(self) -> str:
        return f"type_payment:{self.id}"
