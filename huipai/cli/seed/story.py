"""A year of a street as a plan: who reports what, where and when, and how each matter goes on.

Pure and deterministic: the plan knows no database. It is told later, step by step in the order of time, through the
same commands that pages use.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random
from zoneinfo import ZoneInfo

from huipai.cli.seed.texts.kinds import KINDS
from huipai.cli.seed.texts.words import Kind
from huipai.cli.seed.town.words import MicroGrid, Place, Town

CHINA = ZoneInfo("Asia/Shanghai")
DAYS = 365


class Way(StrEnum):
    """How a matter goes."""

    CONFIRMED = "confirmed"
    SILENT = "silent"
    ON_THE_SPOT = "on_the_spot"
    REWORKED = "reworked"
    DISPUTED = "disputed"
    DECLINED = "declined"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    FRESH = "fresh"
    IN_HAND = "in_hand"
    OVERDUE = "overdue"
    CHECKING = "checking"
    ASKING = "asking"
    REWORKING = "reworking"
    REOPENED = "reopened"


PAST: tuple[tuple[Way, int], ...] = (
    (Way.CONFIRMED, 46),
    (Way.SILENT, 20),
    (Way.ON_THE_SPOT, 14),
    (Way.REWORKED, 6),
    (Way.DISPUTED, 3),
    (Way.DECLINED, 6),
    (Way.MERGED, 4),
    (Way.WITHDRAWN, 1),
)
# What lies on the desks today, so that every page of the demo has something to show.
TODAY: tuple[tuple[Way, int], ...] = (
    (Way.FRESH, 14),
    (Way.IN_HAND, 12),
    (Way.OVERDUE, 4),
    (Way.CHECKING, 9),
    (Way.ASKING, 11),
    (Way.REWORKING, 3),
    (Way.REOPENED, 2),
)


@dataclass(frozen=True)
class Matter:
    """One report and the way it goes."""

    number: int
    kind: Kind
    way: Way
    micro_grid: MicroGrid
    place: Place
    text: str
    reported_at: datetime
    reporter: int  # which of the residents
    variant: int
    stripped: bool  # the photo came through a messenger

    @property
    def scene(self) -> str:
        return self.kind.code


def matters(*, town: Town, cases: int, residents: int, until: datetime, seed: int) -> list[Matter]:
    """So many matters up to `until`, in the order of time: most long closed, the last ones still open."""
    chance = Random(f"{seed}:{town.slug}:story")
    open_ways = [way for way, count in TODAY for _ in range(count)]
    if cases < 3 * len(open_ways):
        open_ways = [way for way, _ in TODAY for _ in range(cases // 30)] or [Way.FRESH]
    past = cases - len(open_ways)
    planned = [(_past_moment(chance, until), way) for way in _shares(past)]
    planned += [(_open_moment(chance, until, way), way) for way in open_ways]
    planned.sort(key=lambda moment: moment[0])
    planned = _declined_lately(planned, until)
    by_kind = _places(town)
    found: list[Matter] = []
    for number, (moment, way) in enumerate(planned):
        found.append(_matter(chance, number, moment, way, by_kind, found, residents))
    return found


def _shares(count: int) -> list[Way]:
    """The ways of the past in their shares, spread evenly over the year."""
    total = sum(share for _, share in PAST)
    cycle = [way for way, share in PAST for _ in range(share)]
    cycle.sort(key=lambda way: way.value)
    return [cycle[(n * 61) % total] for n in range(count)]


# So many of the last weeks are declined whenever the year ends: what somebody finds false is found of them.
LATELY, DECLINED_LATELY = (timedelta(days=12), timedelta(days=55)), 6


def _declined_lately(planned: list[tuple[datetime, Way]], until: datetime) -> list[tuple[datetime, Way]]:
    """The same moments and the same ways; the youngest that are declined change places with confirmed ones of late."""
    ways = [way for _moment, way in planned]
    late = [until - LATELY[1] < moment < until - LATELY[0] for moment, _way in planned]
    there = sum(1 for way, is_late in zip(ways, late, strict=True) if is_late and way == Way.DECLINED)
    older = [at for at, way in enumerate(ways) if way == Way.DECLINED and not late[at]]
    free = [at for at, way in enumerate(ways) if way == Way.CONFIRMED and late[at]]
    for one, other in list(zip(reversed(older), reversed(free), strict=False))[: max(0, DECLINED_LATELY - there)]:
        ways[one], ways[other] = ways[other], ways[one]
    return [(moment, way) for (moment, _way), way in zip(planned, ways, strict=True)]


def _past_moment(chance: Random, until: datetime) -> datetime:
    """A moment at least nine days ago; more on workdays, more in the summer rains and the weeks before the new year."""
    while True:
        back = chance.uniform(9, DAYS)
        day = (until - timedelta(days=back)).astimezone(CHINA).date()
        weight = (1.0, 1.0, 0.95, 0.95, 1.05, 0.8, 0.65)[day.weekday()] * SEASON[day.month - 1]
        if chance.random() < weight / 1.4:
            return _at(day, chance.randrange(24 * 60))


SEASON = (1.0, 0.75, 0.9, 1.0, 1.05, 1.25, 1.3, 1.25, 1.1, 0.95, 1.0, 1.05)


def _open_moment(chance: Random, until: datetime, way: Way) -> datetime:
    hours = {
        Way.FRESH: (0.2, 9),
        Way.IN_HAND: (2, 30),
        Way.OVERDUE: (20 * 24, 26 * 24),
        Way.CHECKING: (4, 26),
        Way.ASKING: (30, 70),
        Way.REWORKING: (60, 110),
        Way.REOPENED: (90, 150),
    }[way]
    return until - timedelta(hours=chance.uniform(*hours))


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60), CHINA)


Found = tuple[MicroGrid, Place]


def _places(town: Town) -> dict[str, list[Found]]:
    found: dict[str, list[Found]] = {}
    for micro in town.micro_grids:
        for place in micro.places:
            found.setdefault(place.kind, []).append((micro, place))
    return found


def _matter(
    chance: Random,
    number: int,
    moment: datetime,
    way: Way,
    by_kind: dict[str, list[Found]],
    before: list[Matter],
    residents: int,
) -> Matter:
    local = moment.astimezone(CHINA)
    kind = _kind(chance, local, way)
    if way not in OPEN:
        local = _in_rhythm(chance, local, kind)
    text = chance.choice(kind.reports) if chance.random() < 0.86 else ""
    micro, place = _where(chance, kind, text, by_kind, before)
    return Matter(
        number=number,
        kind=kind,
        way=way,
        micro_grid=micro,
        place=place,
        text=text,
        reported_at=local,
        reporter=_reporter(chance, residents),
        variant=chance.randrange(3),
        stripped=chance.random() < 0.45,
    )


OPEN = frozenset(way for way, _ in TODAY)
# What has been lying for three weeks is overdue whatever the calendar says.
QUICK = tuple(kind for kind in KINDS if all(limit.amount <= 5 or "hours" in limit.unit for limit in kind.limits))
# What a checker is told to have looked at is of a kind that is always checked.
CHECKED = tuple(kind for kind in KINDS if kind.check_share == 1)
LOOKED_AT = frozenset({Way.CHECKING, Way.REWORKING, Way.REWORKED})


def _kind(chance: Random, local: datetime, way: Way) -> Kind:
    kinds = QUICK if way == Way.OVERDUE else CHECKED if way in LOOKED_AT else KINDS
    weights = [kind.weight * (3 if local.month in kind.peak else 1) for kind in kinds]
    return chance.choices(kinds, weights)[0]


def _in_rhythm(chance: Random, local: datetime, kind: Kind) -> datetime:
    """The same day at an hour at which this kind is seen."""
    hour = chance.choices(range(24), kind.hours)[0]
    return local.replace(hour=hour, minute=chance.randrange(60), second=chance.randrange(60), microsecond=0)


# Words that say where: such a report comes from such a place, if its kind happens there.
CLUES = {
    "学校": "school", "放学": "school", "站台": "stop", "公交站": "stop", "候车亭": "stop", "路口": "crossing",
    "斑马线": "crossing", "菜场": "market", "卸货": "market", "店": "market", "河": "water", "亲水": "water",
    "步道": "footway", "巷子": "lane", "停车位": "parking", "楼道": "stairs", "单元": "stairs", "大门": "gate",
    "东门": "gate", "门口": "gate", "公园": "park", "凉亭": "park", "工地": "works",
}  # fmt: skip


def _where(chance: Random, kind: Kind, text: str, by_kind: dict[str, list[Found]], before: list[Matter]) -> Found:
    """Somewhere such a thing happens and the words fit; every third time where it has happened before."""
    named = {place for clue, place in CLUES.items() if clue in text and place in kind.places and place in by_kind}
    again = [matter for matter in before[-240:] if matter.kind is kind and (not named or matter.place.kind in named)]
    if again and chance.random() < 0.3:
        same = chance.choice(again)
        return same.micro_grid, same.place
    names = [name for name in kind.places if name in (named or kind.places)]
    return chance.choice([found for name in names for found in by_kind.get(name, ())])


def _reporter(chance: Random, residents: int) -> int:
    """A few report often, most once a year."""
    return int(residents * chance.random() ** 1.9)
