"""Days and months of the street's clock, and instants in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from huipai.points.words import LOCAL_ZONE, NOTICE_DAYS

_ZONE: Final = ZoneInfo(LOCAL_ZONE)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant until another, the last not included."""

    begin: datetime
    end: datetime


def microseconds(at: datetime | None) -> int | None:
    """Since 1970, exactly: a spelling of an instant on which Python and PostgreSQL agree."""
    return None if at is None else (at - _EPOCH) // timedelta(microseconds=1)


def local_day(at: datetime) -> Span:
    """The day of the street's clock that holds `at`."""
    begin = at.astimezone(_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return Span(begin.astimezone(UTC), (begin + timedelta(days=1)).astimezone(UTC))


def local_month(at: datetime) -> Span:
    """The calendar month of the street's clock that holds `at`."""
    return Span(_month_begin(at, 0), _month_begin(at, 1))


def expires_at(received_at: datetime, lot_months: int | None) -> datetime | None:
    """The end of the month that is `lot_months` after the deed; None: never."""
    return None if lot_months is None else _month_begin(received_at, lot_months + 1)


def lapses_at(received_at: datetime, posted_at: datetime, lot_months: int | None) -> datetime | None:
    """When points for a deed lapse that are posted at `posted_at`; None: never.

    So many months after the deed; where an objection or a decision took so long that less than the days of the notice
    would be left (ruling 24), after the posting: nobody gets points that are over, or of whose end they are not told.
    """
    of_deed = expires_at(received_at, lot_months)
    if of_deed is None or of_deed - posted_at >= timedelta(days=NOTICE_DAYS):
        return of_deed
    return expires_at(max(received_at, posted_at), lot_months)


def is_under_14(birth_year: int | None, at: datetime) -> bool:
    """Whether somebody born in that year may still be 13; without a year they count as grown up."""
    return birth_year is not None and at.astimezone(_ZONE).year - birth_year <= 14


def _month_begin(at: datetime, months_later: int) -> datetime:
    local = at.astimezone(_ZONE)
    months = local.year * 12 + local.month - 1 + months_later
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=_ZONE).astimezone(UTC)


def local_year(year: int) -> Span:
    """A calendar year of the street's clock."""
    begin = datetime(year, 1, 1, tzinfo=_ZONE)
    return Span(begin.astimezone(UTC), datetime(year + 1, 1, 1, tzinfo=_ZONE).astimezone(UTC))
