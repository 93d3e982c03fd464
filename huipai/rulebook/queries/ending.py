"""What is promised of the scheme's end, and whether that end is decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import Q

from huipai.rulebook.models import RulebookVersion
from huipai.rulebook.queries.book import calendar_at, in_force, published
from huipai.rulebook.rules import EndRule

_is_decided: Callable[[], bool]


def wire_end(is_decided: Callable[[], bool]) -> None:
    """Name, once at start-up, who knows whether the end is decided; they belong to a package above."""
    global _is_decided
    _is_decided = is_decided


def end_is_decided() -> bool:
    return _is_decided()


def end_rule(at: datetime) -> EndRule:
    """What the version in force says of the scheme's end; before the first one what every version says at least."""
    version = in_force(at)
    return version.end_rule if version is not None else EndRule()


def end_rule_published_last() -> EndRule:
    """The same of the version that is to come last, in force or not yet."""
    last: RulebookVersion | None = published().first()
    return last.end_rule if last is not None else EndRule()


def end_rule_promised(at: datetime) -> EndRule:
    """The most that people have been promised: by the version in force and by those that are published and to come."""
    to_come = published().filter(Q(effective_until=None) | Q(effective_until__gt=calendar_at(at)))
    promised = [end_rule(at), *(version.end_rule for version in to_come)]
    return EndRule(max(rule.notice_days for rule in promised), max(rule.redeem_days for rule in promised))
