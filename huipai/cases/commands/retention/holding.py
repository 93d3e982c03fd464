"""What is kept longer than its class, because somebody may need it before a court or an office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.audit import commands as audit
from huipai.audit.commands import Act
from huipai.audit.words import OF_A_HOLD, Ground, Kind
from huipai.cases.commands import stepping
from huipai.cases.commands.deeds import taking
from huipai.cases.fact_words import RetentionFact
from huipai.cases.models import Case, GoodDeed, HoldRelease, LegalHold, LetGo
from huipai.cases.policies import retention as policies
from huipai.cases.queries import orders, retention
from huipai.cases.retention_words import LONGEST_HOLD
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person
from huipai.points import commands as points
from huipai.points.models import Claim


@dataclass(frozen=True)
class _Asked:
    """What somebody gives: a ground, a sentence, and until when."""

    reason: str
    words: str
    until: datetime | None


class HoldUntilWhen(Invalid):
    code = "hold_until_when"
    default_reason = _("选保留到哪一天：今天以后、一年以内，到期还要就再保留一次")


class AlreadyGone(Moved):
    code = "retention_already_gone"
    default_reason = _("这件事的内容已经到期删除，留不住了。编号和经过还在")


class HeldBack(Moved):
    """What is held is neither removed nor taken away by anybody."""

    code = "held_back"
    default_reason = _("这件事依法先不删。要删，先到“保存与删除”里结束保留")


class ContentGone(Moved):
    """What was let go is not written to again: nothing would ever end what comes after."""

    code = "content_gone"
    default_reason = _("这件事的内容已经到期删除，不能再往上写。有新的情况，请另报一件")


def require_kept(case: Case) -> None:
    """Refuse where the content of a case was let go."""
    if retention.is_gone(case):
        raise ContentGone


def require_free(case: Case, now: datetime) -> None:
    """Refuse where a locked case is held: nothing of it may go."""
    if retention.is_held(case, now):
        raise HeldBack


def require_free_for_its_author(case: Case, now: datetime) -> None:
    """The same for who wrote it, who ends no hold."""
    if retention.is_held(case, now):
        raise HeldBack(_("这件事依法先不删，写过的改不了也收不回。有话要说，打社区电话"))


@dataclass(frozen=True)
class Thing:
    """What is held: by which column of a hold, what the record calls it, and whose names no word of it may hold."""

    column: dict[str, Case | GoodDeed | Claim]
    subject: str
    about: str
    names: tuple[str, ...]
    is_gone: bool = False


@transaction.atomic
def hold(*, case_id: UUID, actor: Person, reason: str, words: str, until: datetime | None, now: datetime) -> LegalHold:
    """Nothing of the case and its matter goes until that day; the auditor reads who said so and why.

    The same again is once.
    """
    return _hold(_case(case_id, actor, now), actor, _Asked(reason, words, until), now)


@transaction.atomic
def hold_deed(
    *, deed_id: UUID, actor: Person, reason: str, words: str, until: datetime | None, now: datetime
) -> LegalHold:
    """The same for a good deed: its words and photos."""
    return _hold(_deed(deed_id, actor, now), actor, _Asked(reason, words, until), now)


@transaction.atomic
def hold_claim(
    *, claim_id: UUID, actor: Person, reason: str, words: str, until: datetime | None, now: datetime
) -> LegalHold:
    """The same for a claim: what was said and shown, and what was said against it."""
    return _hold(_claim(claim_id, actor, now), actor, _Asked(reason, words, until), now)


def _hold(thing: Thing, actor: Person, asked: _Asked, now: datetime) -> LegalHold:
    given = audit.why(asked.reason, asked.words, of=OF_A_HOLD, names=thing.names)
    if asked.until is None or not now < asked.until <= now + LONGEST_HOLD:
        raise HoldUntilWhen(field="until")
    if thing.is_gone:
        raise AlreadyGone
    known = retention.standing(now).filter(ground=given.ground, until=asked.until, **thing.column).first()
    if known is not None:
        return known
    held = LegalHold.objects.create(
        ground=given.ground, held_by=actor, held_at=now, until=asked.until, **thing.column
    )  # fmt: skip
    act = Act(Kind.HELD, thing.subject, thing.about, until=asked.until)
    audit.disclose(what=RetentionFact.HELD, act=act, by=actor, why=given, now=now)
    return held


@transaction.atomic
def release(*, hold_id: UUID, actor: Person, words: str, now: datetime) -> HoldRelease:
    """The hold is over; what it was on goes when its class does. Twice is once."""
    held = LegalHold.objects.filter(pk=hold_id).first()
    if held is None:
        raise NotVisible
    thing = _held_by(held, actor, now)
    done = HoldRelease.objects.filter(hold=held).first()
    if done is not None:
        return done
    given = audit.why(held.ground, words, of=[Ground(held.ground)], names=thing.names)
    done = HoldRelease.objects.create(hold=held, released_by=actor, released_at=now)
    act = Act(Kind.RELEASED, thing.subject, thing.about)
    audit.disclose(what=RetentionFact.RELEASED, act=act, by=actor, why=given, now=now)
    return done


def _held_by(held: LegalHold, actor: Person, now: datetime) -> Thing:
    if held.deed_id is not None:
        return _deed(held.deed_id, actor, now)
    if held.claim_id is not None:
        return _claim(held.claim_id, actor, now)
    assert held.case_id is not None
    return _case(held.case_id, actor, now)


# Each locks what is held, as whoever lets go of it does, and asks whether this person may.
def _case(case_id: UUID, actor: Person, now: datetime) -> Thing:
    case = stepping.locked_with_its_matter(case_id)
    policies.may_hold(actor, case, now).require()
    is_gone = any(retention.gone_of(one) for one in (case, retention.matter_of(case)))
    return Thing({"case": case}, case.subject, case.code, tuple(orders.names_to_hide(case)), is_gone)


def _deed(deed_id: UUID, actor: Person, now: datetime) -> Thing:
    deed = taking.locked(deed_id)
    policies.may_hold_deed(actor, deed, now).require()
    names = tuple(one.name for one in (deed.reporter, deed.doer) if one is not None)
    return Thing({"deed": deed}, deed.subject, deed.code, names, LetGo.objects.filter(deed=deed).exists())


def _claim(claim_id: UUID, actor: Person, now: datetime) -> Thing:
    retention.claim_by(claim_id)
    claim = points.locked_claim(claim_id)
    policies.may_hold_claim(actor, claim, now).require()
    return Thing({"claim": claim}, claim.subject_of_journal, claim.mark, (claim.claimant.name,))
