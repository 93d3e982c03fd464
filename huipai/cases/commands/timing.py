"""The clock of a case: started once, standing still in pauses, never set back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Greatest

from huipai.cases.commands import standing
from huipai.cases.fact_words import Fact
from huipai.cases.models import (
    Case,
    CaseType,
    Check,
    Pause,
    StageLimit,
    StageMark,
    StageRecord,
    Transition,
    UnitRequest,
    WorkOrder,
)
from huipai.cases.order_words import Decision, OrderAction, OrderState, RequestKind, Stage
from huipai.cases.queries import merged
from huipai.cases.rules import stages
from huipai.cases.words import WORK_HOURS_TO_CHECK, Action, Clock
from huipai.journal import commands as journal
from huipai.journal import queries as recorded
from huipai.workdays import queries as workdays
from huipai.workdays.words import Interval, Pending, Span, Unit


def limit_of(case_type: CaseType) -> Span:
    """The time a handler has for a case of this type."""
    return Span(case_type.limit_amount, Unit(case_type.limit_unit))


def limits_of(case_type: CaseType) -> dict[Stage, Span]:
    """Every stage of this type with its limit: what the street wrote, else the usual; handling is the type's own."""
    written = {
        Stage(row.stage): Span(row.amount, Unit(row.unit))
        for row in StageLimit.objects.filter(case_type=case_type, edition=case_type.edition)
    }
    return stages.with_the_usual({Stage.HANDLE: limit_of(case_type), **written})


def apply(case: Case, effect: str, *, now: datetime) -> list[WorkOrder]:
    """Do to the case's clock what the machine says; the due date follows from the pauses, never the other way.

    The orders that are dated otherwise by it.
    """
    if effect == Clock.PAUSE:
        Pause.objects.create(case=case, began_at=now)
    elif effect == Clock.RESUME:
        # Two machines' clocks may differ by a moment: a pause never ends before it began.
        ended = Pause.objects.filter(case=case, ended_at=None).update(ended_at=Greatest(F("began_at"), now))
        if not ended and case.ended_at is not None:
            # It had come to an end; what lay between does not count (ruling 15).
            Pause.objects.create(case=case, began_at=case.ended_at, ended_at=max(case.ended_at, now))
    if effect not in (Clock.RESUME, Clock.EXTEND):
        return []
    set_due(case)
    return date_orders_again(case)


def date_orders_again(case: Case) -> list[WorkOrder]:
    """Compute anew until when the units that have a case have time; the orders that it changed."""
    changed = []
    for order in WorkOrder.objects.live().filter(case=case):
        promised = (order.due_at, order.due_year)
        set_due_of_order(order, case)
        if (order.due_at, order.due_year) != promised:
            order.save(update_fields=["due_at", "due_year"])
            changed.append(order)
    return changed


def promise_of(case: Case) -> tuple[datetime | None, int | None]:
    """Until when it is due, or the year whose calendar is waited for."""
    return case.due_at, case.due_year


def keep_dates(
    case: Case, promised: tuple[datetime | None, int | None], orders: Sequence[WorkOrder], *, fact: Fact,
    now: datetime, facts: Mapping[str, object] | None = None,
) -> bool:  # fmt: skip
    """Save what was computed anew beside a step, with an entry of its own; nothing where all stays as it was promised.

    Whether anything changed.
    """
    if promise_of(case) == promised and not orders:
        return False
    case.save(update_fields=["due_at", "due_year"])
    before, _year = promised
    moved = {"due_before": before.isoformat() if before else ""} if case.due_at != before else {}
    journal.record(
        what=fact, subject=case.subject, actor_id=None, now=now,
        facts={
            **(facts or {}), **moved, **standing.of_case(case), "orders": [standing.of_order(one) for one in orders],
        },
    )  # fmt: skip
    return True


def check_due(drawn_at: datetime) -> datetime | None:
    """Until when a checker drawn then has to look; None while the calendar is not announced."""
    return until(drawn_at, Span(WORK_HOURS_TO_CHECK, Unit.WORK_HOURS))


def set_due(case: Case) -> None:
    """Compute when the case is due from its start, its limit, its pauses and what the hub granted. Sets, does not save.

    A pause after the due date cannot move it, nor a type that it was put under later: what is overdue stays overdue
    (ruling 15). Of cases that were merged in each reporter has a promise too: the earliest of all holds.
    """
    if _was_overdue_when_retyped(case, case.due_at):
        return
    granted = _granted(case).filter(moves_the_promise=True)
    end = _due(case.clock_started_at, limit_of(case.type_then), pauses_of(case), granted)
    case.due_at, case.due_year = _dated(end)
    for gone in merged.into(case).select_related("case_type"):
        due_at = _promise_of_merged(gone)
        if due_at is not None and (case.due_at is None or due_at < case.due_at):
            case.due_at, case.due_year = due_at, None


def _promise_of_merged(gone: Case) -> datetime | None:
    """Until when that case would have been due, had it not been merged; it stood still with each case on its way."""
    if _was_overdue_when_retyped(gone, gone.due_at):
        return gone.due_at
    granted = _extensions().filter(_of_the_matter(gone), moves_the_promise=True)
    end = _due(gone.clock_started_at, limit_of(gone.type_then), _pauses_on_the_way(gone), granted)
    return _dated(end)[0]


def set_due_of_order(order: WorkOrder, case: Case) -> None:
    """The same for a unit's own clock, which began with its first order on the case. Sets, does not save.

    What the unit had of a case that was merged in is the same matter: the earliest day of all of them counts, each
    by the pauses of the case it was of.
    """
    _set_own_due_of_order(order, case)
    for earlier in orders_merged_in(case).filter(unit=order.unit_id).select_related("case__case_type"):
        due_at = _due_of_merged(earlier)
        if due_at is not None and (order.due_at is None or due_at < order.due_at):
            order.due_at, order.due_year = due_at, None


def orders_merged_in(case: Case) -> QuerySet[WorkOrder]:
    """What units were sent of the cases that are one with this one since."""
    return WorkOrder.objects.filter(case__merged_into=case)


def _due_of_merged(order: WorkOrder) -> datetime | None:
    """Until when that order would have had to be done, had its case not been merged. Overdue then is overdue now.

    Its clock stood, and was given time, with each case on the way while the matter lay there.
    """
    gone = order.case
    if _was_overdue_when_retyped(gone, order.due_at):
        return order.due_at
    limit = limits_of(gone.type_then)[Stage.HANDLE]
    granted = _granted_to(order.unit_id).filter(_of_the_matter(gone))
    return _dated(_due(_began_on(gone, order), limit, _pauses_on_the_way(gone), granted))[0]


def _of_the_matter(gone: Case) -> Q:
    """Requests of a case that was merged away, and of each on its way since it came there."""
    found = Q(case=gone)
    for case_id, since in merged.way_of(gone):
        found |= Q(case=case_id, decided_at__gte=since)
    return found


def _pauses_on_the_way(gone: Case) -> list[Interval]:
    """The spells in which the clock of a matter stood: in its case, and from then on in each that it came into."""
    spells = pauses_of(gone)
    for case_id, since in merged.way_of(gone):
        ended = Pause.objects.filter(case=case_id, ended_at__gt=since).order_by("began_at")
        spells += [Interval(max(one.began_at, since), one.ended_at) for one in ended if one.ended_at]
    return spells


def _set_own_due_of_order(order: WorkOrder, case: Case) -> None:
    held = order.due_at or _due_before(order, case)
    if _was_overdue_when_retyped(case, held):
        order.due_at, order.due_year = held, None
        return
    limit = limits_of(case.type_then)[Stage.HANDLE]
    granted = _granted(case).filter(order__unit=order.unit_id)
    order.due_at, order.due_year = _dated(_due(_began_on(case, order), limit, pauses_of(case), granted))


def _began_on(case: Case, order: WorkOrder) -> datetime:
    """When the unit was first sent this case itself."""
    first = WorkOrder.objects.filter(case=case, unit=order.unit_id).aggregate(at=Min("sent_at"))["at"]
    return first or order.sent_at


def _due_before(order: WorkOrder, case: Case) -> datetime | None:
    """Until when the same unit had time before the case came back to it."""
    earlier = WorkOrder.objects.filter(case=case, unit=order.unit_id, due_at__isnull=False).exclude(pk=order.pk)
    return earlier.order_by("-sent_at", "-id").values_list("due_at", flat=True).first()


def _was_overdue_when_retyped(case: Case, due_at: datetime | None) -> bool:
    """Then no limit of the new type washes it; unless the case is back under a type that it was of before."""
    if (
        due_at is None
        or not Transition.objects.filter(case=case, action=Action.RETYPE, happened_at__gte=due_at).exists()
    ):
        return False
    return any(one.at >= due_at for one in stages.retypings_that_count(retypings_of(case)))


def retypings_of(case: Case) -> list[stages.Retyping]:
    """Every time that it was put under another type, oldest first."""
    entries = recorded.about(case.subject).filter(what=Fact.RETYPED)
    return [
        stages.Retyping(one.facts["before"], one.facts.get("edition"), one.facts["type"], one.happened_at)
        for one in entries
    ]


def pauses_of(case: Case) -> list[Interval]:
    """The spells in which the clock stood, in their order."""
    ended = Pause.objects.filter(case=case, ended_at__isnull=False).order_by("began_at")
    return [Interval(pause.began_at, pause.ended_at) for pause in ended if pause.ended_at]


def _extensions() -> QuerySet[UnitRequest]:
    return UnitRequest.objects.filter(
        kind=RequestKind.EXTENSION, decision=Decision.GRANTED, amount__isnull=False
    ).order_by("decided_at", "id")  # fmt: skip


def _granted(case: Case) -> QuerySet[UnitRequest]:
    return _extensions().filter(case=case)


def _granted_to(unit_id: UUID) -> QuerySet[UnitRequest]:
    return _extensions().filter(order__unit=unit_id)


def _due(start: datetime, limit: Span, pauses: list[Interval], granted: QuerySet[UnitRequest]) -> datetime | Pending:
    more = [Span(amount or 0, Unit(unit)) for amount, unit in granted.values_list("amount", "amount_unit")]
    return stages.due(
        start, limit, pauses=pauses, extensions=more,
        due_at=lambda begins, span, stopped: workdays.due_at(begins, span, suspended=stopped),
    )  # fmt: skip


def until(start: datetime, span: Span) -> datetime | None:
    """When a span that begins now is over; None while the calendar is not announced."""
    return _dated(workdays.due_at(start, span))[0]


def began_at(case: Case, order: WorkOrder | None) -> datetime:
    """Since when the clock of whose hands it is in runs: the unit's own, or that of the case."""
    return order.clock_started_at if order is not None else case.clock_started_at


def spells_of(case: Case, order: WorkOrder | None, now: datetime) -> list[Interval]:
    """The spells in which the clock of whose hands it is in stood, and the one in which it still stands, up to now."""
    began_on = _case_it_began_on(case, order) if order is not None else case
    standing = Pause.objects.filter(case=case, ended_at=None, began_at__lt=now)
    return [
        *(spell for spell in _pauses_on_the_way(began_on) if spell.start < now),
        *(Interval(pause.began_at, now) for pause in standing),
    ]


def _case_it_began_on(case: Case, order: WorkOrder) -> Case:
    """The case with which the unit's clock began: this one, or one that was merged in since."""
    if order.sent_at == order.clock_started_at:
        return case
    began = {"unit": order.unit_id, "sent_at": order.clock_started_at}
    if WorkOrder.objects.filter(case=case, **began).exists():
        return case
    first = orders_merged_in(case).filter(**began).select_related("case").first()
    return first.case if first is not None else case


def stage_due(start: datetime, limit: Span, spells: list[Interval]) -> datetime | None:
    """Until when a stage that began at `start` has time; no extension moves it."""
    return _dated(workdays.due_at(start, limit, suspended=spells))[0]


def due_of_stage(case: Case, order: WorkOrder | None, stage: Stage, limit: Span, now: datetime) -> datetime | None:
    """Until when a stage of whose hands it is in has time; the answer no longer than the reporter was promised.

    An order that went out late has no more time than that.
    """
    due = stage_due(began_at(case, order), limit, spells_of(case, order, now))
    return min(due, case.due_at) if stage == Stage.ANSWER and due and case.due_at else due


def due_of(mark: StageMark) -> datetime | None:
    """Until when a stage had time that was done: as it was written down, or by the calendar that came later.

    None while that is not announced; and where the case was put under another type since, whose limit it was not.
    """
    if mark.due_at is not None:
        return mark.due_at
    case = mark.case
    limit = _limit_then(case, Stage(mark.stage), mark.done_at)
    if limit is None:
        return None
    spells = [
        Interval(one.start, min(one.end, mark.done_at)) for one in spells_of(case, mark.order, mark.done_at)
    ]  # fmt: skip
    return stage_due(mark.began_at, limit, spells)


def due_of_record(record: StageRecord) -> datetime | None:
    """The same for a stage of the desk, which no pause stops: whoever counts what was late asks here, not the row.

    The row is only added: written while the calendar was not announced it would be late by nothing for ever.
    """
    if record.due_at is not None:
        return record.due_at
    limit = _limit_then(record.case, Stage(record.stage), record.done_at)
    return until(record.began_at, limit) if limit is not None else None


def _limit_then(case: Case, stage: Stage, done_at: datetime) -> Span | None:
    """The limit under which a stage was done; of a case that was put under another type since it is not known."""
    if Transition.objects.filter(case=case, action=Action.RETYPE, happened_at__gte=done_at).exists():
        return None
    return limits_of(case.type_then).get(stage)


def _dated(due: datetime | Pending) -> tuple[datetime | None, int | None]:
    """A due date or, where the calendar is not announced, the year that is waited for."""
    return (None, due.year) if isinstance(due, Pending) else (due, None)


def date_again(*, year: int, now: datetime) -> int:
    """Compute anew every limit of the street that hangs on `year`; the number of cases that changed.

    Also of dated cases in that year: an announcement may correct an earlier one. So it is with looks, and with the
    alarm on orders that nobody has read.
    """
    for check in Check.objects.filter(result=""):
        Check.objects.filter(pk=check.pk, result="").update(due_at=check_due(check.drawn_at))
    waiting = Case.objects.filter(_hangs_on(year) | Q(pk__in=_cases_of_orders(year)), ended_at=None)
    changed = sum(_date_one_again(case_id, year, now) for case_id in list(waiting.values_list("id", flat=True)))
    _set_alarms_again()
    return changed


def alarm_of(order: WorkOrder, case: Case) -> datetime | None:
    """When hub and lead hear that nobody has read this order: before it is to be done, unless that is past already."""
    read_by = until(order.sent_at, limits_of(case.type_then)[Stage.SIGN])
    if read_by is None or order.due_at is None or order.due_at <= order.sent_at:
        return read_by
    return min(read_by, order.due_at)


def _set_alarms_again() -> None:
    """Each once an order: where it went off, none is set again, nor where the order was read meanwhile."""
    unread = WorkOrder.objects.filter(state=OrderState.SENT, read_at=None)
    for order in unread.exclude(steps__action=OrderAction.ALARM).select_related("case__case_type"):
        alarm_at = alarm_of(order, order.case)
        unread.filter(pk=order.pk, alarm_at=order.alarm_at).update(alarm_at=alarm_at)


def _hangs_on(year: int) -> Q:
    return Q(due_year__gte=year) | Q(due_at__year__gte=year)


def _cases_of_orders(year: int) -> QuerySet[WorkOrder, UUID]:
    return WorkOrder.objects.live().filter(_hangs_on(year)).values_list("case_id", flat=True)


@transaction.atomic
def _date_one_again(case_id: UUID, year: int, now: datetime) -> bool:
    case = Case.objects.select_for_update(of=("self",), no_key=True).select_related("case_type").get(pk=case_id)
    promised = promise_of(case)
    set_due(case)
    moved = date_orders_again(case)
    return keep_dates(case, promised, moved, fact=Fact.DUE_RECOMPUTED, now=now, facts={"year": year})
