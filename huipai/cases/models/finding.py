"""A finding that a report was false: by a person, with grounds, until somebody else may have struck it out."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.cases.finding_words import FindingAction, FindingGround, FindingState
from huipai.cases.models.case import Case
from huipai.cases.models.report import Report
from huipai.cases.words import Actor
from huipai.streets.models import TenantKey, TenantModel

_HEARD = (FindingState.UPHELD, FindingState.LIFTED)


class Finding(TenantModel):
    """Of one report, once for ever. What was written stands here and can be wiped; the steps are only added to."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="findings", db_index=False)
    report = TenantKey(Report, on_delete=models.PROTECT, related_name="+", db_index=False)
    reporter = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=FindingState)
    ground = models.CharField(max_length=20, choices=FindingGround)
    # What the finder saw, what the reporter says to it, what the second person says.
    grounds = models.TextField()
    appeal = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    found_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    found_at = models.DateTimeField()
    appeal_until = models.DateTimeField()
    # Until when somebody else has to look at the appeal.
    hear_until = models.DateTimeField(null=True)
    # Who upheld or lifted it on an appeal; nobody where it was retracted or ran out of time.
    heard_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_found_false_once", fields=["street", "report"]),
            models.CheckConstraint(name="cases_a_finding_stands_somewhere", condition=Q(state__in=FindingState.values)),
            models.CheckConstraint(name="cases_a_finding_has_grounds", condition=~Q(grounds="")),
            models.CheckConstraint(name="cases_nobody_finds_their_own_false", condition=~Q(found_by=F("reporter"))),
            models.CheckConstraint(
                name="cases_an_appeal_goes_to_another",
                condition=Q(heard_by__isnull=True) | ~Q(heard_by=F("found_by")) & ~Q(heard_by=F("reporter")),
            ),
            models.CheckConstraint(
                name="cases_an_appeal_waits_for_a_time",
                condition=Q(state=FindingState.APPEALED, hear_until__isnull=False) | ~Q(state=FindingState.APPEALED),
            ),
            models.CheckConstraint(
                name="cases_a_finding_over_is_dated",
                condition=Q(state__in=_HEARD, ended_at__isnull=False) | ~Q(state__in=_HEARD) & Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="cases_upheld_by_somebody", condition=~Q(state=FindingState.UPHELD) | Q(heard_by__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="cases_findings_of_a_case", fields=["street", "case"]),
            models.Index(name="cases_findings_of_a_reporter", fields=["street", "reporter", "-id"]),
            models.Index(name="cases_findings_waiting", fields=["street", "hear_until"], condition=Q(state="appealed")),
        ]


class FindingStep(TenantModel):
    """One step of a finding: who, when, in which part. Rows are only added; the database refuses to change one."""

    finding = TenantKey(Finding, on_delete=models.PROTECT, related_name="steps", db_index=False)
    position = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=12, choices=FindingAction)
    from_state = models.CharField(max_length=12, choices=FindingState, blank=True)
    to_state = models.CharField(max_length=12, choices=FindingState)
    part = models.CharField(max_length=12, choices=Actor)
    actor = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    happened_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="cases_one_step_of_a_finding_a_position", fields=["street", "finding", "position"]
            ),
        ]
