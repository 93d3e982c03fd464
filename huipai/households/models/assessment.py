"""What a household is thanked for in a period, by the same rulebook and ledger as everybody."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.grid.models import GridNode
from huipai.households.words import AssessmentState, RefusalReason
from huipai.people.models import Person
from huipai.points.words import Why
from huipai.streets.models import TenantKey, TenantModel

_DECIDED = (AssessmentState.PUBLIC, AssessmentState.POSTED, AssessmentState.UNPAID, AssessmentState.REFUSED)


class Assessment(TenantModel):
    """One item of the rulebook for one household and one quarter: proposed by one person, decided by another.

    Only incentives: there is no item that takes anything away, and nothing here is ever compared between households.
    """

    household = TenantKey(GridNode, on_delete=models.PROTECT, related_name="+", db_index=False)
    item_code = models.CharField(max_length=13)
    # The first day of the quarter.
    quarter = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=AssessmentState, default=AssessmentState.PROPOSED)
    proposed_by = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    proposed_at = models.DateTimeField()
    decided_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    public_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, choices=RefusalReason, blank=True)
    # Why nothing was posted, as `points.words.Why` says it; and the posting where it did.
    why = models.CharField(max_length=20, blank=True)
    posting_id = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="households_assessed_before_it_is_decided",
                condition=Q(decided_at=None) | Q(decided_at__gte=F("proposed_at")),
            ),
            models.UniqueConstraint(
                name="households_assessed_once_a_quarter",
                fields=["street", "household", "item_code", "quarter"],
                condition=~Q(state=AssessmentState.REFUSED) & ~Q(why=Why.MOVED_AWAY),
            ),
            models.CheckConstraint(
                name="households_four_eyes_on_an_assessment",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="households_a_decision_is_somebodys",
                condition=Q(state=AssessmentState.PROPOSED, decided_by=None, decided_at=None)
                | Q(state=AssessmentState.UNPAID, why=Why.MOVED_AWAY, decided_by=None, decided_at=None)
                | Q(state__in=_DECIDED, decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="households_a_refusal_has_a_reason", condition=~Q(state=AssessmentState.REFUSED) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="households_posted_means_a_posting",
                condition=Q(state=AssessmentState.POSTED, posting_id__isnull=False)
                | ~Q(state=AssessmentState.POSTED) & Q(posting_id=None),
            ),
            models.CheckConstraint(
                name="households_nothing_is_posted_unseen",
                condition=Q(public_until__isnull=False)
                | Q(state=AssessmentState.UNPAID, why=Why.MOVED_AWAY)
                | Q(state__in=[AssessmentState.PROPOSED, AssessmentState.REFUSED]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="households_assessed_home", fields=["street", "household", "-quarter"]),
            models.Index(
                name="households_to_be_decided",
                fields=["street", "proposed_at"],
                condition=Q(state=AssessmentState.PROPOSED),
            ),
            models.Index(
                name="households_in_public",
                fields=["street", "public_until"],
                condition=Q(state=AssessmentState.PUBLIC),
            ),
        ]

    @property
    def subject(self) -> str:
        return f"assessment:{self.id}"


class Objection(TenantModel):
    """Somebody says that an incentive was not right, once (migration `nobody_objects_again`); decided by a third."""

    assessment = TenantKey(Assessment, on_delete=models.PROTECT, related_name="objections", db_index=False)
    objector = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.CharField(max_length=500)
    raised_at = models.DateTimeField()
    decided_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    is_upheld = models.BooleanField(null=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="households_objected_before_it_is_decided",
                condition=Q(decided_at=None) | Q(decided_at__gte=F("raised_at")),
            ),
            models.UniqueConstraint(
                name="households_one_open_objection", fields=["street", "assessment"], condition=Q(decided_at=None)
            ),
            models.CheckConstraint(
                name="households_nobody_decides_their_own_objection",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("objector")),
            ),
            models.CheckConstraint(
                name="households_an_objection_is_answered_with_words",
                condition=Q(decided_by=None, decided_at=None, is_upheld=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False, is_upheld__isnull=False) & ~Q(answer=""),
            ),
        ]
