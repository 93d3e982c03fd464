"""What a reporter without an account says at the counter or on the telephone: their deed, by the hand of staff.

The slip is their key: its number and code were typed from the paper or told on the telephone (`counter.find`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases.commands import acting, asking, confirming, finding_false, stepping
from huipai.cases.fact_words import AT_THE_COUNTER
from huipai.cases.models import Case, Finding, Question, Slip
from huipai.cases.policies import at_counter as may
from huipai.kit.verdict import Moved, NotVisible
from huipai.people.models import Person

_T = TypeVar("_T")


class SlipReplaced(Moved):
    """Another code was printed since: this paper is void, and so is what was opened with it."""

    code = "slip_replaced"
    default_reason = _("这张回执换过查询码了，请他报新的编号和查询码，再查一次")


@dataclass(frozen=True)
class Held:
    """A slip whose code was told, and by which code."""

    report_id: UUID
    digest: str


@transaction.atomic
def answer(*, held: Held, hand: Person, question_id: UUID, text: str, now: datetime) -> Question:
    """The reporter answers what staff asked."""
    slip = _slip(held)
    if not Question.objects.filter(pk=question_id, case=slip.report.case).exists():
        raise NotVisible
    return _speak(
        slip, slip.report.case, hand,
        lambda reporter: asking.answer(question_id=question_id, actor=reporter, text=text, now=now), now,
    )  # fmt: skip


@transaction.atomic
def confirm(*, held: Held, hand: Person, rating: int | None, text: str, now: datetime) -> Case:
    """The reporter says that it is solved."""
    slip = _slip(held)
    case_id = slip.report.case_id
    return _speak(
        slip, slip.report.case, hand,
        lambda reporter: confirming.confirm(case_id=case_id, actor=reporter, rating=rating, text=text, now=now), now,
    )  # fmt: skip


@transaction.atomic
def dispute(*, held: Held, hand: Person, text: str, now: datetime) -> Case:
    """The reporter says that it is not, in words."""
    slip = _slip(held)
    case_id = slip.report.case_id
    return _speak(
        slip, slip.report.case, hand,
        lambda reporter: confirming.dispute(case_id=case_id, actor=reporter, text=text, photo_ids=(), now=now), now,
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
    locked = stepping.locked(case.id)
    may.may_speak(hand, locked, slip.reporter, now).require()
    return acting.in_name_of(slip.reporter, hand=hand, scope=AT_THE_COUNTER, case=locked, act=act, now=now)
