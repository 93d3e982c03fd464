"""What a reporter without an account says at the counter or on the telephone: their deed, by the hand of staff.

The slip is their key: its number and code were typed from the paper or told on the telephone
(`counter.find_at_counter`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import (
    acting,
    adding,
    asking,
    confirming,
    correcting,
    filing,
    finding_false,
    stepping,
    withdrawing,
)
from huipai.cases.commands.correcting import Correction
from huipai.cases.commands.handling import WordsMissing
from huipai.cases.commands.locating import Where
from huipai.cases.commands.retention import holding
from huipai.cases.fact_words import AT_THE_COUNTER
from huipai.cases.models import Addition, Case, CasePhoto, Finding, Question, Report, Slip
from huipai.cases.policies import at_counter as may
from huipai.cases.queries import retention
from huipai.cases.words import Moment, PositionSource
from huipai.kit.coordinates import Point
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Moved, NotVisible
from huipai.people import commands as people
from huipai.people.models import Person

_T = TypeVar("_T")


class SlipReplaced(Moved):
    """Another code was printed since: this paper is void, and so is what was opened with it."""

    code = "slip_replaced"
    default_reason = _("这张回执换过查询码了，请他报新的编号和查询码，再查一次")


@dataclass(frozen=True)
class Held:
    """A slip whose code was told, and by which code; and the part of its case that is spoken of, if it is not all."""

    report_id: UUID
    digest: str
    part_id: UUID | None = None


@transaction.atomic
def answer(*, held: Held, hand: Person, question_id: UUID, text: str, now: datetime) -> Question:
    """The reporter answers what staff asked."""
    slip = _slip(held)
    case = spoken_of(slip, held)
    if not Question.objects.filter(pk=question_id, case=case).exists():
        raise NotVisible
    return _speak(
        slip, case, hand,
        lambda reporter: asking.answer(question_id=question_id, actor=reporter, text=text, now=now), now,
    )  # fmt: skip


@transaction.atomic
def confirm(*, held: Held, hand: Person, rating: int | None, text: str, seen: int, now: datetime) -> Case:
    """The reporter says that it is solved."""
    slip = _slip(held)
    case = spoken_of(slip, held)
    return _speak(
        slip, case, hand,
        lambda reporter: confirming.confirm(
            case_id=case.id, actor=reporter, rating=rating, text=text, seen=seen, hand=hand, now=now
        ), now,
    )  # fmt: skip


@transaction.atomic
def dispute(*, held: Held, hand: Person, text: str, seen: int, now: datetime, part_codes: tuple[str, ...] = ()) -> Case:
    """The reporter says that it is not, in words, and of which part if they can."""
    slip = _slip(held)
    case = spoken_of(slip, held)
    return _speak(
        slip, case, hand,
        lambda reporter: confirming.dispute(
            case_id=case.id, actor=reporter, text=text, photo_ids=(), seen=seen, part_codes=part_codes, now=now
        ), now,
    )  # fmt: skip


@transaction.atomic
def appeal(*, held: Held, hand: Person, finding_id: UUID, text: str, now: datetime) -> Finding:
    """The reporter says that their report was not false."""
    slip = _slip(held)
    finding = Finding.objects.select_related("case__node").filter(pk=finding_id, report=slip.report_id).first()
    if finding is None:
        raise NotVisible
    return _speak(
        slip, finding.case, hand,
        lambda reporter: finding_false.appeal(finding_id=finding_id, actor=reporter, text=text, now=now), now,
    )  # fmt: skip


@transaction.atomic
def ask_review(*, held: Held, hand: Person, text: str, now: datetime) -> Case:
    """The reporter says that the refusal is wrong: somebody else looks again."""
    slip = _slip(held)
    case = spoken_of(slip, held)
    return _speak(
        slip, case, hand,
        lambda reporter: filing.ask_review(case_id=case.id, actor=reporter, text=text, now=now), now,
    )  # fmt: skip


@transaction.atomic
def withdraw(*, held: Held, hand: Person, now: datetime) -> None:
    """The reporter takes it back."""
    slip = _slip(held)
    case_id = slip.report.case_id
    _speak(
        slip, slip.report.case, hand,
        lambda reporter: withdrawing.withdraw(case_id=case_id, actor=reporter, now=now), now,
    )  # fmt: skip


@transaction.atomic
def add(*, held: Held, hand: Person, addition_id: UUID, text: str, now: datetime) -> Addition:
    """The reporter adds to what is in hand, in words; once however often the form is pressed."""
    slip = _slip(held)
    case_id = slip.report.case_id
    return _speak(
        slip, slip.report.case, hand,
        lambda reporter: adding.add(
            addition_id=addition_id, case_id=case_id, actor=reporter, text=text, photo_ids=(), now=now
        ), now,
    )  # fmt: skip


@transaction.atomic
def say_still_there(*, held: Held, hand: Person, now: datetime) -> Case:
    """The reporter says that it is still there; once a day."""
    slip = _slip(held)
    case_id = slip.report.case_id
    return _speak(
        slip, slip.report.case, hand,
        lambda reporter: adding.say_still_there(case_id=case_id, actor=reporter, now=now), now,
    )  # fmt: skip


@transaction.atomic
def correct(*, held: Held, hand: Person, text: str, address: str, now: datetime) -> Case:
    """The reporter puts right what was taken down: their words, and where it is in words. What is empty stays.

    The position stays where it is; what was only guessed from the address keeps that address.
    """
    slip = _slip(held)
    if not as_seen(text) and not as_seen(address):
        raise WordsMissing(_("写下要改成什么"), field="text")
    correction = _corrected(slip.report, text, address)
    return _speak(
        slip, slip.report.case, hand,
        lambda reporter: correcting.correct(
            code=slip.report.case.code, correction=correction, actor=reporter, uploader=hand, now=now
        ), now,
    )  # fmt: skip


@transaction.atomic
def forget(*, held: Held, hand: Person, now: datetime) -> None:
    """The reporter is called nothing any more; their words go once nobody is at work on them. Not while something of
    theirs is held."""
    slip = _slip(held)
    case = stepping.locked_with_its_matter(slip.report.case_id)
    may.may_forget(hand, case, slip.reporter, now).require()
    if retention.holds_something_of(slip.reporter, now):
        raise holding.HeldBack(may.HELD_BACK)
    people.erase(person=slip.reporter, actor=hand, now=now)


def _corrected(report: Report, text: str, address: str) -> Correction:
    is_guessed = report.case.is_guessed
    where = Where(
        point=None if is_guessed else Point(report.lng, report.lat),
        source=PositionSource(report.position_source),
        node_id=None,
        address=report.address if is_guessed or not as_seen(address) else address,
    )
    photos = CasePhoto.objects.filter(report=report, moment=Moment.BEFORE).order_by("position")
    return Correction(text if as_seen(text) else report.text, where, tuple(photos.values_list("photo_id", flat=True)))


def spoken_of(slip: Slip, held: Held) -> Case:
    """The case of the report, or the part of it that its holder speaks of."""
    if held.part_id is None:
        return slip.report.case
    part = slip.report.case.parts.select_related("case_type", "node").filter(pk=held.part_id).first()
    if part is None or not policies.is_reporter_of(slip.reporter, part):
        raise NotVisible
    return part


def _slip(held: Held) -> Slip:
    slips = Slip.objects.select_related("report__case__node", "reporter__account")
    slip = slips.filter(report=held.report_id).first()
    if slip is None:
        raise NotVisible
    if slip.digest != held.digest:
        raise SlipReplaced
    return slip


def _speak(slip: Slip, case: Case, hand: Person, act: Callable[[Person], _T], now: datetime) -> _T:
    """As the reporter, once it is certain that this hand may."""
    locked = stepping.locked_with_its_matter(case.id)
    may.may_speak(hand, locked, slip.reporter, now).require()
    return acting.in_name_of(slip.reporter, hand=hand, scope=AT_THE_COUNTER, case=locked, act=act, now=now)
