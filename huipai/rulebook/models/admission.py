"""A department's wish to bring an item into the grid, and what was decided about it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.grid.models import Unit
from huipai.people.models import Person
from huipai.rulebook import rules
from huipai.rulebook.rules import Terms
from huipai.rulebook.words import ADMISSION_AT_MOST, CODE, OPEN_REVIEWS, Review
from huipai.streets.models import TenantKey, TenantModel

_DECIDED = [Review.ADMITTED, Review.ENTERED]


class Proposal(TenantModel):
    """What a department asks for: an item as it would read. Decided once, by somebody who is not of that department."""

    unit = TenantKey(Unit, on_delete=models.PROTECT, related_name="+")
    proposer = TenantKey(Person, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=13)
    # The item's terms as `rules.to_json` writes them; with the admission they get its ground and its end.
    terms: models.JSONField[Any, Any] = models.JSONField()
    state = models.CharField(max_length=10, choices=Review.choices, default=Review.WAITING)
    proposed_at = models.DateTimeField()
    # After this the stage is over by itself.
    due_at = models.DateTimeField()
    # The codes of the linter's rules that it breaks.
    findings: models.JSONField[Any, Any] = models.JSONField(default=list)
    # Staff-hours a month, in sixtieths: what it asked of people when it was decided.
    minutes_a_month = models.PositiveIntegerField(default=0)
    is_grid_work = models.BooleanField(null=True)
    decided_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    # Why the board says of a field that the system has it, or has it not, against what was computed.
    known_reason = models.CharField(max_length=200, blank=True)
    admitted_until = models.DateField(null=True)
    # When its department was told that the admission ends soon.
    warned_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="rulebook_one_open_review",
                fields=["street", "code"],
                condition=Q(state__in=[state.value for state in OPEN_REVIEWS]),
            ),
            models.CheckConstraint(
                name="rulebook_admitted_after_it_was_asked",
                condition=Q(decided_at=None) | Q(decided_at__gte=F("proposed_at")),
            ),
            models.CheckConstraint(name="rulebook_proposal_code_is_readable", condition=Q(code__regex=CODE)),
            models.CheckConstraint(name="rulebook_review_is_a_word", condition=Q(state__in=Review.values)),
            models.CheckConstraint(
                name="rulebook_nobody_admits_their_own",
                condition=Q(decided_by__isnull=True) | Q(state=Review.WITHDRAWN) | ~Q(decided_by=F("proposer")),
            ),
            models.CheckConstraint(
                name="rulebook_admitted_is_grid_work_with_an_end",
                condition=~Q(state__in=_DECIDED)
                | Q(is_grid_work=True, decided_by__isnull=False, admitted_until__isnull=False)
                & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="rulebook_admission_is_no_life_sentence",
                condition=Q(admitted_until__isnull=True)
                | Q(admitted_until__lte=F("decided_at") + ADMISSION_AT_MOST),
            ),
            models.CheckConstraint(
                name="rulebook_declined_with_a_reason",
                condition=~Q(state__in=[Review.RETURNED, Review.DECLINED, Review.WITHDRAWN])
                | (Q(decided_by__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="rulebook_refused_with_findings", condition=~Q(state=Review.REFUSED) | ~Q(findings=[])
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(name="rulebook_proposal_by_state", fields=["street", "state", "due_at"])]

    def item_terms(self) -> Terms:
        return rules.from_json(self.terms)

    @property
    def digest(self) -> str:
        """What it asks for, in short: whoever decides on it sends back what they were shown."""
        return rules.digest_of(self.terms)

    def reasons(self) -> dict[str, str]:
        """What was said for the decision, for its digest."""
        return {"reason": self.reason} | ({"known": self.known_reason} if self.known_reason else {})

    @property
    def is_to_review(self) -> bool:
        return self.state == Review.WAITING
