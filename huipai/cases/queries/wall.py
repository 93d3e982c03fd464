"""What a screen on a wall shows, and the links by which it may."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from huipai.cases.models import WallLink
from huipai.cases.wall_statement import HOURS, LATEST, NUMBERS, PLACES, PRESSING
from huipai.grid import queries as grid
from huipai.grid.words import Level
from huipai.kit import hot
from huipai.kit.coordinates import Point
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
    """A part of the tree, what is open in it, and where its label stands on a map, if it is drawn."""

    name: str
    count: int
    late: int
    soon: int
    at: Point | None


@dataclass(frozen=True, slots=True)
class Pressing:
    """`title` is empty where neighbours may not know what it is."""

    title: str
    place: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """`title` is empty where neighbours may not know what it was."""

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
    """Everything beside the map, in seven statements at most."""
    asked = _asked(now)
    [numbers] = hot.rows(NUMBERS, asked)
    return Wall(
        Numbers(*numbers),
        _whole_day([Hour(*row) for row in hot.rows(HOURS, asked)], now),
        _places(Level.COMMUNITY, asked),
        [Pressing(*row) for row in hot.rows(PRESSING, asked)],
        [Done(*row) for row in hot.rows(LATEST, asked)],
    )


def _whole_day(found: list[Hour], now: datetime) -> list[Hour]:
    """Every hour until this one, also those in which nothing happened."""
    by_hour = {one.hour: one for one in found}
    return [by_hour.get(hour, Hour(hour, 0, 0)) for hour in range(now.astimezone(_CHINA).hour + 1)]


def grids(now: datetime) -> list[Place]:
    """What is open in each grid, where its middle lies; counted in the database."""
    return [place for place in _places(Level.GRID, _asked(now)) if place.count]


def _places(level: Level, asked: dict[str, object]) -> list[Place]:
    rows = hot.rows(PLACES, {**asked, "level": level.value})
    middles = grid.middles_of([row[0] for row in rows])
    return [Place(name, count, late, soon, middles.get(id)) for id, name, count, late, soon in rows]


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
