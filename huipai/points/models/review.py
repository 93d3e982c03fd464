"""Who judged a claim, who objected, who stands aside. Different people, by constraint and trigger."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.people.models import Person
from huipai.points.models.claim import Claim
from huipai.points.models.ledger import Posting
from huipai.points.words import ContestResult, ObjectionReason, ObjectionResult, RefusalReason, Verdict
from huipai.streets.models import TenantKey, TenantModel


class Review(TenantModel):
    """One reviewer's word on a claim. Only ever taken back as a whole, before it takes effect."""

    claim = TenantKey(Claim, on_delete=models.PROTECT, related_name="reviews", db_index=False)
    round = models.PositiveSmallIntegerField()
    # A copy, so that the database itself keeps the two apart.
    claimant = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    reviewer = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    reason = models.CharField(max_length=12, choices=RefusalReason.choices, blank=True)
    decided_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(name="points_nobody_reviews_their_own", condition=~Q(reviewer=F("claimant"))),
            models.UniqueConstraint(
                name="points_a_reviewer_judges_a_claim_once",
                fields=["street", "claim", "reviewer"],
                condition=Q(undone_at__isnull=True),
            ),
            models.CheckConstraint(
                name="points_a_refusal_has_a_reason",
                condition=Q(verdict=Verdict.REFUSED) & ~Q(reason="") | ~Q(verdict=Verdict.REFUSED) & Q(reason=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="points_reviews_by", fields=["street", "reviewer", "-decided_at"]),
        ]


class Objection(TenantModel):
    """A neighbour says that a claim in public is not right. Decided by somebody who has not judged it before."""

    claim = TenantKey(Claim, on_delete=models.PROTECT, related_name="objections", db_index=False)
    claimant = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    # Shown to nobody but whoever decides.
    objector = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    # Who said it for them: a helper who may claim for the objector, or their guardian.
    sent_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=20, choices=ObjectionReason.choices)
    text = models.CharField(max_length=300, blank=True)
    filed_at = models.DateTimeField()
    decided_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=10, choices=ObjectionResult.choices, blank=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="points_an_objection_is_decided_after_it_came",
                condition=Q(decided_at=None) | Q(decided_at__gte=F("filed_at")),
            ),
            models.CheckConstraint(
                name="points_objector_claimant_and_judge_are_three",
                condition=~Q(objector=F("claimant"))
                & (Q(decided_by__isnull=True) | ~Q(decided_by=F("claimant")) & ~Q(decided_by=F("objector"))),
            ),
            models.CheckConstraint(
                name="points_whoever_objects_for_another_is_a_fourth",
                condition=Q(sent_by__isnull=True)
                | ~Q(sent_by=F("objector"))
                & ~Q(sent_by=F("claimant"))
                & (Q(decided_by__isnull=True) | ~Q(decided_by=F("sent_by"))),
            ),
            models.UniqueConstraint(
                name="points_one_open_objection_a_claim", fields=["street", "claim"], condition=Q(result="")
            ),
            models.UniqueConstraint(name="points_an_objector_objects_once", fields=["street", "claim", "objector"]),
            models.CheckConstraint(
                name="points_a_decided_objection_is_dated",
                condition=Q(result="", decided_at__isnull=True, decided_by__isnull=True)
                | ~Q(result="") & Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="points_open_objections", fields=["street", "filed_at"], condition=Q(result="")),
        ]


class Appeal(TenantModel):
    """A claimant does not agree with a refusal: once, with a sentence."""

    claim = TenantKey(Claim, on_delete=models.PROTECT, related_name="appeals", db_index=False)
    # The claimant, who may claim for them, or staff who wrote it down at the counter; unknown of those before 0007.
    filed_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    text = models.CharField(max_length=300)
    filed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="points_one_appeal_a_claim", fields=["street", "claim"]),
            models.CheckConstraint(name="points_an_appeal_says_something", condition=~Q(text="")),
        ]


class Contest(TenantModel):
    """A claimant does not agree with an objection that was upheld: once each, with a sentence, heard by somebody who
    has decided nothing of the claim before."""

    claim = TenantKey(Claim, on_delete=models.PROTECT, related_name="contests", db_index=False)
    objection = TenantKey(Objection, on_delete=models.PROTECT, related_name="contests", db_index=False)
    claimant = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    # The claimant, who may claim for them, or staff who wrote it down at the counter.
    filed_by = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    filed_at = models.DateTimeField()
    text = models.CharField(max_length=300)
    result = models.CharField(max_length=10, choices=ContestResult.choices, blank=True)
    decided_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    # What came back, where points had been taken back.
    restored = TenantKey(Posting, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="points_a_contest_is_decided_after_it_came",
                condition=Q(decided_at=None) | Q(decided_at__gte=F("filed_at")),
            ),
            models.UniqueConstraint(name="points_an_objection_is_contested_once", fields=["street", "objection"]),
            models.UniqueConstraint(name="points_restored_for_one_contest", fields=["street", "restored"]),
            models.CheckConstraint(name="points_a_contest_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="points_nobody_hears_their_own_contest",
                condition=Q(decided_by=None) | ~Q(decided_by=F("claimant")) & ~Q(decided_by=F("filed_by")),
            ),
            models.CheckConstraint(
                name="points_a_contest_is_decided_once",
                condition=Q(result="", decided_by=None, decided_at=None, restored=None)
                | Q(result=ContestResult.GRANTED, decided_by__isnull=False, decided_at__isnull=False)
                | Q(result=ContestResult.DISMISSED, decided_by__isnull=False, decided_at__isnull=False, restored=None),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="points_open_contests", fields=["street", "filed_at"], condition=Q(result="")),
        ]

    @property
    def subject(self) -> str:
        return f"contest:{self.id}"


class Conflict(TenantModel):
    """A reviewer says that they are too close to somebody to judge. Why is nobody's business."""

    reviewer = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(name="points_conflict_is_with_another", condition=~Q(reviewer=F("person"))),
            models.UniqueConstraint(
                name="points_a_conflict_is_declared_once",
                fields=["street", "reviewer", "person"],
                condition=Q(ended_at__isnull=True),
            ),
        ]
