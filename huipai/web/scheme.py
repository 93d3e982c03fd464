"""The end of the points, as pages say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from huipai.points import queries


@dataclass(frozen=True, slots=True)
class SchemeEnd:
    """Until when points are earned and until when they are spent, and whether they still are."""

    stop: datetime
    last: datetime
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
    return SchemeEnd(end.awards_until, end.redeem_until, now < end.awards_until, now < end.redeem_until)
