"""The life of a case as one table of data.

Each row is an action: from which states it may be taken, where it leads, who may take it and what it does to the clock.
Commands ask `step`; `python -m huipai machine` draws it into the docs; property tests walk it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from huipai.cases.words import Action, Actor, Clock, DeclineReason, Outcome, State
from huipai.kit.verdict import Moved, NotAllowed

WITH_THE_WORKER = frozenset({State.ACCEPTED, State.REWORK, State.REOPENED})
BEFORE_A_RESPONSE = frozenset({State.REPORTED}) | WITH_THE_WORKER


class NotNow(Moved):
    """The case is no longer where this action begins."""

    code = "case_moved_on"
    default_reason = _("这件事刚刚有了新进展，请看最新的一步")


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


MACHINE: tuple[Step, ...] = (
    Step(Action.ACCEPT, frozenset({State.REPORTED}), State.ACCEPTED, frozenset({Actor.WORKER}), Clock.GO_ON),
    Step(
        Action.DECLINE,
        frozenset({State.REPORTED, State.ACCEPTED}),
        State.DECLINED,
        frozenset({Actor.WORKER, Actor.COORDINATOR}),
        Clock.END,
        Outcome.DECLINED,
        frozenset(DeclineReason.values),
    ),
    Step(Action.RESPOND, WITH_THE_WORKER, State.RESPONDED, frozenset({Actor.WORKER}), Clock.PAUSE),
    Step(
        Action.HANDLE_ON_THE_SPOT,
        frozenset({State.REPORTED}),
        State.RESPONDED,
        frozenset({Actor.WORKER}),
        Clock.PAUSE,
    ),
    Step(Action.DRAW_CHECK, frozenset({State.RESPONDED}), State.CHECKING, frozenset({Actor.SYSTEM}), Clock.GO_ON),
    Step(Action.LAPSE_CHECK, frozenset({State.CHECKING}), State.RESPONDED, frozenset({Actor.SYSTEM}), Clock.GO_ON),
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
        BEFORE_A_RESPONSE,
        State.MERGED,
        frozenset({Actor.COORDINATOR, Actor.WORKER}),
        Clock.END,
        Outcome.MERGED,
    ),
    Step(
        Action.WITHDRAW,
        frozenset({State.REPORTED}),
        State.VOIDED,
        frozenset({Actor.REPORTER}),
        Clock.END,
        Outcome.WITHDRAWN,
    ),
    # Somebody left or is away: open work goes to who stands in, or into the queue, whence a worker takes it (ruling 4).
    Step(Action.PASS_ON, BEFORE_A_RESPONSE, None, frozenset({Actor.SYSTEM}), Clock.GO_ON),
    Step(Action.TAKE_OVER, WITH_THE_WORKER, None, frozenset({Actor.WORKER}), Clock.GO_ON),
)

_BY_ACTION = {step.action: step for step in MACHINE}
INITIAL = State.REPORTED


def step(state: str, action: Action) -> Step:
    """The row by which `action` leaves `state`; refuses with `NotNow` where there is none."""
    row = _BY_ACTION[action]
    if state not in row.sources:
        raise NotNow
    return row


def require_part(row: Step, part: Actor) -> None:
    """Refuse whoever acts in a part that this step does not know."""
    if part not in row.parts:
        raise NotAllowed


def allows(state: str, action: Action) -> bool:
    """Whether `action` begins in `state`."""
    return state in _BY_ACTION[action].sources


def states() -> frozenset[State]:
    """Every state the machine as it stands can be in."""
    return frozenset({INITIAL}) | {row.target for row in MACHINE if row.target is not None}


def ends() -> frozenset[State]:
    """States that nothing leaves."""
    return states() - {source for row in MACHINE for source in row.sources}


def next_states(state: State) -> frozenset[State]:
    """Where one step can lead from `state`."""
    return frozenset(row.leads_to(state) for row in MACHINE if state in row.sources)
