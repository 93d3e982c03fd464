"""What the rulebook promises of the scheme's end, and that nobody promises anything else once it is decided."""

from __future__ import annotations

from datetime import datetime

from huipai.rulebook import queries
from huipai.rulebook.commands.refusals import EndIsDecided
from huipai.rulebook.rules import EndRule
from huipai.streets.holding import hold_here


def promise_of_the_end(now: datetime) -> EndRule:
    """The most that people have been promised; until the transaction ends no other version promises more."""
    hold_here("rulebook.end")
    return queries.end_rule_promised(now)


def require_promise_kept(rule: EndRule) -> None:
    """Refuse a rule that would say otherwise of an end that is decided, or is being decided just now."""
    hold_here("rulebook.end")
    if queries.end_is_decided() and rule != queries.end_rule_published_last():
        raise EndIsDecided
