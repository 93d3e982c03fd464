"""The shapes of what is written for the demo: kinds of cases, point items, stations, units."""

from dataclasses import dataclass, field
from typing import NamedTuple

from huipai.workdays.words import Unit

DAYTIME = (0, 0, 0, 0, 0, 1, 4, 8, 9, 8, 7, 6, 5, 5, 6, 6, 6, 8, 8, 6, 4, 2, 1, 0)
EVENING = (1, 0, 0, 0, 0, 0, 2, 4, 3, 2, 2, 2, 2, 2, 2, 2, 4, 8, 12, 13, 11, 7, 4, 2)
NIGHT = (4, 2, 1, 1, 0, 1, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 6, 9, 12, 11, 8)


class Limit(NamedTuple):
    """One stage of a kind's time limit: 到现场, 清走, 答复居民."""

    stage: str
    amount: int
    unit: Unit


def arrive(amount: int) -> Limit:
    return Limit("到现场", amount, Unit.URGENT_HOURS)


def hours(stage: str, amount: int) -> Limit:
    return Limit(stage, amount, Unit.WORK_HOURS)


def urgent(stage: str, amount: int) -> Limit:
    return Limit(stage, amount, Unit.URGENT_HOURS)


def days(stage: str, amount: int) -> Limit:
    return Limit(stage, amount, Unit.WORKDAYS)


ANSWER = days("答复居民", 1)


@dataclass(frozen=True)
class Kind:
    """One kind of case, as a street would set it up, and what people write when they report it."""

    code: str
    name: str
    hint: str
    icon: str
    # Only as far as it is certain: the class of GB/T 30428 (`event/05`, `component/01`), no subclass; `local/…` has
    # none there. Behind it a number of the demo's own (`-y3`), because no two types are counted under one code. A
    # street fills in the whole code against the standard; the page of a type says so.
    national: str
    filing: str
    limits: tuple[Limit, ...]
    closing: str
    owner: str
    places: tuple[str, ...]
    reports: tuple[str, ...]
    answers: tuple[str, ...]
    # How people say it; none of it stands in `reports`, which are what a guess is measured by.
    everyday: str = ""
    after_photo: bool = False
    radius: int = 50
    public: bool = True
    check_share: float = 1.0
    weight: int = 10
    peak: tuple[int, ...] = ()  # months in which it comes three times as often
    hours: tuple[int, ...] = field(default=DAYTIME)


class Deed(NamedTuple):
    """A good deed: title and story, without anybody's name."""

    title: str
    story: str
    places: tuple[str, ...]


class Item(NamedTuple):
    """One point item of the rulebook, in words a neighbour understands.

    `evidence`: what shows that it was done, in the rulebook's words. None of the items may ever assess anybody.
    """

    code: str
    name: str
    text: str
    points: int
    owner: str
    ground: str
    evidence: tuple[str, ...]
    cap_day: int  # in points, like the next one
    cap_month: int
    cooldown_days: int = 0
    minors: bool = False
    automatic: bool = False
    # Paid into the account of a linked household.
    household: bool = False
    # How an amount is counted, as people write it; `points` is then the most.
    formula: str = ""


class Revision(NamedTuple):
    """What one edition of the rulebook changed: items added by code, items worded anew, items struck, and why."""

    days_ago: int
    note: str
    added: tuple[str, ...] = ()
    changed: tuple[tuple[Item, str], ...] = ()  # the wording before, and why it changed
    struck: tuple[tuple[Item, str], ...] = ()  # the item that is gone, and why


class StationText(NamedTuple):
    """A station: where, when (weekday numbers from 1, opening, closing) and what for."""

    name: str
    kind: str
    near: str
    days: tuple[int, ...]
    opens: str
    closes: str
    services: tuple[str, ...]


class UnitText(NamedTuple):
    code: str
    name: str
    kind: str
    community: str  # empty: the whole street
