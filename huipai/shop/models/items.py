"""What the shop offers, and the money that stands behind it."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce

from huipai.people.models import Person
from huipai.photos.models import Photo
from huipai.shop.words import BUDGET_REASON, LIMIT_DAYS, Audience, Category
from huipai.streets.models import TenantKey, TenantModel


class ShopItem(TenantModel):
    """Something that points can be exchanged for. What a reservation costs is what it cost when it was made."""

    name = models.CharField(max_length=40)
    # What one is counted in: 瓶, 提, 次.
    unit = models.CharField(max_length=4)
    description = models.CharField(max_length=300, blank=True)
    category = models.CharField(max_length=12, choices=Category.choices)
    points = models.PositiveIntegerField()
    photo = TenantKey(Photo, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.EVERYBODY)
    # At most so many for one person within so many days; None: no limit.
    limit_count = models.PositiveSmallIntegerField(null=True)
    limit_days = models.PositiveSmallIntegerField(default=LIMIT_DAYS)
    opened_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(name="shop_nothing_cash_like", condition=Q(category__in=Category.values)),
            models.CheckConstraint(name="shop_an_item_costs_points", condition=Q(points__range=(1, 10_000))),
            models.CheckConstraint(name="shop_an_item_has_a_name", condition=~Q(name="") & ~Q(unit="")),
            models.CheckConstraint(name="shop_audience_is_a_word", condition=Q(audience__in=Audience.values)),
            models.CheckConstraint(
                name="shop_a_limit_leaves_one",
                condition=(Q(limit_count=None) | Q(limit_count__gt=0)) & Q(limit_days__gt=0),
            ),
            models.UniqueConstraint(
                name="shop_a_name_on_the_shelf_once", fields=["street", "name"], condition=Q(withdrawn_at=None)
            ),
        ]


class Budget(TenantModel):
    """What may be spent on goods in a period, and what a point is worth in it. Two people; published when approved.

    Deliveries are counted against it, so that no more can be exchanged than was paid for.
    """

    begins_on = models.DateField()
    ends_on = models.DateField()
    amount_cents = models.PositiveBigIntegerField()
    # What one point stands for, to show what is still owed to everybody together.
    point_cents = models.PositiveIntegerField()
    proposed_by = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    proposed_at = models.DateTimeField()
    approved_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    approved_at = models.DateTimeField(null=True)
    # Refused by another, for a reason; or taken back by whoever proposed it.
    ended_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=BUDGET_REASON, blank=True)
    # Its last day after all, where another was published for the days behind it; the day before its first: it never
    # began.
    last_on = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="shop_a_budget_is_decided_after_it_was_asked",
                condition=(Q(approved_at=None) | Q(approved_at__gte=F("proposed_at")))
                & (Q(ended_at=None) | Q(ended_at__gte=F("proposed_at"))),
            ),
            models.CheckConstraint(name="shop_a_budget_has_days", condition=Q(ends_on__gte=F("begins_on"))),
            models.CheckConstraint(
                name="shop_a_budget_has_money", condition=Q(amount_cents__gt=0, point_cents__gt=0)
            ),
            models.CheckConstraint(
                name="shop_a_budget_has_four_eyes",
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="shop_a_budget_is_decided_once",
                condition=Q(ended_by=None, ended_at=None, end_reason="")
                | Q(ended_by__isnull=False, ended_at__isnull=False, approved_at=None)
                & (Q(ended_by=F("proposed_by"), end_reason="") | ~Q(ended_by=F("proposed_by")) & ~Q(end_reason="")),
            ),
            models.UniqueConstraint(
                name="shop_a_budget_is_proposed_once",
                fields=["street", "begins_on", "ends_on", "amount_cents", "point_cents"],
                condition=Q(approved_at=None, ended_at=None),
            ),
            ExclusionConstraint(
                name="shop_one_budget_at_a_time",
                expressions=[
                    ("street", RangeOperators.EQUAL),
                    (
                        Func(F("begins_on"), Coalesce("last_on", "ends_on"), models.Value("[]"), function="daterange",
                             output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(approved_at__isnull=False) & (Q(last_on=None) | Q(last_on__gte=F("begins_on"))),
            ),
            models.CheckConstraint(
                name="shop_a_budget_is_replaced_early",
                condition=Q(last_on=None) | Q(approved_at__isnull=False, last_on__lt=F("ends_on")),
            ),
        ]  # fmt: skip

    @property
    def last_day(self) -> date:
        """The last day on which it counts, or counted."""
        return self.last_on or self.ends_on
