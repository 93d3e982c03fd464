"""What a screen on a wall shows, and the links by which it may."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from huipai.cases.models import WallLink
from huipai.cases.wall_statement import HOURS, LATEST, NUMBERS, PLACES, PRESSING
from huipai.grid.words import Level
from huipai.kit import hot
from huipai.streets.current import street_in_force

_CHINA = ZoneInfo("Asia/Shanghai")
SOON = timedelta(hours=2)
ROWS = 4


@dataclass(frozen=True, slots=True)
class Numbers:
    """Today and the last seven days, each share with what it is a share of."""

    open: int
    late: int
    soon: int
    done_today: int
    received_today: int
    dated: int
    in_time: int
    done: int
    confirmed: int
    reworked: int


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the tree and what is open in it."""

    name: str
    count: int
    late: int
    soon: int
    lng: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class Pressing:
    title: str
    place: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Done:
    title: str
    place: str
    at: datetime
    outcome: str
    is_unchecked: bool


@dataclass(frozen=True, slots=True)
class Hour:
    """What came in and what was solved in one hour of today."""

    hour: int
    received: int
    solved: int


@dataclass(frozen=True, slots=True)
class Wall:
    numbers: Numbers
    hours: list[Hour]
    communities: list[Place]
    pressing: list[Pressing]
    latest: list[Done]


def _asked(now: datetime) -> dict[str, object]:
    today = datetime.combine(now.astimezone(_CHINA).date(), time(), _CHINA)
    return {
        "street": street_in_force(), "now": now, "soon": now + SOON, "today": today,
        "week": today - timedelta(days=7), "size": ROWS,
    }  # fmt: skip


def wall(now: datetime) -> Wall:
    """Everything beside the map, in five statements."""
    asked = _asked(now)
    [numbers] = hot.rows(NUMBERS, asked)
    return Wall(
        Numbers(*numbers),
        _whole_day([Hour(*row) for row in hot.rows(HOURS, asked)], now),
        [Place(*row) for row in hot.rows(PLACES, {**asked, "level": Level.COMMUNITY.value})],
        [Pressing(*row) for row in hot.rows(PRESSING, asked)],
        [Done(*row) for row in hot.rows(LATEST, asked)],
    )


def _whole_day(found: list[Hour], now: datetime) -> list[Hour]:
    """Every hour until this one, also those in which nothing happened."""
    by_hour = {one.hour: one for one in found}
    return [by_hour.get(hour, Hour(hour, 0, 0)) for hour in range(now.astimezone(_CHINA).hour + 1)]


def grids(now: datetime) -> list[Place]:
    """What is open in each grid, where its middle lies; counted in the database."""
    found = hot.rows(PLACES, {**_asked(now), "level": Level.GRID.value})
    return [place for place in (Place(*row) for row in found) if place.count]


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def link_for(token: str, now: datetime) -> WallLink | None:
    """The link with this token, while it is good."""
    found = WallLink.objects.filter(digest=digest_of(token), revoked_at=None, valid_until__gt=now)
    return found.first()


def links() -> list[WallLink]:
    """Every link, those that are good first."""
    found = WallLink.objects.select_related("made_by").order_by("-made_at", "id")
    return sorted(found, key=lambda link: link.revoked_at is not None)
