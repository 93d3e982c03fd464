"""By which item a type thanks its reporters: asked by one, agreed to by another. Nobody sets alone what is paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases.commands import editing
from huipai.cases.fact_words import TypeFact
from huipai.cases.models import CaseType, TypePayment
from huipai.cases.policies import entering
from huipai.cases.queries import types as read
from huipai.cases.type_words import PaymentState
from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person


class PaymentWaits(Moved):
    code = "type_payment_waits"
    default_reason = _("这一类的积分条目有人提了改动，还没有定。先定那一份，或者请提出的人撤回")


class PaymentDecided(Moved):
    code = "type_payment_decided"
    default_reason = _("这一份已经有人定了")


class ItemGone(Moved):
    code = "type_payment_item_gone"
    default_reason = _("这一条现在不在条款库里了，请提出的人撤回，另选一条")


class AnswerMissing(Invalid):
    code = "type_payment_unanswered"
    default_reason = _("写一句为什么，最多 200 个字，提出的人会看到")


def ask(case_type: CaseType, item_code: str, *, reason: str, actor: Person, now: datetime) -> TypePayment | None:
    """Ask that a locked type pay another item; nothing where it pays this one. The same by the same person is once."""
    if item_code == case_type.point_item:
        return None
    waits = TypePayment.objects.filter(case_type=case_type, state=PaymentState.PROPOSED).first()
    if waits is not None:
        if (waits.becomes, waits.proposed_by_id) != (item_code, actor.id):
            raise PaymentWaits(field="point_item")
        return waits
    one = TypePayment.objects.create(
        case_type=case_type, was=case_type.point_item, becomes=item_code,
        why=as_seen(reason)[:editing.LONGEST_REASON], proposed_by=actor, proposed_at=now,
    )  # fmt: skip
    facts = {"type": str(case_type.id), "was": one.was, "becomes": one.becomes}
    journal.record(what=TypeFact.PAYMENT_ASKED, subject=one.subject, actor_id=actor.id, now=now, facts=facts)
    return one


@transaction.atomic
def agree(*, payment_id: UUID, actor: Person, now: datetime) -> TypePayment:
    """Agree to what another has asked: another edition of the type pays it, for what comes in from now on."""
    one, case_type = _locked(payment_id)
    entering.may_decide_on_payment(actor, one.proposed_by, now).require()
    if one.state == PaymentState.AGREED and one.decided_by_id == actor.id:
        return one
    _require_open(one)
    if one.becomes and one.becomes not in read.items_at(now):
        raise ItemGone
    before = read.terms_of(case_type)
    _decide(one, PaymentState.AGREED, actor, now, edition=case_type.edition + 1)
    after = replace(before, point_item=one.becomes)
    editing.change(case_type, before, after, reason=one.why, actor=actor, now=now)
    journal.record(
        what=TypeFact.PAYMENT_AGREED, subject=one.subject, actor_id=actor.id, now=now, facts={"edition": one.edition}
    )
    return one


@transaction.atomic
def refuse(*, payment_id: UUID, actor: Person, reason: str, now: datetime) -> TypePayment:
    """Say no to what another has asked, and why; the type pays what it paid."""
    one, _case_type = _locked(payment_id)
    entering.may_decide_on_payment(actor, one.proposed_by, now).require()
    said = as_seen(reason)
    if one.state == PaymentState.REFUSED and (one.decided_by_id, one.answer) == (actor.id, said):
        return one
    _require_open(one)
    if not 1 <= len(said) <= editing.LONGEST_REASON:
        raise AnswerMissing(field="answer")
    one.answer = said
    _decide(one, PaymentState.REFUSED, actor, now)
    journal.record(what=TypeFact.PAYMENT_REFUSED, subject=one.subject, actor_id=actor.id, now=now, facts={})
    return one


@transaction.atomic
def withdraw(*, payment_id: UUID, actor: Person, now: datetime) -> TypePayment:
    """Think better of what one has asked, before another decides. Twice is once."""
    one, _case_type = _locked(payment_id)
    entering.may_withdraw_payment(actor, one).require()
    if one.state == PaymentState.WITHDRAWN:
        return one
    _require_open(one)
    _decide(one, PaymentState.WITHDRAWN, None, now)
    journal.record(what=TypeFact.PAYMENT_WITHDRAWN, subject=one.subject, actor_id=actor.id, now=now, facts={})
    return one


def _locked(payment_id: UUID) -> tuple[TypePayment, CaseType]:
    """The type before what was asked of it, as where it is asked."""
    case_type_id = TypePayment.objects.filter(pk=payment_id).values_list("case_type_id", flat=True).first()
    if case_type_id is None:
        raise NotVisible
    found = CaseType.objects.select_for_update(of=("self",), no_key=True).select_related("unit")
    case_type = found.get(pk=case_type_id)
    return TypePayment.objects.select_related("proposed_by").get(pk=payment_id), case_type


def _require_open(one: TypePayment) -> None:
    if one.state != PaymentState.PROPOSED:
        raise PaymentDecided


def _decide(
    one: TypePayment, state: PaymentState, actor: Person | None, now: datetime, *, edition: int | None = None
) -> None:
    one.state, one.decided_by, one.decided_at, one.edition = state, actor, now, edition
    one.save(update_fields=["state", "decided_by", "decided_at", "answer", "edition"])
