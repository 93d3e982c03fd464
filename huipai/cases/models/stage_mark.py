"""The stages that are marked: 到现场, 答复居民. A time and nothing else: no place, no track."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.cases.models.case import Case
from huipai.cases.models.order import WorkOrder
from huipai.cases.order_words import MARKED, Stage
from huipai.cases.words import Actor
from huipai.streets.models import TenantKey, TenantModel


class StageMark(TenantModel):
    """From when the stage ran, until when it had time, when it was done. Rows are only added."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="stage_marks", db_index=False)
    # Of the unit that leads; empty where it lies in the grid.
    order = TenantKey(WorkOrder, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    stage = models.CharField(max_length=12, choices=Stage)
    part = models.CharField(max_length=16, choices=Actor)
    actor = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    began_at = models.DateTimeField()
    # Empty while the calendar of that year is not announced.
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="cases_one_mark_a_stage_and_order", fields=["street", "case", "stage", "order"],
                nulls_distinct=False,
            ),
            # The first word to the reporter is the first of the case, whoever had it then.
            models.UniqueConstraint(
                name="cases_one_first_word", fields=["street", "case"], condition=Q(stage=Stage.ANSWER)
            ),
            models.CheckConstraint(name="cases_marked_stages", condition=Q(stage__in=MARKED)),
            models.CheckConstraint(name="cases_marked_after_it_began", condition=Q(done_at__gte=F("began_at"))),
        ]  # fmt: skip
