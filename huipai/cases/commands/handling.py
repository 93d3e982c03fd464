"""The worker's part: take it on, decline it, say that it is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import checking, measuring, stepping
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Report, Response
from huipai.cases.rules import machine
from huipai.cases.rules.machine import NotNow
from huipai.cases.rules.whereabouts import WITH_THE_WORKER
from huipai.cases.words import Action, Actor, Audience, DeclineReason, Moment, ReportState, State
from huipai.grid import queries as grid
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, NotAllowed
from huipai.people.models import Person


class AfterPhotoMissing(Invalid):
    code = "after_photo_missing"
    default_reason = _("这一类要拍一张办完以后的照片")


class TakenByAnother(Moved):
    code = "taken_by_another"
    default_reason = _("这件事别人先接了，看下一件")


class IsAway(NotAllowed):
    """It would lie with somebody who is not there (ruling 4). What they have done all the same, they may say."""

    code = "taken_on_while_away"
    default_reason = _("您登记着请假，接了也没人办。人回来了，先到“网格”的“请假”里点“已经回来”，再来接")


class WordsMissing(Invalid):
    code = "words_missing"
    default_reason = _("写一句话，告诉对方怎么办的")


class ReasonMissing(Invalid):
    code = "reason_missing"
    default_reason = _("选一个原因")


class AnotherRound(NotNow):
    """It came back since what is said to be done was done: that result has been looked at and was not enough."""

    code = "another_round"
    default_reason = _("您记下以后，这件事又退回来重办了。到现场再看一眼，照现在的样子重新拍、重新写")


@transaction.atomic
def accept(*, case_id: UUID, actor: Person, now: datetime) -> Case:
    """Take a waiting case into one's own hands; twice is once. The second of two who try is told who has it.

    Also one that came back into the queue because its worker left. Whoever is away comes back first.
    """
    case = stepping.locked(case_id)
    policies.may_handle(actor, case, now).require()
    if case.state in WITH_THE_WORKER and case.worker_id == actor.id:
        return case
    _require_free(case, actor)
    if case.state == State.VERIFYING or case.unit_id is not None:
        raise NotNow
    if grid.is_away(actor, now):
        raise IsAway
    case.worker = case.handler = actor
    in_the_queue = case.state in WITH_THE_WORKER
    action, fact = (Action.TAKE_OVER, Fact.REASSIGNED) if in_the_queue else (Action.ACCEPT, Fact.ACCEPTED)
    stepping.take(case, action, part=Actor.WORKER, actor=actor, now=now, fact=fact)
    return case


def held_by(person: Person, case_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the cases that this worker has taken on already."""
    mine = Case.objects.filter(pk__in=case_ids, worker=person, state__in=WITH_THE_WORKER)
    return set(mine.values_list("pk", flat=True))


def _require_free(case: Case, actor: Person) -> None:
    """Say who was faster. A case that merely was routed to somebody is still free for its neighbours."""
    if case.state in (State.REPORTED, State.VERIFYING) or case.ended_at or case.worker in (None, actor):
        return
    assert case.worker is not None
    raise TakenByAnother(_("这件事%(name)s先接了，看下一件") % {"name": case.worker.name})


@transaction.atomic
def respond(
    *, case_id: UUID, actor: Person, text: str, photo_ids: tuple[UUID, ...], now: datetime, seen: int | None = None
) -> Case:
    """Say that an accepted case is done; lot and checker are drawn in the same transaction. Twice is once.

    `seen` is the round in which it was done: what came back since is not done by it.
    """
    case = stepping.locked(case_id)
    policies.may_respond(actor, case, now).require()
    return _respond(case, Action.RESPOND, actor, text, photo_ids, now, seen)


@transaction.atomic
def handle_on_the_spot(
    *, case_id: UUID, actor: Person, text: str, photo_ids: tuple[UUID, ...], now: datetime, seen: int | None = None
) -> Case:
    """Accept and respond in one, for what *another* reported (ruling 10). `seen` as in `respond`."""
    case = stepping.locked(case_id)
    policies.may_handle(actor, case, now).require()
    _require_free(case, actor)
    return _respond(case, Action.HANDLE_ON_THE_SPOT, actor, text, photo_ids, now, seen)


def _respond(
    case: Case, action: Action, actor: Person, text: str, photo_ids: tuple[UUID, ...], now: datetime, seen: int | None
) -> Case:
    if not machine.allows(case.state, action) and stepping.is_repeat(case, action, actor=actor, text=text):
        return case
    require_round(case, seen)
    if case.type_then.needs_after_photo and not photo_ids:
        raise AfterPhotoMissing(field="photos")
    if not as_seen(text):
        raise WordsMissing(field="text")
    words = stepping.Words(text, Audience.PUBLIC)
    case.worker = case.handler = actor
    case.responded_at, case.is_unchecked = now, False
    stepping.take(case, action, part=Actor.WORKER, actor=actor, now=now, fact=Fact.RESPONDED, words=words)
    measuring.answered(case, part=Actor.WORKER, actor=actor, now=now)
    if action == Action.HANDLE_ON_THE_SPOT:
        # Who did it on the spot is there: nobody says that twice.
        measuring.arrived(case, None, part=Actor.WORKER, actor=actor, now=now)
    stepping.attach(case, photo_ids, by=actor, moment=Moment.AFTER, now=now)
    response = Response.objects.create(
        case=case, round=case.round, handler=actor, responded_at=now, is_on_the_spot=action == Action.HANDLE_ON_THE_SPOT
    )
    checking.begin(case, response, now=now)
    return case


def require_round(case: Case, seen: int | None) -> None:
    """Refuse what was done in another round than the one that holds; None says nothing of rounds."""
    if seen is not None and seen != case.round:
        raise AnotherRound


@transaction.atomic
def decline(*, case_id: UUID, actor: Person, reason: str, text: str, now: datetime) -> Case:
    """End a case that is not the street's to solve, with the reason the reporter reads. Twice is once."""
    case = stepping.locked(case_id)
    if case.state == State.DECLINED and stepping.is_repeat(case, Action.DECLINE, actor=actor, text=text, reason=reason):
        return case
    policies.may_decline(actor, case, now).require()
    if reason not in DeclineReason.values:
        raise ReasonMissing(field="reason")
    part = policies.part_in(actor, case, now)
    case.wait_until = None
    words = stepping.Words(text, Audience.PUBLIC)
    stepping.take(case, Action.DECLINE, part=part, actor=actor, now=now, fact=Fact.DECLINED, reason=reason, words=words)
    waiting = Report.objects.filter(case=case, state__in=(ReportState.RECEIVED, ReportState.JOINED))
    waiting.update(state=ReportState.DECLINED)
    return case
