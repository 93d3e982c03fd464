"""The clock of a case: started once, standing still in pauses, never set back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest

from huipai.cases.models import Case, CaseType, Check, Pause
from huipai.cases.words import WORK_HOURS_TO_CHECK, Clock, Fact
from huipai.journal import commands as journal
from huipai.workdays import queries as workdays
from huipai.workdays.words import Interval, Pending, Span, Unit


def limit_of(case_type: CaseType) -> Span:
    """The time a handler has for a case of this type."""
    return Span(case_type.limit_amount, Unit(case_type.limit_unit))


def apply(case: Case, effect: str, *, now: datetime) -> None:
    """Do to the case's clock what the machine says; the due date follows from the pauses, never the other way."""
    if effect == Clock.PAUSE:
        Pause.objects.create(case=case, began_at=now)
    elif effect == Clock.RESUME:
        # Two machines' clocks may differ by a moment: a pause never ends before it began.
        Pause.objects.filter(case=case, ended_at=None).update(ended_at=Greatest(F("began_at"), now))
        set_due(case)


def check_due(drawn_at: datetime) -> datetime | None:
    """Until when a checker drawn then has to look; None while the calendar is not announced."""
    due = workdays.due_at(drawn_at, Span(WORK_HOURS_TO_CHECK, Unit.WORK_HOURS))
    return None if isinstance(due, Pending) else due


def set_due(case: Case) -> None:
    """Compute when the case is due from its start, its limit and its pauses. Sets, does not save.

    A pause after the due date cannot move it: what is overdue stays overdue (ruling 15).
    """
    pauses = Pause.objects.filter(case=case, ended_at__isnull=False).order_by("began_at")
    suspended = [Interval(pause.began_at, pause.ended_at) for pause in pauses if pause.ended_at]
    dated(case, workdays.due_at(case.clock_started_at, limit_of(case.case_type), suspended=suspended))


def dated(case: Case, due: datetime | Pending) -> None:
    """Write a due date or, where the calendar is not announced, the year that is waited for."""
    if isinstance(due, Pending):
        case.due_at, case.due_year = None, due.year
    else:
        case.due_at, case.due_year = due, None


def date_again(*, year: int, now: datetime) -> int:
    """Compute anew every limit of the street that hangs on `year`; the number of cases that changed.

    Also of dated cases in that year: an announcement may correct an earlier one. Looks that could not be given a time
    get one too.
    """
    for check in Check.objects.filter(result="", due_at=None):
        Check.objects.filter(pk=check.pk, result="").update(due_at=check_due(check.drawn_at))
    waiting = Case.objects.filter(Q(due_year=year) | Q(due_at__year__gte=year), ended_at=None)
    changed = 0
    for case_id in list(waiting.values_list("id", flat=True)):
        with transaction.atomic():
            case = Case.objects.select_for_update(of=("self",)).select_related("case_type").get(pk=case_id)
            before = (case.due_at, case.due_year)
            set_due(case)
            if (case.due_at, case.due_year) != before:
                case.save(update_fields=["due_at", "due_year"])
                journal.record(
                    what=Fact.DUE_RECOMPUTED, subject=case.subject, actor_id=None, now=now, facts={"year": year}
                )
                changed += 1
    return changed
