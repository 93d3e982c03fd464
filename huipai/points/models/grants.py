"""Points given by hand: one proposes, another approves."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.people.models import Person
from huipai.points.models.ledger import Posting
from huipai.points.words import MOST_GRANTED, PAPER_NUMBER, GrantReason, GrantState
from huipai.rulebook.models import PointItem
from huipai.streets.models import TenantKey, TenantModel


class Grant(TenantModel):
    """Points that nobody may give alone, nor to themselves. The database lets only the decision be added, once."""

    person = TenantKey(Person, on_delete=models.PROTECT, related_name="+")
    points = models.PositiveIntegerField()
    reason = models.CharField(max_length=20, choices=GrantReason.choices)
    # The rule that the deed falls under, as it read when the deed was done.
    item = TenantKey(PointItem, on_delete=models.PROTECT, related_name="+", db_index=False)
    done_at = models.DateTimeField()
    # The number of the paper or file that shows it.
    paper_number = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=GrantState.choices, default=GrantState.PROPOSED)
    proposed_by = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    proposed_at = models.DateTimeField()
    decided_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    posting = TenantKey(Posting, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="points_a_grant_is_decided_after_it_was_asked",
                condition=Q(decided_at=None) | Q(decided_at__gte=F("proposed_at")),
            ),
            models.CheckConstraint(
                name="points_a_grant_has_four_eyes", condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by"))
            ),
            models.CheckConstraint(
                name="points_nobody_grants_themselves",
                condition=~Q(proposed_by=F("person")) & (Q(decided_by=None) | ~Q(decided_by=F("person"))),
            ),
            models.CheckConstraint(name="points_a_grant_is_small", condition=Q(points__range=(1, MOST_GRANTED))),
            models.CheckConstraint(name="points_a_grant_has_its_paper", condition=Q(paper_number__regex=PAPER_NUMBER)),
            # One paper pays once, unless it was declined or taken back.
            models.UniqueConstraint(
                name="points_a_paper_is_granted_once",
                fields=["street", "person", "paper_number"],
                condition=~Q(state__in=[GrantState.DECLINED, GrantState.WITHDRAWN]),
            ),
            models.CheckConstraint(
                name="points_a_grant_is_decided_once",
                condition=Q(state=GrantState.PROPOSED, decided_by=None, decided_at=None, posting=None)
                | Q(
                    state=GrantState.APPROVED, decided_by__isnull=False, decided_at__isnull=False, posting__isnull=False
                )
                | Q(state=GrantState.DECLINED, decided_by__isnull=False, decided_at__isnull=False, posting=None)
                | Q(state=GrantState.WITHDRAWN, decided_by=None, decided_at__isnull=False, posting=None),
            ),
        ]
        indexes: ClassVar = [models.Index(name="points_grants_by_state", fields=["street", "state", "proposed_at"])]
