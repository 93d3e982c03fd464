"""Whether a clock runs or stands, and what is late: asked here by pages, tables, desk and wall.

Late is what is past its day and still wants somebody to act. What was answered after its day is late no more: it was
answered late, and wherever that is told it has a word of its own.
"""

from __future__ import annotations

from datetime import datetime

from huipai.cases.order_words import OrderState
from huipai.cases.rules.orders import IN_WORK
from huipai.cases.words import State

# The work is said to be done; nothing of the whole is in hand any more.
ANSWERED = (State.RESPONDED, State.CHECKING, State.CONFIRMING)
# Open, but nobody's clock is running: answered for, or put off.
RESTING = (*ANSWERED, State.SUSPENDED)
ENDED = (State.CLOSED, State.DECLINED, State.NOT_FILED, State.MERGED, State.VOIDED)


def runs(state: str) -> bool:
    """Whether the clock of a case runs; it stands while the case is answered for or set aside, and ends with it."""
    return state not in RESTING and state not in ENDED


def is_told(state: str, came_late: bool) -> bool:
    """Whether a list and a page say how much time is left, or that there is none: while the clock runs; and of what is
    set aside where something came into it that was late already: what is overdue stays overdue (ruling 15)."""
    return runs(state) or (state == State.SUSPENDED and came_late)


def is_late(state: str, due_at: datetime | None, now: datetime, came_late: bool) -> bool:
    """Whether a case is late: by the clock that is told; never by one that merely stands, nor once it is answered."""
    return is_told(state, came_late) and has_passed(due_at, now)


def was_answered_late(state: str, due_at: datetime | None, answered_at: datetime | None) -> bool:
    """Whether the answer by which a case stands came after its day."""
    return state in ANSWERED and _came_after(due_at, answered_at)


def order_is_told(state: str, case_state: str, came_late: bool) -> bool:
    """The same of a unit's clock, while it has something to do; what came late is what it had of the other case."""
    return state in IN_WORK and (case_state != State.SUSPENDED or came_late)


def order_is_late(state: str, case_state: str, due_at: datetime | None, now: datetime, came_late: bool) -> bool:
    """The same for a unit's order; what came back as rework is asked by the clock, not by the answer before it."""
    return order_is_told(state, case_state, came_late) and has_passed(due_at, now)


def order_was_answered_late(state: str, due_at: datetime | None, answered_at: datetime | None) -> bool:
    return state in (OrderState.RESPONDED, OrderState.DONE) and _came_after(due_at, answered_at)


def has_passed(due_at: datetime | None, now: datetime) -> bool:
    return due_at is not None and due_at <= now


def _came_after(due_at: datetime | None, answered_at: datetime | None) -> bool:
    return due_at is not None and answered_at is not None and answered_at > due_at
