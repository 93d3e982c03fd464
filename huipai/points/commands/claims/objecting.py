"""A neighbour objects to what is in public; somebody who has not judged it decides."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person
from huipai.points import policies, queries
from huipai.points.commands.claims import stepping
from huipai.points.commands.claims.settling import resumed_until
from huipai.points.commands.reversing import take_back
from huipai.points.models import Claim, Objection
from huipai.points.queries.claims import own
from huipai.points.rules import claiming
from huipai.points.words import (
    LONGEST_NOTE,
    OBJECT_FOR,
    ClaimAction,
    ClaimFact,
    ClaimPart,
    ClaimState,
    ObjectionReason,
    ObjectionResult,
    ReversalReason,
)


class NothingSaid(Invalid):
    code = "objection_without_reason"
    default_reason = _("选一句最像的，说说哪里不对")


class ObjectedAlready(Moved):
    code = "objected_already"
    default_reason = _("这一条已经有异议在办，结果会写在这里")


class TooLateToObject(Moved):
    code = "claim_too_late_to_object"
    default_reason = _("公示和记分后 14 天都过了，有疑问请找社区")


class ObjectionTooLong(Invalid):
    code = "objection_too_long"
    default_reason = _("写得太长了，最多 300 个字")


class NotTheirObjectionHelper(Invalid):
    """Nobody's elder, an ended permission, one of another scope, a child of others: one sentence for all."""

    code = "objection_not_their_helper"
    default_reason = _("现在不能替这一位提异议。请对方在“请家人代办”里再请您一次，或者选“我自己”")


class ObjectionDecided(Moved):
    code = "objection_decided"
    default_reason = _("这条异议已经定了")


@transaction.atomic
def object_to(
    *, claim_id: UUID, objector: Person, reason: ObjectionReason | None, text: str, now: datetime
) -> Objection:
    """Stop a claim in public, or say that points were posted wrongly; once a person. Nothing more is paid meanwhile.

    The same said again is the same objection; another one, or one that comes late, hears what has happened.
    """
    claim = stepping.locked(claim_id)
    if (mine := _said_before(claim, objector, None, reason, text)) is not None:
        return mine
    require_heard(claim, objector, now)
    policies.may_object(objector, claim, now).require()
    return _object(claim, objector, None, _said(reason, text), now)


@transaction.atomic
def object_for(
    *, claim_id: UUID, objector_id: UUID, helper: Person, reason: ObjectionReason | None, text: str, now: datetime
) -> Objection:
    """Object in the name of somebody for whom `helper` may claim now, an elder or a child; it is theirs in everything.

    The helper counts with the objector where it is decided, and stands in the journal as who pressed.
    """
    claim = stepping.locked(claim_id)
    known = claim.objections.filter(objector=objector_id, sent_by=helper).select_related("objector").first()
    # A phone that did not hear the answer hears it, also when the permission has ended meanwhile.
    objector = known.objector if known is not None else own.claimant_for(helper, objector_id, now)
    if objector is None or objector.id == helper.id:
        raise NotTheirObjectionHelper(field="for")
    if (theirs := _said_before(claim, objector, helper, reason, text)) is not None:
        return theirs
    require_heard(claim, objector, now)
    policies.may_object_for(helper, objector, claim, now).require()
    return _object(claim, objector, helper, _said(reason, text), now)


def _said_before(
    claim: Claim, objector: Person, helper: Person | None, reason: ObjectionReason | None, text: str
) -> Objection | None:
    stored = claim.objections.filter(objector=objector, sent_by=helper).first()
    return stored if stored is not None and (stored.reason, stored.text) == (reason, as_seen(text)) else None


def _object(claim: Claim, objector: Person, helper: Person | None, said: dict[str, str], now: datetime) -> Objection:
    objection = Objection.objects.create(
        claim=claim, claimant_id=claim.claimant_id, objector=objector, sent_by=helper, filed_at=now, **said
    )
    claim.evidence_until = None
    facts = {"objection": str(objection.id)} | ({"objector": str(objector.id)} if helper is not None else {})
    stepping.take(
        claim, ClaimAction.OBJECT, part=ClaimPart.NEIGHBOUR, actor=helper or objector, now=now,
        fact=ClaimFact.OBJECTED, reason=objection.reason, facts=facts,
    )  # fmt: skip
    return objection


def require_heard(claim: Claim, objector: Person, now: datetime) -> None:
    """Refuse an objection to what is not, or no longer, open to one by this person."""
    if claim.objections.filter(objector=objector).exists():
        raise ObjectedAlready(_("对这一条已经提过一次异议了，结果会告诉提的人"))
    if claim.objections.filter(result="").exists():
        raise ObjectedAlready
    if claim.posting is not None and queries.living_correction(claim.posting) is not None:
        raise ObjectedAlready(_("这一条记的分已经有人在查，不用再提异议"))
    if queries.may_be_objected(claim.id, now) is not None:
        return
    if claim.state == ClaimState.UPHELD:
        raise ObjectionDecided(_("这一条有人提过异议，已经成立，没有记分"))
    if claim.state in (ClaimState.PUBLICISED, ClaimState.POSTED):
        raise TooLateToObject
    raise NotVisible


def _said(reason: ObjectionReason | None, text: str) -> dict[str, str]:
    """What is wrong, as it is kept; a refusal where nothing is said or too much."""
    words = as_seen(text)
    if reason is None or (reason == ObjectionReason.OTHER and not words):
        raise NothingSaid(field="reason")
    if len(words) > LONGEST_NOTE:
        raise ObjectionTooLong(field="text")
    return {"reason": reason, "text": words}


@transaction.atomic
def uphold(*, objection_id: UUID, judge: Person, now: datetime) -> Objection:
    """The objection is right: nothing is paid, and what was posted is taken back in the same transaction.

    Twice is once.
    """
    objection, claim = _found(objection_id)
    if _is_decided_so(objection, ObjectionResult.UPHELD, judge):
        return objection
    _require_open(objection, claim, judge, now)
    if (paid := own.paid_by(claim)) is not None:
        take_back(paid, actor=judge, reason=ReversalReason.OBJECTION_UPHELD, now=now)
    _decide(objection, ObjectionResult.UPHELD, judge, now)
    claim.public_until, claim.evidence_until = None, now + OBJECT_FOR
    stepping.take(
        claim, ClaimAction.UPHOLD, part=ClaimPart.REVIEWER, actor=judge, now=now, fact=ClaimFact.UPHELD,
        reason=objection.reason, facts={"objection": str(objection.id)},
    )  # fmt: skip
    return objection


@transaction.atomic
def dismiss(*, objection_id: UUID, judge: Person, now: datetime) -> Objection:
    """The objection is not right: the publicity goes on, or the points stay; neighbours have what was left of the time.

    While one objection is open no other is heard, so an early one must not use up the days of all others. What somebody
    asked for who has been forgotten meanwhile goes on to nobody: it is taken back, as was what else they had asked for.
    Twice is once.
    """
    objection, claim = _found(objection_id)
    if _is_decided_so(objection, ObjectionResult.DISMISSED, judge):
        return objection
    _require_open(objection, claim, judge, now)
    _decide(objection, ObjectionResult.DISMISSED, judge, now)
    if claim.posting_id is not None:
        claim.object_until = resumed_until(objection.filed_at, claim.object_until, now)
        claim.evidence_until = claim.object_until
        action = ClaimAction.DISMISS_POSTED
    else:
        claim.public_until = resumed_until(objection.filed_at, claim.public_until, now)
        action = ClaimAction.DISMISS
    stepping.take(
        claim, action, part=ClaimPart.REVIEWER, actor=judge, now=now, fact=ClaimFact.DISMISSED,
        facts={"objection": str(objection.id)},
    )  # fmt: skip
    if claim.claimant.erased_at is not None and claim.state in claiming.UNPAID:
        stepping.take_back_forgotten(claim, now)
    return objection


def _found(objection_id: UUID) -> tuple[Objection, Claim]:
    """The objection and its claim, which is locked."""
    found = Objection.objects.filter(pk=objection_id).first()
    if found is None:
        raise NotVisible
    claim = stepping.locked(found.claim_id)
    objection = Objection.objects.select_related("claim__claimant", "claim__entered_by", "objector", "sent_by").get(
        pk=objection_id
    )
    return objection, claim


def _is_decided_so(objection: Objection, result: ObjectionResult, judge: Person) -> bool:
    return (objection.result, objection.decided_by_id) == (result, judge.id)


def _require_open(objection: Objection, claim: Claim, judge: Person, now: datetime) -> None:
    policies.may_decide(judge, objection, now).require()
    if objection.result:
        raise ObjectionDecided
    claiming.step(claim.state, ClaimAction.UPHOLD)


def _decide(objection: Objection, result: ObjectionResult, judge: Person, now: datetime) -> None:
    objection.result, objection.decided_by, objection.decided_at = result, judge, now
    objection.save(update_fields=["result", "decided_by", "decided_at"])
