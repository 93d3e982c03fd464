"""Units of a time limit, the hours of an office, and the answer for years nobody has announced yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import NoReturn
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext, gettext_lazy, ngettext

from huipai.kit.verdict import Invalid

# One clock for the whole country. It has not moved since 1991; no table here begins before 2004.
CHINA = ZoneInfo("Asia/Shanghai")

# So many signs say where a year was announced.
LONGEST_SOURCE = 120
# Years for which a table may be brought in.
YEARS = range(2004, 2200)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Unit(TextChoices):
    """What a limit is counted in (GB/T 30428.8)."""

    # 工作日: the day of the start is not counted; over when the office closes on the last day (民法典 201, 203).
    WORKDAYS = "workdays", gettext_lazy("工作日")
    # 工作时: runs while the office is open on a working day.
    WORK_HOURS = "work_hours", gettext_lazy("工作时")
    # 紧急工作时: runs day and night.
    URGENT_HOURS = "urgent_hours", gettext_lazy("紧急工作时")
    # 自然日: the day of the start is not counted; over at midnight after the last day.
    CALENDAR_DAYS = "calendar_days", gettext_lazy("自然日")


WHOLE_DAYS = frozenset({Unit.WORKDAYS, Unit.CALENDAR_DAYS})


@dataclass(frozen=True)
class Span:
    """A length of time in one unit: whole days, or hours down to the microsecond."""

    amount: int | Fraction
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("a span is never negative")
        if self.unit in WHOLE_DAYS and self.amount != int(self.amount):
            raise ValueError(f"{self.unit} are counted whole")

    @classmethod
    def of_hours(cls, length: timedelta, unit: Unit) -> Span:
        """The span of `unit` (an hour unit) that lasts exactly `length`."""
        return cls(Fraction(length // timedelta.resolution, HOUR // timedelta.resolution), unit)

    @property
    def words(self) -> str:
        """As a page says it: one day, two days."""
        most = 1 if self.amount == 1 else 2
        told = {
            Unit.WORKDAYS: ngettext("%(count)s 工作日", "%(count)s 工作日", most),
            Unit.WORK_HOURS: ngettext("%(count)s 工作时", "%(count)s 工作时", most),
            Unit.URGENT_HOURS: ngettext("%(count)s 紧急工作时", "%(count)s 紧急工作时", most),
            Unit.CALENDAR_DAYS: ngettext("%(count)s 自然日", "%(count)s 自然日", most),
        }
        return told[self.unit] % {"count": f"{float(self.amount):g}"}

    @property
    def length(self) -> timedelta:
        """How long these hours last while their clock runs."""
        if self.unit in WHOLE_DAYS:
            raise ValueError("days have no fixed length")
        return timedelta(microseconds=round(self.amount * (HOUR // timedelta.resolution)))


@dataclass(frozen=True)
class Interval:
    """From `start` up to, not including, `end`."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("an interval does not end before it starts")


@dataclass(frozen=True)
class Pending:
    """日历待定: the answer hangs on the working days of `year`, which are not announced yet."""

    year: int

    def __str__(self) -> str:
        return gettext("日历待定")


class OfficeHoursUnclear(Invalid):
    """The text does not say from when to when the office is open."""

    code = "office_hours_unclear"
    default_reason = gettext_lazy("办公时间写成 9:00-12:00,13:30-17:30 这样，先后不重叠")


_HOURS = re.compile(r"^(\d{1,2}):([0-5]\d)[-–—~](\d{1,2}):([0-5]\d)$")


@dataclass(frozen=True)
class OfficeHours:
    """When an office is open on a working day: one or more spells, in order, inside the day."""

    spells: tuple[tuple[timedelta, timedelta], ...]

    def __post_init__(self) -> None:
        before = timedelta(0)
        if not self.spells:
            _unclear()
        for index, (opens, closes) in enumerate(self.spells):
            if not before <= opens < closes <= DAY or (index and opens == before):
                _unclear()
            before = closes

    @classmethod
    def parse(cls, text: str) -> OfficeHours:
        """The hours written as `9:00-12:00,13:30-17:30`; refuses anything that could be read in two ways."""
        spells = []
        for part in re.split(r"[,，;；、]", re.sub(r"\s", "", text).replace("：", ":")):
            match = _HOURS.match(part)
            if match is None:
                _unclear()
            from_hour, from_minute, to_hour, to_minute = (int(group) for group in match.groups())
            spells.append(
                (
                    timedelta(hours=from_hour, minutes=from_minute),
                    timedelta(hours=to_hour, minutes=to_minute),
                )
            )
        return cls(tuple(spells))

    def __str__(self) -> str:
        return ",".join(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in self.spells)

    @property
    def a_day(self) -> timedelta:
        """How long the office is open on one working day."""
        return sum((closes - opens for opens, closes in self.spells), timedelta(0))

    @property
    def closing(self) -> timedelta:
        """When the office closes, from midnight."""
        return self.spells[-1][1]

    def open_before(self, since_midnight: timedelta) -> timedelta:
        """How long the office has been open on a working day by then."""
        return sum(
            (min(max(since_midnight - opens, timedelta(0)), closes - opens) for opens, closes in self.spells),
            timedelta(0),
        )

    def moment_after(self, opened: timedelta) -> timedelta:
        """The first time of day by which the office has been open for `opened` (more than nothing, at most a day)."""
        for opens, closes in self.spells:
            if opened <= closes - opens:
                return opens + opened
            opened -= closes - opens
        raise ValueError("an office is not open that long in a day")


def _unclear() -> NoReturn:
    raise OfficeHoursUnclear(field="office_hours")


def _clock(since_midnight: timedelta) -> str:
    if since_midnight == DAY:
        return "24:00"
    return (
        time(since_midnight // HOUR, since_midnight % HOUR // timedelta(minutes=1))
        .strftime("%H:%M")
        .lstrip("0")
        .rjust(4, "0")
    )


STANDARD_HOURS = OfficeHours.parse("9:00-12:00,13:30-17:30")


class DayKind(TextChoices):
    """A day that is not what its weekday says."""

    HOLIDAY = "holiday", gettext_lazy("休息")
    WORKDAY = "workday", gettext_lazy("上班")


@dataclass(frozen=True, order=True)
class Special:
    """One line of an announced table."""

    day: date
    kind: DayKind
    name: str = ""


class TableRefused(Invalid):
    """The table as a whole cannot be the year it says it is."""

    code = "calendar_table_refused"
    default_reason = gettext_lazy("这张表不完整，没有导入")
