"""到现场 and 答复居民 told with their limit: until when, when it was, in time or late by how much."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from huipai.cases.commands import timing
from huipai.cases.models import Case, StageMark, WorkOrder
from huipai.cases.order_words import MARKED, Stage
from huipai.cases.queries import given
from huipai.cases.rules.lateness import ENDED, RESTING
from huipai.cases.words import State
from huipai.workdays.words import Span

# Before it is in anybody's hands nothing of the kind is asked; once it is answered for or over, no more.
_NOT_ASKED = {State.REPORTED, *RESTING, *ENDED} - {State.SUSPENDED}


def marks_of(case: Case, order: WorkOrder | None) -> dict[str, StageMark]:
    """The arrival of whose hands it is in, and the first word of the case, whoever had it then.

    Of an order that ended not what came after.
    """
    marks = all_marks_of(case)
    return {
        mark.stage: mark
        for mark in marks
        if (mark.stage == Stage.ANSWER or mark.order_id == (order.pk if order is not None else None))
        and (order is None or given.had(order, mark.done_at))
    }


def all_marks_of(case: Case) -> list[StageMark]:
    """Every arrival, whoever had the case then, and the first word."""
    return list(StageMark.objects.filter(case=case).select_related("case__case_type", "order__unit"))


def rows(case: Case, order: WorkOrder | None, limits: Mapping[Stage, Span], now: datetime) -> list[dict[str, object]]:
    """Each stage that the type sets a limit for: done, or still asked. Of the unit's order, or of the grid."""
    wanted = [stage for stage in MARKED if stage in limits]
    if not wanted:
        return []
    marks = marks_of(case, order)
    is_asked = case.state not in _NOT_ASKED and (order is None or order.ended_at is None)
    return [
        _row(
            stage,
            marks.get(stage),
            timing.due_of_stage(case, order, stage, limits[stage], now),
            case.state == State.SUSPENDED,
        )
        for stage in wanted
        if is_asked or stage in marks
    ]


def _row(stage: Stage, mark: StageMark | None, due_at: datetime | None, is_paused: bool) -> dict[str, object]:
    return {
        "stage": stage.value,
        "word": stage.label,
        "due_at": timing.due_of(mark) if mark is not None else due_at,
        "done_at": mark.done_at if mark is not None else None,
        "is_paused": is_paused,
    }
