"""Claims: what somebody says they did, what shows it, and each step until it is points or not.

The database holds the invariants (0004): steps and findings are only added, a claim stands where its last step led,
and nobody reviews a claim of their own, of their household, or twice.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from huipai.people.models import Person
from huipai.photos.models import Photo
from huipai.points.models.ledger import Posting
from huipai.points.rules.claiming import TO_REVIEW
from huipai.points.rules.measuring import worth_of
from huipai.points.words import (
    LONGEST_LEASE,
    CheckKind,
    CheckResult,
    ClaimAction,
    ClaimPart,
    ClaimSource,
    ClaimState,
    SecondReason,
    Shown,
)
from huipai.rulebook.models import PointItem
from huipai.stations.models import Station
from huipai.streets.models import TenantKey, TenantManager, TenantModel, TenantQuerySet

# A claim in one of these has come to nothing: the same deed may be claimed again.
CAME_TO_NOTHING = (ClaimState.REJECTED, ClaimState.WITHDRAWN, ClaimState.UPHELD, ClaimState.EXPIRED, ClaimState.DRAFT)


class ClaimQuerySet(TenantQuerySet["Claim"]):
    """The vocabulary of lists."""

    def to_review(self) -> ClaimQuerySet:
        return self.filter(state__in=TO_REVIEW)

    def oldest_first(self) -> ClaimQuerySet:
        return self.order_by("received_at", "id")

    def in_public(self) -> ClaimQuerySet:
        return self.filter(state=ClaimState.PUBLICISED)


ClaimManager = TenantManager.from_queryset(ClaimQuerySet)


class Claim(TenantModel):
    """A deed for which points are asked. Its id is made by the sender's device; its state only follows the machine."""

    claimant = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    # Of the version in force when the server received it (ruling 20).
    item = TenantKey(PointItem, on_delete=models.PROTECT, related_name="+", db_index=False)
    item_code = models.CharField(max_length=13)
    state = models.CharField(max_length=16, choices=ClaimState.choices)
    source = models.CharField(max_length=8, choices=ClaimSource.choices, default=ClaimSource.SELF)
    entered_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    note = models.CharField(max_length=300, blank=True)
    # The amounts that the item's formula counts: {"hours": "2"}.
    measured: models.JSONField[Any, Any] = models.JSONField(null=True)
    content_hash = models.CharField(max_length=64)
    # One item is claimed once a local day for one subject: the place of a code, or what was shown and said.
    local_date = models.DateField()
    subject = models.CharField(max_length=40)
    received_at = models.DateTimeField()

    # 0 at first, 1 after an appeal.
    round = models.PositiveSmallIntegerField(default=0)
    second_reason = models.CharField(max_length=10, choices=SecondReason.choices, blank=True)
    # Who is looking at it, until when it is nobody else's.
    leased_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    leased_until = models.DateTimeField(null=True)
    # When what was decided takes effect; when the publicity, the objections, the appeal, the screenshots end.
    undo_until = models.DateTimeField(null=True)
    public_until = models.DateTimeField(null=True)
    object_until = models.DateTimeField(null=True)
    appeal_until = models.DateTimeField(null=True)
    evidence_until = models.DateTimeField(null=True)
    # Why it did not pass: a RefusalReason, or a Why of the ledger.
    reason = models.CharField(max_length=20, blank=True)
    posting = TenantKey(Posting, on_delete=models.PROTECT, null=True, related_name="claims", db_index=False)

    objects: ClassVar[ClaimManager[Self]] = ClaimManager()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="points_one_claim_an_item_day_and_subject",
                fields=["street", "claimant", "item_code", "local_date", "subject"],
                condition=~Q(state__in=[state.value for state in CAME_TO_NOTHING]),
            ),
            models.UniqueConstraint(
                name="points_one_claim_a_posting", fields=["street", "posting"], condition=Q(posting__isnull=False)
            ),
            models.CheckConstraint(name="points_claim_state_is_a_word", condition=Q(state__in=ClaimState.values)),
            models.CheckConstraint(
                name="points_nobody_enters_their_own_claim",
                condition=Q(source=ClaimSource.SELF, entered_by__isnull=True)
                | Q(source__in=[ClaimSource.STAFF, ClaimSource.HELPER], entered_by__isnull=False)
                & ~Q(entered_by=F("claimant")),
            ),
            models.CheckConstraint(
                name="points_claim_has_its_posting_when_it_is_posted",
                condition=Q(state=ClaimState.POSTED, posting__isnull=False)
                | Q(state__in=[ClaimState.OBJECTION, ClaimState.UPHELD])
                | ~Q(state__in=[ClaimState.POSTED, ClaimState.OBJECTION, ClaimState.UPHELD]) & Q(posting__isnull=True),
            ),
            models.CheckConstraint(
                name="points_claim_lease_has_an_end",
                condition=Q(leased_by__isnull=True, leased_until__isnull=True)
                | Q(leased_by__isnull=False, leased_until__isnull=False) & ~Q(leased_by=F("claimant")),
            ),
            models.CheckConstraint(
                name="points_claim_waits_where_it_says",
                condition=(Q(state=ClaimState.REVIEWED, undo_until__isnull=False) | ~Q(state=ClaimState.REVIEWED))
                & (Q(state=ClaimState.PUBLICISED, public_until__isnull=False) | ~Q(state=ClaimState.PUBLICISED)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="points_claims_of", fields=["street", "claimant", "-received_at"]),
            models.Index(
                name="points_claims_to_review",
                fields=["street", "received_at", "id"],
                condition=Q(state__in=sorted(state.value for state in TO_REVIEW)),
            ),
            models.Index(
                name="points_claims_in_public",
                fields=["street", "public_until", "id"],
                condition=Q(state=ClaimState.PUBLICISED),
            ),
            models.Index(
                name="points_claims_objectable",
                fields=["street", "object_until", "id"],
                condition=Q(state=ClaimState.POSTED),
            ),
            models.Index(
                name="points_claims_decided", fields=["street", "undo_until"], condition=Q(state=ClaimState.REVIEWED)
            ),
            models.Index(
                name="points_claims_evidence_ends",
                fields=["street", "evidence_until"],
                condition=Q(evidence_until__isnull=False),
            ),
            models.Index(
                name="points_claims_entered_by",
                fields=["street", "entered_by", "-received_at"],
                condition=Q(entered_by__isnull=False),
            ),
            models.Index(name="points_claims_by_item", fields=["street", "item_code", "received_at"]),
        ]

    @property
    def worth(self) -> int:
        """What it would bring: of an item with a formula, for the amounts that it tells, as far as they are known."""
        return worth_of(self.item.points, self.item.formula, self.measured)

    @property
    def subject_of_journal(self) -> str:
        return f"claim:{self.id}"

    @property
    def mark(self) -> str:
        """What a page calls it that names nobody: the code of its item, and enough of its id to tell it from others."""
        return f"{self.item_code} {self.id.hex[-8:].upper()}"

    @property
    def standing(self) -> str:
        """As it is when somebody reads it to judge it: anything that is said, shown or decided later is another."""
        return f"{self.state}:{self.round}"

    def is_leased_to_another(self, person: Person, at: datetime) -> bool:
        """Whether somebody else is looking at it."""
        is_leased = self.leased_until is not None and at < self.leased_until <= at + LONGEST_LEASE
        return is_leased and self.leased_by_id != person.id


class Evidence(TenantModel):
    """One thing that shows the deed. A screenshot is for reviewers only and goes when nobody can object any more."""

    claim = TenantKey(Claim, on_delete=models.PROTECT, related_name="evidence", db_index=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Shown.choices)
    photo = TenantKey(Photo, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    station = TenantKey(Station, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    code_shown_at = models.DateTimeField(null=True)
    # With which appeal it came; 0: with the claim.
    round = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="points_one_evidence_a_position", fields=["street", "claim", "position"]),
            models.UniqueConstraint(
                name="points_a_photo_shows_one_claim", fields=["street", "photo"], condition=Q(photo__isnull=False)
            ),
            models.CheckConstraint(
                name="points_evidence_is_of_a_kind",
                condition=Q(kind__in=[Shown.PHOTO, Shown.SCREENSHOT], photo__isnull=False, station__isnull=True)
                | Q(kind=Shown.ON_SITE_CODE, photo__isnull=True, station__isnull=False, code_shown_at__isnull=False),
            ),
        ]


class ClaimStep(TenantModel):
    """One step of a claim. Rows are only added; the database refuses to change one."""

    claim = TenantKey(Claim, on_delete=models.PROTECT, related_name="steps", db_index=False)
    position = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=16, choices=ClaimAction.choices)
    from_state = models.CharField(max_length=16, choices=ClaimState.choices, blank=True)
    to_state = models.CharField(max_length=16, choices=ClaimState.choices)
    part = models.CharField(max_length=10, choices=ClaimPart.choices)
    actor = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=20, blank=True)
    happened_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="points_one_step_a_position", fields=["street", "claim", "position"]),
        ]


class Finding(TenantModel):
    """What an automatic check found: advice with its numbers, never a decision. Append-only."""

    claim = TenantKey(Claim, on_delete=models.PROTECT, related_name="findings", db_index=False)
    # Of what was shown first, or of everything once an appeal has added to it.
    round = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=CheckKind.choices)
    result = models.CharField(max_length=6, choices=CheckResult.choices)
    # Which sentence explains it, and the numbers in it; never a word of what was read.
    code = models.CharField(max_length=24)
    params: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="points_one_finding_a_kind", fields=["street", "claim", "round", "kind"]),
            models.CheckConstraint(name="points_finding_is_a_word", condition=Q(result__in=CheckResult.values)),
        ]
