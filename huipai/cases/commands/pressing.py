"""催办, 督办, and the alarm on orders that nobody has read. Each with a time of rest, so that nobody is flooded."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import orders, stepping
from huipai.cases.commands.dispatching import locked_order, tell_of_order
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Note, Transition, WorkOrder
from huipai.cases.order_words import (
    HOURS_BETWEEN_REPORTERS_URGES,
    HOURS_BETWEEN_SUPERVISIONS,
    HOURS_BETWEEN_URGES,
    OrderAction,
)
from huipai.cases.queries.orders import unread_too_long
from huipai.cases.words import Action, Actor, Audience
from huipai.kit.lines import as_seen
from huipai.kit.verdict import NotVisible, TooMany
from huipai.people.models import Person


class UrgedJustNow(TooMany):
    code = "urged_just_now"
    default_reason = _("刚催过，过几个小时再催")


class SupervisedJustNow(TooMany):
    code = "supervised_just_now"
    default_reason = _("这一件一天里已经督办过，一天以后再督办；要补一句，写在内部备注里")


@transaction.atomic
def urge(*, case_id: UUID, actor: Person, text: str, now: datetime) -> Case:
    """The desk reminds who has it; at most every four hours, whoever of the desk does it; pressed again is once.

    A unit that it was sent to since has not been reminded by what another was told.
    """
    case = stepping.locked(case_id)
    policies.may_sort(actor, case, now).require()
    part = policies.part_at_the_desk(actor, case, now)
    last = _within(case, Action.URGE, (Actor.DISPATCHER, Actor.COORDINATOR), HOURS_BETWEEN_URGES, now)
    if last is not None and last.unit_id == case.unit_id:
        if _is_again(last, actor, text):
            return case
        raise UrgedJustNow
    words = stepping.Words(text, Audience.INTERNAL)
    stepping.take(
        case, Action.URGE, part=part, actor=actor, now=now, fact=Fact.URGED, unit=case.unit, words=words
    )  # fmt: skip
    return case


@transaction.atomic
def urge_as_reporter(*, case_id: UUID, actor: Person, now: datetime) -> Case:
    """A reporter who still waits asks how it goes; once a day."""
    case = stepping.locked(case_id)
    if not policies.is_reporter_of(actor, case):
        raise NotVisible
    policies.may_speak_as_reporter(actor, case).require()
    if _within(case, Action.URGE, (Actor.REPORTER,), HOURS_BETWEEN_REPORTERS_URGES, now) is not None:
        raise UrgedJustNow
    stepping.take(case, Action.URGE, part=Actor.REPORTER, actor=actor, now=now, fact=Fact.URGED, unit=case.unit)
    return case


@transaction.atomic
def supervise(*, case_id: UUID, actor: Person, text: str, now: datetime) -> Case:
    """Put a case under the eye of the hub: leads are told, and it stays marked to its end; pressed again is once."""
    case = stepping.locked(case_id)
    policies.may_dispatch(actor, case, now).require()
    last = _within(case, Action.SUPERVISE, (Actor.DISPATCHER,), HOURS_BETWEEN_SUPERVISIONS, now)
    if last is not None:
        if _is_again(last, actor, text):
            return case
        raise SupervisedJustNow
    case.supervised_at = case.supervised_at or now
    words = stepping.Words(text, Audience.INTERNAL)
    stepping.take(
        case, Action.SUPERVISE, part=Actor.DISPATCHER, actor=actor, now=now, fact=Fact.SUPERVISED, unit=case.unit,
        words=words,
    )  # fmt: skip
    return case


def _within(case: Case, action: Action, parts: tuple[Actor, ...], hours: int, now: datetime) -> Transition | None:
    """The last time that this was done, while it still rests."""
    since = now - timedelta(hours=hours)
    done = Transition.objects.filter(case=case, action=action, part__in=parts, happened_at__gt=since)
    return done.order_by("-position").first()


def _is_again(last: Transition, actor: Person, text: str) -> bool:
    """The same person with the same words, or without any: they pressed twice, and nothing is lost by it."""
    if last.actor_id != actor.id:
        return False
    return not as_seen(text) or Note.objects.filter(transition=last, text=as_seen(text)).exists()


@transaction.atomic
def alarm(*, order_id: UUID, now: datetime) -> WorkOrder | None:
    """Nobody of the unit has read the order in its time: hub and lead are told, once an order.

    Where no calendar tells when that time is over, it ends after some days; the hub can urge or recall before.
    """
    order, case = locked_order(order_id)
    if not unread_too_long(now).filter(pk=order.pk).exists():
        return None
    order.alarm_at = None
    step = orders.take(order, OrderAction.ALARM, part=Actor.SYSTEM, actor=None, now=now)
    tell_of_order(case, step, Fact.ORDER_UNREAD, actor=None, now=now)
    return order
