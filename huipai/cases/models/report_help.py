"""A report that somebody sent for an elder who lets them: the elder's report, and who held the phone."""

from typing import ClassVar

from django.db import models

from huipai.cases.models.report import Report
from huipai.streets.models import TenantKey, TenantModel


class ReportHelp(TenantModel):
    """Who sent a report in whose name it does not stand. Only added to: that they took part never ends."""

    report = TenantKey(Report, on_delete=models.PROTECT, related_name="help", db_index=False)
    helper = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    helped_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_helper_a_report", fields=["street", "report"]),
        ]
        indexes: ClassVar = [models.Index(name="cases_reports_helped_with", fields=["street", "helper"])]
