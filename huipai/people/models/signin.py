"""Codes on their way and tries counted. Outside every street: a number may be flooded from anywhere."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huipai.kit.ids import new_id
from huipai.people.models.account import Account
from huipai.people.words import CodePurpose, TryKind


class SignInCode(models.Model):
    """A code sent to a number. What is kept of it is a keyed digest; it works once and for a few tries."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(max_length=20, choices=CodePurpose.choices)
    phone = models.CharField(max_length=16)
    # Whose request it was, where somebody was signed in.
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries_left = models.SmallIntegerField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_signin_code"
        constraints: ClassVar = [
            models.CheckConstraint(name="people_tries_run_out", condition=Q(tries_left__gte=0)),
        ]
        indexes: ClassVar = [models.Index(name="people_codes_by_age", fields=["made_at"])]


class SignInTry(models.Model):
    """One try that counts against a limit. Number and address are keyed digests, kept for a month."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, choices=TryKind.choices)
    number = models.CharField(max_length=32)
    address = models.CharField(max_length=32)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "people_signin_try"
        indexes: ClassVar = [
            models.Index(name="people_tries_of_a_number", fields=["number", "kind", "made_at"]),
            models.Index(name="people_tries_of_an_address", fields=["address", "kind", "made_at"]),
            models.Index(name="people_tries_by_age", fields=["made_at"]),
        ]


class CodeBudget(models.Model):
    """How many codes have gone out on one local day, in all streets together."""

    day = models.DateField(primary_key=True)
    sent = models.IntegerField()

    class Meta:
        db_table = "people_signin_budget"
