"""Which stage of the desk a state is, and how a clock is made up of limit, pauses and extensions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from huipai.cases.order_words import WORK_HOURS_AT_THE_DESK, WORK_HOURS_TO_READ, Stage
from huipai.cases.words import State
from huipai.workdays.words import Interval, Pending, Span, Unit

# The desk's own stages: in which state each runs.
STAGE_OF: Mapping[State, Stage] = {
    State.REPORTED: Stage.ACCEPT,
    State.VERIFYING: Stage.FILE,
    State.FILED: Stage.DISPATCH,
    State.RETURNED: Stage.DISPATCH,
}
USUAL: Mapping[Stage, Span] = {
    Stage.ACCEPT: Span(WORK_HOURS_AT_THE_DESK, Unit.WORK_HOURS),
    Stage.FILE: Span(WORK_HOURS_AT_THE_DESK, Unit.WORK_HOURS),
    Stage.DISPATCH: Span(WORK_HOURS_AT_THE_DESK, Unit.WORK_HOURS),
    Stage.SIGN: Span(WORK_HOURS_TO_READ, Unit.WORK_HOURS),
}
# What a unit is held to, in the order in which it comes.
AT_THE_UNIT = (Stage.SIGN, Stage.ARRIVE, Stage.HANDLE, Stage.ANSWER)

_HOURS = frozenset({Unit.WORK_HOURS, Unit.URGENT_HOURS})

DueAt = Callable[[datetime, Span, Sequence[Interval]], datetime | Pending]


def with_the_usual(written: Mapping[Stage, Span]) -> dict[Stage, Span]:
    """Every stage with its limit: what is written, else the usual, which is never longer than what a unit is held to.

    An order is read, by the usual limit, before somebody has to be there and before it is to be done, and by day and
    night where that runs so.
    """
    bounds = [written[stage] for stage in (Stage.ARRIVE, Stage.HANDLE) if stage in written]
    hours = [USUAL[Stage.SIGN], *(span for span in bounds if span.unit in _HOURS)]
    is_urgent = any(span.unit == Unit.URGENT_HOURS for span in hours)
    sign = Span(min(span.amount for span in hours), Unit.URGENT_HOURS if is_urgent else Unit.WORK_HOURS)
    return {**USUAL, Stage.SIGN: sign, **written}


def due(
    start: datetime, limit: Span, *, pauses: Sequence[Interval], extensions: Iterable[Span], due_at: DueAt
) -> datetime | Pending:
    """When a clock begun at `start` runs out: the limit, then each extension from where the one before ended.

    Pauses stop it wherever it stands. An extension is never counted from the day it was granted: nothing is gained
    by asking late.
    """
    end = due_at(start, limit, pauses)
    for extension in extensions:
        if isinstance(end, Pending):
            return end
        end = due_at(end, extension, _after(pauses, end))
    return end


@dataclass(frozen=True)
class Retyping:
    """A case was put under another type."""

    before: str
    edition: int | None
    after: str
    at: datetime


def retypings_that_count(steps: Iterable[Retyping]) -> list[Retyping]:
    """Back under a type that it was of before, a case is as if it had never left: what lay between was a slip.

    Only under a type that holds can a case have become overdue.
    """
    left: list[Retyping] = []
    for one in steps:
        back = next((place for place, earlier in enumerate(left) if earlier.before == one.after), None)
        if back is None:
            left.append(one)
        else:
            del left[back:]
    return left


def edition_left(steps: Iterable[Retyping], type_id: str) -> int | None:
    """Under which edition a case was of this type before, where it comes back to it."""
    return next((one.edition for one in retypings_that_count(steps) if one.before == type_id), None)


def _after(pauses: Sequence[Interval], moment: datetime) -> list[Interval]:
    """What is left of the pauses from `moment` on."""
    return [Interval(max(pause.start, moment), pause.end) for pause in pauses if pause.end > moment]
