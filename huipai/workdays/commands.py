"""Bringing in an announced table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from procrastinate.types import TimeDeltaParams

from huipai.kit.holding import hold
from huipai.streets.models import Street
from huipai.workdays import queries, rules
from huipai.workdays.models import CalendarYear, SpecialDay
from huipai.workdays.words import Special

# Followers begin when every process has looked at the tables again, and transactions begun before that have ended.
SETTLING: TimeDeltaParams = {"seconds": 5}


class Deferrer(Protocol):
    def defer(self, **arguments: Any) -> int: ...


class Follower(Protocol):
    """A job of an upper floor, called once a street as `follower(street=…, years=[…])`, at least once."""

    def configure(self, *, schedule_in: TimeDeltaParams) -> Deferrer: ...


_followers: tuple[Follower, ...] = ()


def wire(followers: tuple[Follower, ...]) -> None:
    """Name, once at start-up, who wants to know that working days have changed."""
    global _followers
    _followers = followers


@dataclass(frozen=True)
class Imported:
    """A table in force, and the years in which its coming changed a day (none if it was there before)."""

    table: CalendarYear
    years: tuple[int, ...]


@transaction.atomic
def import_year(*, year: int, source: str, specials: Sequence[Special], now: datetime) -> Imported:
    """Put this table in force for `year` and have due dates counted again in every street.

    The same table again changes nothing. A table that is cut off, doubled or of another year is refused whole.
    """
    rules.check(year, specials)
    hold("workdays.import")
    last = CalendarYear.objects.filter(year=year).order_by("-version").first()
    digest = rules.digest(year, specials)
    if last is not None and last.content_hash == digest:
        return Imported(last, ())
    before = queries.read_calendar()
    table = CalendarYear.objects.create(
        year=year, version=last.version + 1 if last else 1, source=source.strip(), content_hash=digest,
        imported_at=now,
    )  # fmt: skip
    SpecialDay.objects.bulk_create(
        SpecialDay(calendar_year=table, day=special.day, kind=special.kind, name=special.name) for special in specials
    )
    years = rules.changed(before, queries.read_calendar())
    transaction.on_commit(queries.forget)
    _tell_followers(years)
    return Imported(table, years)


def _tell_followers(years: tuple[int, ...]) -> None:
    if not years:
        return
    streets = list(Street.objects.values_list("id", flat=True))
    for follower in _followers:
        for street_id in streets:
            follower.configure(schedule_in=SETTLING).defer(street=str(street_id), years=list(years))
