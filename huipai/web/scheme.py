"""The end of the points, as pages say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from huipai.points import queries
from huipai.points.rules import ending


@dataclass(frozen=True, slots=True)
class SchemeEnd:
    """Until when points are earned and until when they are spent, and whether they still are."""

    last: datetime
    # The last day of each: what is announced ends with it.
    earned_to: date
    spent_to: date
    is_earning: bool
    is_redeeming: bool


def is_over(now: datetime) -> bool:
    """Whether nothing can be exchanged any more."""
    end = end_of(now)
    return end is not None and not end.is_redeeming


def end_of(now: datetime) -> SchemeEnd | None:
    """None as long as no end is announced."""
    end = queries.end_in_sight()
    if end is None:
        return None
    return SchemeEnd(
        end.redeem_until, ending.last_day(end.awards_until), ending.last_day(end.redeem_until),
        is_earning=now < end.awards_until, is_redeeming=now < end.redeem_until,
    )  # fmt: skip
