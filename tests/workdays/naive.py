"""The same clocks, minute by minute: slow and plain, to judge the fast ones by."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from huipai.workdays.words import CHINA, Interval, OfficeHours, Unit

MINUTE = timedelta(minutes=1)


def ticks(minute: datetime, unit: Unit, workdays: frozenset[date], hours: OfficeHours) -> bool:
    """Whether the clock of `unit` runs during the minute that begins at `minute`."""
    if unit in (Unit.URGENT_HOURS, Unit.CALENDAR_DAYS):
        return True
    local = minute.astimezone(CHINA)
    since = local - datetime.combine(local.date(), time(), tzinfo=CHINA)
    return local.date() in workdays and any(opens <= since < closes for opens, closes in hours.spells)


def minutes(
    start: datetime,
    end: datetime,
    unit: Unit,
    workdays: frozenset[date],
    hours: OfficeHours,
    suspended: Iterable[Interval],
) -> int:
    """How many minutes the clock runs from `start` to `end`."""
    ran, at = 0, start
    pauses = list(suspended)
    while at < end:
        ran += ticks(at, unit, workdays, hours) and not any(pause.start <= at < pause.end for pause in pauses)
        at += MINUTE
    return ran


def limit_in_minutes(start: datetime, amount: int, unit: Unit, workdays: frozenset[date], hours: OfficeHours) -> int:
    """How many minutes the clock of `unit` has to run for `amount` of it, begun at `start`."""
    if unit in (Unit.WORK_HOURS, Unit.URGENT_HOURS):
        return amount * 60
    if amount == 0:
        return 0
    day, left = start.astimezone(CHINA).date(), amount
    while left:
        day += timedelta(days=1)
        left -= unit == Unit.CALENDAR_DAYS or day in workdays
    closing = timedelta(days=1) if unit == Unit.CALENDAR_DAYS else hours.closing
    end = datetime.combine(day, time(), tzinfo=CHINA) + closing
    return minutes(start, end, unit, workdays, hours, ())


def due_at(
    start: datetime,
    amount: int,
    unit: Unit,
    workdays: frozenset[date],
    hours: OfficeHours,
    suspended: Iterable[Interval],
) -> datetime:
    """The end of the minute in which the clock has run for long enough."""
    left = limit_in_minutes(start, amount, unit, workdays, hours)
    pauses, at = list(suspended), start
    while left:
        left -= ticks(at, unit, workdays, hours) and not any(pause.start <= at < pause.end for pause in pauses)
        at += MINUTE
    return at
