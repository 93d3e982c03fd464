"""Before anybody is sent: hand up, look, file or not file, void, and the review of a refusal."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import saying, stepping, timing
from huipai.cases.commands.handling import ReasonMissing, WordsMissing
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, CasePhoto, FilingCounter, Report, Transition
from huipai.cases.order_words import DAYS_TO_REVIEW, WORK_HOURS_TO_VERIFY
from huipai.cases.queries import sending
from huipai.cases.rules import machine
from huipai.cases.rules.lateness import ANSWERED, ENDED
from huipai.cases.rules.machine import NotNow
from huipai.cases.rules.whereabouts import REFUSED
from huipai.cases.words import Action, Actor, Audience, Moment, NotFiledReason, Outcome, ReportState, State, VoidReason
from huipai.grid import queries as grid
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, NotVisible, Refused
from huipai.people.models import Person
from huipai.workdays.words import Span, Unit


class NobodyToLook(Invalid):
    code = "nobody_to_look"
    default_reason = _("选一位这一片的网格员，报的人自己不算")


class ReviewTooLate(Moved):
    code = "review_too_late"
    default_reason = _("已经过了 30 天，有新情况请再拍一张")


class ReviewedAlready(Moved):
    code = "reviewed_already"
    default_reason = _("已经复核过一次，还有不同意见可打 12345")


class StillWithAUnit(NotNow):
    code = "still_with_a_unit"
    default_reason = _("这件还在单位手里，要改，先由联动中心收回")


class LookerIsAway(Invalid):
    """Nobody would look, and the hub would wait for nothing."""

    code = "looker_is_away"
    default_reason = _("这位登记着请假，选一位在岗的网格员")


@transaction.atomic
def hand_up(*, case_id: UUID, actor: Person, text: str, now: datetime) -> Case:
    """The grid cannot solve it: to the hub, with a word why. The clock goes on. Twice is once."""
    case = stepping.locked(case_id)
    if _has_gone_up(case, actor) and stepping.is_repeat(case, Action.HAND_UP, actor=actor, text=text):
        return case
    policies.may_hand_up(actor, case, now).require()
    require_why(text)
    require_no_unit(case)
    part = Actor.WORKER if policies.is_worker_of(actor, case, now) else Actor.COORDINATOR
    case.worker = case.handler = None
    words = stepping.Words(text, Audience.INTERNAL)
    stepping.take(case, Action.HAND_UP, part=part, actor=actor, now=now, fact=Fact.HANDED_UP, words=words)
    return case


def require_why(text: str) -> None:
    """The hub goes on from what the grid could not do: it is said, in words that fit."""
    if not saying.within(text):
        raise WordsMissing(_("写一句为什么办不了，联动中心好接着派"), field="text")


def _has_gone_up(case: Case, actor: Person) -> bool:
    """Whether it lies higher than with this worker; what the hub sent them to look at does not."""
    return not machine.allows(case.state, Action.HAND_UP) and case.worker_id != actor.id


@transaction.atomic
def verify(*, case_id: UUID, worker: Person, actor: Person, text: str, now: datetime) -> Case:
    """Ask a worker to look whether it is so; 8 working hours, then it is back with the hub. Twice is once."""
    case = stepping.locked(case_id)
    policies.may_sort(actor, case, now).require()
    if case.worker_id == worker.id and stepping.is_repeat(case, Action.VERIFY, actor=actor, text=text):
        return case
    if grid.is_away(worker, now):
        raise LookerIsAway(field="worker")
    if worker not in sending.who_could_look(case, now):
        raise NobodyToLook(field="worker")
    part = policies.part_at_the_desk(actor, case, now)
    case.worker = worker
    case.wait_until = timing.until(now, Span(WORK_HOURS_TO_VERIFY, Unit.WORK_HOURS)) or now + timedelta(days=1)
    words = stepping.Words(text, Audience.INTERNAL)
    stepping.take(
        case, Action.VERIFY, part=part, actor=actor, now=now, fact=Fact.VERIFY_ASKED, words=words,
        facts={"worker": str(worker.id)},
    )  # fmt: skip
    return case


@transaction.atomic
def vouch(*, case_id: UUID, actor: Person, text: str, photo_ids: tuple[UUID, ...], now: datetime) -> Case:
    """The worker who was asked has looked: it is so. What he found instead he declines with its reason.

    Twice is once.
    """
    case = stepping.locked(case_id)
    is_same = case.worker_id != actor.id and _are_there(case, photo_ids, actor)
    if is_same and stepping.is_repeat(case, Action.VOUCH, actor=actor, text=text):
        return case
    policies.may_vouch(actor, case).require()
    if not as_seen(text) and not photo_ids:
        raise WordsMissing(_("写一句看到了什么，或者拍一张"), field="text")
    case.worker, case.wait_until = None, None
    words = stepping.Words(text, Audience.INTERNAL)
    stepping.take(case, Action.VOUCH, part=Actor.WORKER, actor=actor, now=now, fact=Fact.VOUCHED, words=words)
    stepping.attach(case, photo_ids, by=actor, moment=Moment.CHECK, now=now)
    return case


def _are_there(case: Case, photo_ids: tuple[UUID, ...], actor: Person) -> bool:
    """Whether these photos of `actor` are part of the case already."""
    return CasePhoto.objects.filter(case=case, photo__in=photo_ids, photo__uploader=actor).count() == len(photo_ids)


@transaction.atomic
def lapse_verification(*, case_id: UUID, now: datetime) -> Case | None:
    """Nobody looked in time: back to the hub. Nothing if somebody has meanwhile."""
    case = stepping.locked(case_id)
    if case.state != State.VERIFYING or case.wait_until is None or case.wait_until > now:
        return None
    case.worker, case.wait_until = None, None
    stepping.take(case, Action.LAPSE_VERIFY, part=Actor.SYSTEM, actor=None, now=now, fact=Fact.VERIFY_LAPSED)
    return case


@transaction.atomic
def file(*, case_id: UUID, actor: Person, now: datetime) -> Case:
    """Take it into the books: it gets its sequence number, and the hub is responsible for sending it on.

    Twice is once.
    """
    case = stepping.locked(case_id)
    policies.may_dispatch(actor, case, now).require()
    is_filed = not machine.allows(case.state, Action.FILE)
    if is_filed and stepping.is_repeat(case, Action.FILE, actor=actor, text=""):
        return case
    file_locked(case, actor=actor, now=now)
    return case


def file_locked(case: Case, *, actor: Person, now: datetime) -> None:
    """File a locked case; a case filed before keeps its number."""
    require_no_unit(case)
    case.worker, case.handler, case.wait_until = None, None, None
    if case.number is None:
        case.number = _next_number()
    stepping.take(
        case, Action.FILE, part=Actor.DISPATCHER, actor=actor, now=now, fact=Fact.FILED,
        facts={"number": case.number},
    )  # fmt: skip


def require_no_unit(case: Case) -> None:
    """A case that a unit works on is recalled first, so that the unit is told."""
    if case.unit_id is not None and not case.ended_at:
        raise StillWithAUnit


def _next_number() -> int:
    """The next sequence number of the street; who files at the same time waits for it."""
    FilingCounter.objects.bulk_create([FilingCounter()], ignore_conflicts=True)
    counter = FilingCounter.objects.select_for_update(of=("self",), no_key=True).get()
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


@transaction.atomic
def not_file(*, case_id: UUID, actor: Person, reason: str, text: str, now: datetime) -> Case:
    """Not taken into the books, with the reason the reporter reads; a review can be asked for. Twice is once."""
    case = stepping.locked(case_id)
    policies.may_dispatch(actor, case, now).require()
    if case.state == State.NOT_FILED and stepping.is_repeat(
        case, Action.NOT_FILE, actor=actor, text=text, reason=reason
    ):
        return case
    policies.may_end_unsolved(actor, case).require()
    if reason not in NotFiledReason.values:
        raise ReasonMissing(field="reason")
    case.worker, case.wait_until = None, None
    words = stepping.Words(text, Audience.PUBLIC)
    stepping.take(
        case, Action.NOT_FILE, part=Actor.DISPATCHER, actor=actor, now=now, fact=Fact.NOT_FILED, reason=reason,
        words=words,
    )  # fmt: skip
    _set_reports(case, ReportState.DECLINED)
    return case


@transaction.atomic
def void(*, case_id: UUID, actor: Person, reason: str, text: str, now: datetime) -> Case:
    """Take a case out of the books: a test, a wrong entry. Its reporter is told, and may ask for a review.

    Twice is once.
    """
    case = stepping.locked(case_id)
    policies.may_dispatch(actor, case, now).require()
    if case.state == State.VOIDED and stepping.is_repeat(case, Action.VOID, actor=actor, text=text, reason=reason):
        return case
    policies.may_end_unsolved(actor, case).require()
    if reason not in VoidReason.values:
        raise ReasonMissing(field="reason")
    if not as_seen(text):
        raise WordsMissing(_("写一句为什么作废，报的人看得到"), field="text")
    case.wait_until = None
    words = stepping.Words(text, Audience.PUBLIC)
    stepping.take(
        case, Action.VOID, part=Actor.DISPATCHER, actor=actor, now=now, fact=Fact.VOIDED, reason=reason, words=words
    )
    _set_reports(case, ReportState.DECLINED)
    return case


@transaction.atomic
def ask_review(*, case_id: UUID, actor: Person, text: str, now: datetime) -> Case:
    """The reporter asks that a refusal be looked at again, once and within 30 days; the old clock goes on.

    Pressed twice it is asked once.
    """
    case = _locked_with_its_whole(case_id)
    if not policies.is_reporter_of(actor, case):
        raise NotVisible
    if case.state not in REFUSED and stepping.is_repeat(case, Action.ASK_REVIEW, actor=actor, text=text):
        return case
    require_reviewable(case, now)
    policies.may_ask_review(actor, case).require()
    if not as_seen(text):
        raise WordsMissing(_("写一句哪里不对，复核的人好看"), field="text")
    case.worker, case.handler, case.unit = None, None, None
    # The whole is neither done nor over while a part of it is in hand: what comes back too late goes on by itself.
    case.goes_alone = case.parent is not None and case.parent.state in (*ANSWERED, *ENDED)
    words = stepping.Words(text, Audience.PUBLIC)
    stepping.take(
        case, Action.ASK_REVIEW, part=Actor.REPORTER, actor=actor, now=now, fact=Fact.REVIEW_ASKED, words=words
    )
    _set_reports(case, ReportState.RECEIVED)
    return case


def _locked_with_its_whole(case_id: UUID) -> Case:
    """Of a part the whole is held too, so that it does not come to its end beside the review."""
    whole_id = Case.objects.filter(pk=case_id).values_list("parent_id", flat=True).first()
    for id in sorted({case_id, whole_id or case_id}):
        stepping.locked(id)
    return stepping.locked(case_id)


def require_reviewable(case: Case, now: datetime) -> None:
    """Refuse what is not a refusal, what is long past, and a second review; each says what has happened (ruling 6)."""
    was_asked = Transition.objects.filter(case=case, action=Action.ASK_REVIEW).exists()
    if case.state not in REFUSED or case.outcome == Outcome.WITHDRAWN or case.ended_at is None:
        if case.state == State.VERIFYING and _is_looked_at_again(case):
            raise ReviewedAlready(_("已经请人重新看了，还没看完，看完告诉您"))
        raise ReviewedAlready(_("已经请人重新看过了，结果写在这件事的进展里")) if was_asked else NotNow
    if was_asked:
        raise ReviewedAlready
    if now - case.ended_at > timedelta(days=DAYS_TO_REVIEW):
        raise ReviewTooLate


def _is_looked_at_again(case: Case) -> bool:
    """Whether the review that was asked for has come to no result: what was done since only helps to look."""
    asked = Transition.objects.filter(case=case, action=Action.ASK_REVIEW).values_list("position", flat=True).first()
    since = Transition.objects.filter(case=case, position__gt=asked) if asked is not None else None
    return since is not None and not since.exclude(to_state=State.VERIFYING).exists()


def is_reviewable(case: Case, now: datetime) -> bool:
    """Whether a review may be asked for."""
    try:
        require_reviewable(case, now)
    except Refused:
        return False
    return True


def _set_reports(case: Case, state: ReportState) -> None:
    """Refused, or to be looked at again: then the first report is received, and who had joined has joined again."""
    if state == ReportState.DECLINED:
        taken = (ReportState.RECEIVED, ReportState.JOINED)
        Report.objects.filter(case=case, state__in=taken).update(state=ReportState.DECLINED)
        return
    declined = Report.objects.filter(case=case, state=ReportState.DECLINED)
    declined.filter(pk__in=_joined(case)).update(state=ReportState.JOINED)
    declined.update(state=ReportState.RECEIVED)


def _joined(case: Case) -> list[UUID]:
    """All but the report with which the case began."""
    first = Report.objects.filter(case=case, reporter=case.reporter_id).order_by("received_at", "id").first()
    others = Report.objects.filter(case=case)
    return list((others.exclude(pk=first.pk) if first else others).values_list("id", flat=True))
