"""Moving a story by whole weeks: every moment keeps its hour and weekday, every limit stays what it was.

A week fits only if each of its days is worked or free as the day it stands for, and if the rulebook then in force paid
for the deed what it was paid.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from huipai.points import rules as points
from huipai.rulebook.models import PointItem, RulebookVersion
from huipai.workdays import queries as workdays

CHINA = ZoneInfo("Asia/Shanghai")
WEEK = timedelta(days=7)
STAYS = timedelta(0)


@dataclass(frozen=True)
class Deed:
    """What a story is paid by, if it is: the item's code and points, and when the deed was received."""

    code: str
    points: int
    received_at: datetime
    is_paid: bool


@dataclass(frozen=True)
class Priced:
    """An item in force from one moment until another."""

    begins: datetime
    ends: datetime | None
    item_id: str
    points: int
    lot_months: int | None


class Rulebook:
    """Which item is in force when, by its code."""

    def __init__(self) -> None:
        versions = {version.pk: version for version in RulebookVersion.objects.filter(effective_from__isnull=False)}
        self.items: dict[str, list[Priced]] = {}
        for item in PointItem.objects.filter(version__in=versions):
            version = versions[item.version_id]
            assert version.effective_from is not None
            priced = Priced(version.effective_from, version.effective_until, str(item.pk), item.points, item.lot_months)
            self.items.setdefault(item.code, []).append(priced)

    def at(self, code: str, moment: datetime) -> Priced | None:
        found = (
            one for one in self.items.get(code, ()) if one.begins <= moment and (one.ends is None or moment < one.ends)
        )
        return next(found, None)


def weeks_that_fit(
    moments: list[datetime], deed: Deed | None, book: Rulebook, *, earliest: datetime, latest: datetime
) -> list[timedelta]:
    """Every number of weeks by which a story with these moments may be moved, within the given time."""
    first, last = min(moments), max(moments)
    found = [STAYS]
    for number in range(-((first - earliest) // WEEK), (latest - last) // WEEK + 1):
        by = number * WEEK
        if by and _days_match(first, last, by) and _pays_the_same(deed, book, by):
            found.append(by)
    return found


def _days_match(first: datetime, last: datetime, by: timedelta) -> bool:
    day, end = first.astimezone(CHINA).date(), last.astimezone(CHINA).date()
    while day <= end:
        if workdays.is_workday(day) != workdays.is_workday(day + by):
            return False
        day += timedelta(days=1)
    return True


def _pays_the_same(deed: Deed | None, book: Rulebook, by: timedelta) -> bool:
    if deed is None:
        return True
    priced = book.at(deed.code, deed.received_at + by)
    if not deed.is_paid:
        return priced is None
    return priced is not None and priced.points == deed.points


def expiry(priced: Priced, received_at: datetime, posted_at: datetime) -> datetime | None:
    """When points for a deed received and posted then lapse, by the item in force."""
    return points.lapses_at(received_at, posted_at, priced.lot_months)


def spelled(moment: datetime) -> str:
    return moment.isoformat(" ")


def epoch(moment: datetime) -> str:
    """Microseconds, as the journal keeps moments of the ledger."""
    return str((moment - EPOCH) // timedelta(microseconds=1))


EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
