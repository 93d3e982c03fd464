"""What time brings to a claim: a decision takes effect, the publicity ends, points are posted, screenshots go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from huipai.kit import chance
from huipai.people.models import Person
from huipai.points.commands.awarding import award
from huipai.points.commands.claims import stepping
from huipai.points.models import Claim, Review
from huipai.points.queries.claims.facts import was_drawn
from huipai.points.queries.claims.queue import reviews_of
from huipai.points.queries.closing import closing
from huipai.points.rules.deciding import Outlook, outlook, public_until, second_reason
from huipai.points.rules.measuring import measured_of
from huipai.points.words import (
    APPEAL_FOR,
    OBJECT_FOR,
    SAMPLE_OF,
    ClaimAction,
    ClaimFact,
    ClaimPart,
    ClaimSource,
    ClaimState,
    SecondReason,
    Verdict,
    Why,
)

Pick = Callable[[int], int]


@transaction.atomic
def take_effect(*, claim_id: UUID, now: datetime, pick: Pick = chance.below) -> Claim | None:
    """Let what was decided count, once the time to take it back is over; None if that is not so, or no more.

    A large, manual, sampled or referred claim goes to a second reviewer, on an appeal too; what was refused to its
    claimant, the rest into public.
    """
    claim = stepping.locked(claim_id)
    if claim.state != ClaimState.REVIEWED or claim.undo_until is None or claim.undo_until > now:
        return None
    claim.undo_until = None
    reviews = list(reviews_of(claim.id))
    words = [review for review in reviews if review.round == claim.round]
    _second_reason(claim, words, pick)
    second = {"second": claim.second_reason}
    before = [review.verdict for review in reviews if review.round < claim.round]
    match outlook(verdicts=[review.verdict for review in words], before=before, second=claim.second_reason):
        case Outlook.ASK_ANOTHER:
            stepping.take(
                claim, ClaimAction.ASK_SECOND, part=ClaimPart.SYSTEM, actor=None, now=now,
                fact=ClaimFact.SECOND_ASKED, reason=claim.second_reason, facts=second,
            )  # fmt: skip
        case Outlook.REFUSED:
            _reject(claim, ClaimAction.REJECT, ClaimFact.REJECTED, words[-1].reason, now, second)
        case Outlook.APPROVED if _is_over_before(public_until(now)):
            # No name stands in public for what is not paid any more.
            _reject(claim, ClaimAction.LEAVE_UNPAID, ClaimFact.UNPAID, Why.WOUND_DOWN.value, now, second)
        case Outlook.APPROVED:
            claim.public_until, claim.evidence_until = public_until(now), None
            stepping.take(
                claim, ClaimAction.PUBLICISE, part=ClaimPart.SYSTEM, actor=None, now=now, fact=ClaimFact.PUBLICISED,
                facts=second,
            )  # fmt: skip
    return claim


def _is_over_before(at: datetime) -> bool:
    """Whether the last day on which points can be exchanged has passed by then."""
    end = closing()
    return end is not None and end.redeem_until <= at


def _second_reason(claim: Claim, words: list[Review], pick: Pick) -> None:
    """Why this claim wants a second pair of eyes; drawn once, when the first word on it counts.

    What was drawn and taken back stays drawn when it comes again: sending it anew is no way past the draw.
    """
    if claim.second_reason:
        return
    if claim.round:
        # An appeal is drawn for nothing: only whoever gets it may ask for another look.
        is_referred = Verdict.REFERRED in [review.verdict for review in words]
        claim.second_reason = SecondReason.REFERRED if is_referred else ""
        return
    is_drawn = len(words) == 1 and (was_drawn(claim) or pick(SAMPLE_OF) == 0)
    reason = second_reason(
        is_manual=claim.source == ClaimSource.STAFF, points=claim.item.points, levels=claim.item.review_levels,
        is_drawn=is_drawn, verdicts=[review.verdict for review in words],
    )  # fmt: skip
    claim.second_reason = reason or ""


def _reject(
    claim: Claim, action: ClaimAction, fact: ClaimFact, reason: str, now: datetime, facts: Mapping[str, object]
) -> None:
    claim.reason = reason
    may_appeal = claim.round == 0 and action == ClaimAction.REJECT
    claim.appeal_until = now + APPEAL_FOR if may_appeal else None
    claim.evidence_until = now + APPEAL_FOR
    claim.public_until = None
    stepping.take(claim, action, part=ClaimPart.SYSTEM, actor=None, now=now, fact=fact, reason=reason, facts=facts)


@transaction.atomic
def post(*, claim_id: UUID, now: datetime) -> Claim | None:
    """Post the points of a claim whose publicity has ended without an objection; None if that is not so.

    By the version in force when the server received the deed (ruling 20). Where a cap has filled up meanwhile,
    nothing is posted, and the claim says which.
    """
    claim = stepping.locked(claim_id)
    if claim.state != ClaimState.PUBLICISED or claim.public_until is None or claim.public_until > now:
        return None
    outcome = award(
        item_code=claim.item_code, subject=claim.subject_of_journal, person=claim.claimant,
        received_at=claim.received_at, actor=_who_decided(claim), now=now, measured=measured_of(claim.measured),
    )  # fmt: skip
    if outcome.posting is None or outcome.why not in (Why.POSTED, Why.ALREADY):
        _reject(claim, ClaimAction.LEAVE_UNPAID, ClaimFact.UNPAID, outcome.why.value, now, {})
        return claim
    claim.posting, claim.object_until = outcome.posting, now + OBJECT_FOR
    claim.evidence_until = now + OBJECT_FOR
    stepping.take(
        claim, ClaimAction.POST, part=ClaimPart.SYSTEM, actor=None, now=now, fact=ClaimFact.POSTED,
        facts={"posting": str(outcome.posting.id), "points": outcome.posting.points},
    )  # fmt: skip
    return claim


def _who_decided(claim: Claim) -> Person:
    last = reviews_of(claim.id).select_related("reviewer").last()
    assert last is not None
    return last.reviewer


@transaction.atomic
def expire(*, claim_id: UUID, now: datetime) -> Claim | None:
    """Let go of a draft that nobody sent for a week; None if it was sent or kept again."""
    claim = stepping.locked(claim_id)
    if claim.state != ClaimState.DRAFT or claim.evidence_until is None or claim.evidence_until > now:
        return None
    stepping.take(claim, ClaimAction.EXPIRE, part=ClaimPart.SYSTEM, actor=None, now=now, fact=ClaimFact.EXPIRED)
    return claim


def resumed_until(paused_since: datetime, until: datetime | None, now: datetime) -> datetime:
    """The end of a time for neighbours that stood still while an objection was open."""
    left = (until - paused_since) if until else timedelta(0)
    return now + max(left, timedelta(0))
