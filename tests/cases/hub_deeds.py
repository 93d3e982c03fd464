"""What the hub and the units can do to a case, for the property test; and what then holds of orders and clocks."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from huipai.cases.commands import (
    arriving,
    asking,
    deciding,
    dispatching,
    filing,
    noting,
    passing,
    pressing,
    timing,
    working,
)
from huipai.cases.models import Case, OrderStep, Question, StageMark, UnitRequest, WorkOrder
from huipai.cases.order_words import OrderState, Part, Stage
from huipai.cases.rules import machine, orders, stages
from huipai.cases.words import Action, Actor, State
from huipai.grid import commands as grid
from huipai.kit.verdict import Refused
from huipai.people.models import Person
from huipai.workdays import queries as workdays
from huipai.workdays.words import Interval, Pending, Span, Unit
from tests.cases.conftest import Place


class World(Protocol):
    people: dict[str, Person]
    place: Place
    now: datetime


Deed = Callable[[World, Person, Case, Case], object]


def _order_of(case: Case, part: Part = Part.LEAD) -> WorkOrder:
    found = WorkOrder.objects.select_related("handler", "unit").filter(case=case, part=part).order_by("-id").first()
    if found is None:
        raise Refused
    return found


def _at_the_unit(world: World, case: Case) -> Person:
    """Somebody of the unit that has the order."""
    return world.people["shi"] if _order_of(case).unit_id == world.place.city.id else world.people["ning"]


def _request_of(case: Case) -> UnitRequest:
    found = UnitRequest.objects.filter(case=case).order_by("-asked_at", "-id").first()
    if found is None:
        raise Refused
    return found


def _question_of(case: Case) -> Question:
    found = Question.objects.filter(case=case).order_by("-asked_at", "-id").first()
    if found is None:
        raise Refused
    return found


def _send(world: World, person: Person, case: Case, which: int) -> object:
    return dispatching.dispatch(
        case_id=case.id, unit_id=_unit(world, which), helper_ids=(world.place.police.id,), actor=person, brief="",
        now=world.now,
    )  # fmt: skip


def _unit(world: World, number: int) -> UUID:
    return world.place.city.id if number else world.place.guard.id


def _rest(world: World) -> datetime:
    return world.now + timedelta(days=3)


HUB: dict[str, Deed] = {
    "file": lambda w, p, c, _o: filing.file(case_id=c.id, actor=w.people["dispatcher"], now=w.now),
    "file by anybody": lambda w, p, c, _o: filing.file(case_id=c.id, actor=p, now=w.now),
    "not file": lambda w, p, c, _o: filing.not_file(
        case_id=c.id, actor=w.people["dispatcher"], reason="settled", text="", now=w.now
    ),
    "void": lambda w, p, c, _o: filing.void(
        case_id=c.id, actor=w.people["dispatcher"], reason="test", text="试的", now=w.now
    ),
    "review": lambda w, p, c, _o: filing.ask_review(case_id=c.id, actor=p, text="不对", now=w.now),
    "hand up": lambda w, p, c, _o: filing.hand_up(case_id=c.id, actor=p, text="办不了", now=w.now),
    "verify": lambda w, p, c, _o: filing.verify(
        case_id=c.id, worker=p, actor=w.people["dispatcher"], text="", now=w.now
    ),
    "vouch": lambda w, p, c, _o: filing.vouch(case_id=c.id, actor=p, text="是", photo_ids=(), now=w.now),
    "send": lambda w, p, c, _o: _send(w, w.people["dispatcher"], c, 1),
    "send to the guard": lambda w, p, c, _o: _send(w, w.people["dispatcher"], c, 0),
    "send by anybody": lambda w, p, c, _o: _send(w, p, c, 1),
    "rule": lambda w, p, c, _o: dispatching.rule(
        case_id=c.id, unit_id=_unit(w, 0), actor=w.people["dispatcher"], text="清单", now=w.now
    ),
    "recall": lambda w, p, c, _o: dispatching.recall(
        order_id=_order_of(c).id, actor=w.people["dispatcher"], text="", now=w.now
    ),
    "read": lambda w, p, c, _o: working.read(order_id=_order_of(c).id, actor=_at_the_unit(w, c), now=w.now),
    "sign": lambda w, p, c, _o: working.sign(order_id=_order_of(c).id, actor=_at_the_unit(w, c), now=w.now),
    "sign by anybody": lambda w, p, c, _o: working.sign(order_id=_order_of(c).id, actor=p, now=w.now),
    "answer as unit": lambda w, p, c, _o: working.respond(
        order_id=_order_of(c).id, actor=_at_the_unit(w, c), text="好了", photo_ids=(), now=w.now
    ),
    "answer as unit by anybody": lambda w, p, c, _o: working.respond(
        order_id=_order_of(c).id, actor=p, text="好了", photo_ids=(), now=w.now
    ),
    "return": lambda w, p, c, _o: working.return_order(
        order_id=_order_of(c).id, actor=_at_the_unit(w, c), ground="not_our_area", text="不归", now=w.now
    ),
    "ask for days": lambda w, p, c, _o: working.ask_extension(
        order_id=_order_of(c).id, actor=_at_the_unit(w, c), ground="weather", text="雨", days=2, now=w.now
    ),
    "ask for rest": lambda w, p, c, _o: working.ask_suspension(
        order_id=_order_of(c).id, actor=_at_the_unit(w, c), ground="season", text="春", rests_until=_rest(w), now=w.now
    ),
    "grant": lambda w, p, c, _o: deciding.grant(
        request_id=_request_of(c).id, actor=w.people["dispatcher"], text="", now=w.now
    ),
    "refuse": lambda w, p, c, _o: deciding.refuse(
        request_id=_request_of(c).id, actor=w.people["dispatcher"], text="不", now=w.now
    ),
    "set aside": lambda w, p, c, _o: deciding.suspend(
        order_id=_order_of(c).id,
        actor=w.people["dispatcher"],
        ground="budget",
        rests_until=_rest(w),
        text="等",
        now=w.now,
    ),
    "take up": lambda w, p, c, _o: deciding.take_up(case_id=c.id, actor=p, now=w.now),
    "lapse": lambda w, p, c, _o: (
        filing.lapse_verification(case_id=c.id, now=w.now) or deciding.lapse(case_id=c.id, now=w.now)
    ),
    "arrive": lambda w, p, c, _o: arriving.arrive(case_id=c.id, actor=p, now=w.now),
    "arrive as unit": lambda w, p, c, _o: arriving.arrive_for_unit(
        order_id=_order_of(c).id, actor=_at_the_unit(w, c), now=w.now
    ),
    "arrive as unit by anybody": lambda w, p, c, _o: arriving.arrive_for_unit(
        order_id=_order_of(c).id, actor=p, now=w.now
    ),
    "a word": lambda w, p, c, _o: noting.tell_reporters(case_id=c.id, actor=p, text="在办", now=w.now),
    "alarm": lambda w, p, c, _o: pressing.alarm(order_id=_order_of(c).id, now=w.now),
    "ask": lambda w, p, c, _o: asking.ask(case_id=c.id, actor=p, text="？", now=w.now),
    "ask as unit": lambda w, p, c, _o: asking.ask_for_unit(
        order_id=_order_of(c).id, actor=_at_the_unit(w, c), text="？", now=w.now
    ),
    "tell": lambda w, p, c, _o: asking.answer(question_id=_question_of(c).id, actor=p, text="是", now=w.now),
    "take back": lambda w, p, c, _o: asking.take_back(question_id=_question_of(c).id, actor=p, now=w.now),
    "take back as unit": lambda w, p, c, _o: asking.take_back(
        question_id=_question_of(c).id, actor=_at_the_unit(w, c), now=w.now
    ),
    "unanswered": lambda w, p, c, _o: asking.lapse(question_id=_question_of(c).id, now=w.now),
    "urge": lambda w, p, c, _o: pressing.urge(case_id=c.id, actor=p, text="", now=w.now),
    "supervise": lambda w, p, c, _o: pressing.supervise(case_id=c.id, actor=w.people["dispatcher"], text="", now=w.now),
    "unit closes": lambda w, p, c, _o: _close_unit(w, c),
}
STREET = (
    "send", "sign", "answer as unit", "return", "ask for days", "grant", "pass by the drawn", "fail by the drawn",
    "dispute", "send to the guard", "rule", "lapse", "arrive as unit",
)  # fmt: skip


def _close_unit(world: World, case: Case) -> None:
    unit = _order_of(case).unit
    grid.close_unit(unit_id=unit.id, actor=None, now=world.now)
    passing.recall_from_unit(unit_id=unit.id, now=world.now)


def due(start: datetime, case: Case, pauses: list[Interval], extensions: list[Span]) -> object:
    return stages.due(
        start, timing.limit_of(case.case_type), pauses=pauses, extensions=extensions,
        due_at=lambda begins, span, stopped: workdays.due_at(begins, span, suspended=stopped),
    )  # fmt: skip


def the_orders_follow(case: Case) -> None:
    """Orders, requests and questions are never left behind by their case, nor ahead of it."""
    live = list(WorkOrder.objects.live().filter(case=case))
    lead = next((order for order in live if order.part == Part.LEAD), None)
    for order in WorkOrder.objects.filter(case=case):
        steps = list(OrderStep.objects.filter(order=order).order_by("position"))
        assert [one.position for one in steps] == list(range(1, len(steps) + 1)) and steps[-1].to_state == order.state
        for last, following in itertools.pairwise(steps):
            row = orders.step(last.to_state, following.action)  # type: ignore[arg-type]
            assert following.to_state == (row.target or last.to_state) and following.part in row.parts
    if case.ended_at:
        assert not live
    else:
        assert (lead is not None) == (case.unit_id is not None) and (lead is None or lead.unit_id == case.unit_id)
    if not machine.allows(case.state, Action.ANSWER):
        assert not Question.objects.filter(case=case, closed_at=None).exists()
    if case.state in AT_A_UNIT:
        assert lead is not None and lead.state == AT_A_UNIT[State(case.state)]
    waiting = UnitRequest.objects.filter(case=case, decision="").count()
    assert waiting == (case.state == State.EXTENSION_PENDING)
    assert (case.wait_until is not None) >= (case.state in (State.EXTENSION_PENDING, State.SUSPENDED))
    assert case.returns <= case.case_type.max_returns


def the_marks_follow(
    case: Case,
    pauses_of: Callable[[StageMark], list[Interval]],
    *,
    promised_then: Callable[[StageMark], datetime | None],
) -> None:
    """Who came and who had a word is marked once, by the clock of whose hands it was in, and never redated.

    The answer has no longer than the reporter was promised when they had it.
    """
    marks = list(StageMark.objects.select_related("order").filter(case=case))
    assert sum(mark.stage == Stage.ANSWER for mark in marks) <= 1
    assert len({(mark.stage, mark.order_id) for mark in marks}) == len(marks)
    for mark in marks:
        assert mark.began_at == (mark.order.clock_started_at if mark.order else case.clock_started_at) <= mark.done_at
        pauses = pauses_of(mark)
        stood = [Interval(one.start, min(one.end, mark.done_at)) for one in pauses if one.start < mark.done_at]
        span = Span(2, Unit.WORK_HOURS) if mark.stage == Stage.ARRIVE else Span(1, Unit.WORKDAYS)
        due_at = workdays.due_at(mark.began_at, span, suspended=stood)
        expected = None if isinstance(due_at, Pending) else due_at
        promise = promised_then(mark) if mark.stage == Stage.ANSWER else None
        assert mark.due_at == (min(expected, promise) if expected and promise else expected)
        assert (mark.part == Actor.UNIT) <= (mark.order is not None)


AT_A_UNIT = {
    State.DISPATCHED: OrderState.SENT,
    State.IN_PROGRESS: OrderState.SIGNED,
    State.EXTENSION_PENDING: OrderState.SIGNED,
    State.SUSPENDED: OrderState.SIGNED,
}
