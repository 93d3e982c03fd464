"""What the automatic checks look at, gathered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from huipai.grid import queries as grid
from huipai.grid.models import Residence
from huipai.grid.models.periods import in_force
from huipai.grid.words import Answer
from huipai.kit.coordinates import Point, distance_m
from huipai.photos.models import Photo
from huipai.photos.queries import looking
from huipai.points import rules
from huipai.points.models import Claim, ClaimStep, Evidence, Review
from huipai.points.queries.deeds import household_id, offer_of, tally
from huipai.points.rules import Offer
from huipai.points.rules.checking import ClaimFacts, Likeness, Picture, Scanned, names_a_day, says_something
from huipai.points.rules.reading import Read
from huipai.points.rules.sending import shown_by_roll, ways
from huipai.points.words import ClaimState, SecondReason, Shown, Verdict
from huipai.stations import queries as stations
from huipai.stations.models import Station
from huipai.stations.rules import OnSite, is_fresh, opening

_STILL_WAITS = (
    ClaimState.SUBMITTED, ClaimState.AUTO_CHECKED, ClaimState.SECOND_REVIEW, ClaimState.APPEALED, ClaimState.REVIEWED,
    ClaimState.PUBLICISED, ClaimState.OBJECTION,
)  # fmt: skip


def likenesses_of(claim: Claim) -> dict[UUID, Likeness]:
    """Of each photo of a claim that came before as another: which one. Pictures are opened for it: outside a lock."""
    shown = Photo.objects.filter(pk__in=claim.evidence.filter(photo__isnull=False).values("photo"))
    photos = list(shown.order_by("received_at", "pk"))
    found = {photo.id: _nearest(photo, claim, [one.id for one in photos]) for photo in photos}
    return {photo_id: one for photo_id, one in found.items() if one is not None}


def facts_of(
    claim: Claim, *, reads: Mapping[UUID, Read], alikes: Mapping[UUID, Likeness], can_read: bool
) -> ClaimFacts:  # fmt: skip
    """Everything that can be known about a claim without a person."""
    offer = offer_of(claim.item).worth(claim.worth)
    at_home_today, at_home_month = _pending_at_home(claim, offer)
    waiting_today, waiting_month, is_too_soon = _pending(claim, offer)
    evidence = list(Evidence.objects.filter(claim=claim).select_related("photo", "station").order_by("position"))
    appealed_at = claim.appeals.values_list("filed_at", flat=True).first()
    shown_at = {0: claim.received_at, 1: appealed_at or claim.received_at}
    pictures = tuple(_picture(one, claim, reads, alikes, shown_at[one.round]) for one in evidence if one.photo_id)
    own = Evidence.objects.filter(photo__uploader=claim.claimant).exclude(claim=claim)
    return ClaimFacts(
        received_at=claim.received_at, offer=offer,
        tally=tally(offer, subject=claim.subject_of_journal, person=claim.claimant, at=claim.received_at),
        pending_today=waiting_today, pending_month=waiting_month, pending_is_too_soon=is_too_soon,
        pending_at_home_today=at_home_today, pending_at_home_month=at_home_month,
        repeats=_repeats(claim, evidence), refusals=_refusals(claim),
        says_something=says_something(claim.note), ways=ways(claim.item.evidence),
        by_roll=shown_by_roll(claim.item.evidence), names_a_day=names_a_day(claim.note),
        pictures=pictures, scanned=_scanned(claim, evidence), own_pictures=own.count(), can_read=can_read,
    )  # fmt: skip


def _pending(claim: Claim, offer: Offer) -> tuple[int, int, bool]:
    """Points of this item that still wait, of today and of this month, and whether one of them is too near.

    Only what came in earlier counts: of two, the second is the one too many.
    """
    day, month = rules.local_day(claim.received_at), rules.local_month(claim.received_at)
    waiting = Claim.objects.filter(
        _earlier_than(claim), claimant_id=claim.claimant_id, item_code=claim.item_code, state__in=_STILL_WAITS
    )
    worth = [(one.received_at, one.worth) for one in waiting.select_related("item")]
    pause = timedelta(minutes=offer.cooldown_minutes)
    near = waiting.filter(received_at__gt=claim.received_at - pause)
    return _within(day, worth), _within(month, worth), bool(offer.cooldown_minutes) and near.exists()


def _within(span: rules.Span, worth: Iterable[tuple[datetime, int]]) -> int:
    return sum(points for at, points in worth if span.begin <= at < span.end)


def _pending_at_home(claim: Claim, offer: Offer) -> tuple[int, int]:
    """The same of those who live together, where the item is capped for a household: today and this month."""
    home = household_id(claim.claimant, claim.received_at)
    if home is None or (offer.household_day_cap is None and offer.household_month_cap is None):
        return 0, 0
    day, month = rules.local_day(claim.received_at), rules.local_month(claim.received_at)
    living = Residence.objects.filter(in_force(claim.received_at), household_id=home)
    waiting = Claim.objects.filter(
        _earlier_than(claim), item_code=claim.item_code, state__in=_STILL_WAITS, received_at__gte=month.begin,
        received_at__lt=month.end, claimant__in=living.values("person"),
    )  # fmt: skip
    worth = [(one.received_at, one.worth) for one in waiting.select_related("item")]
    return _within(day, worth), _within(month, worth)


def _earlier_than(claim: Claim) -> Q:
    """Of two that came in at the same instant one is the first all the same."""
    return Q(received_at__lt=claim.received_at) | Q(received_at=claim.received_at, pk__lt=claim.pk)


def _repeats(claim: Claim, evidence: list[Evidence]) -> int:
    """Earlier claims of the same item within the item's duplicate window: by anybody near by, or by the same person
    where one of the two says no place."""
    item = claim.item
    if not item.duplicate_minutes:
        return 0
    window = timedelta(minutes=item.duplicate_minutes)
    earlier = Claim.objects.filter(
        _earlier_than(claim), item_code=claim.item_code, received_at__gt=claim.received_at - window
    )
    earlier = earlier.exclude(state__in=(ClaimState.DRAFT, ClaimState.WITHDRAWN, ClaimState.EXPIRED))
    here = next((point for one in evidence if (point := _point(one))), None)
    if not item.duplicate_metres or here is None:
        return earlier.filter(claimant_id=claim.claimant_id).count()
    shown = Evidence.objects.filter(claim__in=earlier).select_related("photo", "station")
    placed = [(one.claim_id, there) for one in shown if (there := _point(one))]
    near = {claim_id for claim_id, there in placed if distance_m(here, there) <= item.duplicate_metres}
    own = earlier.filter(claimant_id=claim.claimant_id).exclude(pk__in=[claim_id for claim_id, _there in placed])
    return len(near) + own.count()


def _same_that_day(claim: Claim) -> QuerySet[Claim]:
    """What the same person has told of the same item on the same day in the same words, or with the same pictures.

    A photo shows one claim: the same picture comes again as another one of the same bytes.
    """
    that_day = Claim.objects.filter(
        claimant_id=claim.claimant_id, item_code=claim.item_code, local_date=claim.local_date
    ).exclude(pk=claim.pk)
    shown = Evidence.objects.filter(claim=claim, photo__isnull=False).values("photo__sha256")
    alike = Evidence.objects.filter(claim__in=that_day, photo__sha256__in=shown).values("claim")
    return that_day.filter(Q(subject=claim.subject) | Q(pk__in=alike))


def was_drawn(claim: Claim) -> bool:
    """Whether a second look is owed: the same deed was drawn before, or the last one of the item that was drawn was
    taken back before anybody looked, on whatever day, in whatever words."""
    drawn = Claim.objects.filter(
        claimant_id=claim.claimant_id, item_code=claim.item_code, second_reason=SecondReason.SAMPLED
    ).exclude(pk=claim.pk)
    last = drawn.order_by("-received_at", "-pk").first()
    if last is not None and _was_taken_back_unseen(last):
        return True
    return _same_that_day(claim).filter(second_reason=SecondReason.SAMPLED).exists()


def _was_taken_back_unseen(claim: Claim) -> bool:
    taken = ClaimStep.objects.filter(claim=claim, to_state=ClaimState.WITHDRAWN, from_state=ClaimState.SECOND_REVIEW)
    return taken.exists()


def _refusals(claim: Claim) -> int:
    """How often reviewers have said no to the same that day."""
    words = Review.objects.filter(claim__in=_same_that_day(claim), verdict=Verdict.REFUSED, undone_at=None)
    return words.count()


def _point(evidence: Evidence) -> Point | None:
    if evidence.station:
        return evidence.station.point
    claims = evidence.photo.claims if evidence.photo else None
    return Point(claims.lng, claims.lat) if claims and claims.lng is not None and claims.lat is not None else None


def _picture(
    evidence: Evidence, claim: Claim, reads: Mapping[UUID, Read], alikes: Mapping[UUID, Likeness], shown_at: datetime
) -> Picture:  # fmt: skip
    photo = evidence.photo
    assert photo is not None
    point = _point(evidence)
    inside = None if point is None else grid.locate(point, claim.received_at).answer != Answer.OUTSIDE
    return Picture(
        kind=Shown(evidence.kind), is_ready=photo.is_ready, is_unreadable=photo.is_unreadable,
        received_at=photo.received_at, shown_at=shown_at, taken_at=photo.claims.taken_at, is_inside=inside,
        same=_same_as(photo, claim), alike=alikes.get(photo.id), read=reads.get(photo.id),
    )  # fmt: skip


def _same_as(photo: Photo, claim: Claim) -> Likeness | None:
    """The very same bytes sent to this street before, in whatever, erased or not; somebody else's first."""
    before = Photo.objects.filter(sha256=photo.sha256, received_at__lte=photo.received_at).exclude(pk=photo.pk)
    own_evidence = Evidence.objects.filter(claim=claim).values("photo")
    found = before.exclude(pk__in=own_evidence).order_by("received_at", "pk").values_list("pk", "uploader")
    if not found:
        return None
    is_own = _owned(photo, claim)
    earlier = [(is_own(photo_id, uploader), photo_id) for photo_id, uploader in found]
    own, photo_id = min(earlier, key=lambda one: one[0])
    return Likeness(100, own, photo_id, _shown_in(photo_id))


def _nearest(photo: Photo, claim: Claim, beside: Collection[UUID]) -> Likeness | None:
    """The earlier picture of the street that this one is again, and the claim that it showed if it showed one."""
    found = looking.alike(photo, beside=beside, is_own=_owned(photo, claim))
    if found is None:
        return None
    return Likeness(found.percent, found.is_own, found.photo_id, _shown_in(found.photo_id))


def _owned(photo: Photo, claim: Claim) -> looking.IsOwn:
    """What showed a claim is its claimant's, whoever uploaded it: a helper or a clerk sends pictures for many."""
    of_others = Evidence.objects.filter(photo__uploader=photo.uploader_id).exclude(claim__claimant=claim.claimant_id)
    theirs = Evidence.objects.filter(claim__claimant=claim.claimant_id, photo__isnull=False)
    strange, known = set(of_others.values_list("photo", flat=True)), set(theirs.values_list("photo", flat=True))

    def is_own(photo_id: UUID, uploader_id: UUID) -> bool:
        return photo_id not in strange and (photo_id in known or uploader_id in (photo.uploader_id, claim.claimant_id))

    return is_own


def _shown_in(photo_id: UUID) -> UUID | None:
    return Evidence.objects.filter(photo=photo_id).values_list("claim", flat=True).first()


def _scanned(claim: Claim, evidence: list[Evidence]) -> Scanned | None:
    one = next((one for one in evidence if one.kind == Shown.ON_SITE_CODE), None)
    if one is None or one.station is None or one.code_shown_at is None:
        return None
    seen = OnSite(one.station.id, one.code_shown_at, "")
    return Scanned(one.code_shown_at, _was_open(one.station, one.code_shown_at), is_fresh(seen, now=claim.received_at))


def _was_open(station: Station, at: datetime) -> bool:
    """Whether the station's own hours say so; one without hours is open when its host is there."""
    week = [hours.span for hours in station.hours.all()]
    return not week or opening(week, at).is_open


def waits_for_copies(claim: Claim) -> bool:
    """Whether a photo of the claim has not been developed yet."""
    return any(
        not photo.is_ready and not photo.is_unreadable and photo.is_kept
        for photo in Photo.objects.filter(pk__in=claim.evidence.exclude(photo=None).values("photo"))
    )


def screenshots_of(claim: Claim) -> list[Photo]:
    """The screenshots of a claim that can be read."""
    shots = claim.evidence.filter(kind=Shown.SCREENSHOT).values("photo")
    return [photo for photo in Photo.objects.kept().filter(pk__in=shots) if photo.is_ready]


def came_in_at(claim: Claim) -> datetime:
    """Since when the look of the machine is waited for: the claim's, or that of its last appeal."""
    filed_at = max(claim.appeals.values_list("filed_at", flat=True), default=claim.received_at)
    return max(filed_at, claim.received_at)


def station_of(seen: OnSite, at: datetime) -> Station | None:
    """The station in service whose screen showed this code."""
    return stations.in_service(at).filter(pk=seen.station_id).first()
