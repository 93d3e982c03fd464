"""Who says it is done: the handler's response, the checker's look, the reporter's word."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.cases.models.case import Case
from huipai.cases.words import Answer, CheckResult
from huipai.streets.models import TenantKey, TenantModel


class Response(TenantModel):
    """The handler says it is done. One a round."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="responses", db_index=False)
    round = models.PositiveSmallIntegerField()
    handler = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    is_on_the_spot = models.BooleanField(default=False)
    responded_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_response_a_round", fields=["street", "case", "round"]),
        ]


class Check(TenantModel):
    """A look by somebody drawn at random, who neither reported nor handled it (ruling 9)."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="checks", db_index=False)
    round = models.PositiveSmallIntegerField()
    checker = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    # Copies, so that the database itself keeps the three apart.
    reporter = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    handler = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    drawn_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    # How the draw can be examined afterwards: SHA-256 of the sorted pool, its size, the number drawn.
    pool_hash = models.CharField(max_length=64)
    pool_size = models.PositiveIntegerField()
    drawn = models.PositiveIntegerField()
    result = models.CharField(max_length=8, choices=CheckResult, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="cases_reporter_handler_checker_are_three",
                condition=~Q(checker=F("reporter")) & ~Q(checker=F("handler")) & ~Q(handler=F("reporter")),
            ),
            models.UniqueConstraint(name="cases_one_open_check", fields=["street", "case"], condition=Q(result="")),
            models.CheckConstraint(
                name="cases_a_check_result_is_dated",
                condition=Q(result="", decided_at__isnull=True) | ~Q(result="") & Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_a_check_result_is_known", condition=Q(result__in=["", *CheckResult.values])
            ),
            models.CheckConstraint(name="cases_the_draw_is_in_the_pool", condition=Q(drawn__lt=F("pool_size"))),
        ]
        indexes: ClassVar = [
            models.Index(name="cases_open_checks", fields=["street", "checker", "due_at"], condition=Q(result="")),
            models.Index(name="cases_checks_of_a_case", fields=["street", "case", "drawn_at"]),
        ]


class Confirmation(TenantModel):
    """The question to a reporter whether it is solved. One a round and report; silence is recorded as such."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="confirmations", db_index=False)
    round = models.PositiveSmallIntegerField()
    report = TenantKey("cases.Report", on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    until = models.DateTimeField()
    answer = models.CharField(max_length=12, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True)
    # 1 to 5, of the result and never of a person (ruling 25).
    rating = models.PositiveSmallIntegerField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_asked_once_a_round", fields=["street", "case", "report", "round"]),
            models.CheckConstraint(
                name="cases_a_rating_is_1_to_5", condition=Q(rating__isnull=True) | Q(rating__range=(1, 5))
            ),
            models.CheckConstraint(
                name="cases_only_a_yes_is_rated", condition=Q(rating__isnull=True) | Q(answer=Answer.CONFIRMED)
            ),
            models.CheckConstraint(name="cases_an_answer_is_known", condition=Q(answer__in=["", *Answer.values])),
            models.CheckConstraint(
                name="cases_an_answer_is_dated",
                condition=Q(answer="", answered_at__isnull=True) | ~Q(answer="") & Q(answered_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="cases_unanswered", fields=["street", "until"], condition=Q(answer="")),
        ]
