"""Somebody who neither reported nor handled it looks: drawn at random, blind to the handler (ruling 9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import confirming, passing, stepping, timing
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Check, Response
from huipai.cases.queries import checking
from huipai.cases.rules import drawing
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Action, Actor, Audience, CheckResult, Moment, State
from huipai.journal import commands as journal
from huipai.kit import chance
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.points import commands as points
from huipai.points import queries as ledger

Pick = Callable[[int], int]


class ResultMissing(Invalid):
    code = "check_result_missing"
    default_reason = _("选一选：通过，还是返工")


class WhatIsMissing(Invalid):
    code = "say_what_is_missing"
    default_reason = _("写一句还差什么，方便返工")


class NobodyToDraw(Moved):
    code = "no_checker_to_draw"
    default_reason = _("现在没有别人可以抽：能去看的人都经过手，或者不在。请管理员补一位核查员")


class HasAStake(NotAllowed):
    code = "check_has_a_stake"
    default_reason = _("您现在和这件事有关，或者不再核验，会换别人来看")


class ReworkNeedsPhoto(Invalid):
    code = "rework_needs_photo"
    default_reason = _("返工要拍一张还差在哪里，办的人照着改")


def begin(case: Case, response: Response, *, now: datetime, pick: Pick = chance.below) -> Check | None:
    """After a response: draw a checker, or ask the reporter at once where the lot leaves the case unchecked.

    A lot is drawn in the first round only: what came back once is always looked at. No points without a look: they are
    posted with a check that passed (ruling 19).
    """
    if _is_left_out(case, response, now):
        case.is_unchecked = True
        stepping.take(
            case, Action.SKIP_CHECK, part=Actor.SYSTEM, actor=None, now=now, fact=Fact.CHECK_SKIPPED,
            facts={"unit": str(case.unit_id)} if case.unit_id else {},
        )  # fmt: skip
        confirming.ask(case, now=now)
        return None
    return draw(case, now=now, pick=pick)


def _is_left_out(case: Case, response: Response, now: datetime) -> bool:
    """Draw the lot where the type is checked by share, and keep in the journal what it was drawn from."""
    share = case.type_then.check_share
    if share >= 1 or case.round > 1:
        return False
    number = drawing.lot(case.id, response.id)
    checked = drawing.is_checked(number, share)
    facts = {
        "response": str(response.id), "lot": drawing.spelled(number), "share": str(share), "checked": checked,
    }  # fmt: skip
    journal.record(what=Fact.CHECK_LOT, subject=case.subject, actor_id=None, now=now, facts=facts)
    return not checked


def draw(case: Case, *, now: datetime, pick: Pick = chance.below) -> Check | None:
    """Draw a checker for a locked case that has a response; None and a fact for the hub where nobody can be drawn.

    Who let a look lapse in this round is not drawn here; `draw_again` falls back on them.
    """
    check = _draw_from(checking.fresh_checkers(case, now), case, now, pick)
    if check is None:
        journal.record(
            what=Fact.NO_CHECKER, subject=case.subject, actor_id=None, now=now, facts={"node": str(case.node_id)}
        )
    return check


def _draw_from(pool: list[UUID], case: Case, now: datetime, pick: Pick) -> Check | None:
    drawn = drawing.draw(pool, pick)
    if drawn is None:
        return None
    assert case.handler_id is not None
    check = Check.objects.create(
        case=case, round=case.round, checker_id=drawn.checker_id, reporter_id=case.reporter_id,
        handler_id=case.handler_id, drawn_at=now, due_at=timing.check_due(now),
        pool_hash=drawn.pool_hash, pool_size=drawn.pool_size, drawn=drawn.drawn,
    )  # fmt: skip
    stepping.take(
        case, Action.DRAW_CHECK, part=Actor.SYSTEM, actor=None, now=now, fact=Fact.CHECK_DRAWN,
        facts={
            "check": str(check.id), "checker": str(drawn.checker_id), "pool": drawn.pool_hash, "size": drawn.pool_size,
            "drawn": drawn.drawn,
        },
    )  # fmt: skip
    return check


def pass_check(*, check_id: UUID, actor: Person, text: str, photo_ids: tuple[UUID, ...], now: datetime) -> Check:
    """Record that the problem is gone. Posts the reporter's points and asks the reporter, in the same transaction."""
    _require_no_stake(check_id, actor, now)
    return _pass(check_id, actor, text, photo_ids, now)


@transaction.atomic
def _pass(check_id: UUID, actor: Person, text: str, photo_ids: tuple[UUID, ...], now: datetime) -> Check:
    check, case = _open(check_id, actor)
    if check.result == CheckResult.PASSED and stepping.is_repeat(case, Action.PASS_CHECK, actor=actor, text=text):
        return check
    _decide(check, CheckResult.PASSED, now)
    words = stepping.Words(text, Audience.INTERNAL)
    stepping.take(
        case, Action.PASS_CHECK, part=Actor.CHECKER, actor=actor, now=now, fact=Fact.CHECK_PASSED, words=words
    )
    stepping.attach(case, photo_ids, by=actor, moment=Moment.CHECK, now=now)
    _award(case, now)
    confirming.ask(case, now=now)
    return check


def fail_check(*, check_id: UUID, actor: Person, text: str, photo_ids: tuple[UUID, ...], now: datetime) -> Check:
    """Send a case back to its handler, with a word and a photo; the clock goes on from where it stood."""
    _require_no_stake(check_id, actor, now)
    return _fail(check_id, actor, text, photo_ids, now)


@transaction.atomic
def _fail(check_id: UUID, actor: Person, text: str, photo_ids: tuple[UUID, ...], now: datetime) -> Check:
    check, case = _open(check_id, actor)
    if not as_seen(text):
        raise WhatIsMissing(field="text")
    if not photo_ids:
        raise ReworkNeedsPhoto(field="photos")
    if check.result == CheckResult.REWORK and stepping.is_repeat(case, Action.FAIL_CHECK, actor=actor, text=text):
        return check
    _decide(check, CheckResult.REWORK, now)
    words = stepping.Words(text, Audience.INTERNAL)
    stepping.attach(case, photo_ids, by=actor, moment=Moment.CHECK, now=now)
    case.round += 1
    stepping.take(
        case, Action.FAIL_CHECK, part=Actor.CHECKER, actor=actor, now=now, fact=Fact.CHECK_FAILED, words=words
    )
    passing.pass_on_if_nobody_is_there(case, now=now)
    return check


@transaction.atomic
def redraw(*, check_id: UUID, now: datetime, pick: Pick = chance.below) -> Check | None:
    """Close a check that nobody made in its time and draw another; nothing if it was decided meanwhile."""
    check = Check.objects.filter(pk=check_id).first()
    if check is None:
        raise NotVisible
    case = stepping.locked(check.case_id)
    check.refresh_from_db()
    if not checking.over(now).filter(pk=check.pk).exists():
        return None
    return _lapse(check, case, now, pick)


def draw_for_looks_of(*, person_id: UUID, now: datetime, pick: Pick = chance.below) -> int:
    """Let the open looks of somebody who may look no more lapse and draw others (ruling 4); the number of looks.

    Twice is once. Where nobody else can be drawn, the hub is told and the draw is tried again, as after any lapse.
    """
    held = Check.objects.filter(checker=person_id, result="").order_by("case_id", "id")
    return sum(_draw_for(check_id, now, pick) for check_id in list(held.values_list("id", flat=True)))


@transaction.atomic
def _draw_for(check_id: UUID, now: datetime, pick: Pick) -> bool:
    check = Check.objects.get(pk=check_id)
    case = stepping.locked(check.case_id)
    check.refresh_from_db()
    if check.result or case.state != State.CHECKING or check.checker_id in checking.checker_pool(case, now):
        return False
    _lapse(check, case, now, pick)
    return True


def _lapse(
    check: Check, case: Case, now: datetime, pick: Pick, *, part: Actor = Actor.SYSTEM, actor: Person | None = None
) -> Check | None:
    _decide(check, CheckResult.LAPSED, now)
    stepping.take(case, Action.LAPSE_CHECK, part=part, actor=actor, now=now, fact=Fact.CHECK_LAPSED)
    return draw(case, now=now, pick=pick)


@transaction.atomic
def draw_now(*, case_id: UUID, actor: Person, now: datetime, pick: Pick = chance.below) -> Check:
    """The hub has a checker drawn for a case that has none, or another for a look that no calendar ends yet.

    Whom is left to the lot, and a look whose time is known runs out by itself: nobody chooses who looks (ruling 9).
    """
    case = stepping.locked(case_id)
    policies.may_dispatch(actor, case, now).require()
    waiting = checking.undated_look_at(case)
    if case.state != State.RESPONDED and waiting is None:
        raise NotNow
    if waiting is not None and checking.fresh_checkers(case, now):
        drawn = _lapse(waiting, case, now, pick, part=Actor.DISPATCHER, actor=actor)
    elif waiting is None:
        drawn = _draw_from(_may_be_drawn(case, now), case, now, pick)
    else:
        drawn = None  # whoever has it keeps it
    if drawn is None:
        raise NobodyToDraw
    return drawn


def _may_be_drawn(case: Case, now: datetime) -> list[UUID]:
    """Who let a look lapse in this round only where nobody else is left, so that no case waits for ever."""
    return checking.fresh_checkers(case, now) or checking.checker_pool(case, now)


@transaction.atomic
def draw_again(*, case_id: UUID, now: datetime, pick: Pick = chance.below) -> Check | None:
    """Draw for a case that found no checker; nothing if it has moved on. The hub has been told already."""
    case = stepping.locked(case_id)
    if case.state != State.RESPONDED:
        return None
    return _draw_from(_may_be_drawn(case, now), case, now, pick)


def _require_no_stake(check_id: UUID, actor: Person, now: datetime) -> None:
    """Who was drawn and has a stake by now does not look; another is drawn when the look's time is over, or before."""
    with transaction.atomic():
        check, case = _open(check_id, actor)
        is_open = not check.result and case.state == State.CHECKING
        if is_open and actor.id not in checking.checker_pool(case, now):
            raise HasAStake


def _open(check_id: UUID, actor: Person) -> tuple[Check, Case]:
    """The check, open and this person's, with its case locked."""
    check = Check.objects.filter(pk=check_id).first()
    if check is None or not policies.may_check(actor, check):
        raise NotVisible
    case = stepping.locked(check.case_id)
    check.refresh_from_db()
    return check, case


def _decide(check: Check, result: CheckResult, now: datetime) -> None:
    if check.result:
        raise NotNow
    check.result, check.decided_at = result, now
    check.save(update_fields=["result", "decided_at"])


def _award(case: Case, now: datetime) -> None:
    """Points for the first reporter only, by the rulebook in force when the report came in (ruling 20).

    Once a case: what came back and was put under another type meanwhile is not paid by that one too.
    """
    item_code = case.type_then.point_item
    if not item_code or case.parent_id is not None or ledger.award_of(case.subject) is not None:
        return
    points.award(
        item_code=item_code,
        subject=case.subject,
        person=case.reporter,
        received_at=case.reported_at,
        actor=None,
        now=now,
    )
