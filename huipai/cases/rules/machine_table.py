"""The life of a case as one table of data.

Each row is an action: from which states it may be taken, where it leads, who may take it and what it does to the clock.
Commands ask `machine.step`; `python -m huipai draw_machine` draws it into the docs; property tests walk it. What
happens to the work orders of a case is a table of its own, in `orders`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from huipai.cases.order_words import ExtensionGround, ReturnGround
from huipai.cases.rules.whereabouts import ASKABLE, BEFORE_A_RESPONSE, PRESSABLE, REFUSED, WITH_THE_WORKER
from huipai.cases.words import (
    Action,
    Actor,
    Clock,
    DeclineReason,
    NotFiledReason,
    Outcome,
    State,
    VoidReason,
)


@dataclass(frozen=True)
class Step:
    """One row of the machine."""

    action: Action
    sources: frozenset[State]
    # None: the case stays where it is.
    target: State | None
    parts: frozenset[Actor]
    clock: Clock
    outcome: Outcome | None = None
    reasons: frozenset[str] = field(default_factory=frozenset)

    def leads_to(self, state: str) -> State:
        """Where this step ends when it begins in `state`."""
        return self.target if self.target is not None else State(state)


_ROWS_OF_THE_GRID: tuple[Step, ...] = (
    Step(Action.ACCEPT, frozenset({State.REPORTED}), State.ACCEPTED, frozenset({Actor.WORKER}), Clock.GO_ON),
    Step(
        Action.DECLINE,
        frozenset({State.REPORTED, State.VERIFYING, State.ACCEPTED}),
        State.DECLINED,
        frozenset({Actor.WORKER, Actor.COORDINATOR, Actor.DISPATCHER}),
        Clock.END,
        Outcome.DECLINED,
        frozenset(DeclineReason.values),
    ),
    Step(
        Action.RESPOND,
        WITH_THE_WORKER | {State.IN_PROGRESS, State.EXTENSION_PENDING},
        State.RESPONDED,
        frozenset({Actor.WORKER, Actor.UNIT}),
        Clock.PAUSE,
    ),
    Step(
        Action.HANDLE_ON_THE_SPOT,
        frozenset({State.REPORTED}),
        State.RESPONDED,
        frozenset({Actor.WORKER}),
        Clock.PAUSE,
    ),
    Step(Action.DRAW_CHECK, frozenset({State.RESPONDED}), State.CHECKING, frozenset({Actor.SYSTEM}), Clock.GO_ON),
    # By lot, where the type's share leaves some unchecked (ruling 9).
    Step(Action.SKIP_CHECK, frozenset({State.RESPONDED}), State.CONFIRMING, frozenset({Actor.SYSTEM}), Clock.GO_ON),
    # While no calendar tells until when it has time, the hub can have another drawn.
    Step(
        Action.LAPSE_CHECK,
        frozenset({State.CHECKING}),
        State.RESPONDED,
        frozenset({Actor.SYSTEM, Actor.DISPATCHER}),
        Clock.GO_ON,
    ),
    Step(Action.PASS_CHECK, frozenset({State.CHECKING}), State.CONFIRMING, frozenset({Actor.CHECKER}), Clock.GO_ON),
    Step(Action.FAIL_CHECK, frozenset({State.CHECKING}), State.REWORK, frozenset({Actor.CHECKER}), Clock.RESUME),
    # One of several reporters is content: the others may still dispute (ruling 15).
    Step(Action.AGREE, frozenset({State.CONFIRMING}), None, frozenset({Actor.REPORTER}), Clock.GO_ON),
    # By the system where the last open question ran out after somebody had said yes.
    Step(
        Action.CONFIRM,
        frozenset({State.CONFIRMING}),
        State.CLOSED,
        frozenset({Actor.REPORTER, Actor.SYSTEM}),
        Clock.END,
        Outcome.CONFIRMED,
    ),
    Step(
        Action.CLOSE_UNANSWERED,
        frozenset({State.CONFIRMING}),
        State.CLOSED,
        frozenset({Actor.SYSTEM}),
        Clock.END,
        Outcome.NO_ANSWER,
    ),
    Step(Action.DISPUTE, frozenset({State.CONFIRMING}), State.REOPENED, frozenset({Actor.REPORTER}), Clock.RESUME),
    Step(
        Action.MERGE,
        BEFORE_A_RESPONSE | {State.FILED, State.DISPATCHED, State.IN_PROGRESS, State.EXTENSION_PENDING, State.RETURNED},
        State.MERGED,
        frozenset({Actor.COORDINATOR, Actor.WORKER, Actor.DISPATCHER}),
        Clock.END,
        Outcome.MERGED,
    ),
    Step(
        Action.WITHDRAW,
        frozenset({State.REPORTED, State.VERIFYING}),
        State.VOIDED,
        frozenset({Actor.REPORTER}),
        Clock.END,
        Outcome.WITHDRAWN,
    ),
    # Somebody left or is away: open work goes to who stands in, or into the queue, whence a worker takes it (ruling 4).
    Step(Action.PASS_ON, BEFORE_A_RESPONSE, None, frozenset({Actor.SYSTEM}), Clock.GO_ON),
    Step(Action.TAKE_OVER, WITH_THE_WORKER, None, frozenset({Actor.WORKER}), Clock.GO_ON),
)


_ROWS_OF_THE_HUB: tuple[Step, ...] = (
    # The grid cannot solve it, or the hub wants to know more before it files.
    Step(
        Action.HAND_UP,
        frozenset({State.REPORTED}) | WITH_THE_WORKER,
        State.VERIFYING,
        frozenset({Actor.WORKER, Actor.COORDINATOR}),
        Clock.GO_ON,
    ),
    Step(
        Action.VERIFY,
        frozenset({State.REPORTED, State.VERIFYING}),
        State.VERIFYING,
        frozenset({Actor.DISPATCHER, Actor.COORDINATOR}),
        Clock.GO_ON,
    ),
    Step(Action.VOUCH, frozenset({State.VERIFYING}), None, frozenset({Actor.WORKER}), Clock.GO_ON),
    Step(Action.LAPSE_VERIFY, frozenset({State.VERIFYING}), None, frozenset({Actor.SYSTEM}), Clock.GO_ON),
    Step(Action.FILE, BEFORE_A_RESPONSE, State.FILED, frozenset({Actor.DISPATCHER}), Clock.GO_ON),
    Step(
        Action.NOT_FILE,
        frozenset({State.REPORTED, State.VERIFYING, State.ACCEPTED}),
        State.NOT_FILED,
        frozenset({Actor.DISPATCHER}),
        Clock.END,
        Outcome.NOT_FILED,
        frozenset(NotFiledReason.values),
    ),
    Step(
        Action.VOID,
        BEFORE_A_RESPONSE | {State.FILED, State.DISPATCHED, State.IN_PROGRESS, State.RETURNED},
        State.VOIDED,
        frozenset({Actor.DISPATCHER}),
        Clock.END,
        Outcome.VOIDED,
        frozenset(VoidReason.values),
    ),
    # Another person than who refused it looks again; the time in between does not count.
    Step(Action.ASK_REVIEW, REFUSED, State.VERIFYING, frozenset({Actor.REPORTER}), Clock.RESUME),
)


_ROWS_OF_THE_UNITS: tuple[Step, ...] = (
    Step(
        Action.DISPATCH,
        frozenset({State.FILED, State.RETURNED}),
        State.DISPATCHED,
        frozenset({Actor.DISPATCHER}),
        Clock.GO_ON,
    ),
    # Ends the circle of returns: who is named by a ruling cannot send it back.
    Step(
        Action.RULE,
        frozenset({State.FILED, State.RETURNED}),
        State.DISPATCHED,
        frozenset({Actor.DISPATCHER}),
        Clock.GO_ON,
    ),
    Step(Action.SIGN, frozenset({State.DISPATCHED}), State.IN_PROGRESS, frozenset({Actor.UNIT}), Clock.GO_ON),
    Step(
        Action.RETURN,
        frozenset({State.DISPATCHED, State.IN_PROGRESS, State.REWORK, State.REOPENED}),
        State.RETURNED,
        frozenset({Actor.UNIT}),
        Clock.GO_ON,
        reasons=frozenset(ReturnGround.values),
    ),
    Step(
        Action.RECALL,
        frozenset({State.DISPATCHED, State.IN_PROGRESS, State.EXTENSION_PENDING, State.REWORK, State.REOPENED}),
        State.FILED,
        frozenset({Actor.DISPATCHER, Actor.SYSTEM}),
        Clock.GO_ON,
    ),
    # Whoever works on it cannot stop the clock: they ask, the hub decides, and the clock runs meanwhile.
    Step(
        Action.ASK_EXTENSION,
        frozenset({State.IN_PROGRESS, State.REWORK, State.REOPENED}),
        State.EXTENSION_PENDING,
        frozenset({Actor.UNIT}),
        Clock.GO_ON,
        reasons=frozenset(ExtensionGround.values),
    ),
    Step(
        Action.GRANT_EXTENSION,
        frozenset({State.EXTENSION_PENDING}),
        State.IN_PROGRESS,
        frozenset({Actor.DISPATCHER}),
        Clock.EXTEND,
    ),
    Step(
        Action.REFUSE_EXTENSION,
        frozenset({State.EXTENSION_PENDING}),
        State.IN_PROGRESS,
        frozenset({Actor.DISPATCHER}),
        Clock.GO_ON,
    ),
    Step(
        Action.LAPSE_EXTENSION,
        frozenset({State.EXTENSION_PENDING}),
        State.IN_PROGRESS,
        frozenset({Actor.SYSTEM}),
        Clock.GO_ON,
    ),
    Step(
        Action.SUSPEND,
        frozenset({State.IN_PROGRESS, State.EXTENSION_PENDING, State.REWORK, State.REOPENED}),
        State.SUSPENDED,
        frozenset({Actor.DISPATCHER}),
        Clock.PAUSE,
        reasons=frozenset(ExtensionGround.values),
    ),
    Step(
        Action.UNSUSPEND,
        frozenset({State.SUSPENDED}),
        State.IN_PROGRESS,
        frozenset({Actor.DISPATCHER, Actor.UNIT, Actor.SYSTEM}),
        Clock.RESUME,
    ),
)


_ROWS_THAT_STAY: tuple[Step, ...] = (
    # Nobody stops their own clock by asking.
    Step(
        Action.ASK,
        ASKABLE,
        None,
        frozenset({Actor.WORKER, Actor.UNIT, Actor.DISPATCHER, Actor.COORDINATOR}),
        Clock.GO_ON,
    ),
    Step(Action.ANSWER, PRESSABLE | {State.SUSPENDED}, None, frozenset({Actor.REPORTER}), Clock.GO_ON),
    Step(Action.LAPSE_QUESTION, PRESSABLE | {State.SUSPENDED}, None, frozenset({Actor.SYSTEM}), Clock.GO_ON),
    # Only one question waits at a time: what was asked by mistake does not stand in the way of another for days.
    Step(
        Action.TAKE_BACK_QUESTION,
        PRESSABLE | {State.SUSPENDED},
        None,
        frozenset({Actor.WORKER, Actor.UNIT, Actor.DISPATCHER, Actor.COORDINATOR}),
        Clock.GO_ON,
    ),
    Step(
        Action.URGE,
        PRESSABLE,
        None,
        frozenset({Actor.DISPATCHER, Actor.COORDINATOR, Actor.REPORTER}),
        Clock.GO_ON,
    ),
    Step(Action.SUPERVISE, PRESSABLE, None, frozenset({Actor.DISPATCHER}), Clock.GO_ON),
    Step(
        Action.SPLIT,
        frozenset({State.REPORTED, State.VERIFYING, State.ACCEPTED, State.FILED, State.DISPATCHED, State.IN_PROGRESS}),
        None,
        frozenset({Actor.DISPATCHER}),
        Clock.GO_ON,
    ),
    # Another type before anybody was sent: its limits from the same start, and an overdue case stays overdue.
    Step(
        Action.RETYPE,
        frozenset({State.REPORTED, State.VERIFYING, State.ACCEPTED, State.FILED, State.RETURNED}),
        None,
        frozenset({Actor.COORDINATOR, Actor.DISPATCHER}),
        Clock.GO_ON,
    ),
    # A part that was found done and is not: the hub reads so in what was said of the whole, which nobody split up.
    Step(
        Action.SEND_BACK_PART,
        frozenset({State.CONFIRMING}),
        State.REOPENED,
        frozenset({Actor.DISPATCHER}),
        Clock.RESUME,
    ),
    # A part that was split off: its reporter is asked once, about the whole.
    Step(
        Action.CLOSE_PART,
        frozenset({State.CONFIRMING}),
        State.CLOSED,
        frozenset({Actor.SYSTEM}),
        Clock.END,
        Outcome.PART_DONE,
    ),
)


MACHINE = (*_ROWS_OF_THE_GRID, *_ROWS_OF_THE_HUB, *_ROWS_OF_THE_UNITS, *_ROWS_THAT_STAY)
