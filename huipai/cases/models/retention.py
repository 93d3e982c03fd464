"""How long what is kept, what is kept longer for a lawsuit, and that the rest is gone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.audit.words import OF_A_HOLD, Ground
from huipai.cases.models.case import Case
from huipai.cases.models.good_deed import GoodDeed
from huipai.cases.models.own_find import OwnFind
from huipai.cases.retention_words import LEAST_DAYS, MOST_DAYS, Kept
from huipai.points.models import Claim
from huipai.streets.models import TenantKey, TenantModel

_HOLDS = sorted(ground.value for ground in OF_A_HOLD)
_OF_CASES = [Kept.DONE.value, Kept.REFUSED.value, Kept.WITHDRAWN.value]


class RetentionTerm(TenantModel):
    """What the street said, and when, of how long a class is kept. Rows are only added; the latest in force counts."""

    kept = models.CharField(max_length=12, choices=Kept)
    days = models.PositiveSmallIntegerField()
    ground = models.TextField()
    set_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    set_at = models.DateTimeField()
    since = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(name="cases_a_term_is_bounded", condition=Q(days__range=(LEAST_DAYS, MOST_DAYS))),
            models.CheckConstraint(name="cases_a_term_has_its_ground", condition=~Q(ground="")),
            models.CheckConstraint(name="cases_a_term_does_not_reach_back", condition=Q(since__gte=F("set_at"))),
        ]
        indexes: ClassVar = [models.Index(name="cases_terms_of_a_class", fields=["street", "kept", "-set_at"])]

    @property
    def subject(self) -> str:
        return f"retention:{self.kept}"


class LegalHold(TenantModel):
    """A case, a good deed or a claim that is kept until a day, on a ground. Rows are only added; the auditor reads what
    was said of it."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="holds", null=True, db_index=False)
    deed = TenantKey(GoodDeed, on_delete=models.PROTECT, related_name="holds", null=True, db_index=False)
    claim = TenantKey(Claim, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    ground = models.CharField(max_length=16, choices=Ground)
    held_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    held_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(name="cases_a_hold_has_a_ground", condition=Q(ground__in=_HOLDS)),
            models.CheckConstraint(name="cases_a_hold_ends", condition=Q(until__gt=F("held_at"))),
            models.CheckConstraint(
                name="cases_a_hold_is_on_one_thing",
                condition=Q(case__isnull=False, deed__isnull=True, claim__isnull=True)
                | Q(case__isnull=True, deed__isnull=False, claim__isnull=True)
                | Q(case__isnull=True, deed__isnull=True, claim__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="cases_holds_of_a_case", fields=["street", "case"]),
            models.Index(name="cases_holds_of_a_deed", fields=["street", "deed"], condition=Q(deed__isnull=False)),
            models.Index(name="cases_holds_of_a_claim", fields=["street", "claim"], condition=Q(claim__isnull=False)),
            models.Index(name="cases_holds_standing", fields=["street", "until"]),
        ]


class HoldRelease(TenantModel):
    """That a hold is over before its day. Once a hold; rows are only added."""

    hold = TenantKey(LegalHold, on_delete=models.PROTECT, related_name="releases", db_index=False)
    released_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    released_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_a_hold_is_released_once", fields=["street", "hold"]),
        ]


class LetGo(TenantModel):
    """The proof that words, pictures and papers of one thing are gone: which class, after how long, how many."""

    kept = models.CharField(max_length=12, choices=Kept)
    case = TenantKey(Case, on_delete=models.PROTECT, related_name="let_go", null=True, db_index=False)
    find = TenantKey(OwnFind, on_delete=models.PROTECT, related_name="let_go", null=True, db_index=False)
    deed = TenantKey(GoodDeed, on_delete=models.PROTECT, related_name="let_go", null=True, db_index=False)
    # The term by which it went, and when that began to run.
    days = models.PositiveSmallIntegerField()
    ended_at = models.DateTimeField()
    photos = models.PositiveSmallIntegerField()
    papers = models.PositiveSmallIntegerField(default=0, db_default=0)
    gone_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_a_case_goes_once", fields=["street", "case"]),
            models.UniqueConstraint(name="cases_a_find_goes_once", fields=["street", "find"]),
            models.UniqueConstraint(name="cases_a_deed_goes_once", fields=["street", "deed"]),
            models.CheckConstraint(
                name="cases_what_went_is_of_its_class",
                condition=Q(kept__in=_OF_CASES, case__isnull=False, find__isnull=True, deed__isnull=True)
                | Q(kept=Kept.FOUND, case__isnull=True, find__isnull=False, deed__isnull=True)
                | Q(kept=Kept.DEED, case__isnull=True, find__isnull=True, deed__isnull=False),
            ),
            models.CheckConstraint(name="cases_nothing_goes_before_its_end", condition=Q(gone_at__gt=F("ended_at"))),
        ]
        indexes: ClassVar = [models.Index(name="cases_let_go_lately", fields=["street", "-gone_at"])]
