"""What one person sent in."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from huipai.cases.models.case import Case
from huipai.cases.models.case_type import CaseType
from huipai.cases.words import Kind, PositionSource, ReportState
from huipai.kit.coordinates import Crs
from huipai.streets.models import TenantKey, TenantManager, TenantModel, TenantQuerySet


class ReportQuerySet(TenantQuerySet["Report"]):
    """Whose reports a case has."""

    def about(self, *cases: Case) -> ReportQuerySet:
        """The reports of these cases, and of a part that was split off those of its whole: it has none of its own.

        In statements the same is `names_statement.is_about`, in conditions of a list of cases `queries.own_reports`.
        """
        return self.filter(case__in=[id for case in cases for id in case.with_its_whole])


ReportManager = TenantManager.from_queryset(ReportQuerySet)


class Report(TenantModel):
    """A report as it was received. Its id is made on the phone and is the idempotency key (ruling 6)."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="reports", db_index=False)
    reporter = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.PROBLEM)
    state = models.CharField(max_length=12, choices=ReportState, default=ReportState.RECEIVED)
    case_type = TenantKey(CaseType, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.TextField(blank=True)
    address = models.CharField(max_length=200, blank=True)
    lng = models.FloatField()
    lat = models.FloatField()
    source_crs = models.CharField(max_length=8, choices=[(crs.value, crs.value) for crs in Crs])
    position_source = models.CharField(max_length=8, choices=PositionSource)
    is_name_hidden = models.BooleanField(default=True)
    # It came in as part of a case that neighbours do not see, and stays that where the case is one that they do.
    is_kept_private = models.BooleanField(default=False, db_default=False)
    # SHA-256 of what was sent: the same id with the same content is a retry, with other content a mistake.
    content_hash = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    # When it came to its case with a merge; empty: it was received for it.
    came_along_at = models.DateTimeField(null=True)

    objects: ClassVar[ReportManager[Self]] = ReportManager()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="cases_a_report_lies_on_earth", condition=Q(lng__range=(-180, 180), lat__range=(-90, 90))
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="cases_reports_of_a_case", fields=["street", "case"]),
            models.Index(name="cases_reports_of_a_person", fields=["street", "reporter", "-id"]),
        ]


class ReportAnswers(TenantModel):
    """What a reporter answered besides, with the edition of the type that asked it."""

    report = TenantKey(Report, on_delete=models.PROTECT, related_name="answers", db_index=False)
    case_type = TenantKey(CaseType, on_delete=models.PROTECT, related_name="+", db_index=False)
    edition = models.PositiveSmallIntegerField()
    # {key of the question: words}; what was not answered is not there.
    answers: models.JSONField[Any, Any] = models.JSONField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_answers_once_a_report", fields=["street", "report"]),
            models.CheckConstraint(name="cases_answers_say_something", condition=~Q(answers={})),
        ]
