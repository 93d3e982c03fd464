"""What the hub decides on a unit's request: more time, or setting the case aside. And what time decides instead."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import orders, passing, stepping, working
from huipai.cases.commands.dispatching import locked_order
from huipai.cases.commands.handling import ReasonMissing, WordsMissing
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, UnitRequest, WorkOrder
from huipai.cases.order_words import Decision, ExtensionGround, RequestKind
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Action, Actor, Audience, State
from huipai.kit.lines import as_seen
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people.models import Person


@transaction.atomic
def grant(*, request_id: UUID, actor: Person, text: str, now: datetime) -> UnitRequest:
    """Give the time that was asked for, before the limit is over. The reporter is told the new day and why.

    Twice is once.
    """
    asked, case = _asked(request_id, actor, now)
    if _decided(asked, Decision.GRANTED, actor) and stepping.is_repeat(
        case, Action.GRANT_EXTENSION, Action.SUSPEND, actor=actor, text=text
    ):
        return asked
    _require_open(asked, actor, now)
    working.require_leading(asked.order)
    working.require_in_time(asked.order, now)
    if asked.kind == RequestKind.SUSPENSION:
        working.require_restable(case, asked.order, now)
    _decide(asked, Decision.GRANTED, actor, now)
    words = stepping.Words(text, Audience.PUBLIC)
    if asked.kind == RequestKind.SUSPENSION:
        assert asked.rests_until is not None
        if asked.rests_until <= now:
            raise NotNow
        _set_aside(case, asked.order, asked.ground, asked.rests_until, actor, words, now)
        return asked
    case.wait_until = None
    stepping.take(
        case, Action.GRANT_EXTENSION, part=Actor.DISPATCHER, actor=actor, now=now, fact=Fact.EXTENSION_GRANTED,
        unit=asked.order.unit, reason=asked.ground, words=words,
        facts={"order": str(asked.order_id), "days": asked.amount},
    )  # fmt: skip
    passing.pass_on_if_nobody_is_there(case, now=now)
    return asked


@transaction.atomic
def refuse(*, request_id: UUID, actor: Person, text: str, now: datetime) -> UnitRequest:
    """No more time, with the reason the unit reads. Twice is once."""
    asked, case = _asked(request_id, actor, now)
    if _decided(asked, Decision.REFUSED, actor) and stepping.is_repeat(
        case, Action.REFUSE_EXTENSION, actor=actor, text=text
    ):
        return asked
    _require_open(asked, actor, now)
    if not as_seen(text):
        raise WordsMissing(_("写一句为什么不同意，单位看得到"), field="text")
    _decide(asked, Decision.REFUSED, actor, now)
    case.wait_until = None
    stepping.take(
        case, Action.REFUSE_EXTENSION, part=Actor.DISPATCHER, actor=actor, now=now, fact=Fact.EXTENSION_REFUSED,
        unit=asked.order.unit, facts={"order": str(asked.order_id)}, words=stepping.Words(text, Audience.INTERNAL),
    )  # fmt: skip
    passing.pass_on_if_nobody_is_there(case, now=now)
    return asked


@transaction.atomic
def suspend(
    *, order_id: UUID, actor: Person, ground: str, rests_until: datetime | None, text: str, now: datetime
) -> Case:
    """Set a case aside without being asked: with a ground, until a day, only before its limit and the unit's are over.

    `order_id` is of whoever leads it now: by another's limit an overdue case could be set aside. The same
    again is once.
    """
    order, case = locked_order(order_id)
    policies.may_dispatch(actor, case, now).require()
    is_same = case.state == State.SUSPENDED and case.wait_until == rests_until
    if is_same and stepping.is_repeat(case, Action.SUSPEND, actor=actor, text=text, reason=ground):
        return case
    policies.may_decide_on_time_of(actor, order, now).require()
    working.require_leading(order)
    if ground not in ExtensionGround.values:
        raise ReasonMissing(field="reason")
    if not as_seen(text):
        raise WordsMissing(_("写一句为什么先放一放，报的人看得到"), field="text")
    working.require_day(rests_until, now)
    working.require_restable(case, order, now)
    assert rests_until is not None
    orders.drop_request(case, now)
    UnitRequest.objects.create(
        case=case, order=order, kind=RequestKind.SUSPENSION, ground=ground, rests_until=rests_until, asked_by=actor,
        asked_at=now, decision=Decision.GRANTED, decided_by=actor, decided_at=now,
    )  # fmt: skip
    _set_aside(case, order, ground, rests_until, actor, stepping.Words(text, Audience.PUBLIC), now)
    return case


def _set_aside(
    case: Case, order: WorkOrder, ground: str, until: datetime, actor: Person, words: stepping.Words, now: datetime
) -> None:
    case.wait_until = until
    stepping.take(
        case, Action.SUSPEND, part=Actor.DISPATCHER, actor=actor, now=now, fact=Fact.SUSPENDED, unit=order.unit,
        reason=ground, words=words, facts={"order": str(order.id), "until": int(until.timestamp())},
    )  # fmt: skip


@transaction.atomic
def take_up(*, case_id: UUID, actor: Person, now: datetime) -> Case:
    """Go on with a case that was set aside, before its day: the hub, or the unit itself. Twice is once."""
    case = stepping.locked(case_id)
    hub = policies.may_dispatch(actor, case, now)
    if not hub and not (case.unit is not None and policies.acts_for(actor, case.unit, now)):
        hub.require()
    if case.state != State.SUSPENDED and stepping.is_repeat(case, Action.UNSUSPEND, actor=actor, text=""):
        return case
    _take_up(case, Actor.DISPATCHER if hub else Actor.UNIT, actor, now)
    return case


def _take_up(case: Case, part: Actor, actor: Person | None, now: datetime) -> None:
    case.wait_until = None
    stepping.take(
        case, Action.UNSUSPEND, part=part, actor=actor, now=now, fact=Fact.UNSUSPENDED, unit=case.unit
    )  # fmt: skip
    # The pause may have outlived who had it: nothing comes back into hands that are not there.
    passing.pass_on_if_nobody_is_there(case, now=now)


@transaction.atomic
def lapse(*, case_id: UUID, now: datetime) -> Case | None:
    """What time decides: a request that nobody decided is as good as refused, a suspension is over. Else nothing."""
    case = stepping.locked(case_id)
    if case.wait_until is None or case.wait_until > now:
        return None
    if case.state == State.SUSPENDED:
        _take_up(case, Actor.SYSTEM, None, now)
        return case
    if case.state != State.EXTENSION_PENDING:
        return None
    UnitRequest.objects.filter(case=case, decision="").update(decision=Decision.LAPSED, decided_at=now)
    case.wait_until = None
    stepping.take(
        case, Action.LAPSE_EXTENSION, part=Actor.SYSTEM, actor=None, now=now, fact=Fact.EXTENSION_LAPSED,
        unit=case.unit,
    )  # fmt: skip
    passing.pass_on_if_nobody_is_there(case, now=now)
    return case


def _asked(request_id: UUID, actor: Person, now: datetime) -> tuple[UnitRequest, Case]:
    found = UnitRequest.objects.filter(pk=request_id).values_list("case_id", flat=True).first()
    if found is None:
        raise NotVisible
    case = stepping.locked(found)
    policies.may_dispatch(actor, case, now).require()
    return UnitRequest.objects.select_related("order", "order__unit").get(pk=request_id), case


def _decided(asked: UnitRequest, decision: Decision, actor: Person) -> bool:
    return (asked.decision, asked.decided_by_id) == (decision, actor.id)


def _require_open(asked: UnitRequest, actor: Person, now: datetime) -> None:
    if asked.decision:
        raise NotNow
    if asked.asked_by_id == actor.id:
        raise NotAllowed(_("自己申请的要由别人来批"), code="own_request")
    policies.may_decide_on_time_of(actor, asked.order, now).require()


def _decide(asked: UnitRequest, decision: Decision, actor: Person, now: datetime) -> None:
    asked.decision, asked.decided_by, asked.decided_at = decision, actor, now
    promise = asked.case.due_at
    asked.moves_the_promise = decision == Decision.GRANTED and (promise is None or promise > now)
    asked.save(update_fields=["decision", "decided_by", "decided_at", "moves_the_promise"])
