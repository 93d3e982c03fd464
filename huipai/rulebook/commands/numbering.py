"""The numbers of items: given one after the other, so that of two at once neither is lost."""

from __future__ import annotations

from huipai.rulebook import queries
from huipai.rulebook.commands.refusals import NumbersUsedUp
from huipai.rulebook.words import Port
from huipai.streets.holding import hold_here


def one_at_a_time() -> None:
    """Whoever begins something numbered waits here for the others of the street, until they have done."""
    hold_here("rulebook.number")


def take_number(port: Port) -> str:
    """The next free number of a port. Part of the caller's transaction, one at a time; refused when none is left."""
    one_at_a_time()
    code = queries.next_code(port)
    if code is None:
        raise NumbersUsedUp(field="port")
    return code
