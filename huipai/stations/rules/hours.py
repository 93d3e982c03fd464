"""When a station is open: pure arithmetic of minutes of the week, in China's time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from huipai.stations.words import MINUTES_A_DAY

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open on a weekday (1 = Monday) from a minute until another; 1440 is midnight at its end."""

    weekday: int
    opens: int
    closes: int

    @property
    def words(self) -> str:
        return f"{clock_of(self.opens)}–{clock_of(self.closes)}"


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether it is open, and when that changes next; never, if it has no hours or is open all week."""

    is_open: bool
    changes_at: datetime | None


def clock_of(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def opening(spans: Iterable[Span], at: datetime) -> Opening:
    """Open or shut at `at`. A span that ends at midnight goes on into one that begins there."""
    spans = sorted(spans)
    local = at.astimezone(SHANGHAI)
    is_open = _holds(spans, local)
    for change in _changes(spans, local):
        if _holds(spans, change) != is_open:
            return Opening(is_open, change.astimezone(UTC))
    return Opening(is_open, None)


def _holds(spans: list[Span], local: datetime) -> bool:
    minute = local.hour * 60 + local.minute
    return any(span.weekday == local.isoweekday() and span.opens <= minute < span.closes for span in spans)


def _changes(spans: list[Span], local: datetime) -> list[datetime]:
    """The instants of the coming week at which a span begins or ends, in order."""
    midnight = datetime.combine(local.date(), time(), tzinfo=SHANGHAI)
    found = set()
    for ahead in range(8):
        day = midnight + timedelta(days=ahead)
        for span in spans:
            if span.weekday == day.isoweekday():
                found |= {day + timedelta(minutes=span.opens), day + timedelta(minutes=span.closes)}
    return sorted(change for change in found if change > local)


def is_sound(spans: Iterable[Span]) -> bool:
    """Each span goes forwards inside its day, and none overlaps another."""
    ordered = sorted(spans)
    forwards = all(1 <= span.weekday <= 7 and 0 <= span.opens < span.closes <= MINUTES_A_DAY for span in ordered)
    return forwards and all(
        one.weekday != other.weekday or one.closes <= other.opens for one, other in pairwise(ordered)
    )
