"""The numbers of items: given one after the other, so that of two at once neither is lost."""

from __future__ import annotations

from huipai.rulebook import queries
from huipai.rulebook.commands.refusals import NumbersUsedUp
from huipai.rulebook.words import Port
from huipai.streets.current import street_in_force
from huipai.streets.models import Street


def one_at_a_time() -> None:
    """Whoever begins something numbered waits here for the others of the street, until they have done."""
    Street.objects.select_for_update(no_key=True).get(pk=street_in_force())


def take_number(port: Port) -> str:
    """The next free number of a port. Part of the caller's transaction, one at a time; refused when none is left."""
    one_at_a_time()
    code = queries.next_code(port)
    if code is None:
        raise NumbersUsedUp(field="port")
    return code
