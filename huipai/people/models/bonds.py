"""People who act for others: guardians of minors, helpers of elders."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from huipai.people.models.consent import Consent
from huipai.people.models.person import Person
from huipai.people.words import ProxyScope
from huipai.streets.models import TenantKey, TenantModel


class Guardianship(TenantModel):
    """A grown-up who answers for a minor; seen and noted by somebody employed."""

    minor = TenantKey(Person, on_delete=models.PROTECT, related_name="guardianships", db_index=False)
    guardian = TenantKey(Person, on_delete=models.PROTECT, related_name="wards", db_index=False)
    consent = TenantKey(Consent, on_delete=models.PROTECT, related_name="+", db_index=False)
    confirmed_by = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    # Under which a child without a phone is known again; empty for one who has a number.
    child_mark = models.CharField(max_length=32, blank=True)
    valid_from = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="people_a_child_of_a_paper_once",
                fields=["street", "guardian", "child_mark"],
                condition=Q(ended_at__isnull=True) & ~Q(child_mark=""),
            ),
            models.UniqueConstraint(
                name="people_a_guardian_once",
                fields=["street", "minor", "guardian"],
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="people_three_people_at_the_counter",
                condition=~Q(minor=F("guardian")) & ~Q(confirmed_by=F("guardian")) & ~Q(confirmed_by=F("minor")),
            ),
        ]
        indexes: ClassVar = [models.Index(name="people_wards_of", fields=["street", "guardian"])]


class Proxy(TenantModel):
    """An elder lets a helper do some things for them, for a time. Until the helper accepts, it allows nothing."""

    elder = TenantKey(Person, on_delete=models.PROTECT, related_name="helpers", db_index=False)
    # Known once somebody with the invited number has accepted.
    helper = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="helped", db_index=False)
    # The invited number; wiped when the invitation is answered or over.
    invited_phone = models.CharField(max_length=16, blank=True)
    scopes = ArrayField(models.CharField(max_length=10, choices=ProxyScope.choices))
    consent = TenantKey(Consent, on_delete=models.PROTECT, related_name="+", db_index=False)
    invited_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="people_a_helper_once",
                fields=["street", "elder", "helper"],
                condition=Q(ended_at__isnull=True, helper__isnull=False),
            ),
            models.UniqueConstraint(
                name="people_an_invitation_once",
                fields=["street", "elder", "invited_phone"],
                condition=Q(ended_at__isnull=True, accepted_at__isnull=True),
            ),
            models.CheckConstraint(
                name="people_nobody_helps_themselves", condition=Q(helper__isnull=True) | ~Q(helper=F("elder"))
            ),
            models.CheckConstraint(
                name="people_a_proxy_ends", condition=Q(valid_until__gt=F("valid_from"), scopes__len__gte=1)
            ),
            models.CheckConstraint(
                name="people_accepted_by_somebody",
                condition=Q(accepted_at__isnull=True, helper__isnull=True)
                | Q(accepted_at__isnull=False, helper__isnull=False, invited_phone=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="people_helped_by", fields=["street", "helper"]),
            models.Index(
                name="people_invited_numbers", fields=["street", "invited_phone"], condition=~Q(invited_phone="")
            ),
        ]
