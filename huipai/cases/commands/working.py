"""The unit's part: see, sign, respond, send back, ask for time."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import checking, measuring, orders, saying, stepping, timing
from huipai.cases.commands.dispatching import locked_order, tell_of_order
from huipai.cases.commands.handling import AfterPhotoMissing, IsAway, ReasonMissing, WordsMissing, require_round
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, CasePhoto, Response, UnitRequest, WorkOrder
from huipai.cases.order_words import (
    MOST_DAYS_EXTENDED,
    MOST_DAYS_SUSPENDED,
    NAMES_ANOTHER,
    WORK_HOURS_TO_DECIDE,
    ExtensionGround,
    OrderAction,
    Part,
    RequestKind,
    ReturnGround,
)
from huipai.cases.rules import lateness, machine
from huipai.cases.rules import orders as order_rules
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Action, Actor, Audience, Moment
from huipai.grid import queries as grid
from huipai.grid.models import Unit
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.workdays.words import Span
from huipai.workdays.words import Unit as TimeUnit


class RuledHere(NotAllowed):
    code = "ruled_here"
    default_reason = _("这件是裁定给本单位的，不能退；有困难可以申请延期")


class ReturnsUsedUp(NotAllowed):
    code = "returns_used_up"
    default_reason = _("退单次数用完了，请联动中心裁定")


class OwnerMissing(Invalid):
    code = "next_owner_missing"
    default_reason = _("选一下该归哪家单位；几家都像，选最该牵头的那一家，都没有就选兜底的居委会")


class TooLateToAsk(NotAllowed):
    code = "too_late_to_ask"
    default_reason = _("时限已经过了，不能再申请；请尽快办完")


class PromiseBroken(NotAllowed):
    code = "promise_broken"
    default_reason = _("答应上报人的日子已经过了，不能再挂账；还要时间的，走延期")


class HowLong(Invalid):
    code = "how_long"
    default_reason = _("写要多少天，最多 60 个工作日")


class UntilWhen(Invalid):
    code = "until_when"
    default_reason = _("选一个以后的日子，最多半年")


@transaction.atomic
def read(*, order_id: UUID, actor: Person, now: datetime) -> WorkOrder:
    """Somebody of the unit has opened it; once, and no alarm goes off any more."""
    order, case = _mine(order_id, actor, now)
    if order.read_at is None and order_rules.allows(order.state, OrderAction.READ):
        step = orders.take(order, OrderAction.READ, part=Actor.UNIT, actor=actor, now=now)
        tell_of_order(case, step, Fact.ORDER_READ, actor=actor, now=now)
    return order


@transaction.atomic
def sign(*, order_id: UUID, actor: Person, now: datetime) -> WorkOrder:
    """Take the order on in the name of the unit; who signs is its handler. Twice by the same person is once."""
    order, case = _mine(order_id, actor, now)
    policies.may_work_on(actor, order, case, now).require()
    if order.handler_id == actor.id and order.signed_at is not None and not order.ended_at:
        return order
    if grid.is_away(actor, now):
        raise IsAway
    order.handler = actor
    step = orders.take(order, OrderAction.SIGN, part=Actor.UNIT, actor=actor, now=now)
    if order.part == Part.LEAD:
        case.handler = actor
        stepping.take(
            case, Action.SIGN, part=Actor.UNIT, actor=actor, now=now, fact=Fact.SIGNED, unit=order.unit, order=step,
        )  # fmt: skip
    else:
        tell_of_order(case, step, Fact.ORDER_SIGNED, actor=actor, now=now)
    return order


@transaction.atomic
def respond(
    *, order_id: UUID, actor: Person, text: str, photo_ids: tuple[UUID, ...], now: datetime, seen: int | None = None
) -> WorkOrder:
    """Say that the unit's part is done, in words the reporter reads. The leading unit's word calls the check.

    `seen` is the round in which it was done: what came back since is not done by it.
    """
    order, case = _mine(order_id, actor, now)
    policies.may_work_on(actor, order, case, now).require()
    require_round(case, seen)
    if not as_seen(text):
        raise WordsMissing(field="text")
    if order.part == Part.HELPER:
        return _help_is_done(order, case, actor, text, photo_ids, now)
    if case.type_then.needs_after_photo and not photo_ids and not _has_photo_of_the_round(case):
        raise AfterPhotoMissing(field="photos")
    order.handler = case.handler = actor
    case.responded_at, case.is_unchecked, case.wait_until = now, False, None
    step = orders.take(order, OrderAction.RESPOND, part=Actor.UNIT, actor=actor, now=now)
    stepping.take(
        case, Action.RESPOND, part=Actor.UNIT, actor=actor, now=now, fact=Fact.RESPONDED, unit=order.unit,
        order=step, words=stepping.Words(text, Audience.PUBLIC),
    )  # fmt: skip
    measuring.answered(case, part=Actor.UNIT, actor=actor, now=now)
    stepping.attach(case, photo_ids, by=actor, moment=Moment.AFTER, now=now)
    response = Response.objects.create(
        case=case, round=case.round, handler=actor, responded_at=now, is_on_the_spot=False
    )
    checking.begin(case, response, now=now)
    return order


def _help_is_done(
    order: WorkOrder, case: Case, actor: Person, text: str, photo_ids: tuple[UUID, ...], now: datetime
) -> WorkOrder:
    order.handler = actor
    step = orders.take(order, OrderAction.RESPOND, part=Actor.UNIT, actor=actor, now=now)
    stepping.attach(case, photo_ids, by=actor, moment=Moment.AFTER, now=now)
    stepping.note(case, text, by=actor, audience=Audience.INTERNAL, now=now)
    tell_of_order(case, step, Fact.ORDER_RESPONDED, actor=actor, now=now)
    return order


def _has_photo_of_the_round(case: Case) -> bool:
    """A helper's photo of this round shows the result as well."""
    return CasePhoto.objects.filter(case=case, moment=Moment.AFTER, round=case.round).exists()


@transaction.atomic
def return_order(
    *, order_id: UUID, actor: Person, ground: str, text: str, now: datetime, belongs_to: UUID | None = None
) -> WorkOrder:
    """Send an order back with a ground and whose it is; only of what was not found nobody need be named.

    The hub owns it from here, and reads who was named.

    At most so often a case (its type says how often); never what was ruled; the clock goes on.
    """
    order, case = _mine(order_id, actor, now)
    policies.may_work_on(actor, order, case, now).require()
    if ground not in ReturnGround.values:
        raise ReasonMissing(field="reason")
    if not as_seen(text):
        raise WordsMissing(_("写明依据和下一步该归谁，联动中心好接着派"), field="text")
    named = Unit.objects.filter(pk=belongs_to, is_active=True).exclude(pk=order.unit_id).first() if belongs_to else None
    if named is None and ground in NAMES_ANOTHER:
        raise OwnerMissing(field="owner")
    if order.is_ruled:
        raise RuledHere
    if case.returns >= case.type_then.max_returns and order.part == Part.LEAD:
        raise ReturnsUsedUp
    order.return_ground, order.named = ground, named
    step = orders.take(order, OrderAction.RETURN, part=Actor.UNIT, actor=actor, now=now, reason=ground)
    if order.part == Part.HELPER:
        stepping.note(case, text, by=actor, audience=Audience.INTERNAL, now=now)
        tell_of_order(case, step, Fact.ORDER_RETURNED, actor=actor, now=now)
        return order
    case.unit, case.handler = None, None
    case.returns += 1
    stepping.take(
        case, Action.RETURN, part=Actor.UNIT, actor=actor, now=now, fact=Fact.RETURNED, unit=order.unit,
        reason=ground, order=step, facts={"named": str(named.id) if named else None},
        words=stepping.Words(text, Audience.INTERNAL),
    )  # fmt: skip
    return order


@transaction.atomic
def ask_extension(
    *, order_id: UUID, actor: Person, ground: str, text: str, days: int | None, now: datetime
) -> UnitRequest:
    """Ask the hub for more working days; only before the limit is over. The clock runs meanwhile."""
    order, case = _asking(order_id, actor, ground, text, now)
    if days is None or not 1 <= days <= MOST_DAYS_EXTENDED:
        raise HowLong(field="days")
    asked = UnitRequest(
        case=case, order=order, kind=RequestKind.EXTENSION, ground=ground, text=saying.within(text), amount=days,
        amount_unit=TimeUnit.WORKDAYS, asked_by=actor, asked_at=now,
    )  # fmt: skip
    return _ask(asked, case, order, actor, ground, now)


@transaction.atomic
def ask_suspension(
    *, order_id: UUID, actor: Person, ground: str, text: str, rests_until: datetime | None, now: datetime
) -> UnitRequest:
    """Ask the hub to set the case aside until a day; only before the limit is over."""
    order, case = _asking(order_id, actor, ground, text, now)
    require_restable(case, order, now)
    require_day(rests_until, now)
    asked = UnitRequest(
        case=case, order=order, kind=RequestKind.SUSPENSION, ground=ground, text=saying.within(text),
        rests_until=rests_until, asked_by=actor, asked_at=now,
    )  # fmt: skip
    return _ask(asked, case, order, actor, ground, now)


def require_day(rests_until: datetime | None, now: datetime) -> None:
    if rests_until is None or not now < rests_until <= now + timedelta(days=MOST_DAYS_SUSPENDED):
        raise UntilWhen(field="until")


def require_leading(order: WorkOrder) -> None:
    """Only who leads the case now has its clock: not who helps, nor who sent it back or was done with it."""
    if order.part != Part.LEAD or order.ended_at is not None:
        raise NotNow


def require_in_time(order: WorkOrder, now: datetime) -> None:
    """What is overdue stays overdue: neither extended nor set aside."""
    if lateness.has_passed(order.due_at, now):
        raise TooLateToAsk


def require_restable(case: Case, order: WorkOrder, now: datetime) -> None:
    """Setting aside stops both clocks, so neither may be over: a case at rest is late on no list."""
    require_in_time(order, now)
    if lateness.has_passed(case.due_at, now):
        raise PromiseBroken


def _asking(order_id: UUID, actor: Person, ground: str, text: str, now: datetime) -> tuple[WorkOrder, Case]:
    order, case = _mine(order_id, actor, now)
    policies.may_work_on(actor, order, case, now).require()
    require_leading(order)
    if ground not in ExtensionGround.values:
        raise ReasonMissing(field="reason")
    if not as_seen(text):
        raise WordsMissing(_("写明依据，联动中心好批"), field="text")
    require_in_time(order, now)
    return order, case


def _ask(asked: UnitRequest, case: Case, order: WorkOrder, actor: Person, ground: str, now: datetime) -> UnitRequest:
    known = _just_asked(asked, case, actor)
    if known is not None:
        return known
    case.wait_until = _decide_by(asked, case, order, now)
    stepping.take(
        case, Action.ASK_EXTENSION, part=Actor.UNIT, actor=actor, now=now, fact=Fact.EXTENSION_ASKED, unit=order.unit,
        reason=ground, facts={"kind": asked.kind, "order": str(order.id)},
        words=stepping.Words(asked.text, Audience.INTERNAL),
    )  # fmt: skip
    asked.save(force_insert=True)
    return asked


def _just_asked(asked: UnitRequest, case: Case, actor: Person) -> UnitRequest | None:
    """What `actor` asked for last, if it was the same: a second click, or a retry."""
    if machine.allows(case.state, Action.ASK_EXTENSION):
        return None
    if not stepping.is_repeat(case, Action.ASK_EXTENSION, actor=actor, text=asked.text):
        return None
    last = UnitRequest.objects.filter(order=asked.order, asked_by=actor).order_by("-asked_at", "-id").first()
    same = ("kind", "ground", "amount", "rests_until")
    is_same = last is not None and all(getattr(last, name) == getattr(asked, name) for name in same)
    return last if is_same else None


def _decide_by(asked: UnitRequest, case: Case, order: WorkOrder, now: datetime) -> datetime:
    """The hub has 8 working hours, and never longer than what it decides on can be granted."""
    wanted = timing.until(now, Span(WORK_HOURS_TO_DECIDE, TimeUnit.WORK_HOURS)) or now + timedelta(days=1)
    ends = [order.due_at, case.due_at] if asked.kind == RequestKind.SUSPENSION else [order.due_at]
    return min([wanted, *(end for end in ends if end is not None)])


def _mine(order_id: UUID, actor: Person, now: datetime) -> tuple[WorkOrder, Case]:
    """The order with its case locked; it does not exist for other units."""
    order, case = locked_order(order_id)
    if not policies.acts_for(actor, order.unit, now):
        raise NotVisible
    return order, case
