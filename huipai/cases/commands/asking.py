"""Questions to whoever reported it, through the product: neither side sees who the other is (ruling 11)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import dispatching, stepping
from huipai.cases.commands.handling import WordsMissing
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Question, Transition, WorkOrder
from huipai.cases.order_words import DAYS_TO_ANSWER, Part
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import LONGEST_TEXT, Action, Actor
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person


class AskedAlready(Moved):
    code = "asked_already"
    default_reason = _("已经问过一句，等他回答")


class QuestionMoved(NotNow):
    """What was answered is not what is asked now: it lapsed, another reporter answered, or another question came."""

    code = "question_moved"
    default_reason = _("您回答的那一句已经不用回答了。要是下面问了别的，看过再说")


class NothingToTakeBack(NotNow):
    """It was answered, or ran out of time."""

    code = "nothing_to_take_back"
    default_reason = _("这一句已经有了回答，或者已经不等了，不用收回")


class TooMuchToRead(Invalid):
    code = "question_too_long"
    default_reason = _("写短一点，最多 2000 个字")


@transaction.atomic
def ask(*, case_id: UUID, actor: Person, text: str, now: datetime) -> Question:
    """A worker or the desk asks, twice is once. One question at a time; after three days work goes on without."""
    case = stepping.locked(case_id)
    policies.may_ask(actor, case, now).require()
    return _ask(case, None, policies.part_in(actor, case, now), actor, text, now)


@transaction.atomic
def ask_for_unit(*, order_id: UUID, actor: Person, text: str, now: datetime) -> Question:
    """The leading unit asks. No clock stands still for it."""
    order, case = dispatching.locked_order(order_id)
    if not policies.acts_for(actor, order.unit, now):
        raise NotVisible
    policies.may_work_on(actor, order, case, now).require()
    if order.part != Part.LEAD or order.ended_at is not None:
        raise NotNow
    return _ask(case, order, Actor.UNIT, actor, text, now)


def _ask(case: Case, order: WorkOrder | None, part: Actor, actor: Person, text: str, now: datetime) -> Question:
    if not as_seen(text):
        raise WordsMissing(_("写下想问的话"), field="text")
    if len(text) > LONGEST_TEXT:
        raise TooMuchToRead(field="text")
    waiting = Question.objects.filter(case=case, closed_at=None).first()
    if waiting is not None:
        if (waiting.asked_by_id, waiting.text) == (actor.id, as_seen(text)):
            return waiting
        raise AskedAlready
    question = Question.objects.create(
        case=case, order=order, part=part, asked_by=actor, text=as_seen(text), asked_at=now,
        until=now + timedelta(days=DAYS_TO_ANSWER),
    )  # fmt: skip
    stepping.take(
        case, Action.ASK, part=part, actor=actor, now=now, fact=Fact.QUESTION_ASKED, unit=order.unit if order else None,
        facts={"question": str(question.id)},
    )  # fmt: skip
    return question


@transaction.atomic
def answer(*, question_id: UUID, actor: Person, text: str, now: datetime) -> Question:
    """Any reporter who still waits answers, once, and the same again is once; who asked is told."""
    question, case = _locked(question_id)
    if not policies.is_reporter_of(actor, case):
        raise NotVisible
    if question.closed_at is not None:
        if (question.answered_by_id, question.answer) == (actor.id, as_seen(text)):
            return question
        raise QuestionMoved
    policies.may_speak_as_reporter(actor, case).require()
    if not as_seen(text):
        raise WordsMissing(_("写一句就好"), field="text")
    if len(text) > LONGEST_TEXT:
        raise TooMuchToRead(field="text")
    question.answer, question.answered_by, question.closed_at = as_seen(text), actor, now
    question.save(update_fields=["answer", "answered_by", "closed_at"])
    stepping.take(
        case, Action.ANSWER, part=Actor.REPORTER, actor=actor, now=now, fact=Fact.QUESTION_ANSWERED,
        facts={"question": str(question.id)},
    )  # fmt: skip
    return question


@transaction.atomic
def lapse(*, question_id: UUID, now: datetime) -> Question | None:
    """Nobody answered in time: work goes on without. Nothing if somebody has meanwhile."""
    question, case = _locked(question_id)
    if question.closed_at is not None or question.until > now:
        return None
    question.closed_at = now
    question.save(update_fields=["closed_at"])
    stepping.take(
        case, Action.LAPSE_QUESTION, part=Actor.SYSTEM, actor=None, now=now, fact=Fact.QUESTION_LAPSED,
        facts={"question": str(question.id)},
    )  # fmt: skip
    return question


@transaction.atomic
def take_back(*, question_id: UUID, actor: Person, now: datetime) -> Question:
    """Nobody is asked any more, twice is once: by who asked, who acts for the unit that did, or the desk."""
    question, case = _locked(question_id)
    part = _part_in_taking_back(question, case, actor, now)
    if question.closed_at is not None:
        if _was_taken_back(case, question.closed_at):
            return question
        raise NothingToTakeBack
    question.closed_at = now
    question.save(update_fields=["closed_at"])
    order = question.order if part == Actor.UNIT else None
    stepping.take(
        case, Action.TAKE_BACK_QUESTION, part=part, actor=actor, now=now, fact=Fact.QUESTION_TAKEN_BACK,
        unit=order.unit if order else None, facts={"question": str(question.id)},
    )  # fmt: skip
    return question


def _part_in_taking_back(question: Question, case: Case, actor: Person, now: datetime) -> Actor:
    order = question.order
    if order is not None and order.ended_at is None and policies.acts_for(actor, order.unit, now):
        policies.may_work_on(actor, order, case, now).require()
        return Actor.UNIT
    policies.may_take_back_question(actor, case, question, now).require()
    return policies.part_in(actor, case, now)


def _was_taken_back(case: Case, closed_at: datetime) -> bool:
    taken = Transition.objects.filter(case=case, action=Action.TAKE_BACK_QUESTION)
    return taken.filter(happened_at=closed_at).exists()


def _locked(question_id: UUID) -> tuple[Question, Case]:
    case_id = Question.objects.filter(pk=question_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotVisible
    case = stepping.locked(case_id)
    return Question.objects.get(pk=question_id), case
