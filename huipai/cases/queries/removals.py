"""What was voided as unlawful, and whether it may be removed by now."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from huipai.cases.finding_words import FindingState
from huipai.cases.models import Case, Finding, Removal, Transition
from huipai.cases.order_words import DAYS_TO_REVIEW
from huipai.cases.words import Action, State, VoidReason


def voided_as_unlawful(case: Case) -> Transition | None:
    """The step by which somebody voided it for that reason, if that is how it stands."""
    if case.state != State.VOIDED:
        return None
    last = Transition.objects.filter(case=case, action=Action.VOID).order_by("-position").first()
    return last if last is not None and last.reason == VoidReason.UNLAWFUL and last.actor_id else None


def is_due(case: Case, at: datetime) -> bool:
    """Whether the time for a review is over, and nobody has to look at an appeal."""
    is_heard = Finding.objects.filter(case=case, state=FindingState.APPEALED).exists()
    return case.ended_at is not None and at - case.ended_at > timedelta(days=DAYS_TO_REVIEW) and not is_heard


def waiting(ended_before: datetime) -> QuerySet[Case, UUID]:
    """Voided as unlawful before then, and not removed."""
    unlawful = Transition.objects.filter(case=OuterRef("pk"), action=Action.VOID, reason=VoidReason.UNLAWFUL)
    found = Case.objects.filter(Exists(unlawful), state=State.VOIDED, ended_at__lt=ended_before)
    return found.exclude(pk__in=Removal.objects.values("case")).order_by("ended_at", "id").values_list("id", flat=True)


def of(case: Case) -> Removal | None:
    return Removal.objects.filter(case=case).first()
