"""The years that the `chinesecalendar` package knows. It raises beyond them; here they are simply absent."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

import chinese_calendar


@cache
def years() -> Mapping[int, tuple[int, ...]]:
    """The working days of each year known to the library, as ordinals."""
    announced = {day.year for day in (*chinese_calendar.holidays, *chinese_calendar.workdays)}
    return {year: _workdays(year) for year in sorted(announced)}


def _workdays(year: int) -> tuple[int, ...]:
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    return tuple(day.toordinal() for day in days if chinese_calendar.is_workday(day))
