"""Points that are asked back, as their desk and their receiver read them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from huipai.grid import queries as grid
from huipai.grid.models import Family, Residence
from huipai.grid.models.periods import in_force
from huipai.grid.words import TIES_LAST
from huipai.people import queries as people
from huipai.people.models import Person
from huipai.people.rules import local_date, may_be_under_age
from huipai.people.words import ProxyScope
from huipai.points.models import Claim, Contest, Correction, Posting
from huipai.points.queries.deeds import reversal_of
from huipai.points.words import APPEAL_FOR, EARNED, ClaimState, CorrectionState, Kind

_GONE: Final = (CorrectionState.DECLINED, CorrectionState.WITHDRAWN)
_WAITING: Final = (CorrectionState.PROPOSED, CorrectionState.APPEALED)
_EVER: Final = datetime(2000, 1, 1, tzinfo=UTC)


def corrections(*, waiting: bool) -> QuerySet[Correction]:
    """Those that wait for somebody, oldest first; or those that are decided, newest first."""
    if waiting:
        return _all().filter(state__in=_WAITING).order_by("proposed_at", "id")
    return _all().exclude(state__in=_WAITING).order_by("-decided_at", "-id")


def _all() -> QuerySet[Correction]:
    return Correction.objects.select_related(
        "person", "household", "posting__item__version", "proposed_by", "decided_by", "heard_by", "reversal"
    )


def living_correction(posting: Posting) -> Correction | None:
    """The one that a posting has or had; those that were declined or taken back leave it as it was."""
    return Correction.objects.filter(posting=posting).exclude(state__in=_GONE).first()


def taken_back(posting_ids: Iterable[UUID | None]) -> dict[UUID | None, Correction]:
    """Of these postings those that were asked back and taken back, by posting; also where an appeal was right."""
    asked = [id for id in posting_ids if id is not None]
    if not asked:
        return {}
    found = Correction.objects.filter(posting__in=asked, reversal__isnull=False).exclude(state__in=_GONE)
    return {one.posting_id: one for one in found}


def correction_behind(posting: Posting) -> Correction | None:
    """The correction of which this posting is the reversal, or what came back after its appeal."""
    found = Correction.objects.select_related("proposed_by", "decided_by", "heard_by")
    if posting.kind == Kind.REVERSAL:
        return found.filter(reversal=posting).first()
    return found.filter(restored=posting).first() if posting.kind == Kind.GRANT else None


def came_back_of(posting: Posting) -> Posting | None:
    """The reversal of which this posting gives the points back, after an appeal or a contest; None of any other."""
    if posting.kind != Kind.GRANT:
        return None
    if (correction := correction_behind(posting)) is not None:
        return correction.reversal
    heard = Contest.objects.filter(restored=posting).select_related("claim").first()
    if heard is None:
        return None
    paid = Posting.objects.filter(Q(pk=heard.claim.posting_id) | Q(pk__in=heard.claim.contests.values("restored")))
    before = paid.filter(posted_at__lt=posting.posted_at).order_by("-posted_at", "-id").first()
    return reversal_of(before.pk) if before is not None else None


def correction_for(reader: Person, correction_id: UUID, at: datetime) -> Correction | None:
    """What was taken back from this reader, or from somebody for whom they may claim."""
    one = _all().filter(pk=correction_id, reversal__isnull=False).first()
    return one if one is not None and speaks_for(reader, one, at) else None


def owners_of(posting: Posting, at: datetime) -> list[UUID]:
    """Whose points a posting is: a person, or whoever lives in the household, or did of late, since it earned them."""
    if posting.person_id is not None:
        return [posting.person_id]
    lately = Q(valid_until=None) | Q(valid_until__gt=at - TIES_LAST)
    lives = Residence.objects.filter(lately, household=posting.household_id, valid_from__lte=at)
    return list(lives.order_by("person_id").values_list("person_id", flat=True).distinct())


def has_left(posting: Posting) -> bool:
    """Whether the family that earned this for its household has left it to others: it ended with them."""
    if posting.household_id is None:
        return False
    return not grid.is_of_those_living(posting.household_id, posting.posted_at)


def left_before(household_id: UUID, at: datetime) -> list[UUID]:
    """The grown-ups of the family that had left a home when the one began that lives there now."""
    families = Family.objects.filter(household=household_id).order_by("-began_at")
    began, since = [*families.values_list("began_at", flat=True)[:2], _EVER, _EVER][:2]
    gone = Residence.objects.filter(household=household_id, valid_from__gte=since, valid_until__lte=began)
    stays = gone.exclude(valid_until=F("valid_from")).select_related("person")
    return sorted({one.person_id for one in stays if not may_be_under_age(one.person.born_by, local_date(at))})


def hear_of(correction: Correction, at: datetime) -> list[UUID]:
    """The grown-ups of the household whose points were taken back; nobody where others live there now."""
    if correction.household_id is None or has_left(correction.posting):
        return []
    homes = Residence.objects.filter(in_force(at), household=correction.household_id).select_related("person")
    return sorted(one.person_id for one in homes if not may_be_under_age(one.person.born_by, local_date(at)))


def speaks_for(actor: Person, correction: Correction, at: datetime) -> bool:
    """Whether somebody may answer for these points: whose they are, who may claim for them, a grown-up of the home."""
    if correction.person_id is not None:
        return acts_for(actor, correction.person_id, at)
    return actor.id in hear_of(correction, at)


def answering_for(correction: Correction, at: datetime) -> list[Person]:
    """Whose points these were: the person, or the grown-ups of the home."""
    theirs = [correction.person_id] if correction.person_id is not None else hear_of(correction, at)
    return list(Person.objects.filter(pk__in=theirs, erased_at=None).order_by("pk"))


def taken_from(person: Person, at: datetime) -> list[Correction]:
    """What was taken back from somebody, or from their home, and may still be spoken against; the latest first."""
    home = grid.household_of(person, at)
    theirs = Q(person=person) if home is None else Q(person=person) | Q(household=home)
    found = _all().filter(theirs, state=CorrectionState.APPROVED, decided_at__gt=at - APPEAL_FOR)
    return [one for one in found.order_by("-decided_at", "-id") if speaks_for(person, one, at)]


def acts_for(actor: Person, person_id: UUID, at: datetime) -> bool:
    """Whether these are one's own points, or those of somebody for whom one may claim and so appeal."""
    return actor.id == person_id or actor.id in people.acting_for(ProxyScope.CLAIM, at).get(person_id, ())


def earned_by(person: Person, at: datetime) -> QuerySet[Posting]:
    """What somebody got, and their household together, newest first, as it stands before whoever is to ask it back."""
    home = grid.household_of(person, at)
    theirs = Q(person=person)
    if home is not None:
        theirs |= Q(household=home, posted_at__gte=grid.family_since(home.pk) or _EVER)
    was_reversed = Exists(Posting.objects.filter(reverses=OuterRef("pk")))
    living = Correction.objects.exclude(state__in=_GONE)
    found = Posting.objects.filter(theirs, kind__in=EARNED).annotate(was_reversed=was_reversed)
    return (
        found.select_related("item__version")
        .prefetch_related(Prefetch("corrections", living, to_attr="living"))
        .order_by("-posted_at", "-id")
    )


def corrections_waiting() -> int:
    return Correction.objects.filter(state__in=_WAITING).count()


def not_correctable(posting: Posting, at: datetime) -> str:
    """Why this cannot be asked back, in a sentence; empty if it can.

    Points of a claim are objected to, as long as anybody may; what is found later is asked back like any others.
    """
    if posting.kind not in EARNED:
        return _("只有挣来的分可以退回")
    if posting.subject.startswith((Correction.SUBJECT, "contest:")):
        return _("这是申诉成立补回来的分，已经由第三位定过")
    if reversal_of(posting.id) is not None:
        return _("这一笔已经退回了")
    if has_left(posting):
        return _("那一家已经搬走，他们的分和欠的分都随着了结，不用退")
    heard = Q(object_until__gt=at) | Q(state=ClaimState.OBJECTION)
    if Claim.objects.filter(heard, posting=posting).exists():
        return _("这是申报记的分，有疑问在公示里提异议，异议成立会退回")
    return ""
