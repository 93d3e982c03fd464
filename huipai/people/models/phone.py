"""A change of number at the counter, waiting for its cooling time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.people.models.person import Person
from huipai.people.words import Document
from huipai.streets.models import TenantKey, TenantModel


class PhoneChange(TenantModel):
    """Asked for at the counter with an identity check; takes effect later, unless the owner objects (ruling 2)."""

    person = TenantKey(Person, on_delete=models.PROTECT, related_name="phone_changes", db_index=False)
    # Both wiped when it is over.
    old_phone = models.CharField(max_length=16, blank=True)
    new_phone = models.CharField(max_length=16, blank=True)
    document = models.CharField(max_length=20, choices=Document.choices)
    asked_by = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="people_one_open_change",
                fields=["street", "person"],
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True),
            ),
            models.CheckConstraint(
                name="people_done_or_cancelled", condition=Q(done_at__isnull=True) | Q(cancelled_at__isnull=True)
            ),
            models.CheckConstraint(name="people_not_at_the_own_counter", condition=~Q(asked_by=F("person"))),
            models.CheckConstraint(name="people_it_cools", condition=Q(effective_at__gt=F("asked_at"))),
        ]
