"""The life of a finding that a report was false, as one table of data. No clock stands still for it."""

from __future__ import annotations

from dataclasses import dataclass

from huipai.cases.finding_words import FindingAction, FindingState
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Actor
from huipai.kit.verdict import NotAllowed


@dataclass(frozen=True)
class FindingRow:
    """One row of the machine."""

    action: FindingAction
    sources: frozenset[FindingState]
    target: FindingState
    parts: frozenset[Actor]


_DESK = frozenset({Actor.COORDINATOR, Actor.DISPATCHER})
_OPEN = frozenset({FindingState.FOUND, FindingState.APPEALED})
_APPEALED = frozenset({FindingState.APPEALED})
FINDINGS: tuple[FindingRow, ...] = (
    FindingRow(
        FindingAction.APPEAL, frozenset({FindingState.FOUND}), FindingState.APPEALED, frozenset({Actor.REPORTER})
    ),
    FindingRow(FindingAction.UPHOLD, _APPEALED, FindingState.UPHELD, _DESK),
    FindingRow(FindingAction.LIFT, _APPEALED, FindingState.LIFTED, _DESK),
    # Whoever found it sees that they were wrong: at any time until somebody else has decided.
    FindingRow(FindingAction.RETRACT, _OPEN, FindingState.LIFTED, _DESK),
    # Nobody looked in time: what the street does not stand up for does not stay on anybody.
    FindingRow(FindingAction.LAPSE, _APPEALED, FindingState.LIFTED, frozenset({Actor.SYSTEM})),
)
INITIAL = FindingState.FOUND
_BY_ACTION = {row.action: row for row in FINDINGS}


def step(state: str, action: FindingAction) -> FindingRow:
    """The row by which `action` leaves `state`; refuses with `NotNow` where there is none."""
    row = _BY_ACTION.get(action)
    if row is None or state not in row.sources:
        raise NotNow
    return row


def require_part(row: FindingRow, part: Actor) -> None:
    """Refuse whoever acts in a part that this step does not know."""
    if part not in row.parts:
        raise NotAllowed


def allows(state: str, action: FindingAction) -> bool:
    return state in _BY_ACTION[action].sources
