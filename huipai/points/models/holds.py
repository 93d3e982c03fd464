"""Points set aside for something that is not done yet, and the answers to requests that may come twice."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.points.models.ledger import Account, Lot, Posting
from huipai.points.words import HoldState
from huipai.streets.models import TenantKey, TenantModel


class Hold(TenantModel):
    """Points of one account that are set aside until they are used, given back, or their time is over.

    Settled once, by one statement that looks at the state and at the clock. Its points come from lots, those first that
    expire first, and go back to the same lots.
    """

    account = TenantKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    # What they are set aside for, in words: "reservation:0190…".
    subject = models.CharField(max_length=80)
    points = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=HoldState.choices, default=HoldState.OPEN)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # Who asked: the owner, a helper, a member of the household. The id of a Person.
    actor_id = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    # The posting by which they were used.
    posting = TenantKey(Posting, on_delete=models.PROTECT, null=True, related_name="holds", db_index=False)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="points_one_hold_a_subject", fields=["street", "subject"]),
            models.UniqueConstraint(
                name="points_one_hold_a_posting", fields=["street", "posting"], condition=Q(posting__isnull=False)
            ),
            models.CheckConstraint(
                name="points_hold_sets_something_aside", condition=Q(points__gt=0, expires_at__gt=F("opened_at"))
            ),
            # Used in time or not at all; over only when the time is over.
            models.CheckConstraint(
                name="points_hold_is_settled_once",
                condition=Q(state=HoldState.OPEN, settled_at=None, posting=None)
                | Q(state=HoldState.CAPTURED, settled_at__lt=F("expires_at"), posting__isnull=False)
                | Q(state=HoldState.VOIDED, settled_at__lt=F("expires_at"), posting=None)
                | Q(state=HoldState.EXPIRED, settled_at__gte=F("expires_at"), posting=None),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                name="points_open_holds", fields=["street", "account", "expires_at"], condition=Q(state=HoldState.OPEN)
            ),
            models.Index(
                name="points_holds_to_expire", fields=["street", "expires_at"], condition=Q(state=HoldState.OPEN)
            ),
        ]


class HoldDraw(TenantModel):
    """Points of one lot that one hold has set aside. Append-only."""

    hold = TenantKey(Hold, on_delete=models.PROTECT, related_name="draws", db_index=False)
    lot = TenantKey(Lot, on_delete=models.PROTECT, related_name="+", db_index=False)
    points = models.PositiveIntegerField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="points_one_hold_draw_a_lot", fields=["street", "hold", "lot"]),
            models.CheckConstraint(name="points_hold_draw_takes_something", condition=Q(points__gt=0)),
        ]
        indexes: ClassVar = [models.Index(name="points_hold_draws_of_lot", fields=["street", "lot"])]


class Answered(TenantModel):
    """A request that may come twice: who sent it under which key, what it said, and what came of it. Append-only."""

    key = models.UUIDField()
    actor_id = models.UUIDField()
    verb = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64)
    # Ids and codes only.
    answer = models.JSONField()
    answered_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="points_a_key_is_answered_once", fields=["street", "key"]),
        ]
