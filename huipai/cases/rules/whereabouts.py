"""States of a case by in whose hands it is then, and what settles it."""

from __future__ import annotations

from huipai.cases.words import (
    Action,
    State,
)

WITH_THE_WORKER = frozenset({State.ACCEPTED, State.REWORK, State.REOPENED})


# A worker may have it in hand, or may have been asked to look.
BEFORE_A_RESPONSE = frozenset({State.REPORTED, State.VERIFYING}) | WITH_THE_WORKER


# A unit has it: the order's own table says how far it is.
WITH_A_UNIT = frozenset(
    {State.DISPATCHED, State.IN_PROGRESS, State.EXTENSION_PENDING, State.SUSPENDED, State.REWORK, State.REOPENED}
)


# Nobody outside the street hub can move it.
AT_THE_HUB = frozenset({State.VERIFYING, State.FILED, State.RETURNED, State.EXTENSION_PENDING})


REFUSED = frozenset({State.DECLINED, State.NOT_FILED, State.VOIDED})


# What settles whether the street takes it on: on a review, by somebody else than the first time.
REFUSALS = frozenset({Action.DECLINE, Action.NOT_FILE, Action.VOID})


DECISIONS = REFUSALS | {Action.FILE}


ASKABLE = BEFORE_A_RESPONSE | {State.FILED, State.DISPATCHED, State.IN_PROGRESS, State.RETURNED}


PRESSABLE = ASKABLE | {State.EXTENSION_PENDING}
