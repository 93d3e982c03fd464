"""The claimant's side after sending: take it back, or not agree with a refusal; at the counter by the hand of staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person
from huipai.points import policies
from huipai.points.commands.claims import stepping, submitting
from huipai.points.models import Appeal, Claim
from huipai.points.queries.claims import own
from huipai.points.rules.sending import TooManyEvidencePhotos, picture_kinds, shown_of
from huipai.points.words import (
    LONGEST_NOTE,
    MOST_EVIDENCE_PHOTOS,
    ClaimAction,
    ClaimFact,
    ClaimPart,
    ClaimSource,
    ClaimState,
)


class AppealSaysNothing(Invalid):
    code = "appeal_says_nothing"
    default_reason = _("写一句哪里看错了，另一位会重新看")


class AppealTooLong(Invalid):
    code = "appeal_too_long"
    default_reason = _("写得太长了，最多 300 个字")


class TooLateToAppeal(Moved):
    code = "claim_too_late_to_appeal"
    default_reason = _("申诉的 7 天已经过了，或者已经申诉过一次；还有话说可以打给社区")


class AppealedAlready(Moved):
    code = "claim_appealed_already"
    default_reason = _("申诉已经收到了，在等另一位看；这次加的照片没有收下，要补照片请打给社区")


class TheirsByNow(Moved):
    code = "claim_theirs_by_now"
    default_reason = _("本人已经申诉过，登记的人不能再撤回；要撤回，请本人来")


class NothingToAppeal(Moved):
    code = "claim_nothing_to_appeal"
    default_reason = _("没有通过的申报才能申诉；还有话说可以打给社区")


@transaction.atomic
def withdraw(*, claim_id: UUID, actor: Person, now: datetime) -> Claim:
    """Take one's claim back, or that of somebody one may claim for, while nothing is paid. Its screenshots go too.

    Twice is once.
    """
    claim = _own(claim_id, actor, now)
    is_entry = claim.source == ClaimSource.STAFF and claim.entered_by_id == actor.id
    return _withdraw(claim, ClaimPart.ENTERER if is_entry else _part(claim, actor), actor, now)


@transaction.atomic
def withdraw_entry(*, claim_id: UUID, enterer: Person, now: datetime) -> Claim:
    """Take back what one has entered wrongly for somebody at the counter, while nothing is paid.

    Refuses once the claimant has spoken themselves: what they say is theirs. Twice is once.
    """
    claim = stepping.locked(claim_id)
    if claim.source != ClaimSource.STAFF or claim.entered_by_id != enterer.id:
        raise NotVisible
    if claim.state != ClaimState.WITHDRAWN:
        policies.may_enter_claims(enterer, now).require()
    if own.theirs_by_now([claim.id]):
        raise TheirsByNow
    return _withdraw(claim, ClaimPart.ENTERER, enterer, now)


def _withdraw(claim: Claim, part: ClaimPart, actor: Person, now: datetime) -> Claim:
    if claim.state == ClaimState.WITHDRAWN and stepping.last_by(claim) == actor.id:
        return claim
    claim.public_until, claim.undo_until, claim.evidence_until = None, None, now
    stepping.take(claim, ClaimAction.WITHDRAW, part=part, actor=actor, now=now, fact=ClaimFact.WITHDRAWN)
    return claim


@transaction.atomic
def appeal(
    *, claim_id: UUID, actor: Person, text: str, photo_ids: tuple[UUID, ...], now: datetime,
    screenshot_ids: frozenset[UUID] = frozenset(),
) -> Appeal:  # fmt: skip
    """Have a refused claim looked at once more, by somebody who has not seen it; once, within seven days.

    The same sent again is the same appeal; a photo that was not with it is not swallowed, but refused.
    """
    claim = _own(claim_id, actor, now)
    return _appeal(claim, _part(claim, actor), actor, Said(text, photo_ids, screenshot_ids), now)


@transaction.atomic
def appeal_at_counter(
    *, claim_id: UUID, hand: Person, text: str, photo_ids: tuple[UUID, ...], now: datetime,
    screenshot_ids: frozenset[UUID] = frozenset(),
) -> Appeal:  # fmt: skip
    """The same, said at the counter by somebody who has no account, and written down by staff; what shows it is a
    picture that they took. Whoever wrote it down judges nothing of it (decision 0107)."""
    claim = stepping.locked(claim_id)
    policies.may_speak_for(hand, claim, now).require()
    return _appeal(claim, ClaimPart.ENTERER, hand, Said(text, photo_ids, screenshot_ids), now)


@dataclass(frozen=True, slots=True)
class Said:
    """What is said against a refusal, and the pictures that show it."""

    text: str
    photo_ids: tuple[UUID, ...]
    screenshot_ids: frozenset[UUID]


def _appeal(claim: Claim, part: ClaimPart, actor: Person, told: Said, now: datetime) -> Appeal:
    said, photo_ids = as_seen(told.text), told.photo_ids
    if not said:
        raise AppealSaysNothing(field="text")
    if len(said) > LONGEST_NOTE:
        raise AppealTooLong(field="text")
    if len(set(photo_ids)) > MOST_EVIDENCE_PHOTOS:
        raise TooManyEvidencePhotos(field="photos")
    stored = claim.appeals.first()
    if stored is not None and stored.text == said:
        if not claim.evidence.filter(round=1, photo__in=photo_ids).count() == len(set(photo_ids)):
            raise AppealedAlready(field="photos")
        return stored
    if stored is None and claim.state != ClaimState.REJECTED:
        raise NothingToAppeal
    if claim.appeal_until is None or claim.appeal_until <= now or stored is not None:
        raise TooLateToAppeal
    made = Appeal.objects.create(claim=claim, filed_by=actor, text=said, filed_at=now)
    claim.round, claim.reason, claim.appeal_until, claim.evidence_until = 1, "", None, None
    kinds = picture_kinds(claim.item.evidence, photo_ids, told.screenshot_ids)
    submitting.attach(claim, kinds, by=actor)
    stepping.take(
        claim, ClaimAction.APPEAL, part=part, actor=actor, now=now, fact=ClaimFact.APPEALED,
        facts={"shown": shown_of(kinds), **({"at_counter": True} if part == ClaimPart.ENTERER else {})},
    )  # fmt: skip
    return made


def _own(claim_id: UUID, actor: Person, now: datetime) -> Claim:
    if own.seen_by(actor, claim_id, now) is None:
        raise NotVisible
    return stepping.locked(claim_id)


def _part(claim: Claim, actor: Person) -> ClaimPart:
    return ClaimPart.CLAIMANT if actor.id == claim.claimant_id else ClaimPart.HELPER
