"""A report that staff took down for somebody, and the slip of paper by which it is followed without an account."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.cases.models.report import Report
from huipai.people.words import Channel
from huipai.streets.models import TenantKey, TenantModel


class Slip(TenantModel):
    """Who took a report down, over which channel, with whose consent; and of the code on the paper only a digest."""

    report = TenantKey(Report, on_delete=models.PROTECT, related_name="slips", db_index=False)
    reporter = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    taken_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    consent = TenantKey("people.Consent", on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=10, choices=Channel)
    # Keyed, of the last code that was printed: an older slip is void.
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_slip_a_report", fields=["street", "report"]),
            models.CheckConstraint(name="cases_nobody_serves_themselves", condition=~Q(taken_by=F("reporter"))),
            models.CheckConstraint(
                name="cases_taken_down_by_voice", condition=Q(channel__in=[Channel.COUNTER, Channel.TELEPHONE])
            ),
        ]
