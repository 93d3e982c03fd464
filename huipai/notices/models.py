"""What people are told, and how they want to be told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huipai.notices import rules
from huipai.notices.words import QUIET_FROM, QUIET_UNTIL, Wording
from huipai.people.models import Person
from huipai.streets.models import TenantKey, TenantModel


class Notice(TenantModel):
    """Something a person should know: its kind and ids, never its text. It is worded when it is read."""

    person = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    # What caused it: a follower that runs twice tells once.
    cause = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # When it went out by another way than the inbox.
    sent_at = models.DateTimeField(null=True)
    # When what it asks for was over: from then on it rings nobody. What never rings is so from the first.
    overtaken_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="notices_a_cause_is_told_once", fields=["street", "person", "cause"]),
            models.CheckConstraint(name="notices_kind_is_a_word", condition=Q(kind__regex=r"^[a-z_]+\.[a-z_]+$")),
        ]
        indexes: ClassVar = [
            models.Index(name="notices_newest_first", fields=["street", "person", "-created_at", "-id"]),
            models.Index(name="notices_unread", fields=["street", "person"], condition=Q(read_at__isnull=True)),
            # What may still ring, by the thing it is about.
            models.Index(
                name="notices_may_ring", fields=["street", "subject"],
                condition=Q(read_at__isnull=True, sent_at__isnull=True, overtaken_at__isnull=True),
            ),
        ]  # fmt: skip

    @property
    def group(self) -> str:
        """Which group of kinds it belongs to: what can be stopped as a whole."""
        return rules.group_of(self.kind)

    @property
    def wording(self) -> Wording:
        return rules.wording(self.kind, self.subject, self.params)


class Preference(TenantModel):
    """How one person wants to be told; without a row: in the inbox only."""

    person = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    by_sms = models.BooleanField(default=False)
    quiet_from = models.TimeField(default=QUIET_FROM)
    quiet_until = models.TimeField(default=QUIET_UNTIL)
    # One message a day at this hour; empty: each by itself.
    digest_at = models.TimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="notices_one_preference_a_person", fields=["street", "person"]),
        ]

    @property
    def rings_for_each(self) -> bool:
        """Each message by itself, as it comes."""
        return self.by_sms and self.digest_at is None


class Muted(TenantModel):
    """What one person does not want to be rung for: a group of kinds, or one thing. The inbox still says it."""

    person = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    # "group:case" or a subject such as "case:0190…".
    what = models.CharField(max_length=80)
    muted_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="notices_muted_once", fields=["street", "person", "what"]),
        ]


class Digest(TenantModel):
    """One message a day instead of many: that this person's was gathered on this day."""

    person = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    gathered_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="notices_one_digest_a_day", fields=["street", "person", "day"]),
        ]
