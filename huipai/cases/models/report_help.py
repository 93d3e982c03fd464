"""A report that somebody sent or spoke of for an elder who lets them: the elder's report, and whose hands it was."""

from typing import ClassVar

from django.db import models

from huipai.cases.models.report import Report
from huipai.streets.models import TenantKey, TenantModel


class ReportHelp(TenantModel):
    """Who sent a report in whose name it does not stand, or spoke as its reporter: they neither handle nor check it.

    Only added to: that they took part never ends.
    """

    report = TenantKey(Report, on_delete=models.PROTECT, related_name="help", db_index=False)
    helper = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    # Whether it came by their hand; otherwise they said something of it later.
    has_sent = models.BooleanField(default=True, db_default=True)
    helped_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_helped_once_with_a_report", fields=["street", "report", "helper"]),
        ]
        indexes: ClassVar = [models.Index(name="cases_reports_helped_with", fields=["street", "helper"])]
