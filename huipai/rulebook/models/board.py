"""Who wrote a version, and who of the board agreed to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huipai.people.models import Person
from huipai.rulebook.models.book import RulebookVersion
from huipai.rulebook.words import Seat
from huipai.streets.models import TenantKey, TenantModel


class Writer(TenantModel):
    """Whoever has written anything of a version: an author of it, who neither approves it nor decides an objection.

    Append-only: to take a change back does not make it somebody else's.
    """

    version = TenantKey(RulebookVersion, on_delete=models.PROTECT, related_name="writers", db_index=False)
    person = TenantKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="rulebook_a_writer_once", fields=["street", "version", "person"]),
        ]


class Approval(TenantModel):
    """A board member's yes to one content of a version; any edit of the items leaves it behind. Append-only."""

    version = TenantKey(RulebookVersion, on_delete=models.PROTECT, related_name="approvals", db_index=False)
    approver = TenantKey(Person, on_delete=models.PROTECT, related_name="+")
    # For whom the approver sat on the board at that moment; the database reads it from the assignments.
    seat = models.CharField(max_length=10, choices=Seat.choices, blank=True)
    content_hash = models.CharField(max_length=64)
    approved_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="rulebook_one_approval_each", fields=["street", "version", "content_hash", "approver"]
            ),
        ]
