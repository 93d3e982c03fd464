"""A person judges a claim. Two never judge the same one at once, and a decision can be taken back before it counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.kit.verdict import Invalid, Moved, NotAllowed, NotVisible, Refused
from huipai.people.models import Person
from huipai.points import policies, queries
from huipai.points.commands.claims import stepping
from huipai.points.models import Claim, Review
from huipai.points.rules import claiming
from huipai.points.words import (
    BATCH_MOST,
    LEASE_FOR,
    UNDO_FOR,
    ClaimAction,
    ClaimFact,
    ClaimPart,
    ClaimState,
    RefusalReason,
    Verdict,
)


class BeingLookedAt(Moved):
    code = "claim_being_looked_at"
    default_reason = _("这一条另一位正在看，先看下一条")


class JudgedAlready(Moved):
    code = "claim_judged_already"
    default_reason = _("这一条您已经审过了，接着看下一条")


class JudgedByAnother(Moved):
    code = "claim_judged_by_another"
    default_reason = _("这一条另一位刚审过了，不用再看")


class WantsALookAlone(Moved):
    code = "claim_wants_a_look_alone"
    default_reason = _("这一条到了二审或者申诉，请单独看")


class NotAsItWasSeen(Moved):
    code = "claim_not_as_seen"
    default_reason = _("这一条后来又往下走了，可能多了申诉的话和照片。请看过现在的样子再定")


class NoReason(Invalid):
    code = "claim_no_reason"
    default_reason = _("选一句告诉他为什么没通过")


class TooLateToUndo(Moved):
    code = "claim_too_late_to_undo"
    default_reason = _("已经生效了，撤不回来；有问题可以提异议")


class UndoneAlready(Moved):
    code = "claim_undone_already"
    default_reason = _("刚才已经撤回来了，请再看一遍")


class TooManyAtOnce(Invalid):
    code = "claim_too_many_at_once"
    default_reason = _("一次最多批 50 条，分几次批")


class NotClean(Moved):
    code = "claim_not_clean"
    default_reason = _("这一条不是全部检查都通过，请单独看")


@transaction.atomic
def lease(*, reviewer: Person, now: datetime, claim_id: UUID | None = None) -> Claim | None:
    """Take a claim to look at, so that nobody else is given it for ten minutes: the asked one, else the oldest free.

    What another reviewer holds is passed over, not waited for. None: nothing waits for this person.
    """
    policies.may_enter_reviews(reviewer, now).require()
    waiting = queries.waiting_for(reviewer, now)
    if claim_id is not None:
        waiting = waiting.filter(pk=claim_id)
    free = waiting.select_for_update(of=("self",), no_key=True, skip_locked=True)
    claim = free.first()
    if claim is None:
        return None
    held = Claim.objects.filter(leased_by=reviewer, leased_until__gt=now).exclude(pk=claim.pk)
    held.update(leased_by=None, leased_until=None)
    claim.leased_by, claim.leased_until = reviewer, now + LEASE_FOR
    claim.save(update_fields=["leased_by", "leased_until"])
    return claim


@transaction.atomic
def approve(*, claim_id: UUID, seen: str, reviewer: Person, now: datetime) -> Review:
    """Say yes to it as it was `seen` (its `standing`). Nothing follows for 20 seconds; then the neighbours see it, or a
    second reviewer. Twice is once."""
    return _judge(claim_id, seen, Verdict.APPROVED, None, reviewer, now)


@transaction.atomic
def refuse(
    *, claim_id: UUID, seen: str, reviewer: Person, reason: RefusalReason | None, now: datetime
) -> Review:  # fmt: skip
    """Say no, with the sentence that the claimant reads. Twice is once."""
    return _judge(claim_id, seen, Verdict.REFUSED, reason, reviewer, now)


@transaction.atomic
def refer(*, claim_id: UUID, seen: str, reviewer: Person, now: datetime) -> Review:
    """Say neither: somebody else looks. Twice is once."""
    return _judge(claim_id, seen, Verdict.REFERRED, None, reviewer, now)


@transaction.atomic
def undo(*, claim_id: UUID, reviewer: Person, now: datetime) -> Claim:
    """Take one's decision back, as long as nothing has followed from it; the claim is theirs to judge again."""
    claim = stepping.locked(claim_id)
    review = claim.reviews.filter(reviewer=reviewer, undone_at=None).order_by("-decided_at").first()
    if review is None:
        raise UndoneAlready if claim.reviews.filter(reviewer=reviewer).exists() else NotVisible
    if not claiming.allows(claim.state, ClaimAction.UNDO) or claim.undo_until is None or claim.undo_until <= now:
        raise TooLateToUndo
    if stepping.last_by(claim) != reviewer.id:
        raise TooLateToUndo
    review.undone_at = now
    review.save(update_fields=["undone_at"])
    claim.undo_until = None
    stepping.take(claim, ClaimAction.UNDO, part=ClaimPart.REVIEWER, actor=reviewer, now=now, fact=ClaimFact.UNDONE)
    return claim


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of one claim of a batch: approved, or why not."""

    claim_id: UUID
    refusal: Refused | None = None


def approve_all(*, claim_ids: Iterable[UUID], reviewer: Person, now: datetime) -> list[BatchResult]:
    """Say yes to several that passed every check, each by itself: one that cannot be approved holds up no other."""
    policies.may_enter_reviews(reviewer, now).require()
    wanted = list(dict.fromkeys(claim_ids))
    if len(wanted) > BATCH_MOST:
        raise TooManyAtOnce
    results = []
    for claim_id in wanted:
        try:
            _approve_clean(claim_id, reviewer, now)
        except Refused as refusal:
            results.append(BatchResult(claim_id, refusal))
        else:
            results.append(BatchResult(claim_id))
    return results


@transaction.atomic
def _approve_clean(claim_id: UUID, reviewer: Person, now: datetime) -> None:
    known = Review.objects.filter(claim=claim_id, reviewer=reviewer, verdict=Verdict.APPROVED, undone_at=None).exists()
    if not known and not queries.clean(reviewer, now).filter(pk=claim_id).exists():
        raise _why_not_together(claim_id, reviewer, now)
    approve(claim_id=claim_id, seen=CLEAN, reviewer=reviewer, now=now)


def _why_not_together(claim_id: UUID, reviewer: Person, now: datetime) -> Refused:
    """Why this one cannot be approved with others, as it is: judged meanwhile, too close, looked at, or to be read."""
    claim = Claim.objects.select_related("claimant").filter(pk=claim_id).first()
    if claim is None:
        return NotVisible()
    if claim.state not in claiming.TO_REVIEW:
        mine = claim.reviews.filter(reviewer=reviewer, undone_at=None).exists()
        return JudgedAlready() if mine else JudgedByAnother()
    verdict = policies.may_review(reviewer, claim, now)
    if not verdict:
        return NotAllowed(verdict.reason, code=verdict.code)
    if claim.is_leased_to_another(reviewer, now):
        return BeingLookedAt()
    return NotClean() if claim.state == ClaimState.AUTO_CHECKED else WantsALookAlone()


# How those stand that are approved together.
CLEAN: Final = f"{ClaimState.AUTO_CHECKED}:0"
# What follows from each word.
_FOLLOWS: Final = {
    Verdict.APPROVED: (ClaimAction.APPROVE, ClaimFact.APPROVED),
    Verdict.REFUSED: (ClaimAction.REFUSE, ClaimFact.REFUSED),
    Verdict.REFERRED: (ClaimAction.REFER, ClaimFact.REFERRED),
}


def _judge(
    claim_id: UUID, seen: str, verdict: Verdict, reason: RefusalReason | None, reviewer: Person, now: datetime
) -> Review:  # fmt: skip
    """A word on the claim, if this person may judge it and nobody else is looking at it; the same twice is one."""
    claim = stepping.locked(claim_id)
    policies.may_enter_reviews(reviewer, now).require()
    if claim.state not in claiming.TO_REVIEW:
        mine = claim.reviews.filter(reviewer=reviewer, undone_at=None).order_by("-decided_at").first()
        if mine is not None and (mine.verdict, mine.reason) == (verdict, reason or ""):
            return mine
        if mine is not None:
            raise JudgedAlready
    policies.may_review(reviewer, claim, now).require()
    if claim.is_leased_to_another(reviewer, now):
        raise BeingLookedAt
    action, fact = _FOLLOWS[verdict]
    claiming.step(claim.state, action)
    if claim.standing != seen:
        raise NotAsItWasSeen
    if verdict == Verdict.REFUSED and reason is None:
        raise NoReason(field="reason")
    review = Review.objects.create(
        claim=claim, round=claim.round, claimant_id=claim.claimant_id, reviewer=reviewer, verdict=verdict,
        reason=reason or "", decided_at=now,
    )  # fmt: skip
    claim.undo_until = now + UNDO_FOR
    stepping.take(
        claim, action, part=ClaimPart.REVIEWER, actor=reviewer, now=now, fact=fact, reason=reason or "",
        facts={"review": str(review.id), "round": claim.round},
    )  # fmt: skip
    return review
