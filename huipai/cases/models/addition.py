"""What a reporter says besides, while what they reported is in hand."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huipai.cases.models.report import Report
from huipai.streets.models import TenantKey, TenantModel


class Addition(TenantModel):
    """Words and photos added to a report. Its id is made by the form (ruling 6); it is no step and moves no clock.

    Its photos are photos of the report: masked, released and erased as those.
    """

    report = TenantKey(Report, on_delete=models.PROTECT, related_name="additions", db_index=False)
    text = models.TextField(blank=True)
    # How many came with it.
    photos = models.PositiveSmallIntegerField(default=0)
    # Of the words and photos, so that something else under this id is not taken for it; empty of what came before 0062,
    # and where the words were wiped, so that nobody finds them by trying.
    content_hash = models.CharField(max_length=64, default="", db_default="", blank=True)
    added_at = models.DateTimeField()
    # Of the place's own calendar, for the limit of a day.
    added_date = models.DateField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(name="cases_an_addition_adds_something", condition=~Q(text="") | Q(photos__gt=0)),
        ]
        indexes: ClassVar = [models.Index(name="cases_additions_of_a_report", fields=["street", "report", "id"])]
