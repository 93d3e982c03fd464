"""Asking the calendar. It is kept in the process and looked after at most once a second.

Whatever is computed from a table that another process replaced within that second is put right by the followers of
the import, which begin later than that (see `commands.SETTLING`).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from huipai.workdays import rules
from huipai.workdays.models import CalendarYear, SpecialDay
from huipai.workdays.rules import Calendar, library
from huipai.workdays.words import STANDARD_HOURS, DayKind, Interval, OfficeHours, Pending, Span, Special, Unit

LOOK_AGAIN_SECONDS = 1.0


@dataclass
class _Kept:
    """The calendar of this process, and what it was made from. Replaced whole, so that threads need no lock."""

    calendar: Calendar
    tables: int
    looked_at: float


_kept: _Kept | None = None


def calendar() -> Calendar:
    """Which days are worked, as far as anybody has announced them."""
    global _kept
    kept, at = _kept, time.monotonic()
    if kept is not None and at - kept.looked_at < LOOK_AGAIN_SECONDS:
        return kept.calendar
    # Rows are only ever added, so their number tells one state of the table from another.
    tables = CalendarYear.objects.count()
    known = kept.calendar if kept is not None and kept.tables == tables else _read()
    _kept = _Kept(known, tables, at)
    return known


def forget() -> None:
    """Look at the tables again at the next question."""
    global _kept
    _kept = None


def in_force() -> QuerySet[CalendarYear]:
    """The latest version of each imported year."""
    return CalendarYear.objects.order_by("year", "-version").distinct("year")


def altered_tables() -> Iterator[str]:
    """A sentence for each table that was brought in and holds other days than it came with."""
    days: dict[UUID, list[Special]] = defaultdict(list)
    for one in SpecialDay.objects.all():
        days[one.calendar_year_id].append(Special(one.day, DayKind(one.kind), one.name))
    for table in CalendarYear.objects.order_by("year", "version"):
        if rules.digest(table.year, days[table.id]) != table.content_hash:
            yield f"workdays_calendaryear {table.id}: the days of {table.year} are not those that it came with"


def read_calendar() -> Calendar:
    """The calendar as the tables are in this transaction, whatever this process has kept."""
    return _read()


def read_with(year: int, specials: Sequence[Special]) -> Calendar:
    """The calendar as it would be with this table; refuses one that cannot be that year."""
    rules.check(year, specials)
    return _composed({**_tables(), year: list(specials)})


def _read() -> Calendar:
    return _composed(_tables())


def _composed(tables: Mapping[int, Sequence[Special]]) -> Calendar:
    return rules.composed(library.years(), tables)


def _tables() -> dict[int, list[Special]]:
    tables: dict[int, list[Special]] = defaultdict(list)
    held = dict(in_force().values_list("id", "year"))
    for year in held.values():
        tables[year] = []
    rows = SpecialDay.objects.filter(calendar_year__in=held)
    for table_id, day, kind, name in rows.values_list("calendar_year_id", "day", "kind", "name"):
        tables[held[table_id]].append(Special(day, DayKind(kind), name))
    return tables


def due_at(
    start: datetime, span: Span, hours: OfficeHours = STANDARD_HOURS, suspended: Iterable[Interval] = ()
) -> datetime | Pending:
    """When a limit of `span` begun at `start` is over, in UTC; Pending if days that nobody has announced decide it."""
    return rules.due_at(calendar(), start, span, hours, suspended)


def elapsed(
    start: datetime, end: datetime, unit: Unit, hours: OfficeHours = STANDARD_HOURS, suspended: Iterable[Interval] = ()
) -> Span | Pending:
    """How much of `unit` has run from `start` to `end`."""
    return rules.elapsed(calendar(), start, end, unit, hours, suspended)


def is_workday(day: date) -> bool | Pending:
    return calendar().is_workday(day)


def known_until() -> int | None:
    """The last year for which limits in working days can be told."""
    return calendar().known_until()


@dataclass(frozen=True)
class KnownYear:
    """A year on the operator's page."""

    year: int
    workdays: int
    imported: CalendarYear | None


def known_years() -> list[KnownYear]:
    """Every known year, latest first, with the table it was imported from, if any."""
    imported = {row.year: row for row in in_force()}
    return [
        KnownYear(year, len(days), imported.get(year)) for year, days in sorted(calendar().years.items(), reverse=True)
    ]
