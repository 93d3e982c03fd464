"""What lies where, and every way in which it came to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huipai.shop.models.items import ShopItem
from huipai.shop.words import SLOTS, Reason
from huipai.stations.models import Station
from huipai.streets.models import TenantKey, TenantModel


class Shelf(TenantModel):
    """A part of the stock of an item in a station: free to be taken, or kept for somebody. Never below nothing.

    In several rows, so that those who take at once do not wait for each other; the sum is what lies there.
    """

    item = TenantKey(ShopItem, on_delete=models.PROTECT, related_name="shelves", db_index=False)
    station = TenantKey(Station, on_delete=models.PROTECT, related_name="+", db_index=False)
    slot = models.PositiveSmallIntegerField()
    free = models.IntegerField(default=0)
    held = models.IntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="shop_a_slot_once", fields=["street", "item", "station", "slot"]),
            models.CheckConstraint(name="shop_stock_is_never_negative", condition=Q(free__gte=0, held__gte=0)),
            models.CheckConstraint(name="shop_slots_are_few", condition=Q(slot__lt=SLOTS)),
        ]


class Movement(TenantModel):
    """Stock that came, went or was counted, and why. Append-only."""

    item = TenantKey(ShopItem, on_delete=models.PROTECT, related_name="+", db_index=False)
    station = TenantKey(Station, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.IntegerField()
    reason = models.CharField(max_length=12, choices=Reason.choices)
    # What a delivery cost, all of it.
    cost_cents = models.PositiveBigIntegerField(null=True)
    # Of a count: what was found.
    counted = models.PositiveIntegerField(null=True)
    # What it belongs to, in words: "reservation:0190…", "transfer:0190…".
    subject = models.CharField(max_length=80, blank=True)
    actor_id = models.UUIDField(null=True)
    moved_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="shop_stock_moves_with_its_reason",
                condition=Q(reason=Reason.DELIVERY, quantity__gt=0, cost_cents__gt=0, counted=None)
                | Q(reason__in=[Reason.DONATION, Reason.TRANSFER_IN], quantity__gt=0, cost_cents=None, counted=None)
                | Q(
                    reason__in=[
                        Reason.HANDED_OVER, Reason.TRANSFER_OUT, Reason.BROKEN, Reason.EXPIRED, Reason.LOST,
                        Reason.RECALLED,
                    ],
                    quantity__lt=0, cost_cents=None, counted=None,
                )
                | Q(reason=Reason.COUNT, cost_cents=None, counted__isnull=False),
            ),
            models.UniqueConstraint(
                name="shop_handed_over_once", fields=["street", "subject"], condition=Q(reason=Reason.HANDED_OVER)
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(name="shop_movements_of_an_item", fields=["street", "item", "station", "moved_at"]),
            models.Index(name="shop_movements_of_a_station", fields=["street", "station", "-moved_at"]),
            models.Index(name="shop_deliveries", fields=["street", "moved_at"], condition=Q(cost_cents__isnull=False)),
        ]
