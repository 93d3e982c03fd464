"""Quarters, and how a household is named in public."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date as Date
from datetime import datetime, timedelta

from huipai.kit.sheets import beginning_of


def quarter_of(day: Date) -> Date:
    """The first day of the quarter that holds `day`."""
    return Date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def quarter_after(quarter: Date) -> Date:
    """The first day of the next one."""
    return Date(quarter.year + (quarter.month == 10), (quarter.month + 2) % 12 + 1, 1)


def last_of(quarter: Date) -> datetime:
    """The last instant of a quarter, at which what it is thanked for counts within the limits."""
    return beginning_of(quarter_after(quarter)) - timedelta(microseconds=1)


def quarters_over(day: Date, count: int = 3) -> Iterator[Date]:
    """Those that were over on `day`, latest first; each began within the year before it."""
    return quarters_until(quarter_of(day) - timedelta(days=1), count)


def quarters_until(day: Date, count: int = 4) -> Iterator[Date]:
    """The quarter that holds `day` and those before it, latest first."""
    first = quarter_of(day)
    for _ in range(count):
        yield first
        first = quarter_of(Date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1))
