"""The life of a good deed as one table of data, like that of a case; no clock, no handler, no checker (ruling 16)."""

from __future__ import annotations

from dataclasses import dataclass

from huipai.cases.deed_words import DeedAction, DeedPart, DeedReason, DeedState
from huipai.cases.rules.machine import NotNow
from huipai.kit.verdict import NotAllowed


@dataclass(frozen=True)
class DeedRow:
    """One row of the machine."""

    action: DeedAction
    sources: frozenset[DeedState]
    target: DeedState
    parts: frozenset[DeedPart]
    reasons: frozenset[str] = frozenset()


_OWN = frozenset({DeedPart.REPORTER, DeedPart.DOER})
_COMMUNITY = frozenset({DeedPart.COORDINATOR})
DEEDS: tuple[DeedRow, ...] = (
    DeedRow(DeedAction.PUBLISH, frozenset({DeedState.REPORTED}), DeedState.PUBLISHED, _COMMUNITY),
    DeedRow(
        DeedAction.DECLINE, frozenset({DeedState.REPORTED}), DeedState.DECLINED, _COMMUNITY,
        frozenset(DeedReason.values) - {DeedReason.UNTRUE},
    ),
    # Whoever told of it may take it back before and after; whoever did it too. Points stand: the deed was done.
    DeedRow(DeedAction.WITHDRAW, frozenset({DeedState.REPORTED, DeedState.PUBLISHED}), DeedState.WITHDRAWN, _OWN),
    DeedRow(
        DeedAction.TAKE_DOWN, frozenset({DeedState.PUBLISHED}), DeedState.TAKEN_DOWN, _COMMUNITY,
        frozenset({DeedReason.NOT_WISHED, DeedReason.CHILD, DeedReason.TOLD_ALREADY, DeedReason.UNTRUE}),
    ),
)  # fmt: skip
INITIAL = DeedState.REPORTED
_BY_ACTION = {row.action: row for row in DEEDS}


def step(state: str, action: DeedAction) -> DeedRow:
    """The row by which `action` leaves `state`; refuses with `NotNow` where there is none."""
    row = _BY_ACTION[action]
    if state not in row.sources:
        raise NotNow
    return row


def require_part(row: DeedRow, part: DeedPart) -> None:
    """Refuse whoever acts in a part that this step does not know."""
    if part not in row.parts:
        raise NotAllowed


def allows(state: str, action: DeedAction) -> bool:
    return state in _BY_ACTION[action].sources


def reasons_for(action: DeedAction) -> list[DeedReason]:
    """In their own order."""
    return [reason for reason in DeedReason if reason in _BY_ACTION[action].reasons]


def states() -> frozenset[DeedState]:
    return frozenset({INITIAL}) | {row.target for row in DEEDS}


def ends() -> frozenset[DeedState]:
    return states() - {source for row in DEEDS for source in row.sources}
