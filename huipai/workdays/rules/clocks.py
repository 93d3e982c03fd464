"""The arithmetic of working time: pure, given which days are worked.

Every unit is a clock that runs at certain instants. `due_at` is the first instant by which the clock has run for the
span; `elapsed` is how far it has run. Suspended intervals stop it. Days become a length on a clock before it runs:
n working days last as long as the office is open up to its closing on the nth one, so that half a day suspended moves
the limit by half a day, and no switching on and off can gain a whole one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day

from huipai.workdays.words import CHINA, DAY, WHOLE_DAYS, Interval, OfficeHours, Pending, Span, Unit

NOTHING = timedelta(0)


class _Unknown(Exception):
    def __init__(self, year: int) -> None:
        self.year = year


@dataclass(frozen=True)
class Calendar:
    """Which days are worked, for the years that are known: ordinals of the working days of each, ascending."""

    years: Mapping[int, tuple[int, ...]]

    def _of(self, year: int) -> tuple[int, ...]:
        try:
            return self.years[year]
        except KeyError:
            raise _Unknown(year) from None

    def is_workday(self, day: date) -> bool | Pending:
        try:
            return self._is_workday(day.toordinal(), day.year)
        except _Unknown as unknown:
            return Pending(unknown.year)

    def _is_workday(self, ordinal: int, year: int) -> bool:
        days = self._of(year)
        at = bisect_left(days, ordinal)
        return at < len(days) and days[at] == ordinal

    def nth_after(self, day: date, n: int) -> date:
        """The nth working day after `day` (n at least 1)."""
        year, at = day.year, bisect_right(self._of(day.year), day.toordinal())
        while at + n > len(self._of(year)):
            n -= len(self.years[year]) - at
            year, at = year + 1, 0
        return date.fromordinal(self.years[year][at + n - 1])

    def between(self, first: date, last: date) -> int:
        """How many working days lie after `first`, up to and including `last`."""
        if last <= first:
            return 0
        total = bisect_right(self._of(last.year), last.toordinal()) - bisect_right(
            self._of(first.year), first.toordinal()
        )
        return total + sum(len(self._of(year)) for year in range(first.year, last.year))

    def known_until(self) -> int | None:
        """The last year up to which no year is missing."""
        if not self.years:
            return None
        year = min(self.years)
        while year + 1 in self.years:
            year += 1
        return year


def due_at(
    calendar: Calendar, start: datetime, span: Span, hours: OfficeHours, suspended: Iterable[Interval] = ()
) -> datetime | Pending:
    """The first instant by which `span` has run since `start`, in UTC; Pending when an unannounced year decides it."""
    clock = _Clock(calendar, hours, start, span.unit)
    try:
        return clock.instant(clock.length_of(span), _tidy(suspended, start)).astimezone(UTC)
    except _Unknown as unknown:
        return Pending(unknown.year)


def elapsed(
    calendar: Calendar,
    start: datetime,
    end: datetime,
    unit: Unit,
    hours: OfficeHours,
    suspended: Iterable[Interval] = (),
) -> Span | Pending:
    """How much of `unit` has run from `start` to `end` (nothing if that is not after `start`)."""
    clock = _Clock(calendar, hours, start, unit)
    try:
        return clock.span_of(clock.run(max(start, end), _tidy(suspended, start)))
    except _Unknown as unknown:
        return Pending(unknown.year)


@dataclass(frozen=True)
class _Clock:
    calendar: Calendar
    hours: OfficeHours
    start: datetime
    unit: Unit

    @property
    def _day_and_night(self) -> bool:
        return self.unit in (Unit.URGENT_HOURS, Unit.CALENDAR_DAYS)

    @property
    def _start_day(self) -> date:
        return self.start.astimezone(CHINA).date()

    def length_of(self, span: Span) -> timedelta:
        """How long this clock has to run for `span`."""
        if span.amount == 0:
            return NOTHING
        if span.unit not in WHOLE_DAYS:
            return span.length
        return self._run_between(self.start, self._end_of_day(int(span.amount)))

    def _end_of_day(self, n: int) -> datetime:
        if self.unit == Unit.CALENDAR_DAYS:
            return _midnight(self._start_day + timedelta(days=n + 1))
        return _midnight(self.calendar.nth_after(self._start_day, n)) + self.hours.closing

    def span_of(self, ran: timedelta) -> Span:
        """What this clock shows after running for `ran`."""
        if self.unit not in WHOLE_DAYS:
            return Span.of_hours(ran, self.unit)
        if ran == NOTHING:
            return Span(0, self.unit)
        reached = self._forward(self.start, ran).astimezone(CHINA)
        if self.unit == Unit.CALENDAR_DAYS:
            return Span(max((reached.date() - self._start_day).days - 1, 0), self.unit)
        closed = reached - _midnight(reached.date()) >= self.hours.closing
        last = reached.date() if closed else reached.date() - DAY
        return Span(self.calendar.between(self._start_day, last), self.unit)

    def instant(self, length: timedelta, suspended: Sequence[Interval]) -> datetime:
        """The first instant by which the clock has run for `length`, standing still while suspended."""
        at = self.start
        if length == NOTHING:
            return at
        for pause in suspended:
            if self._forward(at, length) <= pause.start:
                break
            length -= self._run_between(at, pause.start)
            at = pause.end
        return self._forward(at, length)

    def run(self, end: datetime, suspended: Sequence[Interval]) -> timedelta:
        """How long the clock has run by `end`, standing still while suspended."""
        total = self._run_between(self.start, end)
        for pause in suspended:
            if pause.start < end:
                total -= self._run_between(pause.start, min(pause.end, end))
        return total

    def _run_between(self, start: datetime, end: datetime) -> timedelta:
        if self._day_and_night:
            return end - start
        if end <= start:
            return NOTHING
        first, last = start.astimezone(CHINA), _last_day(end)
        days = self.calendar.between(first.date(), last[0])
        today = self._open_before(first.date(), first - _midnight(first.date()))
        left_today = self._open_before(first.date(), DAY) - today
        past_last = self._open_before(last[0], DAY) - self._open_before(last[0], last[1])
        return left_today + days * self.hours.a_day - past_last

    def _open_before(self, day: date, since_midnight: timedelta) -> timedelta:
        worked = self.calendar._is_workday(day.toordinal(), day.year)
        return self.hours.open_before(since_midnight) if worked else NOTHING

    def _forward(self, at: datetime, length: timedelta) -> datetime:
        if self._day_and_night:
            return at + length
        local = at.astimezone(CHINA)
        day = local.date()
        if self.calendar._is_workday(day.toordinal(), day.year):
            already = self.hours.open_before(local - _midnight(day))
            if already + length <= self.hours.a_day:
                return _midnight(day) + self.hours.moment_after(already + length)
            length -= self.hours.a_day - already
        whole, rest = divmod(length - timedelta.resolution, self.hours.a_day)
        return _midnight(self.calendar.nth_after(day, whole + 1)) + self.hours.moment_after(rest + timedelta.resolution)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time_of_day(), tzinfo=CHINA)


def _last_day(end: datetime) -> tuple[date, timedelta]:
    """The day in which `end` comes. Midnight belongs to the day before: New Year asks nothing of the new year."""
    local = end.astimezone(CHINA)
    since = local - _midnight(local.date())
    return (local.date(), since) if since else (local.date() - DAY, DAY)


def _tidy(suspended: Iterable[Interval], start: datetime) -> list[Interval]:
    """These intervals after `start`, in order, none touching another."""
    tidy: list[Interval] = []
    for pause in sorted(suspended, key=lambda pause: pause.start):
        begin = max(pause.start, start)
        if pause.end <= begin:
            continue
        if tidy and begin <= tidy[-1].end:
            tidy[-1] = Interval(tidy[-1].start, max(tidy[-1].end, pause.end))
        else:
            tidy.append(Interval(begin, pause.end))
    return tidy
