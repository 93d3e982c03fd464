"""What kinds of problem a street takes on, and by when."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from huipai.streets.models import TenantKey, TenantModel
from huipai.workdays.words import Unit

# What a case is held to, and by what its reporter is thanked, as it stood when it came in; where it is sent is as it is
# now.
_KEPT = (
    "name", "hint", "group", "national_code", "filing_condition", "closing_standard", "needs_after_photo", "radius_m",
    "is_public", "unit_kind", "max_returns", "questions", "is_active",
    "point_item",
)  # fmt: skip


class CaseType(TenantModel):
    """A kind of case (子类): filing condition, time limit, closing standard. Data, not code."""

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=30)
    hint = models.CharField(max_length=60, blank=True)
    # How people say it, between enumeration commas: a suggestion knows it by these before anybody has reported it.
    everyday = models.TextField(blank=True, db_default="", default="")
    icon = models.CharField(max_length=40, default="camera")
    group = models.CharField(max_length=30, blank=True)
    # By which it is counted upward (GB/T 30428), entered by the operator; empty where there is none.
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
    # What is asked of a reporter besides, in its order: see `rules.types.Question`.
    questions: models.JSONField[Any, Any] = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    # Counts up with each change; a case keeps the edition under which it came in.
    edition = models.PositiveSmallIntegerField(default=1, db_default=1)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_type_a_code", fields=["street", "code"]),
            # Figures go upward by it: of two types in use none is counted as the other.
            models.UniqueConstraint(
                name="cases_one_type_a_national_code",
                fields=["street", "national_code"],
                condition=Q(is_active=True) & ~Q(national_code=""),
            ),
            # Whoever chooses one has its name to go by.
            models.UniqueConstraint(
                name="cases_one_type_a_name", fields=["street", "name"], condition=Q(is_active=True)
            ),
            models.CheckConstraint(name="cases_type_has_a_limit", condition=Q(limit_amount__gt=0)),
            models.CheckConstraint(name="cases_check_share_is_a_share", condition=Q(check_share__range=(0, 1))),
            models.CheckConstraint(name="cases_type_has_an_edition", condition=Q(edition__gt=0)),
        ]

    @property
    def subject(self) -> str:
        return f"case_type:{self.id}"

    def edition_at(self, at: datetime) -> int:
        """The number of the edition that was in force then; where the type did not exist yet, of its first."""
        by_then = CaseTypeEdition.objects.filter(Q(since__isnull=True) | Q(since__lte=at), case_type=self)
        return by_then.order_by("-number").values_list("number", flat=True).first() or 1

    def as_of(self, edition: int) -> CaseType:
        """The type as it was in an edition; itself where nothing has changed since."""
        if edition >= self.edition:
            return self
        then = CaseTypeEdition.objects.get(case_type=self, number=edition).content
        handle = then["handle"]
        return CaseType(
            id=self.id, street_id=self.street_id, code=self.code, icon=self.icon, position=self.position,
            unit_id=self.unit_id, edition=edition,
            limit_amount=handle[0], limit_unit=handle[1], check_share=Decimal(then["check_share"]),
            **{name: then[name] for name in _KEPT},
        )  # fmt: skip


class CaseTypeEdition(TenantModel):
    """What a type said from when on. Rows are only added: a case that came in under one is judged by it to its end."""

    case_type = TenantKey(CaseType, on_delete=models.PROTECT, related_name="editions", db_index=False)
    number = models.PositiveSmallIntegerField()
    # `rules.types.Terms` as plain data.
    content: models.JSONField[Any, Any] = models.JSONField()
    # Empty for an edition that was there before anybody changed it.
    since = models.DateTimeField(null=True)
    by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    reason = models.CharField(max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_edition_a_number", fields=["street", "case_type", "number"]),
            models.CheckConstraint(name="cases_editions_count_from_one", condition=Q(number__gt=0)),
        ]


class TypeSheet(TenantModel):
    """A workbook of types that was checked and waits to be put in force, as a whole or not at all."""

    file_name = models.CharField(max_length=200)
    # {code: terms}: what each type is to be; emptied once it is so.
    wanted: models.JSONField[Any, Any] = models.JSONField()
    # What every type said when this was shown; kept, so that it can be undone by bringing this in.
    before: models.JSONField[Any, Any] = models.JSONField()
    uploaded_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    uploaded_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="cases_applied_types_are_emptied", condition=Q(applied_at__isnull=True) | Q(wanted={})
            ),
        ]
