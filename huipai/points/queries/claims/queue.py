"""What waits for a reviewer. Never what is theirs, their family's, their group's, or what another is looking at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from huipai.people.models import Person
from huipai.points.models import Appeal, Claim, Contest, Finding, Objection, Review
from huipai.points.models.claim import ClaimQuerySet
from huipai.points.queries.claims.ties import Eyes, eyes_of, left_to
from huipai.points.words import LONGEST_LEASE, CheckResult, ClaimSource, ClaimState


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits on each tab."""

    look: int
    clean: int
    second: int
    objections: int
    contests: int

    @property
    def all(self) -> int:
        return self.look + self.clean + self.second + self.objections + self.contests


def waiting_for(person: Person, at: datetime) -> ClaimQuerySet:
    """The claims that this person may judge and nobody else is looking at, oldest first."""
    return _waiting_for(eyes_of(person, at), at)


def _waiting_for(eyes: Eyes, at: datetime) -> ClaimQuerySet:
    return (
        left_to(eyes, claims_open_to)
        .filter(
            Q(leased_until=None)
            | Q(leased_until__lte=at)
            | Q(leased_until__gt=at + LONGEST_LEASE)
            | Q(leased_by=eyes.id)
        )
        .exclude(~Exists(_of_this_round()), state=ClaimState.APPEALED)
        .annotate(has_doubt=Exists(_doubts()))
        .oldest_first()
    )


def claims_open_to(eyes: Eyes) -> ClaimQuerySet:
    """The claims that wait for a look and to whose people these eyes are strangers."""
    # Two looks are not two if both come from one home or one household group.
    near = Review.objects.filter(claim=OuterRef("pk"), reviewer__in=eyes.tied, undone_at=None)
    found: ClaimQuerySet = Claim.objects.to_review()
    return (
        found.exclude(claimant__in=eyes.tied)
        # Whoever claimed for them, or entered it, took part: no one of that home judges it either.
        .exclude(entered_by__isnull=False, entered_by__in=eyes.tied)
        .filter(~Exists(near), *_not_spoken_by(eyes, "pk"))
    )


def _not_spoken_by(eyes: Eyes, claim: str) -> tuple[Q, Q]:
    """Nor does the home of whoever spoke for its claimant, or wrote it down at the counter."""
    spoke = {"claim": OuterRef(claim), "filed_by__in": eyes.tied}
    return ~Q(Exists(Appeal.objects.filter(**spoke))), ~Q(Exists(Contest.objects.filter(**spoke)))


def unchecked_appeals() -> QuerySet[Claim]:
    """The appeals that the machine has not looked at yet."""
    return Claim.objects.filter(~Exists(_of_this_round()), state=ClaimState.APPEALED)


def _of_this_round() -> QuerySet[Finding]:
    return Finding.objects.filter(claim=OuterRef("pk"), round=OuterRef("round"))


def _doubts() -> QuerySet[Finding]:
    return _of_this_round().exclude(result=CheckResult.PASS)


def to_look_at(person: Person, at: datetime) -> ClaimQuerySet:
    """First looks at what some check has doubts about, and appeals."""
    return waiting_for(person, at).filter(_to_look_at())


def clean(person: Person, at: datetime) -> ClaimQuerySet:
    """First looks at what passed every check: these may be approved together."""
    return waiting_for(person, at).filter(_clean())


def second(person: Person, at: datetime) -> ClaimQuerySet:
    return waiting_for(person, at).filter(state=ClaimState.SECOND_REVIEW)


def _to_look_at() -> Q:
    return Q(Exists(_doubts()), state=ClaimState.AUTO_CHECKED) | Q(state=ClaimState.APPEALED)


def _clean() -> Q:
    return Q(~Exists(_doubts()), state=ClaimState.AUTO_CHECKED)


def objections_for(person: Person, at: datetime) -> QuerySet[Objection]:
    """The open objections that this person may decide, oldest first."""
    return _oldest_objection_first(eyes_of(person, at))


def _oldest_objection_first(eyes: Eyes) -> QuerySet[Objection]:
    found = left_to(eyes, objections_open_to).select_related("claim__item__version", "claim__claimant")
    return found.order_by("filed_at", "id")


def objections_open_to(eyes: Eyes) -> QuerySet[Objection]:
    """The open objections to whose people these eyes are strangers, and to whose claim they had no hand."""
    # Nor by the home of whoever judged the claim.
    seen = Review.objects.filter(claim=OuterRef("claim"), reviewer__in=eyes.tied, undone_at=None)
    heard = Contest.objects.filter(claim=OuterRef("claim"), decided_by=eyes.id)
    return (
        Objection.objects.filter(~Exists(seen), ~Exists(heard), *_not_spoken_by(eyes, "claim"), result="")
        .exclude(objector__in=eyes.tied)
        .exclude(sent_by__isnull=False, sent_by__in=eyes.tied)
        .exclude(claimant__in=eyes.tied)
        .exclude(claim__entered_by__isnull=False, claim__entered_by__in=eyes.tied)
    )


def contests_for(person: Person, at: datetime) -> QuerySet[Contest]:
    """What claimants say against upheld objections and this person may decide, oldest first."""
    return _oldest_contest_first(eyes_of(person, at))


def _oldest_contest_first(eyes: Eyes) -> QuerySet[Contest]:
    found = left_to(eyes, contests_open_to).select_related("claim__item__version", "claim__claimant", "objection")
    return found.order_by("filed_at", "id")


def contests_open_to(eyes: Eyes) -> QuerySet[Contest]:
    """The open contests to whose people these eyes are strangers, and to whose claim they had no hand."""
    seen = Review.objects.filter(claim=OuterRef("claim"), reviewer__in=eyes.tied, undone_at=None)
    decided = Objection.objects.filter(claim=OuterRef("claim"), decided_by=eyes.id)
    heard = Contest.objects.filter(claim=OuterRef("claim"), decided_by=eyes.id)
    return (
        Contest.objects.filter(
            ~Exists(seen), ~Exists(decided), ~Exists(heard), *_not_spoken_by(eyes, "claim"), result=""
        )
        .exclude(claimant__in=eyes.tied)
        .exclude(filed_by__in=eyes.tied)
        .exclude(objection__decided_by__in=eyes.tied)
        .exclude(objection__objector__in=eyes.tied)
        .exclude(objection__sent_by__isnull=False, objection__sent_by__in=eyes.tied)
        .exclude(claim__entered_by__isnull=False, claim__entered_by__in=eyes.tied)
    )


def counts(person: Person, at: datetime) -> Counts:
    """What each tab of the desk says; one query each."""
    eyes = eyes_of(person, at)
    waiting = _waiting_for(eyes, at)
    return Counts(
        look=waiting.filter(_to_look_at()).count(), clean=waiting.filter(_clean()).count(),
        second=waiting.filter(state=ClaimState.SECOND_REVIEW).count(),
        objections=_oldest_objection_first(eyes).count(), contests=_oldest_contest_first(eyes).count(),
    )  # fmt: skip


def last_decision(person: Person, at: datetime) -> Review | None:
    """The decision that this reviewer may still take back."""
    undoable = Review.objects.filter(
        reviewer=person, undone_at=None, claim__state=ClaimState.REVIEWED, claim__undo_until__gt=at
    )
    return undoable.select_related("claim__item").order_by("-decided_at", "-id").first()


def reviews_of(claim_id: UUID) -> QuerySet[Review]:
    """Every word on a claim that stands, oldest first."""
    return Review.objects.filter(claim_id=claim_id, undone_at=None).order_by("decided_at", "id")


def hands_of(claim_id: UUID) -> list[tuple[str, str]]:
    """Who entered a claim and who judged it, first to last, as what and by name."""
    claim = Claim.objects.select_related("entered_by").filter(pk=claim_id).first()
    as_what = _("替本人申报的人") if claim and claim.source == ClaimSource.HELPER else _("代为登记的人")
    entered = [(as_what, claim.entered_by.name)] if claim and claim.entered_by else []
    words = reviews_of(claim_id).select_related("reviewer")
    return [*entered, *((_("审核"), word.reviewer.name) for word in words)]
