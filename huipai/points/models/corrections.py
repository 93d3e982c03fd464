"""Points that should not stand: one asks for them back, another agrees, and their receiver may appeal once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.grid.models import GridNode
from huipai.people.models import Person
from huipai.points.models.ledger import Posting
from huipai.points.words import LONGEST_NOTE, CorrectionReason, CorrectionState
from huipai.streets.models import TenantKey, TenantModel

_ASKED = Q(state=CorrectionState.PROPOSED, decided_by=None, decided_at=None)
_WITHDRAWN = Q(state=CorrectionState.WITHDRAWN, decided_by=None, decided_at__isnull=False)
_DECIDED = Q(decided_by__isnull=False, decided_at__isnull=False)
_NOT_APPEALED = Q(appealed_by=None, appealed_at=None, appeal="")
_APPEALED = Q(appealed_by__isnull=False, appealed_at__isnull=False) & ~Q(appeal="")
_NOT_HEARD = Q(heard_by=None, heard_at=None, restored=None)
_HEARD = Q(heard_by__isnull=False, heard_at__isnull=False)


class Correction(TenantModel):
    """A posting that is asked back. The database lets it go forward only, each step by somebody else."""

    # How its subject begins, in the journal and of what comes back by it.
    SUBJECT: ClassVar = "correction:"

    posting = TenantKey(Posting, on_delete=models.PROTECT, related_name="corrections", db_index=False)
    # Whose points they are, the receiver of the posting: a person, or a household for what it earned together.
    person = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    household = TenantKey(GridNode, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=20, choices=CorrectionReason.choices)
    # What was wrong, in a sentence for the receiver. Never in the journal; wiped when they are forgotten.
    note = models.CharField(max_length=LONGEST_NOTE)
    state = models.CharField(max_length=10, choices=CorrectionState.choices, default=CorrectionState.PROPOSED)
    proposed_by = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    proposed_at = models.DateTimeField()
    decided_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    reversal = TenantKey(Posting, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    appealed_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    appealed_at = models.DateTimeField(null=True)
    appeal = models.CharField(max_length=LONGEST_NOTE, blank=True)
    heard_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    heard_at = models.DateTimeField(null=True)
    restored = TenantKey(Posting, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            # Whoever may decide is asked by these dates.
            models.CheckConstraint(
                name="points_a_correction_has_its_order",
                condition=(Q(decided_at=None) | Q(decided_at__gte=F("proposed_at")))
                & (Q(appealed_at=None) | Q(appealed_at__gte=F("decided_at")))
                & (Q(heard_at=None) | Q(heard_at__gte=F("appealed_at"))),
            ),
            # Once a posting, unless it was declined or taken back.
            models.UniqueConstraint(
                name="points_a_posting_is_corrected_once",
                fields=["street", "posting"],
                condition=~Q(state__in=[CorrectionState.DECLINED, CorrectionState.WITHDRAWN]),
            ),
            models.CheckConstraint(
                name="points_a_correction_is_somebodys",
                condition=Q(person__isnull=False, household=None) | Q(person=None, household__isnull=False),
            ),
            models.UniqueConstraint(name="points_a_reversal_is_of_one_correction", fields=["street", "reversal"]),
            models.UniqueConstraint(name="points_restored_for_one_correction", fields=["street", "restored"]),
            models.CheckConstraint(name="points_a_correction_says_why", condition=~Q(note="")),
            models.CheckConstraint(
                name="points_a_correction_has_four_eyes",
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="points_an_appeal_is_heard_by_a_third",
                condition=Q(heard_by=None) | ~Q(heard_by=F("proposed_by")) & ~Q(heard_by=F("decided_by")),
            ),
            models.CheckConstraint(
                name="points_nobody_corrects_their_own",
                condition=~Q(proposed_by=F("person"))
                & (Q(decided_by=None) | ~Q(decided_by=F("person")))
                & (Q(heard_by=None) | ~Q(heard_by=F("person"))),
            ),
            models.CheckConstraint(
                name="points_a_correction_goes_forward",
                condition=(_ASKED | _WITHDRAWN | Q(_DECIDED, state=CorrectionState.DECLINED))
                & Q(reversal=None) & _NOT_APPEALED & _NOT_HEARD
                | _DECIDED & Q(reversal__isnull=False)
                & (
                    Q(_NOT_APPEALED, _NOT_HEARD, state=CorrectionState.APPROVED)
                    | Q(_APPEALED, _NOT_HEARD, state=CorrectionState.APPEALED)
                    | Q(_APPEALED, _HEARD, state=CorrectionState.UPHELD)
                    | Q(_APPEALED, _HEARD, state=CorrectionState.DISMISSED, restored=None)
                ),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(name="points_corrections_by_state", fields=["street", "state", "proposed_at"])
        ]

    @property
    def stands(self) -> bool:
        """Whether what it took back is gone still: nobody has been right against it."""
        return self.reversal_id is not None and self.state != CorrectionState.UPHELD

    @property
    def subject(self) -> str:
        return f"{self.SUBJECT}{self.id}"
