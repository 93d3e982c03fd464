"""A claimant does not agree with an objection that was upheld: once each, heard by somebody with no hand in it before.

If they are right, what was taken back comes back; where nothing had been posted yet, it is shown in public once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Moved, NotVisible
from huipai.people.models import Person
from huipai.points import policies, queries
from huipai.points.commands.claims import stepping
from huipai.points.commands.claims.answering import AppealSaysNothing, AppealTooLong
from huipai.points.commands.claims.settling import resumed_until
from huipai.points.commands.restoring import give_back
from huipai.points.models import Claim, Contest
from huipai.points.queries.claims import own
from huipai.points.rules.deciding import public_until
from huipai.points.words import (
    APPEAL_FOR,
    LONGEST_NOTE,
    OBJECT_FOR,
    ClaimAction,
    ClaimFact,
    ClaimPart,
    ClaimState,
    ContestResult,
    ReversalReason,
)


class NothingToContest(Moved):
    code = "claim_nothing_to_contest"
    default_reason = _("异议成立的申报才能这样申诉；还有话说可以打给社区")


class TooLateToContest(Moved):
    code = "claim_too_late_to_contest"
    default_reason = _("申诉的 7 天已经过了，或者已经申诉过一次；还有话说可以打给社区")


class ContestDecided(Moved):
    code = "contest_decided"
    default_reason = _("这条申诉已经定了")


class ClaimedAnew(Moved):
    code = "contest_claimed_anew"
    default_reason = _("同一件事后来又报了一条，看那一条；这一条不能再公示、再记分")


@transaction.atomic
def contest(*, claim_id: UUID, actor: Person, text: str, now: datetime) -> Contest:
    """Say that the last objection was not right, once, in seven days; by whose claim it is, or who claims for them."""
    if own.seen_by(actor, claim_id, now) is None:
        raise NotVisible
    return _contest(stepping.locked(claim_id), actor, text, now)


@transaction.atomic
def contest_at_counter(*, claim_id: UUID, hand: Person, text: str, now: datetime) -> Contest:
    """The same, said at the counter by somebody who has no account, and written down by staff (decision 0107)."""
    claim = stepping.locked(claim_id)
    policies.may_speak_for(hand, claim, now).require()
    return _contest(claim, hand, text, now)


def _contest(claim: Claim, actor: Person, text: str, now: datetime) -> Contest:
    said = as_seen(text)
    if not said:
        raise AppealSaysNothing(field="text")
    if len(said) > LONGEST_NOTE:
        raise AppealTooLong(field="text")
    objection = own.upheld_objection_of(claim)
    stored = own.contest_of(claim)
    if stored is not None and stored.text == said:
        return stored
    if stored is None and (claim.state != ClaimState.UPHELD or objection is None or objection.decided_at is None):
        raise NothingToContest
    if stored is not None or objection is None or now >= objection.decided_at + APPEAL_FOR:  # type: ignore[operator]
        raise TooLateToContest
    one = Contest.objects.create(
        claim=claim, objection=objection, claimant_id=claim.claimant_id, filed_by=actor, filed_at=now, text=said
    )
    claim.evidence_until = None
    claim.save(update_fields=["evidence_until"])
    facts = {"contest": str(one.id), "objection": str(objection.id)}
    _record(ClaimFact.CONTESTED, claim, actor, now, facts)
    return one


@transaction.atomic
def grant(*, contest_id: UUID, judge: Person, now: datetime) -> Contest:
    """The claimant is right: the points come back and the claim stands as before, open to neighbours for what was left
    of their time; or it is shown in public once more. Twice by one is once.

    After the end of the scheme too: what comes back pays what is owed, the rest has ended with all points, and what
    was never paid is said to be right and not shown again; nor is it where whoever claimed it has left.
    """
    one, claim = _open(contest_id, judge, now)
    if one.result == ContestResult.GRANTED and one.decided_by_id == judge.id:
        return one
    _require_undecided(one)
    posting = own.paid_by(claim)
    reversal = queries.reversal_of(posting.id) if posting is not None else None
    # Nothing comes back where everything had lapsed before the objection was upheld, nor what others had taken before.
    is_of_this = reversal is not None and reversal.reason == ReversalReason.OBJECTION_UPHELD
    if posting is not None and reversal is not None and is_of_this and reversal.points:
        one.restored_id = give_back(posting, reversal, subject=one.subject, actor=judge, now=now)
    _decide(one, ContestResult.GRANTED, judge, now)
    facts = {"contest": str(one.id), "restored": str(one.restored_id) if one.restored_id else None}
    _record(ClaimFact.CONTEST_GRANTED, claim, judge, now, facts)
    if posting is not None:
        _restore(claim, one, judge, now)
        return one
    if not _is_over(now) and claim.claimant.erased_at is None:
        _show_again(claim, now)
        return one
    claim.evidence_until = now + OBJECT_FOR
    claim.save(update_fields=["evidence_until"])
    return one


@transaction.atomic
def dismiss(*, contest_id: UUID, judge: Person, now: datetime) -> Contest:
    """The objection stands."""
    one, claim = _open(contest_id, judge, now)
    if one.result == ContestResult.DISMISSED and one.decided_by_id == judge.id:
        return one
    _require_undecided(one)
    _decide(one, ContestResult.DISMISSED, judge, now)
    claim.evidence_until = now + OBJECT_FOR
    claim.save(update_fields=["evidence_until"])
    _record(ClaimFact.CONTEST_DISMISSED, claim, judge, now, {"contest": str(one.id)})
    return one


def _is_over(now: datetime) -> bool:
    """Whether nothing is paid any more: neighbours need not look at what comes to nothing."""
    end = queries.closing()
    return end is not None and now >= end.redeem_until


def _restore(claim: Claim, one: Contest, judge: Person, now: datetime) -> None:
    """It stands as posted again; while the objection was open, and upheld, no other was heard."""
    claim.object_until = resumed_until(one.objection.filed_at, claim.object_until, now)
    claim.evidence_until = claim.object_until
    with _nothing_claimed_anew():
        stepping.take(
            claim, ClaimAction.RESTORE, part=ClaimPart.REVIEWER, actor=judge, now=now, fact=ClaimFact.RESTORED
        )


def _show_again(claim: Claim, now: datetime) -> None:
    """Nothing had been posted: its days in public begin anew, and what is posted comes at their end."""
    claim.public_until, claim.evidence_until = public_until(now), None
    with _nothing_claimed_anew():
        stepping.take(
            claim, ClaimAction.PUBLICISE, part=ClaimPart.SYSTEM, actor=None, now=now, fact=ClaimFact.PUBLICISED
        )


@contextmanager
def _nothing_claimed_anew() -> Iterator[None]:
    """Refuse where the same deed stands already in a claim of its own."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as twice:
        if "points_one_claim_an_item_day_and_subject" not in str(twice):
            raise
        raise ClaimedAnew from twice


def _open(contest_id: UUID, judge: Person, now: datetime) -> tuple[Contest, Claim]:
    """The word and its claim, locked, if this person may decide it."""
    found = Contest.objects.filter(pk=contest_id).first()
    if found is None:
        raise NotVisible
    claim = stepping.locked(found.claim_id)
    with_people = Contest.objects.select_related(
        "claim__claimant", "claim__entered_by", "filed_by", "objection__objector", "objection__sent_by",
        "objection__decided_by", "objection__claim__claimant", "objection__claim__entered_by",
    )  # fmt: skip
    one = with_people.get(pk=contest_id)
    policies.may_hear_contest(judge, one, now).require()
    return one, claim


def _require_undecided(one: Contest) -> None:
    if one.result:
        raise ContestDecided


def _decide(one: Contest, result: ContestResult, judge: Person, now: datetime) -> None:
    one.result, one.decided_by, one.decided_at = result, judge, now
    one.save(update_fields=["result", "decided_by", "decided_at", "restored"])


def _record(what: ClaimFact, claim: Claim, actor: Person, now: datetime, facts: Mapping[str, str | None]) -> None:
    journal.record(what=what, subject=claim.subject_of_journal, actor_id=actor.id, now=now, facts=facts)
