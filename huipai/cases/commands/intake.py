"""A report comes in: once, in the right micro-grid, into the right hands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases.commands import allowing, intake_statement, locating, stepping
from huipai.cases.commands.allowing import Limits
from huipai.cases.commands.locating import Located, Where
from huipai.cases.commands.saying import TooLong
from huipai.cases.fact_words import Fact
from huipai.cases.models import Report, ReportAnswers
from huipai.cases.queries import types as editions
from huipai.cases.rules import types
from huipai.cases.rules.contents import content_hash
from huipai.cases.words import LONGEST_TEXT, MOST_PHOTOS, Placed, PositionSource
from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.journal import commands as journal
from huipai.kit import hot
from huipai.kit.coordinates import Crs, Point, metres_per_degree
from huipai.kit.ids import new_id, short_code
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, Refused
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import street_in_force
from huipai.workdays import queries as workdays
from huipai.workdays.words import Pending, Span, Unit


class UnknownType(Invalid):
    code = "unknown_case_type"
    default_reason = _("选一个最像的类别")


class TooManyPhotos(Invalid):
    code = "too_many_photos"
    default_reason = _("照片最多 9 张，请去掉几张")


class NoPhoto(Invalid):
    code = "no_photo"
    default_reason = _("还没有照片，拍一张就好")


class QuestionOpen(Invalid):
    """Something that the type asks besides was not answered, or not as it is asked."""

    code = "question_open"
    default_reason = _("还要答一句")


class AskedUnderNothing(Invalid):
    """Its answers are said to be to questions of an edition that the type never had."""

    code = "asked_under_nothing"
    default_reason = _("要问的换过了，看一遍再发一次。您写的都在")


class NotThisId(Moved):
    """Somebody else's id, another street's, or the same one with other content: one refusal for all (ruling 6)."""

    code = "id_in_use"
    default_reason = _("这一件没有收下，请回到上一页重新发送")


@dataclass(frozen=True)
class Sending:
    """What a person sends: made on the phone, offline if need be."""

    report_id: UUID
    case_type: str
    point: Point | None
    source_crs: Crs
    position_source: PositionSource
    photo_ids: tuple[UUID, ...]
    text: str = ""
    address: str = ""
    is_name_hidden: bool = True
    # Kept from neighbours although its type is public; never the other way round.
    is_private: bool = False
    # What the type asks besides, by the key of the question.
    answers: tuple[tuple[str, str], ...] = ()
    # The edition of the type whose questions they answer, however late they arrive; None: today's.
    edition: int | None = None
    # The place that was chosen from the list beside the map, where there is no position.
    node_id: UUID | None = None
    # Said not to be the same as what its sender has reported here before. No part of the content: said on a second try.
    is_another: bool = False

    @property
    def where(self) -> Where:
        return Where(self.point, self.position_source, self.node_id, self.address)

    def content(self) -> dict[str, object]:
        more: dict[str, object] = {"answers": dict(self.answers)} if self.answers else {}
        if self.node_id is not None:
            more["node"] = self.node_id
        return {
            "type": self.case_type, "lng": self.point and self.point.lng, "lat": self.point and self.point.lat,
            "crs": self.source_crs, "source": self.position_source, "photos": self.photo_ids, "text": self.text,
            "address": self.address, "hidden": self.is_name_hidden, "private": self.is_private, **more,
        }  # fmt: skip


@dataclass(frozen=True)
class Received:
    """The answer to a sending; the same for every retry."""

    report_id: UUID
    case_id: UUID
    code: str
    due_at: datetime | None
    due_year: int | None


def receive(*, sending: Sending, reporter: Person, now: datetime) -> Received:
    """File one report as a new case with the worker of its micro-grid, exactly once however often it is sent.

    Refuses a place outside the street, an unknown type, photos that are not the reporter's.
    """
    look_over(sending)
    if not sending.photo_ids:
        raise NoPhoto(field="photos")
    return file(sending=sending, reporter=reporter, uploader=reporter, limits=allowing.of_a_person(), now=now)


def file(*, sending: Sending, reporter: Person, uploader: Person, limits: Limits, now: datetime) -> Received:
    """The same for whoever took the photos, and without one where there is none: at the counter, on the telephone."""
    for _attempt in range(3):
        try:
            with stepping.photos_used_once():
                return _receive(sending, reporter, uploader, limits, now)
        except IntegrityError as error:
            # Two random codes may meet; another is as good.
            if "cases_one_case_a_code" not in str(error):
                raise
    raise Moved


def look_over(sending: Sending) -> None:
    """Refuse what can be seen to be incomplete without asking anybody."""
    locating.look_over(sending.where)
    if len(set(sending.photo_ids)) > MOST_PHOTOS:
        raise TooManyPhotos(field="photos")
    if len(sending.text) > LONGEST_TEXT:
        raise TooLong(field="text")


def _receive(sending: Sending, reporter: Person, uploader: Person, limits: Limits, now: datetime) -> Received:
    if sending.point is None and Report.objects.filter(pk=sending.report_id).exists():
        return _answer_again(sending, reporter)  # whatever its address would mean today
    try:
        located = locating.locate(sending.where, now)
        case_type = _type_of(sending)
        asked = case_type.as_asked(sending.edition)
        answers = asked.answered(sending.answers)
    except Refused:
        # What has been received was good when it came: boundaries and types that changed since refuse no retry. Asked
        # only here, for who comes the first time has nothing to be asked.
        if Report.objects.filter(pk=sending.report_id).exists():
            return _answer_again(sending, reporter)
        raise
    due = workdays.due_at(now, case_type.limit)
    due_at, due_year = (None, due.year) if isinstance(due, Pending) else (due, None)
    photos = list(dict.fromkeys(sending.photo_ids))
    case_id, entry_id = new_id(), new_id()
    per_lng, per_lat = metres_per_degree(located.point.lat)
    came = _write(
        entry_id,
        asked.kept(answers),
        {
            "street": street_in_force(), "report": sending.report_id, "case": case_id, "step": new_id(),
            "entry": entry_id, "code": short_code(), "type": case_type.id, "edition": case_type.edition,
            "node": located.node.id, "placed": located.placed.value,
            "lng": located.point.lng, "lat": located.point.lat,
            "address": as_seen(sending.address), "text": as_seen(sending.text),
            "public": asked.is_public and not sending.is_private,
            "worker": _worker_for(located, now, reporter), "reporter": reporter.id,
            "uploader": uploader.id, "now": now,
            "due": due_at, "due_year": due_year,
            "crs": sending.source_crs.value, "source": located.source.value,
            "hidden": sending.is_name_hidden, "hash": content_hash(sending.content()),
            "photos": photos, "photo_rows": [new_id() for _photo in photos],
            # Where the place is only guessed, nothing can be said to lie beside it.
            "at_a_place": 0 if located.placed == Placed.GUESSED else limits.at_a_place, "another": sending.is_another,
            "aside": case_type.radius_m / per_lng, "up": case_type.radius_m / per_lat, **allowing.asked(limits, now),
        },
    )  # fmt: skip
    if came.code is not None:
        return Received(sending.report_id, case_id, came.code, due_at, due_year)
    if came.is_known:
        return _answer_again(sending, reporter)
    if not came.photos_are_theirs:
        raise stepping.PhotoMissing(field="photos")
    raise _held_back(came, sending, uploader, limits, now)


@dataclass(frozen=True)
class _Came:
    """What the statement answers: the code of the new case, or why there is none."""

    code: str | None
    photos_are_theirs: bool
    is_known: bool
    own_here: int
    own_code: str | None


def _held_back(came: _Came, sending: Sending, uploader: Person, limits: Limits, now: datetime) -> Refused:
    """Of the limits the one that was reached."""
    if limits.at_a_place and came.own_here >= (limits.at_a_place if sending.is_another else 1):
        if came.own_here >= limits.at_a_place:
            return allowing.EnoughHere(field="same")
        return allowing.OwnIsOpen(came.own_code or "")
    return allowing.used_up(uploader.id, limits, now)


def _write(entry_id: UUID, answers: ReportAnswers | None, values: Mapping[str, object]) -> _Came:
    """Run the statement, together with what was answered and the deferral of whoever follows.

    Alone it is a transaction of its own: opening and closing one around it would cost two round trips for nothing.
    """
    is_followed = journal.is_followed(Fact.REPORTED)
    together = is_followed or answers is not None or connection.in_atomic_block
    with transaction.atomic() if together else nullcontext():
        came = _Came(*hot.rows(intake_statement.RECEIVE, values)[0])
        if came.code is not None and answers is not None:
            answers.report_id = values["report"]  # type: ignore[assignment]
            answers.save(force_insert=True)
        if came.code is not None and is_followed:
            journal.tell_followers(what=Fact.REPORTED, entry_id=entry_id)
    return came


@dataclass(frozen=True)
class _Type:
    id: UUID
    code: str
    limit: Span
    is_public: bool
    radius_m: int
    edition: int
    is_in_use: bool
    questions: tuple[types.Question, ...]

    def as_asked(self, edition: int | None) -> _Type:
        """As it was asked by the edition under which somebody chose it, in use or not since.

        What waited on a phone while the type was taken out of use was good when it was written. And what was written
        where neighbours do not see it is not shown to them because the type was opened since (ruling 12).
        """
        then = self
        if edition is not None and edition != self.edition:
            asked = asked_under(self.id, edition)
            is_public = self.is_public and asked.is_public
            then = replace(
                self, edition=edition, is_in_use=asked.is_in_use, questions=asked.questions, is_public=is_public
            )
        if not then.is_in_use:
            raise UnknownType(field="case_type")
        return then

    def answered(self, given: tuple[tuple[str, str], ...]) -> dict[str, str]:
        try:
            return types.answered(self.questions, dict(given))
        except types.NotAnAnswer as wrong:
            raise QuestionOpen(wrong.reason, field=f"q-{self.code}-{wrong.key}") from wrong

    def kept(self, answers: dict[str, str]) -> ReportAnswers | None:
        if not answers:
            return None
        return ReportAnswers(case_type_id=self.id, edition=self.edition, answers=answers)


def asked_under(type_id: UUID, edition: int) -> editions.Asking:
    """How an edition of a type asks; refused where there never was one of this number."""
    asked = editions.asking(type_id, edition)
    if asked is None:
        raise AskedUnderNothing(field="case_type")
    return asked


# Every report asks for its type, and types change once in months; kept like the street itself.
_kept: dict[tuple[UUID, str], tuple[float, _Type]] = {}


def _type_of(sending: Sending) -> _Type:
    asked, at = (street_in_force(), sending.case_type), monotonic()
    until, held = _kept.get(asked, (0.0, None))
    # Whoever answered an edition that is not known here has read the type since.
    if held is not None and at < until and (sending.edition or 0) <= held.edition:
        return held
    held = _read_type(sending)
    if settings.STREET_KEPT_SECONDS:
        _kept[asked] = (at + settings.STREET_KEPT_SECONDS, held)
    return held


def _read_type(sending: Sending) -> _Type:
    found = hot.rows(intake_statement.TYPE, {"street": street_in_force(), "code": sending.case_type})
    if not found:
        raise UnknownType(field="case_type")
    id, amount, unit, is_public, radius_m, edition, is_in_use, questions = found[0]
    # The statement goes round the field of the model: psycopg has read the JSON already, or Django left it as text.
    asked = json.loads(questions) if isinstance(questions, str) else questions
    return _Type(
        id,
        sending.case_type,
        Span(amount, Unit(unit)),
        is_public,
        radius_m,
        edition,
        is_in_use,
        tuple(types.Question.of(one) for one in asked),
    )


def _answer_again(sending: Sending, reporter: Person) -> Received:
    """The stored answer to a retry; one refusal for everybody and everything else."""
    report = Report.objects.select_related("case").filter(pk=sending.report_id, reporter=reporter).first()
    if report is None or report.content_hash != content_hash(sending.content()):
        raise NotThisId
    case = report.case
    return Received(report.id, case.id, case.code, case.due_at, case.due_year)


def _worker_for(located: Located, at: datetime, reporter: Person) -> UUID | None:
    return None if located.waits_for_the_hub else worker_for(located.node, at, besides=reporter)


def worker_for(node: GridNode, at: datetime, *, besides: Person) -> UUID | None:
    """Whose a new case is: the worker nearest up the tree, never the reporter; None: the community's queue."""
    worker_id = grid.acting_at(node, Role.GRID_WORKER, at)
    return worker_id if worker_id != besides.id else None
