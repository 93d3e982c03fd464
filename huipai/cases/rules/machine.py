"""Asking the machine: what an action does from where a case stands, and who may take it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huipai.cases.rules.machine_table import MACHINE, Step
from huipai.cases.words import (
    Action,
    Actor,
    State,
)
from huipai.kit.verdict import Moved, NotAllowed


class NotNow(Moved):
    """The case is no longer where this action begins."""

    code = "case_moved_on"
    default_reason = _("这件事刚刚有了新进展，请看最新的一步")


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
    """States with an outcome. Only a review asked for by the reporter leaves one, and never a closed one."""
    return frozenset(row.target for row in MACHINE if row.target is not None and row.outcome is not None)


def next_states(state: State) -> frozenset[State]:
    """Where one step can lead from `state`."""
    return frozenset(row.leads_to(state) for row in MACHINE if state in row.sources)
