"""Somebody will fetch something: points and stock are set aside until then."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.grid.models import GridNode
from huipai.people.models import Person
from huipai.points.models import Hold
from huipai.shop.models.items import ShopItem
from huipai.shop.models.stock import Shelf
from huipai.shop.words import MOST_AT_ONCE, State
from huipai.stations.models import Station
from huipai.streets.models import TenantKey, TenantModel


class Reservation(TenantModel):
    """So many of an item for somebody, at a station, until an instant. The hold on the points decides what becomes
    of it; the database lets only the outcome be added, once."""

    # Shown as an image and read out; says nothing about what or who.
    code = models.CharField(max_length=8)
    # For whom; who asked for it, which may be a helper or guardian.
    person = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_by = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    # Paid by the household's own account; empty: by the person's.
    household = TenantKey(GridNode, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    item = TenantKey(ShopItem, on_delete=models.PROTECT, related_name="+", db_index=False)
    station = TenantKey(Station, on_delete=models.PROTECT, related_name="+", db_index=False)
    shelf = TenantKey(Shelf, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.PositiveSmallIntegerField()
    points = models.PositiveIntegerField()
    hold = TenantKey(Hold, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RESERVED)
    reserved_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    # Who handed it over or let it go. The id of a Person; empty where the clock did.
    settled_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="shop_a_code_once", fields=["street", "code"]),
            models.CheckConstraint(name="shop_a_code_can_be_read_out", condition=Q(code__regex="^[A-Z0-9]{8}$")),
            models.UniqueConstraint(name="shop_one_reservation_a_hold", fields=["street", "hold"]),
            models.CheckConstraint(
                name="shop_a_reservation_is_of_few", condition=Q(quantity__range=(1, MOST_AT_ONCE), points__gt=0)
            ),
            models.CheckConstraint(
                name="shop_a_reservation_is_settled_once",
                condition=Q(state=State.RESERVED, settled_at=None, settled_by=None)
                | Q(state=State.HANDED_OVER, settled_at__lt=F("expires_at"), settled_by__isnull=False)
                | Q(state=State.CANCELLED, settled_at__lt=F("expires_at"))
                | Q(state=State.LAPSED, settled_at__gte=F("expires_at")),
            ),
            models.CheckConstraint(
                name="shop_nobody_hands_over_to_themselves",
                condition=~Q(state=State.HANDED_OVER) | ~Q(settled_by=F("person")) & ~Q(settled_by=F("asked_by")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="shop_reservations_of", fields=["street", "person", "item", "reserved_at"]),
            models.Index(name="shop_asked_by", fields=["street", "asked_by", "reserved_at"]),
            models.Index(
                name="shop_to_be_fetched", fields=["street", "station", "expires_at"], condition=Q(state=State.RESERVED)
            ),
            models.Index(name="shop_settled_today", fields=["street", "station", "settled_at"]),
        ]

    def state_at(self, at: datetime) -> State:
        """What it is by the clock: over is over before anybody has posted it."""
        if self.state == State.RESERVED and self.expires_at <= at:
            return State.LAPSED
        return State(self.state)

    @property
    def spoken_code(self) -> str:
        """As it is read out: 7K2M 93QD."""
        return f"{self.code[:4]} {self.code[4:]}"


class Card(TenantModel):
    """A card with a code for somebody who has no phone with them: shown at a station, it says who they are there.

    Only the digest of the code is kept; it is printed once.
    """

    person = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    digest = models.CharField(max_length=64)
    issued_by = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    issued_at = models.DateTimeField()
    blocked_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="shop_a_card_once", fields=["street", "digest"]),
            models.UniqueConstraint(
                name="shop_one_card_each", fields=["street", "person"], condition=Q(blocked_at=None)
            ),
            models.CheckConstraint(name="shop_nobody_issues_their_own", condition=~Q(person=F("issued_by"))),
        ]
