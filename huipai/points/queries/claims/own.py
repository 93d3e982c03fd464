"""One's own claims, and one's own year."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from huipai.people import queries as people
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.people.words import ProxyScope
from huipai.points.models import Claim, Contest, Evidence, Objection, Posting
from huipai.points.rules import Span
from huipai.points.rules.claiming import UNPAID
from huipai.points.words import APPEAL_FOR, EARNED, ClaimState, Kind, ObjectionResult


def claims_of(person: Person) -> QuerySet[Claim]:
    """Everything somebody has claimed, latest first."""
    return Claim.objects.filter(claimant=person).select_related("item__version").order_by("-received_at", "-id")


def visible_to(person: Person, claim_id: UUID) -> Claim | None:
    """One's own claim with what shows it; nobody else's."""
    shown = Prefetch("evidence", queryset=Evidence.objects.select_related("photo", "station").order_by("position"))
    return claims_of(person).filter(pk=claim_id).prefetch_related(shown).first()


def claims_for(person: Person, at: datetime) -> list[Person]:
    """For whom somebody may claim besides themselves: children they answer for, elders who let them."""
    wards = people.wards_of(person, at).values("id")
    elders = people.elders_helped_by(person, ProxyScope.CLAIM, at).values("id")
    # One union, whose persons are looked up by key: an OR of the two would read everybody of the street.
    found = Person.objects.filter(id__in=wards.union(elders), erased_at__isnull=True)
    return list(found.select_related("account").order_by("id"))


def claimant_for(person: Person, claimant_id: UUID, at: datetime) -> Person | None:
    """Somebody for whom this person may claim now: themselves, or one of those."""
    if claimant_id == person.id:
        return person
    return next((one for one in claims_for(person, at) if one.id == claimant_id), None)


def seen_by(person: Person, claim_id: UUID, at: datetime) -> Claim | None:
    """A claim that somebody may follow: their own, or of somebody for whom they may claim."""
    claim = Claim.objects.filter(pk=claim_id).only("claimant_id").first()
    claimant = claimant_for(person, claim.claimant_id, at) if claim is not None else None
    return visible_to(claimant, claim_id) if claimant is not None else None


def with_evidence(claim_id: UUID) -> Claim | None:
    """A claim as its reviewer sees it."""
    shown = Prefetch("evidence", queryset=Evidence.objects.select_related("photo", "station").order_by("position"))
    claims = Claim.objects.select_related("item__version", "claimant", "entered_by", "leased_by")
    return claims.filter(pk=claim_id).prefetch_related(shown, "findings", "appeals").first()


def photos_shown_by(person: Person) -> set[UUID]:
    """The photos of somebody's that show a claim."""
    shown = Evidence.objects.filter(photo__uploader=person)
    return {photo_id for photo_id in shown.values_list("photo", flat=True) if photo_id}


def open_count(person: Person) -> int:
    """How many of one's claims are not decided yet."""
    ended = (ClaimState.POSTED, ClaimState.REJECTED, ClaimState.UPHELD, ClaimState.WITHDRAWN, ClaimState.EXPIRED)
    return Claim.objects.filter(claimant=person).exclude(state__in=ended).count()


def objection_of(claim: Claim) -> Objection | None:
    """The last objection to a claim."""
    return claim.objections.order_by("-filed_at").first()


def upheld_objection_of(claim: Claim) -> Objection | None:
    """The last objection to a claim that was right."""
    return claim.objections.filter(result=ObjectionResult.UPHELD).order_by("-decided_at", "-id").first()


def contest_of(claim: Claim) -> Contest | None:
    """What its claimant says against that one, if they have said it; what they said against an earlier one is past."""
    upheld = upheld_objection_of(claim)
    return Contest.objects.filter(objection=upheld).first() if upheld is not None else None


def paid_by(claim: Claim) -> Posting | None:
    """The posting by which a claim was paid last: what came back of it, where it was taken back before."""
    came_back = claim.contests.filter(restored__isnull=False).order_by("-decided_at", "-id").first()
    return came_back.restored if came_back is not None else claim.posting


def theirs_by_now(claim_ids: Collection[UUID]) -> set[UUID]:
    """Of these claims those of which their claimant has said something since they were entered for them."""
    spoken = Claim.objects.filter(Q(round__gt=0) | Q(Exists(Contest.objects.filter(claim=OuterRef("pk")))))
    return set(spoken.filter(pk__in=claim_ids).values_list("pk", flat=True))


def can_be_appealed(claim: Claim, at: datetime) -> bool:
    """Whether it was refused, and its claimant may still not agree."""
    return claim.state == ClaimState.REJECTED and claim.appeal_until is not None and claim.appeal_until > at


def contest_until(claim: Claim, at: datetime) -> datetime | None:
    """Until when its claimant may still speak against an upheld objection; None where that is over or never was."""
    if claim.state != ClaimState.UPHELD or contest_of(claim) is not None:
        return None
    upheld = upheld_objection_of(claim)
    if upheld is None or upheld.decided_at is None or upheld.decided_at + APPEAL_FOR <= at:
        return None
    return upheld.decided_at + APPEAL_FOR


def contestable(claim_ids: Collection[UUID], at: datetime) -> set[UUID]:
    """Of these claims those of which `contest_until` names a time; two questions however many."""
    upheld = Objection.objects.filter(
        claim__in=claim_ids, claim__state=ClaimState.UPHELD, result=ObjectionResult.UPHELD
    )
    last = {one.claim_id: one for one in upheld.order_by("decided_at", "id")}
    heard = set(Contest.objects.filter(objection__in=last.values()).values_list("objection", flat=True))
    return {
        claim_id
        for claim_id, one in last.items()
        if one.id not in heard and one.decided_at is not None and one.decided_at + APPEAL_FOR > at
    }


@dataclass(frozen=True, slots=True)
class YearOfOne:
    """What somebody did in a year: for themselves alone."""

    # Deeds and points of each door.
    by_port: dict[str, tuple[int, int]]
    earned: int
    used: int
    lapsed: int


def year_of(person: Person, span: Span) -> YearOfOne:
    """Deeds and points of a person between two instants: what stands of what was awarded, given by hand or given
    back."""
    moved = Posting.objects.filter(person=person, posted_at__gte=span.begin, posted_at__lt=span.end)
    sums = {row["kind"]: row["points"] for row in moved.values("kind").annotate(points=Sum("points")).order_by()}
    ports = moved.filter(kind__in=EARNED).exclude(reversed_by__isnull=False)
    by_port = {
        row["item__port"]: (row["deeds"], row["points"])
        for row in ports.values("item__port").annotate(deeds=Count("id"), points=Sum("points")).order_by()
    }
    return YearOfOne(
        by_port=by_port, earned=sum(points for _deeds, points in by_port.values()), used=-sums.get(Kind.SPEND, 0),
        lapsed=-sums.get(Kind.EXPIRY, 0),
    )  # fmt: skip


def first_year(person: Person, now: datetime) -> int:
    """The year of somebody's first posting; this one before there is any."""
    first = Posting.objects.filter(person=person).order_by("posted_at").values_list("posted_at", flat=True).first()
    return local_date(first or now).year


def waiting_of_a_person(at: datetime) -> QuerySet[Claim]:
    """Claims of the person `OuterRef("pk")` of which it is not known yet what becomes of them."""
    return Claim.objects.filter(claimant=OuterRef("pk"), state__in=[*UNPAID, ClaimState.OBJECTION])
