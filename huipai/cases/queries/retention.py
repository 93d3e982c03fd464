"""How long each class is kept, what falls due, what is held back, and what was let go."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
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
    Report,
    RetentionTerm,
)
from huipai.cases.retention_words import CLASSES, FIRST, OF_OUTCOME, Kept
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.points.models import Claim
from huipai.points.words import ClaimState

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
    return _standing_over(case, at).exists()


def _standing_over(case: Case, at: datetime) -> QuerySet[LegalHold]:
    """Holds on whatever belongs to one matter with the case: what was told of one of them lies in another."""
    matter = matter_of(case).pk
    return standing(at).filter(Q(case=matter) | Q(case__merged_into=matter) | Q(case__parent=matter))


def held_cases(at: datetime) -> QuerySet[Case, Any]:
    """The cases held now and all that belong to one matter with them, to leave them out of others."""
    of_cases = standing(at).filter(case__isnull=False)
    matters = list(of_cases.values_list(Coalesce("case__merged_into", "case__parent", "case"), flat=True))
    return Case.objects.filter(Q(pk__in=matters) | Q(merged_into__in=matters) | Q(parent__in=matters)).values("pk")


def held_deeds(at: datetime) -> QuerySet[LegalHold, Any]:
    """The ids of the good deeds held now."""
    return standing(at).filter(deed__isnull=False).values("deed")


def held_claims(at: datetime) -> QuerySet[LegalHold, Any]:
    """The ids of the claims held now."""
    return standing(at).filter(claim__isnull=False).values("claim")


def holds_something_of(person: Person, at: datetime) -> bool:
    """Whether a report, a good deed or a claim of somebody is held: their name stays for as long."""
    deeds = standing(at).filter(Q(deed__reporter=person) | Q(deed__doer=person))
    return (
        Report.objects.filter(reporter=person, case__in=held_cases(at)).exists()
        or deeds.exists()
        or standing(at).filter(claim__claimant=person).exists()
    )


def over_and_free(at: datetime) -> QuerySet[Case, Any]:
    """Cases that have ended and are not held: whoever asks to be forgotten is forgotten there."""
    return Case.objects.filter(ended_at__isnull=False).exclude(pk__in=held_cases(at)).values("pk")


def going_on_or_held(at: datetime) -> QuerySet[Case, Any]:
    """The others: few beside the archive, and asked by what they are, not by what they are not."""
    return Case.objects.filter(Q(ended_at__isnull=True) | Q(pk__in=held_cases(at))).values("pk")


def class_of(case: Case) -> Kept | None:
    """To which class an ended case belongs: to that of its matter, of what it was merged into or is a part of."""
    return OF_OUTCOME.get(matter_of(case).outcome)


def matter_of(case: Case) -> Case:
    """The case in which the reports of this one lie: what it was merged into, what it is a part of, or itself."""
    return case.merged_into or case.parent or case


def cases_due(kept: Kept, at: datetime, days: int) -> QuerySet[Case]:
    """Cases of a class whose time is over, longest over first; not what is held, or where an appeal is open.

    What was merged or split off goes when the time of its matter is over too, never before that.
    """
    outcomes, before = CLASSES[kept], at - timedelta(days=days)
    over = Case.objects.filter(ended_at__lte=before).annotate(
        matter=Coalesce("merged_into", "parent", "pk"),
        told=Coalesce("merged_into__outcome", "parent__outcome", "outcome"),
        over_at=Greatest("merged_into__ended_at", "parent__ended_at", "ended_at"),
    ).filter(told__in=outcomes, over_at__lte=before)  # fmt: skip
    of_one_matter = (
        Q(case=OuterRef("matter")) | Q(case__merged_into=OuterRef("matter")) | Q(case__parent=OuterRef("matter"))
    )
    appealed = Finding.objects.filter(of_one_matter, state=FindingState.APPEALED)
    gone = LetGo.objects.filter(case=OuterRef("pk"))
    kept_back = standing(at).filter(of_one_matter)
    return over.exclude(Exists(gone)).exclude(Exists(appealed)).exclude(Exists(kept_back)).order_by("over_at", "id")


def finds_due(at: datetime, days: int) -> QuerySet[OwnFind]:
    gone = LetGo.objects.filter(find=OuterRef("pk"))
    found = OwnFind.objects.filter(found_at__lte=at - timedelta(days=days)).exclude(Exists(gone))
    return found.annotate(over_at=F("found_at")).order_by("over_at", "id")


def deeds_due(at: datetime, days: int) -> QuerySet[GoodDeed]:
    """Good deeds that neighbours do not read, so long after the last that was said of them; not what is held."""
    gone, before = LetGo.objects.filter(deed=OuterRef("pk")), at - timedelta(days=days)
    last = DeedStep.objects.filter(deed=OuterRef("pk")).order_by("-position").values("happened_at")[:1]
    found = GoodDeed.objects.filter(state__in=_PUT_AWAY, reported_at__lte=before).exclude(Exists(gone))
    found = found.exclude(pk__in=held_deeds(at))
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
    return _with_what_it_is_on(standing(at)).order_by("until", "id")


def _with_what_it_is_on(holds: QuerySet[LegalHold]) -> QuerySet[LegalHold]:
    return holds.select_related("case__case_type", "case__node", "deed__node", "claim__item", "held_by")


def hold_by(hold_id: UUID) -> LegalHold:
    """A hold, whether it stands or not; of another street it does not exist."""
    found = _with_what_it_is_on(LegalHold.objects.all()).filter(pk=hold_id).first()
    if found is None:
        raise NotVisible
    return found


def deed_by(deed_id: UUID) -> GoodDeed:
    """A good deed to be held; of another street it does not exist."""
    found = GoodDeed.objects.select_related("node", "reporter", "doer").filter(pk=deed_id).first()
    if found is None:
        raise NotVisible
    return found


def claim_by(claim_id: UUID) -> Claim:
    """A claim that was sent, to be held: what is still being filled in is its claimant's alone."""
    sent = Claim.objects.exclude(state=ClaimState.DRAFT).select_related("item", "claimant")
    found = sent.filter(pk=claim_id).first()
    if found is None:
        raise NotVisible
    return found


def deeds_about(people: Collection[Person]) -> QuerySet[GoodDeed]:
    """What these people told of or did, latest first."""
    theirs = GoodDeed.objects.filter(Q(reporter__in=people) | Q(doer__in=people))
    return theirs.select_related("node").order_by("-reported_at", "-id")


def claims_of(people: Collection[Person]) -> QuerySet[Claim]:
    """What these people have claimed points for, latest first."""
    sent = Claim.objects.filter(claimant__in=people).exclude(state=ClaimState.DRAFT)
    return sent.select_related("item").order_by("-received_at", "-id")


def gone() -> QuerySet[LetGo]:
    """What was let go, latest first."""
    return LetGo.objects.select_related("case", "find", "deed").order_by("-gone_at", "-id")


def gone_of(case: Case) -> LetGo | None:
    return LetGo.objects.filter(case=case).first()


def is_gone(case: Case) -> bool:
    """Whether its content was let go: only of what has ended, and of nothing else is it asked."""
    return case.ended_at is not None and LetGo.objects.filter(case=case).exists()


def reports_of_a_person(at: datetime) -> QuerySet[Report]:
    """Reports of the person `OuterRef("pk")` whose content has not been let go."""
    return Report.objects.filter(reporter=OuterRef("pk"), case__let_go=None)


def deeds_of_a_person(at: datetime) -> QuerySet[GoodDeed]:
    """The same for good deeds that they told or did."""
    return GoodDeed.objects.filter(Q(reporter=OuterRef("pk")) | Q(doer=OuterRef("pk")), let_go=None)


def hold_on(case: Case, at: datetime) -> LegalHold | None:
    """The hold on a case that lasts longest."""
    return _standing_over(case, at).select_related("held_by").order_by("-until").first()
