"""What kinds of problem a street takes on, and by when."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huipai.streets.models import TenantKey, TenantModel
from huipai.workdays.words import Unit


class CaseType(TenantModel):
    """A kind of case (子类): filing condition, time limit, closing standard. Data, not code."""

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=30)
    hint = models.CharField(max_length=60, blank=True)
    icon = models.CharField(max_length=40, default="camera")
    group = models.CharField(max_length=30, blank=True)
    # GB/T 30428.1 event class, entered by the operator; empty where there is none.
    national_code = models.CharField(max_length=16, blank=True)
    filing_condition = models.TextField(blank=True)
    closing_standard = models.TextField(blank=True)
    # The limit for handling, and the promise to the reporter. Further stages are rows of StageLimit.
    limit_amount = models.PositiveSmallIntegerField()
    limit_unit = models.CharField(max_length=16, choices=Unit)
    needs_after_photo = models.BooleanField(default=False)
    radius_m = models.PositiveSmallIntegerField(default=50)
    is_public = models.BooleanField(default=True)
    # Ruling 9: every case is checked unless a street lowers this share, 1 to 0.
    check_share = models.DecimalField(max_digits=3, decimal_places=2, default=1)
    # The point item by which a verified report of this type is thanked; empty = by none.
    point_item = models.CharField(max_length=13, blank=True)
    # Who handles it: a unit by name, or the nearest of this kind; the hub is offered these first.
    unit = TenantKey("grid.Unit", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    unit_kind = models.CharField(max_length=30, blank=True)
    # After so many returns only a ruling sends it on.
    max_returns = models.PositiveSmallIntegerField(default=2, db_default=2)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_type_a_code", fields=["street", "code"]),
            models.CheckConstraint(name="cases_type_has_a_limit", condition=Q(limit_amount__gt=0)),
            models.CheckConstraint(name="cases_check_share_is_a_share", condition=Q(check_share__range=(0, 1))),
        ]
