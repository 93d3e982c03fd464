"""The stages of a limit: what is promised, and how it was kept."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huipai.cases.models.case import Case, Transition
from huipai.cases.models.case_type import CaseType
from huipai.cases.order_words import Stage
from huipai.streets.models import TenantKey, TenantModel
from huipai.workdays.words import Unit


class StageLimit(TenantModel):
    """How long one stage of a case of this type may take."""

    case_type = TenantKey(CaseType, on_delete=models.PROTECT, related_name="stages", db_index=False)
    # Of which edition of the type; older ones stay for the cases that came in under them.
    edition = models.PositiveSmallIntegerField(default=1, db_default=1)
    stage = models.CharField(max_length=12, choices=Stage)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=16, choices=Unit)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="cases_one_limit_a_stage_and_edition", fields=["street", "case_type", "edition", "stage"]
            ),
            models.CheckConstraint(name="cases_a_stage_takes_time", condition=Q(amount__gt=0)),
        ]


class StageRecord(TenantModel):
    """How a stage of the desk went: from when, until when it had time, and when it was done. Only added."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="stage_records", db_index=False)
    # The step that ended it: a case may pass a stage again, and then is measured again.
    ended_by = TenantKey(Transition, on_delete=models.PROTECT, related_name="+", db_index=False)
    stage = models.CharField(max_length=12, choices=Stage)
    began_at = models.DateTimeField()
    # Empty where the calendar of that year was not announced when it was done; by it: `timing.due_of_record`.
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_record_a_stage_and_step", fields=["street", "ended_by", "stage"]),
        ]
        indexes: ClassVar = [models.Index(name="cases_stages_of_a_case", fields=["street", "case", "began_at"])]
