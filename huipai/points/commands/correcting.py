"""Points that should not stand: asked back by one, agreed to by another, and an appeal that a third decides.

Nothing is struck out: what is taken back is a posting of its own, and so is what comes back after an appeal.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, NotVisible, Words
from huipai.people.models import Person
from huipai.points import policies, queries
from huipai.points.commands.restoring import give_back
from huipai.points.commands.reversing import take_back
from huipai.points.commands.writing import lock_accounts
from huipai.points.models import Claim, Correction, Posting
from huipai.points.rules import Holder
from huipai.points.words import (
    APPEAL_FOR,
    LONGEST_NOTE,
    CorrectionReason,
    CorrectionState,
    Fact,
    ReversalReason,
)


class CorrectionUnfit(Invalid):
    code = "points_correction_unfit"
    default_reason = _("选一条原因，再写一句哪里不对，本人会看到")


class NotCorrectable(Moved):
    code = "points_not_correctable"
    default_reason = _("只有挣来的分可以退回")


class FamilyHasLeft(Moved):
    code = "points_family_has_left"
    default_reason = _("那一家已经搬走，他们的分和欠的分都随着了结。请提出的人撤回")


class CorrectedAlready(Moved):
    code = "points_corrected_already"
    default_reason = _("这一笔已经有人提出退回了，不会退两次")


class PaperPaysBesides(Moved):
    """One paper would pay twice."""

    code = "points_paper_pays_besides"
    default_reason = _("同一张凭证还有一笔：那一笔退回了，才能定这份申诉成立")


class CorrectionDecided(Moved):
    code = "points_correction_decided"
    default_reason = _("这一笔已经有人定了")


class CorrectionAppealed(Moved):
    """Of a household any grown-up may, and one of them has."""

    code = "points_correction_appealed"
    default_reason = _("这一笔已经申诉过了，一笔只能申诉一次，您这次写的没有收下")


class CorrectionAppealOver(Moved):
    code = "points_correction_appeal_over"
    default_reason = _("申诉的 7 天已经过了，还有话说可以打给社区")


@transaction.atomic
def propose_correction(
    *, posting_id: UUID, reason: CorrectionReason, note: str, actor: Person, now: datetime
) -> Correction:
    """Ask for points back that somebody, or a household, got wrongly. They stay until somebody else agrees.

    Twice the same is once.
    """
    posting = Posting.objects.select_related("person").filter(pk=posting_id).first()
    if posting is None:
        raise NotVisible
    policies.may_ask_back(actor, posting, now).require()
    said = _said(note, "note", CorrectionUnfit.default_reason)
    # Whoever objects to its claim at this instant waits for this, or has come first: one deed is not taken back twice.
    list(Claim.objects.select_for_update(of=("self",), no_key=True).filter(posting=posting))
    lock_accounts(Holder(posting.person_id, posting.household_id))
    stored = queries.living_correction(posting)
    if stored is not None:
        return _the_same(stored, actor, reason, said)
    if why := queries.not_correctable(posting, now):
        raise NotCorrectable(why)
    correction = Correction(
        posting=posting, person=posting.person, household_id=posting.household_id, reason=reason, note=said,
        proposed_by=actor, proposed_at=now,
    )  # fmt: skip
    correction.save(force_insert=True)
    _record(Fact.CORRECTION_PROPOSED, correction, actor, now, posting=str(posting.id), reason=reason.value)
    return correction


@transaction.atomic
def approve_correction(*, correction_id: UUID, actor: Person, now: datetime) -> Correction:
    """Take back what another has asked for. A second approval by the same person changes nothing."""
    correction = _find(correction_id)
    policies.may_decide_correction(actor, correction, now).require()
    if correction.state == CorrectionState.APPROVED and correction.decided_by_id == actor.id:
        return correction
    _require(correction, CorrectionState.PROPOSED)
    if queries.has_left(correction.posting):
        raise FamilyHasLeft
    posting = take_back(correction.posting, actor=actor, reason=ReversalReason(correction.reason), now=now)
    _decide(correction, CorrectionState.APPROVED, actor, now, posting)
    _record(Fact.CORRECTION_APPROVED, correction, actor, now, reversal=str(posting.id))
    return correction


@transaction.atomic
def decline_correction(*, correction_id: UUID, actor: Person, now: datetime) -> Correction:
    """Say no: the points stay where they are, and may be asked back again for another reason."""
    correction = _find(correction_id)
    policies.may_decide_correction(actor, correction, now).require()
    if correction.state == CorrectionState.DECLINED and correction.decided_by_id == actor.id:
        return correction
    _require(correction, CorrectionState.PROPOSED)
    _decide(correction, CorrectionState.DECLINED, actor, now)
    _record(Fact.CORRECTION_DECLINED, correction, actor, now)
    return correction


@transaction.atomic
def withdraw_correction(*, correction_id: UUID, actor: Person, now: datetime) -> Correction:
    """Think better of what one has asked for, before another decides. Twice is once."""
    correction = _find(correction_id)
    policies.may_withdraw_correction(actor, correction).require()
    if correction.state == CorrectionState.WITHDRAWN:
        return correction
    _require(correction, CorrectionState.PROPOSED)
    _decide(correction, CorrectionState.WITHDRAWN, None, now)
    _record(Fact.CORRECTION_WITHDRAWN, correction, actor, now)
    return correction


@transaction.atomic
def appeal_correction(*, correction_id: UUID, actor: Person, text: str, now: datetime) -> Correction:
    """Disagree with what was taken back, once, within seven days; by whose points they were, or who acts for them."""
    correction = _find(correction_id)
    policies.may_appeal_correction(actor, correction, now).require()
    return _appeal(correction, actor, text, now)


@transaction.atomic
def appeal_correction_at_counter(*, correction_id: UUID, hand: Person, text: str, now: datetime) -> Correction:
    """The same, said at the counter by somebody who has no account, and written down by staff (decision 0107)."""
    correction = _find(correction_id)
    policies.may_speak_against_correction(hand, correction, now).require()
    return _appeal(correction, hand, text, now)


def _appeal(correction: Correction, actor: Person, text: str, now: datetime) -> Correction:
    said = _said(text, "text", _("写一句哪里看错了，另一位会重新看"))
    if correction.state == CorrectionState.APPEALED and correction.appeal == said:
        return correction
    if correction.appealed_at is not None:
        raise CorrectionAppealed
    _require(correction, CorrectionState.APPROVED)
    assert correction.decided_at is not None
    if now >= correction.decided_at + APPEAL_FOR:
        raise CorrectionAppealOver
    correction.state, correction.appeal = CorrectionState.APPEALED, said
    correction.appealed_by, correction.appealed_at = actor, now
    correction.save(update_fields=["state", "appeal", "appealed_by", "appealed_at"])
    _record(Fact.CORRECTION_APPEALED, correction, actor, now)
    return correction


@transaction.atomic
def uphold_appeal(*, correction_id: UUID, actor: Person, now: datetime) -> Correction:
    """The receiver is right: what was taken back comes back, and pays first what is owed because of it.

    After the end of the scheme too: what is more than that has ended with all points.
    """
    correction = _hear(correction_id, actor, now)
    if correction.state == CorrectionState.UPHELD and correction.heard_by_id == actor.id:
        return correction
    _require(correction, CorrectionState.APPEALED)
    if queries.has_left(correction.posting):
        raise FamilyHasLeft(_("那一家已经搬走，这户的分现在是别人家的，不能再补回来"))
    assert correction.reversal is not None
    lock_accounts(Holder(correction.person_id, correction.household_id))
    if (other := queries.entered_besides(correction.posting)) is not None:
        said = {"paper": other.paper_number}
        raise PaperPaysBesides(_("同一张凭证还有一笔（%(paper)s）：那一笔退回了，才能定这份申诉成立") % said)
    # Nothing comes back where everything had lapsed before it was asked back.
    posting_id, facts = None, {}
    if correction.reversal.points:
        posting_id = give_back(
            correction.posting, correction.reversal, subject=correction.subject, actor=actor, now=now
        )
        facts = {"restored": str(posting_id)}
    _heard(correction, CorrectionState.UPHELD, actor, now, posting_id)
    _record(Fact.CORRECTION_UPHELD, correction, actor, now, **facts)
    return correction


@transaction.atomic
def dismiss_appeal(*, correction_id: UUID, actor: Person, now: datetime) -> Correction:
    """What was taken back stays so."""
    correction = _hear(correction_id, actor, now)
    if correction.state == CorrectionState.DISMISSED and correction.heard_by_id == actor.id:
        return correction
    _require(correction, CorrectionState.APPEALED)
    _heard(correction, CorrectionState.DISMISSED, actor, now, None)
    _record(Fact.CORRECTION_DISMISSED, correction, actor, now)
    return correction


def _said(words: str, field: str, empty: Words) -> str:
    said = as_seen(words)
    if not said:
        raise CorrectionUnfit(empty, field=field)
    if len(said) > LONGEST_NOTE:
        raise CorrectionUnfit(_("写得太长了，最多 300 个字"), field=field)
    return said


def _the_same(stored: Correction, actor: Person, reason: CorrectionReason, note: str) -> Correction:
    """What was asked already, if it was this and by the same person."""
    if (stored.proposed_by_id, stored.reason, stored.note) != (actor.id, reason, note):
        raise CorrectedAlready
    return stored


def _find(correction_id: UUID) -> Correction:
    found = Correction.objects.select_for_update(of=("self",), no_key=True).select_related(
        "person", "household", "posting__item", "reversal", "proposed_by", "decided_by"
    )
    correction = found.filter(pk=correction_id).first()
    if correction is None:
        raise NotVisible
    return correction


def _require(correction: Correction, state: CorrectionState) -> None:
    if correction.state != state:
        raise CorrectionDecided


def _decide(
    correction: Correction, state: CorrectionState, actor: Person | None, now: datetime, reversal: Posting | None = None
) -> None:
    correction.state, correction.decided_by, correction.decided_at = state, actor, now
    correction.reversal = reversal
    correction.save(update_fields=["state", "decided_by", "decided_at", "reversal"])


def _hear(correction_id: UUID, actor: Person, now: datetime) -> Correction:
    correction = _find(correction_id)
    policies.may_hear_appeal(actor, correction, now).require()
    return correction


def _heard(
    correction: Correction, state: CorrectionState, actor: Person, now: datetime, restored_id: UUID | None
) -> None:
    correction.state, correction.heard_by, correction.heard_at = state, actor, now
    correction.restored_id = restored_id
    correction.save(update_fields=["state", "heard_by", "heard_at", "restored"])


def _record(what: Fact, correction: Correction, actor: Person, now: datetime, **facts: str) -> None:
    journal.record(what=what, subject=correction.subject, actor_id=actor.id, now=now, facts=facts)
