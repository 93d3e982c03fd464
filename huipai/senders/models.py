"""Messages on their way out. In demo mode this table is the development inbox."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huipai.kit.ids import new_id
from huipai.senders.words import Channel, Failure, Kind


class Message(models.Model):
    """One message to one address. Its address and text are gone as soon as a real gateway has taken it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    address = models.CharField(max_length=254, blank=True)
    text = models.TextField(blank=True)
    made_at = models.DateTimeField()
    # A code that nobody can use any more is not worth its price.
    useful_until = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=20, blank=True, choices=Failure.choices)

    class Meta:
        indexes: ClassVar = [models.Index(name="senders_newest_first", fields=["-made_at"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="senders_sent_or_failed", condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True)
            ),
            models.CheckConstraint(
                name="senders_a_failure_has_a_reason", condition=Q(failed_at__isnull=True) | ~Q(failure="")
            ),
        ]
