"""The same matter seen by a second pair of eyes: a report that joins a public case instead of making another."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import allowing, confirming, intake, passing, stepping
from huipai.cases.commands.intake import NotThisId, Received, Sending
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, CasePhoto, Report, ReportAnswers
from huipai.cases.queries import neighbours
from huipai.cases.rules import types
from huipai.cases.rules.contents import content_hash
from huipai.cases.rules.whereabouts import BEFORE_A_RESPONSE
from huipai.cases.words import METRES_OF_DRIFT, Kind, Moment, ReportState, State
from huipai.journal import commands as journal
from huipai.kit.coordinates import Point, distance_m
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved
from huipai.people.models import Person
from huipai.photos.models import Photo


class NoLongerOpen(Moved):
    """The neighbours' case ended, or is not shown to neighbours any more; nothing more is said of it."""

    code = "cannot_join"
    default_reason = _("那一件刚刚办结或收起来了，改一改，照样报成新的一件")


class SeenByNeighbours(Invalid):
    """What its reporter keeps from neighbours does not go along with what they see."""

    code = "join_is_seen"
    default_reason = _(
        "您选了不给邻居看，那一件邻居看得到。要一起报，关掉“不给邻居看”；不想给人看，选“不是同一件”，报成新的"
    )


class NotTheSame(Invalid):
    """Of another kind or elsewhere: only what would have been offered is joined, and so confirmed and disputed."""

    code = "not_the_same"
    default_reason = _(
        "那一件和您报的不是同一类，或者不在同一个地方，不能跟着报。您写的、拍的都在，再发一次就报成新的一件"
    )


@transaction.atomic
def join(*, sending: Sending, code: str, reporter: Person, uploader: Person | None = None, now: datetime) -> Received:
    """Add a report with its photos to the public case `code`; its reporter is told and asked like the first.

    Only where it would have been offered: of the same kind, within its radius. Following asks for neither.
    Exactly once however often it is sent. The first reporter stays the first: only they are thanked with points.
    The photos are the reporter's own unless somebody uploaded them for them.
    """
    intake.look_over(sending)
    if not sending.photo_ids:
        raise intake.NoPhoto(field="photos")
    content = content_hash({**sending.content(), "joins": code})
    known = Report.objects.select_related("case").filter(pk=sending.report_id).first()
    if known is not None:
        return _answer_again(known, reporter, content)
    if sending.is_private:
        raise SeenByNeighbours(field="same")
    found = neighbours.open_to_join(code)
    if found is None:
        raise NoLongerOpen
    case = stepping.locked(found)
    known = Report.objects.select_related("case").filter(pk=sending.report_id).first()
    if known is not None:  # a retry that was quicker to the lock
        return _answer_again(known, reporter, content)
    if neighbours.open_to_join(code) != case.id:  # looked at again, now that it is held
        raise NoLongerOpen
    policies.may_join(reporter, case, now).require()
    at = _where_it_is_the_same(sending, case)
    allowing.spend(uploader or reporter, allowing.of_a_person(), now)
    report = _write(sending, at, case, reporter, uploader or reporter, content, now)
    journal.record(
        what=Fact.JOINED, subject=case.subject, actor_id=reporter.id, now=now, facts={"report": str(report.id)}
    )
    _hear_the_new_one(case, now)
    return _received(report, case)


def _where_it_is_the_same(sending: Sending, case: Case) -> Point:
    """Where its reporter is, which is where the case is: what has no position was never offered one."""
    if sending.point is None or sending.case_type != case.case_type.code:
        raise NotTheSame(field="same")
    away = distance_m(sending.point, Point(case.lng, case.lat))
    if away > case.case_type.radius_m + METRES_OF_DRIFT:
        raise NotTheSame(field="same")
    return sending.point


def _write(
    sending: Sending, at: Point, case: Case, reporter: Person, uploader: Person, content: str, now: datetime
) -> Report:
    wanted = tuple(dict.fromkeys(sending.photo_ids))
    photos = {photo.id: photo for photo in Photo.objects.kept().filter(pk__in=wanted, uploader=uploader)}
    if len(photos) != len(wanted):
        raise stepping.PhotoMissing(field="photos")
    try:
        with transaction.atomic():
            report = Report.objects.create(
                id=sending.report_id, case=case, reporter=reporter, kind=Kind.PROBLEM, state=ReportState.JOINED,
                case_type=case.case_type, text=as_seen(sending.text), address=as_seen(sending.address),
                lng=at.lng, lat=at.lat, source_crs=sending.source_crs.value,
                position_source=sending.position_source.value, is_name_hidden=sending.is_name_hidden,
                content_hash=content, received_at=now,
            )  # fmt: skip
    except IntegrityError as clash:
        raise NotThisId from clash
    with stepping.photos_used_once(), transaction.atomic():
        CasePhoto.objects.bulk_create(
            CasePhoto(case=case, photo=photos[id], report=report, moment=Moment.BEFORE, round=1, position=position)
            for position, id in enumerate(wanted, start=next_position(case))
        )
    _keep_answers(report, case, sending)
    return report


def _keep_answers(report: Report, case: Case, sending: Sending) -> None:
    """What its reporter answered of what the type asks; nobody who joins has to."""
    then = case.type_then
    edition, asked = then.edition, tuple(types.Question.of(one) for one in then.questions)
    if sending.edition is not None and sending.case_type == then.code:
        edition, asked = sending.edition, intake.asked_under(case.case_type_id, sending.edition).questions
    try:
        answers = types.answered(asked, dict(sending.answers), must_all=False)
    except types.NotAnAnswer as wrong:
        raise intake.QuestionOpen(wrong.reason, field=f"q-{then.code}-{wrong.key}") from wrong
    if answers:
        ReportAnswers.objects.create(report=report, case_type=case.case_type, edition=edition, answers=answers)


def next_position(case: Case) -> int:
    """After the photos that are there, so that the first stays the case's picture."""
    last = CasePhoto.objects.filter(case=case, moment=Moment.BEFORE).order_by("-position").first()
    return last.position + 1 if last else 0


def _hear_the_new_one(case: Case, now: datetime) -> None:
    """A reporter more: is asked too where others are, and nobody works on what they reported themselves."""
    if case.state == State.CONFIRMING:
        confirming.ask(case, now=now)
    elif case.state in BEFORE_A_RESPONSE:
        passing.pass_on_if_nobody_is_there(case, now=now)
    passing.pass_on_parts_of_others(case, now=now)


def _answer_again(known: Report, reporter: Person, content: str) -> Received:
    if known.reporter_id != reporter.id or known.content_hash != content:
        raise NotThisId
    return _received(known, known.case)


def _received(report: Report, case: Case) -> Received:
    return Received(report.id, case.id, case.code, case.due_at, case.due_year)
