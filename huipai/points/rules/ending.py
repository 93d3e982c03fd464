"""What the announced end means: for the points that are there, and for who would still claim."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from huipai.kit import days
from huipai.people.rules import local_date


def ends_at(expires_at: datetime | None, awards_until: datetime, redeem_until: datetime) -> datetime:
    """When points end once the end is decided: before the stop when their item says, all others on the last day.

    The rulebook promises so many days after the stop for what is there then (ruling 24): no lot ends within them.
    """
    return expires_at if expires_at is not None and expires_at < awards_until else redeem_until


def why_over(awards_until: datetime, redeem_until: datetime, at: datetime) -> str:
    """Why nothing is claimed any more at `at`, and what can still be done; empty as long as points are earned."""
    if at < awards_until:
        return ""
    if at >= redeem_until:
        return _("积分已经结束，不再收申报。谢谢您做过的每一件事")
    last = days.in_full(last_day(redeem_until))
    return _("积分已经停发，不再收申报。手里的分能换到 %(last)s") % {"last": last}


def last_day(end: datetime) -> date:
    """The last day of which something lies before an instant: the one that is said, and that still counts."""
    return local_date(end - timedelta(microseconds=1))
