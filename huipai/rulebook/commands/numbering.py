"""The numbers of items: given one after the other, so that of two at once neither is lost."""

from __future__ import annotations

from django.utils.translation import gettext as _

from huipai.rulebook import queries
from huipai.rulebook.commands.refusals import NumberRetired, NumbersUsedUp
from huipai.rulebook.rules import Terms
from huipai.rulebook.words import Port
from huipai.streets.holding import hold_here


def one_at_a_time() -> None:
    """Whoever begins something numbered waits here for the others of the street, until they have done."""
    hold_here("rulebook.number")


def require_own_number(terms: Terms) -> None:
    """Refuse a number of which people have read another item: caps count by it, and it would begin with that one's use.

    Under the name that it had last it is the same item, which comes back.
    """
    was = queries.retired().filter(code=terms.code).first()
    if was is None or was.title == terms.title:
        return
    said = {"code": terms.code, "title": was.title, "free": take_number(terms.port)}
    raise NumberRetired(
        _("%(code)s 以前是「%(title)s」，已经停用；还是那一条就用原来的名称，新条目用 %(free)s") % said, field="code"
    )


def take_number(port: Port) -> str:
    """The next free number of a port. Part of the caller's transaction, one at a time; refused when none is left."""
    one_at_a_time()
    code = queries.next_code(port)
    if code is None:
        raise NumbersUsedUp(field="port")
    return code
