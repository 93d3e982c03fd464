"""到现场: whoever has the case in hand says that they are there. A time; where they are is not asked and not kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from huipai.cases import policies
from huipai.cases.commands import dispatching, measuring, stepping
from huipai.cases.models import StageMark
from huipai.cases.order_words import OrderState, Part
from huipai.cases.rules import machine
from huipai.cases.rules.machine import NotNow
from huipai.cases.rules.whereabouts import WITH_THE_WORKER
from huipai.cases.words import Action, Actor
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person


@transaction.atomic
def arrive(*, case_id: UUID, actor: Person, now: datetime) -> StageMark:
    """The worker in whose hands it is has come. Twice is once, at the first time."""
    case = stepping.locked(case_id)
    policies.may_respond(actor, case, now).require()
    is_theirs = case.state in WITH_THE_WORKER and case.unit_id is None
    mark = measuring.arrival(case, None)
    if mark is None and is_theirs:
        mark = measuring.arrived(case, None, part=Actor.WORKER, actor=actor, now=now)
    return _made(mark)


@transaction.atomic
def arrive_for_unit(*, order_id: UUID, actor: Person, now: datetime) -> StageMark:
    """Somebody of the unit that leads has come. Twice is once, at the first time."""
    order, case = dispatching.locked_order(order_id)
    if not policies.acts_for(actor, order.unit, now):
        raise NotVisible
    policies.may_work_on(actor, order, case, now).require()
    leads = order.part == Part.LEAD and order.state == OrderState.SIGNED
    mark = measuring.arrival(case, order)
    if mark is None and leads and machine.allows(case.state, Action.RESPOND):
        mark = measuring.arrived(case, order, part=Actor.UNIT, actor=actor, now=now)
    return _made(mark)


def _made(mark: StageMark | None) -> StageMark:
    """Neither before it is in hand, nor after it was done, nor where the type sets no limit for coming."""
    if mark is None:
        raise NotNow
    return mark
