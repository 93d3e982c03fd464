"""What shall stand in the shop, or cost otherwise: asked by one, opened by another."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.people.models import Person
from huipai.shop.models.items import ShopItem
from huipai.shop.words import MOST_PLANNED, REFUSAL_REASON, Audience, Category, ProposalState
from huipai.streets.models import TenantKey, TenantModel


class ItemProposal(TenantModel):
    """Everything that an item shall say. The database lets only the decision be added, once and by another home."""

    # Of a change: the item that there is. Of a new one: empty until it was opened.
    item = TenantKey(ShopItem, on_delete=models.PROTECT, null=True, related_name="proposals", db_index=False)
    is_new = models.BooleanField()
    name = models.CharField(max_length=40)
    unit = models.CharField(max_length=4)
    description = models.CharField(max_length=300, blank=True)
    category = models.CharField(max_length=12, choices=Category.choices)
    points = models.PositiveIntegerField()
    audience = models.CharField(max_length=12, choices=Audience.choices)
    limit_count = models.PositiveSmallIntegerField(null=True)
    limit_days = models.PositiveSmallIntegerField()
    # Of a new one: how many shall come first, and what they may cost together; nothing where they are given.
    quantity = models.PositiveIntegerField(null=True)
    cost_cents = models.PositiveBigIntegerField(null=True)
    proposed_by = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.PROPOSED)
    # Empty where whoever proposed it has taken it back.
    decided_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=REFUSAL_REASON, blank=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="shop_an_item_is_decided_after_it_was_asked",
                condition=Q(decided_at=None) | Q(decided_at__gte=F("proposed_at")),
            ),
            models.CheckConstraint(
                name="shop_nobody_opens_what_they_proposed",
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="shop_a_proposal_is_decided_once",
                condition=Q(state=ProposalState.PROPOSED, decided_by=None, decided_at=None, reason="")
                | Q(state=ProposalState.OPENED, decided_by__isnull=False, decided_at__isnull=False, reason="")
                | Q(state=ProposalState.REFUSED, decided_by__isnull=False, decided_at__isnull=False) & ~Q(reason="")
                | Q(state=ProposalState.WITHDRAWN, decided_by=None, decided_at__isnull=False, reason=""),
            ),
            models.CheckConstraint(
                name="shop_what_is_new_says_how_many",
                condition=Q(is_new=True, quantity__range=(1, MOST_PLANNED), cost_cents__isnull=False)
                | Q(is_new=False, quantity=None, cost_cents=None, item__isnull=False),
            ),
            models.CheckConstraint(
                name="shop_what_was_opened_is_there",
                condition=Q(is_new=False)
                | Q(state=ProposalState.OPENED) & Q(item__isnull=False)
                | ~Q(state=ProposalState.OPENED) & Q(item=None),
            ),
            models.UniqueConstraint(
                name="shop_one_change_at_a_time",
                fields=["street", "item"],
                condition=Q(state=ProposalState.PROPOSED, is_new=False),
            ),
            models.UniqueConstraint(
                name="shop_a_name_is_proposed_once",
                fields=["street", "name"],
                condition=Q(state=ProposalState.PROPOSED, is_new=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="shop_proposals_by_state", fields=["street", "state", "-proposed_at"]),
            models.Index(name="shop_proposals_of_an_item", fields=["street", "item", "-decided_at"]),
        ]

    @property
    def subject(self) -> str:
        return f"shop_proposal:{self.id}"
