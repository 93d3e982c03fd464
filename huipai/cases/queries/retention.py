"""How long each class is kept, what falls due, what is held back, and what was let go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.functional import Promise

from huipai.cases.deed_words import DeedState
from huipai.cases.finding_words import FindingState
from huipai.cases.models import (
    Case,
    DeedStep,
    Finding,
    GoodDeed,
    LegalHold,
    LetGo,
    OwnFind,
    RetentionTerm,
)
from huipai.cases.retention_words import CLASSES, FIRST, OF_OUTCOME, Kept
from huipai.cases.words import Outcome
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person

_PUT_AWAY = (DeedState.DECLINED, DeedState.WITHDRAWN, DeedState.TAKEN_DOWN)


@dataclass(frozen=True)
class Term:
    """How long a class is kept now, why, who said so, and what will be so later. Nobody said so: as it came."""

    kept: Kept
    days: int
    ground: str | Promise
    set_by: Person | None = None
    set_at: datetime | None = None
    later: RetentionTerm | None = None


def term_of(kept: Kept, at: datetime) -> Term:
    """The latest word that is in force; one that was said before it and would begin after it is overruled."""
    said = list(RetentionTerm.objects.filter(kept=kept).select_related("set_by").order_by("-set_at", "-id")[:20])
    now = next((one for one in said if one.since <= at), None)
    later = next((one for one in said if one.since > at and (now is None or one.set_at > now.set_at)), None)
    if now is None:
        first = FIRST[kept]
        return Term(kept, first.days, first.ground, later=later)
    return Term(kept, now.days, now.ground, now.set_by, now.set_at, later)


def terms(at: datetime) -> list[Term]:
    return [term_of(kept, at) for kept in Kept]


def standing(at: datetime) -> QuerySet[LegalHold]:
    """Holds that keep something back now."""
    return LegalHold.objects.filter(held_at__lte=at, until__gt=at, releases__isnull=True)


def is_held(case: Case, at: datetime) -> bool:
    return standing(at).filter(case=case).exists()


def held_cases(at: datetime) -> QuerySet[LegalHold, Any]:
    """The cases held now, to leave them out of others."""
    return standing(at).values("case")


def over_and_free(at: datetime) -> QuerySet[Case, Any]:
    """Cases that have ended and are not held: whoever asks to be forgotten is forgotten there."""
    return Case.objects.filter(ended_at__isnull=False).exclude(pk__in=held_cases(at)).values("pk")


def class_of(case: Case) -> Kept | None:
    """To which class an ended case belongs; what was merged is of the class of the case that went on."""
    told = case.merged_into if case.merged_into is not None else case
    return OF_OUTCOME.get(told.outcome)


def cases_due(kept: Kept, at: datetime, days: int) -> QuerySet[Case]:
    """Cases of a class whose time is over, longest over first; not what is held, or where an appeal is open.

    What was merged goes when its time after the end of the case that went on is over, never before that.
    """
    outcomes, before = CLASSES[kept], at - timedelta(days=days)
    over = Q(outcome__in=outcomes, ended_at__lte=before)
    over |= Q(outcome=Outcome.MERGED, merged_into__outcome__in=outcomes, merged_into__ended_at__lte=before)
    appealed = Finding.objects.filter(case=OuterRef("pk"), state=FindingState.APPEALED)
    gone = LetGo.objects.filter(case=OuterRef("pk"))
    kept_back = standing(at).filter(Q(case=OuterRef("pk")) | Q(case=OuterRef("merged_into")))
    found = Case.objects.filter(over).exclude(Exists(gone)).exclude(Exists(appealed)).exclude(Exists(kept_back))
    return found.annotate(over_at=Coalesce(F("merged_into__ended_at"), F("ended_at"))).order_by("over_at", "id")


def finds_due(at: datetime, days: int) -> QuerySet[OwnFind]:
    gone = LetGo.objects.filter(find=OuterRef("pk"))
    found = OwnFind.objects.filter(found_at__lte=at - timedelta(days=days)).exclude(Exists(gone))
    return found.annotate(over_at=F("found_at")).order_by("over_at", "id")


def deeds_due(at: datetime, days: int) -> QuerySet[GoodDeed]:
    """Good deeds that neighbours do not read, so long after the last that was said of them."""
    gone, before = LetGo.objects.filter(deed=OuterRef("pk")), at - timedelta(days=days)
    last = DeedStep.objects.filter(deed=OuterRef("pk")).order_by("-position").values("happened_at")[:1]
    found = GoodDeed.objects.filter(state__in=_PUT_AWAY, reported_at__lte=before).exclude(Exists(gone))
    return found.annotate(over_at=last).filter(over_at__lte=before).order_by("over_at", "id")


def due(kept: Kept, at: datetime, days: int) -> QuerySet[Any]:
    """What of a class has been kept for so many days."""
    if kept == Kept.FOUND:
        return finds_due(at, days)
    return deeds_due(at, days) if kept == Kept.DEED else cases_due(kept, at, days)


def due_now(at: datetime, most: int) -> list[tuple[Kept, UUID]]:
    """What a night has to let go of, longest over first within its class; no more than so much."""
    found: list[tuple[Kept, UUID]] = []
    for term in terms(at):
        ids = due(term.kept, at, term.days).values_list("id", flat=True)
        found += [(term.kept, one) for one in ids[: most - len(found)]]
    return found


def count_soon(term: Term, at: datetime, within: timedelta) -> int:
    """How much of a class falls due within this time."""
    return due(term.kept, at + within, term.days).count()


def holds(at: datetime) -> QuerySet[LegalHold]:
    """What is held now, what ends first first."""
    return standing(at).select_related("case__case_type", "case__node", "held_by").order_by("until", "id")


def hold_by(hold_id: UUID) -> LegalHold:
    """A hold, whether it stands or not; of another street it does not exist."""
    found = LegalHold.objects.select_related("case__case_type", "case__node", "held_by").filter(pk=hold_id).first()
    if found is None:
        raise NotVisible
    return found


def gone() -> QuerySet[LetGo]:
    """What was let go, latest first."""
    return LetGo.objects.select_related("case", "find", "deed").order_by("-gone_at", "-id")


def gone_of(case: Case) -> LetGo | None:
    return LetGo.objects.filter(case=case).first()


def hold_on(case: Case, at: datetime) -> LegalHold | None:
    """The hold on a case that lasts longest."""
    return standing(at).filter(case=case).select_related("held_by").order_by("-until").first()
