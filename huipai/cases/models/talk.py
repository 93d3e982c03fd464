"""What is asked of a reporter, which cases belong together, and what somebody at the desk looks at often."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from huipai.cases.models.case import Case
from huipai.cases.models.order import WorkOrder
from huipai.cases.order_words import Tie
from huipai.cases.words import Actor
from huipai.streets.models import TenantKey, TenantModel


class Question(TenantModel):
    """Staff ask whoever reported it, through the product: neither sees who the other is."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="questions", db_index=False)
    # The order on whose behalf a unit asks.
    order = TenantKey(WorkOrder, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    part = models.CharField(max_length=16, choices=Actor)
    asked_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.TextField()
    asked_at = models.DateTimeField()
    until = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    # Answered, run out of time, or no longer of interest.
    closed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="cases_one_open_question", fields=["street", "case"], condition=Q(closed_at__isnull=True)
            ),
            models.CheckConstraint(name="cases_a_question_asks_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="cases_an_answer_is_somebodys",
                condition=Q(answer="") | Q(answered_by__isnull=False, closed_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="cases_questions_of_a_case", fields=["street", "case", "asked_at"]),
            models.Index(name="cases_questions_open", fields=["street", "until"], condition=Q(closed_at__isnull=True)),
        ]


class CaseTie(TenantModel):
    """Two cases that belong together without being one: the cause, the place, or one follows from the other."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="ties", db_index=False)
    other = TenantKey(Case, on_delete=models.PROTECT, related_name="tied_by", db_index=False)
    tie = models.CharField(max_length=12, choices=Tie)
    tied_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    tied_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            # Whichever of the two it was said of.
            models.UniqueConstraint(
                "street", Least("case", "other"), Greatest("case", "other"), name="cases_one_tie_a_pair"
            ),
            models.CheckConstraint(name="cases_tied_to_another", condition=~Q(case=F("other"))),
        ]
        indexes: ClassVar = [models.Index(name="cases_ties_the_other_way", fields=["street", "other"])]


class SavedView(TenantModel):
    """A filter of the desk that somebody keeps under a name."""

    person = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=16)
    # Words of the address: view, kind, community, text.
    asked = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_view_a_name", fields=["street", "person", "name"]),
            models.CheckConstraint(name="cases_a_view_has_a_name", condition=~Q(name="")),
        ]
