"""What an announced table may say, and how tables become a calendar."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from huipai.workdays.rules.clocks import Calendar
from huipai.workdays.words import YEARS, DayKind, Special, TableRefused

# 全国年节及纪念日放假办法 (第 513 号 of 2007, 第 644 号 of 2013, 第 795 号 of 2024), article 2: holidays on a fixed
# date, and those that follow moon or sun, each with the days between which it can fall (spring festival with its eve,
# the others with the Monday after) and how many are off by law at least. 中秋 can fall into the days of 国庆: only the
# number of all days tells of it. A table without one of them was cut off somewhere.
_FIXED = ((1, 1), (5, 1), (10, 1))
_MOVING = (("春节", (1, 20), (2, 24), 3), ("清明", (4, 4), (4, 8), 1), ("端午", (5, 25), (6, 27), 1))
_SINCE = 2008
# The same article: days off a year, since 2025 and before; earlier tables are built in.
_DAYS_SINCE_2025, _DAYS_BEFORE = 13, 11


def check(year: int, specials: Sequence[Special]) -> None:
    """Refuse a table that cannot be the notice for `year`.

    It may say something about the December before: the notice for a year is free to swap a day there.
    """
    if year not in YEARS:
        raise TableRefused(_("%(year)s 年不在可以导入的范围里") % {"year": year}, field="year")
    seen: set[date] = set()
    for special in specials:
        if special.day in seen:
            raise TableRefused(_("%(day)s 写了两次") % {"day": special.day.isoformat()}, field="file")
        if not date(year - 1, 12, 1) <= special.day <= date(year, 12, 31):
            raise TableRefused(
                _("%(day)s 不在 %(year)s 年") % {"day": special.day.isoformat(), "year": year}, field="file"
            )
        seen.add(special.day)
    _require_whole(year, {special.day for special in specials if special.kind == DayKind.HOLIDAY})


def _require_whole(year: int, off: set[date]) -> None:
    for month, day in _FIXED:
        if date(year, month, day) not in off:
            words = {"day": date(year, month, day).isoformat()}
            raise TableRefused(_("表里没有 %(day)s 放假，可能没有贴完整") % words, field="file")
    if year < _SINCE:
        return
    for name, first, last, least in _MOVING:
        if sum(date(year, *first) <= day <= date(year, *last) for day in off) < least:
            raise TableRefused(_("表里没有%(name)s的假，可能没有贴完整") % {"name": name}, field="file")
    least = _DAYS_SINCE_2025 if year >= 2025 else _DAYS_BEFORE
    if len({day for day in off if day.year == year}) < least:
        raise TableRefused(_("表里放假的日子不到 %(least)s 天，可能没有贴完整") % {"least": least}, field="file")


def digest(year: int, specials: Iterable[Special]) -> str:
    """The same for the same days, in whatever order they were written."""
    days = [[special.day.isoformat(), str(special.kind), special.name] for special in sorted(specials)]
    return hashlib.sha256(json.dumps([year, days], ensure_ascii=True).encode()).hexdigest()


def composed(built_in: Mapping[int, tuple[int, ...]], tables: Mapping[int, Sequence[Special]]) -> Calendar:
    """The calendar of the built-in years and these tables; a table takes the place of a built-in year."""
    years = {year: set(days) for year, days in built_in.items()} | {year: _weekdays(year) for year in tables}
    for _year, specials in sorted(tables.items()):
        for special in specials:
            # A table may touch the December before it; that says nothing about the rest of an unknown year.
            if special.day.year in years:
                days = years[special.day.year]
                (days.add if special.kind == DayKind.WORKDAY else days.discard)(special.day.toordinal())
    return Calendar({year: tuple(sorted(days)) for year, days in sorted(years.items())})


def specials_of(year: int, worked: Iterable[int]) -> list[Special]:
    """A year as a notice would write it, given the ordinals of the days that are worked: each that is not what its
    weekday says, and the holidays on a fixed date wherever they fall."""
    days, plain = set(worked), _weekdays(year)
    fixed = {date(year, month, day).toordinal() for month, day in _FIXED}
    off = sorted((plain | fixed) - days)
    return sorted(
        [Special(date.fromordinal(day), DayKind.HOLIDAY) for day in off]
        + [Special(date.fromordinal(day), DayKind.WORKDAY) for day in sorted(days - plain)]
    )


def changed(before: Calendar, after: Calendar) -> tuple[int, ...]:
    """The years in which a day is another one than before, or known for the first time."""
    return tuple(year for year, days in after.years.items() if before.years.get(year) != days)


def _weekdays(year: int) -> set[int]:
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    return {day.toordinal() for day in days if day.weekday() < 5}
