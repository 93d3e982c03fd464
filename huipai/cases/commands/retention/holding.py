"""A case that is kept longer than its class, because somebody may need it before a court or an office."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.audit import commands as audit
from huipai.audit.commands import Act
from huipai.audit.words import OF_A_HOLD, Ground, Kind
from huipai.cases.commands import stepping
from huipai.cases.fact_words import RetentionFact
from huipai.cases.models import Case, HoldRelease, LegalHold
from huipai.cases.policies import retention as policies
from huipai.cases.queries import orders, retention
from huipai.cases.retention_words import LONGEST_HOLD
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person


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


@transaction.atomic
def hold(*, case_id: UUID, actor: Person, reason: str, words: str, until: datetime | None, now: datetime) -> LegalHold:
    """Nothing of the case and its matter goes until that day; the auditor reads who said so and why.

    The same again is once.
    """
    case = stepping.locked_with_its_matter(case_id)
    policies.may_hold(actor, case, now).require()
    given = audit.why(reason, words, of=OF_A_HOLD, names=orders.names_to_hide(case))
    if until is None or not now < until <= now + LONGEST_HOLD:
        raise HoldUntilWhen(field="until")
    if any(retention.gone_of(one) for one in (case, retention.matter_of(case))):
        raise AlreadyGone
    known = retention.standing(now).filter(case=case, ground=given.ground, until=until).first()
    if known is not None:
        return known
    held = LegalHold.objects.create(case=case, ground=given.ground, held_by=actor, held_at=now, until=until)
    act = Act(Kind.HELD, case.subject, case.code, until=until)
    audit.disclose(what=RetentionFact.HELD, act=act, by=actor, why=given, now=now)
    return held


@transaction.atomic
def release(*, hold_id: UUID, actor: Person, words: str, now: datetime) -> HoldRelease:
    """The hold is over; the case goes when its class does. Twice is once."""
    held = LegalHold.objects.filter(pk=hold_id).first()
    if held is None:
        raise NotVisible
    case = stepping.locked(held.case_id)
    policies.may_hold(actor, case, now).require()
    done = HoldRelease.objects.filter(hold=held).first()
    if done is not None:
        return done
    given = audit.why(held.ground, words, of=[Ground(held.ground)], names=orders.names_to_hide(case))
    done = HoldRelease.objects.create(hold=held, released_by=actor, released_at=now)
    audit.disclose(
        what=RetentionFact.RELEASED, act=Act(Kind.RELEASED, case.subject, case.code), by=actor, why=given, now=now
    )
    return done
