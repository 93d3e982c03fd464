"""The life of a work order as one table of data; the case's own table is `machine`."""

from __future__ import annotations

from dataclasses import dataclass

from huipai.cases.order_words import OrderAction, OrderState
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Actor

LIVE = frozenset({OrderState.SENT, OrderState.SIGNED, OrderState.RESPONDED})
IN_WORK = frozenset({OrderState.SENT, OrderState.SIGNED})
OVER = frozenset(OrderState) - LIVE


@dataclass(frozen=True)
class OrderStep:
    """One row: from which states an action may be taken, where it leads (None: it stays), and in which part."""

    action: OrderAction
    sources: frozenset[OrderState]
    target: OrderState | None
    parts: frozenset[Actor]


ORDERS: tuple[OrderStep, ...] = (
    OrderStep(OrderAction.READ, LIVE, None, frozenset({Actor.UNIT})),
    OrderStep(OrderAction.ALARM, frozenset({OrderState.SENT}), None, frozenset({Actor.SYSTEM})),
    OrderStep(OrderAction.SIGN, frozenset({OrderState.SENT}), OrderState.SIGNED, frozenset({Actor.UNIT})),
    OrderStep(OrderAction.RESPOND, frozenset({OrderState.SIGNED}), OrderState.RESPONDED, frozenset({Actor.UNIT})),
    # At most so often a case, with a ground, and never after a ruling.
    OrderStep(OrderAction.RETURN, IN_WORK, OrderState.RETURNED, frozenset({Actor.UNIT})),
    OrderStep(OrderAction.RECALL, LIVE, OrderState.RECALLED, frozenset({Actor.DISPATCHER, Actor.SYSTEM})),
    # The check failed or the reporter disputed: back to work under the same clock.
    OrderStep(OrderAction.REDO, frozenset({OrderState.RESPONDED}), OrderState.SIGNED, frozenset({Actor.SYSTEM})),
    # Who signed left or is away: whoever is there in the unit handles it (ruling 4).
    OrderStep(OrderAction.PASS_ON, frozenset({OrderState.SIGNED}), None, frozenset({Actor.SYSTEM})),
    OrderStep(OrderAction.FINISH, frozenset({OrderState.RESPONDED}), OrderState.DONE, frozenset({Actor.SYSTEM})),
)
INITIAL = OrderState.SENT
_BY_ACTION = {row.action: row for row in ORDERS}


def step(state: str, action: OrderAction) -> OrderStep:
    """The row by which `action` leaves `state`; refuses with `NotNow` where there is none."""
    row = _BY_ACTION[action]
    if state not in row.sources:
        raise NotNow
    return row


def allows(state: str, action: OrderAction) -> bool:
    return state in _BY_ACTION[action].sources
