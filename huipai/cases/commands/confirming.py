"""The reporter has the last word; silence is recorded as silence (ruling 8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies, queries
from huipai.cases.commands import passing, stepping
from huipai.cases.commands.intake import TooManyPhotos
from huipai.cases.commands.saying import TooLong
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Confirmation, Report
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import (
    DAYS_TO_CONFIRM,
    LONGEST_TEXT,
    MOST_PHOTOS,
    Action,
    Actor,
    Answer,
    Audience,
    Moment,
    ReportState,
    State,
)
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, NotVisible
from huipai.people.models import Person

# 不满意 and 非常不满意: what nobody can mend without a word.
NOT_SATISFIED = 2


class RatingWrong(Invalid):
    code = "rating_out_of_range"
    default_reason = _("选一到五")


class RatingUnexplained(Invalid):
    code = "rating_unexplained"
    default_reason = _("不满意的话，写一句为什么，办的人好改")


class ResultMoved(NotNow):
    """It was worked on again since the result that somebody speaks of."""

    code = "result_moved"
    default_reason = _("又办过一次，结果和您看的不一样了。先看看现在的，再说解决没有")


class DisputeEmpty(Invalid):
    code = "dispute_empty"
    default_reason = _("写一句还差什么，或者拍一张")


def ask(case: Case, *, now: datetime) -> None:
    """Ask every reporter of a locked case whether it is solved, each once, until three days from now.

    A part that was split off waits for what is said of the whole, and closes with it. One that goes on alone, because
    the whole was over when its review began, is asked about by itself.
    """
    if case.waits_with_its_whole:
        return
    until = now + timedelta(days=DAYS_TO_CONFIRM)
    waiting = queries.heard_reports(case).filter(state__in=(ReportState.RECEIVED, ReportState.JOINED))
    asked = set(Confirmation.objects.filter(case=case, round=case.round).values_list("report__reporter_id", flat=True))
    first_of = {report.reporter_id: report for report in waiting.order_by("-received_at", "-id")}
    Confirmation.objects.bulk_create(
        Confirmation(case=case, round=case.round, report=report, asked_at=now, until=until)
        for reporter_id, report in first_of.items()
        if reporter_id not in asked
    )
    if case.goes_alone:
        close_if_nobody_is_left(case, now=now)


@transaction.atomic
def confirm(
    *,
    case_id: UUID,
    actor: Person,
    rating: int | None,
    text: str,
    now: datetime,
    seen: int | None = None,
    hand: Person | None = None,
) -> Case:
    """A reporter says it is solved. The case closes when no other reporter is still to be heard (ruling 15).

    `seen` is the round whose result was read: of another one nothing is said by it. `hand` is who says it for the
    reporter, if not they themselves. Not by somebody whose own unit handled it, in whoever's name.
    """
    if rating is not None and not 1 <= rating <= 5:
        raise RatingWrong(field="rating")
    if rating is not None and rating <= NOT_SATISFIED and not as_seen(text):
        raise RatingUnexplained(field="text")
    _look_over(text, ())
    case = stepping.locked(case_id)
    question = _question(case, actor)
    _require_seen(case, seen)
    policies.may_say_solved(actor, hand or actor, case, now).require()
    again = question.answer == Answer.CONFIRMED and question.rating == rating
    if again and stepping.is_repeat(case, Action.AGREE, Action.CONFIRM, actor=actor, text=text):
        return case
    question.rating = rating
    _answer(question, Answer.CONFIRMED, now)
    words = stepping.Words(text, Audience.PUBLIC)
    others = _open_questions(case).exists()
    action, fact = (Action.AGREE, Fact.AGREED) if others else (Action.CONFIRM, Fact.CONFIRMED)
    stepping.take(
        case, action, part=Actor.REPORTER, actor=actor, now=now, fact=fact, words=words, facts={"rating": rating}
    )
    return case


@transaction.atomic
def dispute(
    *,
    case_id: UUID,
    actor: Person,
    text: str,
    photo_ids: tuple[UUID, ...],
    now: datetime,
    seen: int | None = None,
    part_codes: tuple[str, ...] = (),
) -> Case:
    """The reporter says it is not solved: back to the handler; the clock goes on, overdue stays overdue (ruling 15).

    `seen` is the round whose result was read: of another one nothing is said by it. The parts that are named go back
    to who handled them, each with these words; who answers for the whole waits for them.
    """
    if not as_seen(text) and not photo_ids:
        raise DisputeEmpty(field="text")
    _look_over(text, photo_ids)
    case = stepping.locked(case_id)
    if case.state != State.CONFIRMING and stepping.is_repeat(case, Action.DISPUTE, actor=actor, text=text):
        return case
    question = _question(case, actor)
    _require_seen(case, seen)
    parts = _parts_named(case, part_codes)
    _answer(question, Answer.DISPUTED, now)
    _open_questions(case).update(answer=Answer.DROPPED, answered_at=now)
    # A photo belongs to one case: that of one part lies with it, what shows several lies with the whole.
    stepping.attach(parts[0] if len(parts) == 1 else case, photo_ids, by=actor, moment=Moment.DISPUTE, now=now)
    for one in (case, *parts):
        _back_to_work(one, actor, text, now)
    return case


def _look_over(text: str, photo_ids: tuple[UUID, ...]) -> None:
    if len(text) > LONGEST_TEXT:
        raise TooLong(field="text")
    if len(set(photo_ids)) > MOST_PHOTOS:
        raise TooManyPhotos(field="photos")


def _parts_named(whole: Case, codes: tuple[str, ...]) -> list[Case]:
    """The parts with these codes, held too; refused where one is none, or has no result that could be disputed."""
    found = whole.parts.waiting_with_their_whole().filter(code__in=codes).order_by("id").values_list("id", flat=True)
    if len(found) != len(set(codes)):
        raise ResultMoved(field="part")
    return [stepping.locked(part_id) for part_id in found]


def _back_to_work(case: Case, actor: Person, text: str, now: datetime) -> None:
    words = stepping.Words(text, Audience.PUBLIC)
    case.round += 1
    stepping.take(case, Action.DISPUTE, part=Actor.REPORTER, actor=actor, now=now, fact=Fact.DISPUTED, words=words)
    passing.pass_on_if_nobody_is_there(case, now=now)


@transaction.atomic
def close_unanswered(*, case_id: UUID, now: datetime) -> Case | None:
    """Close a case whose open questions have run out; nothing while one has time left, or if it has moved on.

    Where one reporter said yes and the others nothing, it ends confirmed; where nobody spoke, as unanswered.
    """
    case = stepping.locked(case_id)
    waiting = _open_questions(case)
    if case.state != State.CONFIRMING or case.waits_with_its_whole or waiting.filter(until__gt=now).exists():
        return None
    waiting.update(answer=Answer.NO_ANSWER, answered_at=now)
    _close(case, now)
    return case


def close_if_nobody_is_left(case: Case, *, now: datetime) -> None:
    """Close a locked case that waits for nobody any more: who was still to be heard took their part back."""
    if case.state == State.CONFIRMING and not case.waits_with_its_whole and not _open_questions(case).exists():
        _close(case, now)


def _close(case: Case, now: datetime) -> None:
    agreed = Confirmation.objects.filter(case=case, round=case.round, answer=Answer.CONFIRMED).exists()
    action, fact = (Action.CONFIRM, Fact.CONFIRMED) if agreed else (Action.CLOSE_UNANSWERED, Fact.UNANSWERED)
    stepping.take(case, action, part=Actor.SYSTEM, actor=None, now=now, fact=fact)


def _open_questions(case: Case) -> QuerySet[Confirmation]:
    return Confirmation.objects.filter(case=case, round=case.round, answer="")


def _question(case: Case, actor: Person) -> Confirmation:
    asked = Confirmation.objects.filter(case=case, round=case.round)
    question = asked.filter(report__in=Report.objects.filter(reporter=actor)).first()
    if question is None:
        if Report.objects.filter(case=case, reporter=actor).exists():
            raise NotNow
        raise NotVisible
    return question


def _require_seen(case: Case, seen: int | None) -> None:
    if seen is not None and seen != case.round:
        raise ResultMoved


def _answer(question: Confirmation, answer: Answer, now: datetime) -> None:
    if question.answer:
        raise NotNow
    question.answer, question.answered_at = answer, now
    question.save(update_fields=["answer", "answered_at", "rating"])
