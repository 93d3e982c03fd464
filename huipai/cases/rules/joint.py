"""The life of a joint task as one table of data, like that of a case. It moves no case and no clock of one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from huipai.cases.joint_words import CallState, JointAction, JointState
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Actor
from huipai.kit import masking
from huipai.kit.verdict import NotAllowed


@dataclass(frozen=True)
class JointRow:
    """One row: from which states an action may be taken, where it leads (None: it stays), and in which part."""

    action: JointAction
    sources: frozenset[JointState]
    target: JointState | None
    parts: frozenset[Actor]


_CALLING = frozenset({JointState.WHISTLED, JointState.UNANSWERED})
_TOGETHER = frozenset({JointState.MUSTERING, JointState.ON_SITE})
# Before there is a result: it can be called off, and a unit can still come. Afterwards none is waited for.
BEFORE_A_RESULT = _CALLING | _TOGETHER
_DESK = frozenset({Actor.COORDINATOR, Actor.DISPATCHER})
_UNIT = frozenset({Actor.UNIT})
_SYSTEM = frozenset({Actor.SYSTEM})

JOINT: tuple[JointRow, ...] = (
    # Late is late, and still better than not at all: the step says when.
    JointRow(JointAction.MUSTER, _CALLING, JointState.MUSTERING, _UNIT),
    JointRow(JointAction.MUSTER, _TOGETHER, None, _UNIT),
    JointRow(JointAction.DECLINE, BEFORE_A_RESULT, None, _UNIT),
    JointRow(JointAction.MARK_ABSENT, BEFORE_A_RESULT, None, _SYSTEM),
    JointRow(JointAction.FALL_BACK, frozenset({JointState.WHISTLED}), JointState.UNANSWERED, _SYSTEM),
    JointRow(JointAction.CALL, _CALLING, JointState.WHISTLED, _DESK),
    JointRow(JointAction.CALL, _TOGETHER, None, _DESK),
    JointRow(JointAction.URGE, frozenset({JointState.WHISTLED, JointState.MUSTERING}), None, _DESK),
    # Another day or place is the same step again.
    JointRow(JointAction.CONVENE, _TOGETHER, JointState.ON_SITE, _DESK),
    JointRow(JointAction.VISIT, frozenset({JointState.ON_SITE}), None, _DESK),
    JointRow(JointAction.REPORT_PART, frozenset({JointState.ON_SITE}), None, _UNIT),
    JointRow(JointAction.RESOLVE, frozenset({JointState.ON_SITE}), JointState.RESOLVED, _DESK),
    # Whoever whistled rates; the hub does not.
    JointRow(
        JointAction.RATE, frozenset({JointState.RESOLVED}), JointState.RATED, frozenset({Actor.COORDINATOR})
    ),
    JointRow(JointAction.LAPSE_RATING, frozenset({JointState.RESOLVED}), JointState.UNRATED, _SYSTEM),
    JointRow(JointAction.GIVE_UP, BEFORE_A_RESULT, JointState.UNRESOLVED, _DESK),
    JointRow(JointAction.LAPSE, BEFORE_A_RESULT, JointState.UNRESOLVED, _SYSTEM),
    JointRow(JointAction.CALL_OFF, BEFORE_A_RESULT, JointState.CALLED_OFF, _DESK | _SYSTEM),
)  # fmt: skip
INITIAL = JointState.WHISTLED


def step(state: str, action: JointAction) -> JointRow:
    """The row by which `action` leaves `state`; refuses with `NotNow` where there is none."""
    for row in JOINT:
        if row.action == action and state in row.sources:
            return row
    raise NotNow


def require_part(row: JointRow, part: Actor) -> None:
    """Refuse whoever acts in a part that this step does not know."""
    if part not in row.parts:
        raise NotAllowed


def allows(state: str, action: JointAction) -> bool:
    return any(row.action == action and state in row.sources for row in JOINT)


def states() -> frozenset[JointState]:
    return frozenset({INITIAL}) | {row.target for row in JOINT if row.target is not None}


def ends() -> frozenset[JointState]:
    """States that nothing leaves."""
    return states() - {source for row in JOINT for source in row.sources}


def nobody_is_left(calls: Collection[str]) -> bool:
    """Whether nobody has come and nobody is waited for."""
    return not {CallState.CALLED, CallState.MUSTERED} & set(calls)


# What may not stand in words that neighbours read, besides what somebody could be reached by.
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][·\s]?[A-Z0-9]{5,6}")
# However it is typed: small, in full width, pulled apart; of Hong Kong, Macao, embassies and police too (GA 36).
_OF = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_NEXT = r"[·・.\s-]{0,2}[A-Z0-9]"
_PLATE_TYPED = re.compile(
    rf"{_OF}[·\s-]?[A-Z](?=[A-Z·・.\s-]{{0,7}}\d)(?:(?:{_NEXT}){{5,6}}|(?:{_NEXT}){{4}}[港澳学警领挂试超使])(?![A-Z0-9])"
    rf"|(?<![即行假迫促])使[·\s-]?\d{{6}}(?![\d元块个人])|WJ[·\s-]?{_OF}?[·\s-]?\d{{4,5}}"
)

# A house, its stairs and a room in it: 新A1-2-3-101.
_ROOM = re.compile(r"[A-Z]\d{1,2}(?:-\d{1,2}){1,2}-\d{3,4}$")


def tells_too_much(text: str) -> bool:
    typed = unicodedata.normalize("NFKC", text).upper()
    plates = (found[0] for found in _PLATE_TYPED.finditer(typed) if not _ROOM.search(found[0]))
    return masking.reaches_somebody(text) or _PLATE.search(text) is not None or any(plates)
