"""What neighbours see: the feed, the map, one thing. All of it reads what the gate let through.

Two hot statements, measured in `bench/entries/feed.py` and `bench/entries/map.py`. Their texts are put together
from the fixed pieces below by which filters are given; values are always parameters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from huipai.cases.models import Shown, ShownPhoto, Transition
from huipai.cases.models.case import UNCHECKED
from huipai.cases.rules.lateness import ENDED
from huipai.cases.rules.tiles import View, squares
from huipai.cases.words import Going, Kind, Span, State
from huipai.kit import hot
from huipai.kit.coordinates import Point
from huipai.kit.searching import plain, words_of
from huipai.streets.current import street_in_force

# A square says "99+" from here on: what it costs does not grow with what lies in it.
COUNTED = 100
# So many of those that lie on one spot are told at once; the list beside the map has the rest.
LISTED = 12
# So far one walks to look, in degrees of latitude and longitude here: about 500 metres.
NEAR = (0.0045, 0.0053)
MOST_NEAR = 100

_ENDED = ", ".join(f"'{state.value}'" for state in ENDED)
_CONDITIONS = {
    "current": "s.is_current",
    # Both ends, so that it is planned as the short stretch that it is and not as a third of everything.
    "since": "s.happened_at >= %(since)s AND s.happened_at < 'infinity'",
    # What is open is current, however old it is: the index of what goes on now finds it.
    "open": f"s.is_current AND s.state NOT IN ({_ENDED}) AND s.kind = '{Kind.PROBLEM.value}'",
    "done": f"s.state IN ({_ENDED}) AND s.kind = '{Kind.PROBLEM.value}'",
    "deeds": f"s.kind = '{Kind.GOOD_DEED.value}'",
    "type": "s.case_type_id = %(type)s",
    "area": """s.node_id = ANY(ARRAY(SELECT below.id FROM grid_gridnode AS below
        WHERE below.street_id = %(street)s AND starts_with(below.path, %(area)s)))""",
}  # fmt: skip
# Nobody's own words are looked through: only what a place or a kind is called, the title of a deed, a number. What a
# word means is asked of the few kinds and places first, so that a word that means nothing looks at nothing.
_MEANT = """
SELECT ARRAY(SELECT called.id FROM cases_casetype AS called
             WHERE called.street_id = %(street)s
               AND (strpos(cases_plain(called.name), one.word) > 0 OR strpos(cases_plain(called."group"), one.word) > 0)
               AND EXISTS (SELECT FROM cases_shown AS any_of WHERE any_of.street_id = %(street)s
                           AND any_of.case_type_id = called.id)),
       ARRAY(SELECT below.id FROM grid_gridnode AS named
             JOIN grid_gridnode AS below ON below.street_id = %(street)s AND starts_with(below.path, named.path)
             WHERE named.street_id = %(street)s AND named.level IN ('community', 'grid', 'micro_grid')
               AND strpos(cases_plain(named.name), one.word) > 0),
       ARRAY(SELECT deed.id FROM cases_shown AS deed
             WHERE deed.street_id = %(street)s AND deed.kind = 'good_deed'
               AND strpos(cases_plain(deed.title), one.word) > 0)
FROM unnest(%(words)s::text[]) WITH ORDINALITY AS one(word, place) ORDER BY one.place
"""
_WORD = """(s.case_type_id = ANY(%(types{place})s::uuid[]) OR s.node_id = ANY(%(nodes{place})s::uuid[])
         OR s.id = ANY(%(deeds{place})s::uuid[]))"""
# So many words of what was typed are looked for; each has to stand somewhere.
MOST_WORDS = 4
_CONDITIONS["code"] = "s.code = %(code)s"
for _count in range(1, MOST_WORDS + 1):
    _each = " AND ".join(_WORD.format(place=place) for place in range(_count))
    _CONDITIONS[f"words{_count}"] = f"(s.code = %(code)s OR {_each})"
_GOING = {Going.OPEN: "open", Going.DONE: "done", Going.DEEDS: "deeds"}


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to see of it. Nothing given: what goes on now."""

    going: Going = Going.ALL
    span: Span = Span.CURRENT
    since: datetime | None = None
    type_id: UUID | None = None
    area: str = ""
    words: str = ""

    def conditions(self) -> tuple[str, ...]:
        """The pieces of the statement that it takes, always in one order."""
        given = {
            "current": self.span == Span.CURRENT,
            "since": self.since is not None,
            "open": self.going == Going.OPEN,
            "done": self.going == Going.DONE,
            "deeds": self.going == Going.DEEDS,
            "type": self.type_id is not None,
            "area": bool(self.area),
        }
        return tuple(name for name, is_given in given.items() if is_given)

    def found_by(self) -> tuple[str, ...]:
        """The words of what was typed; what is no word stands for itself."""
        return words_of(self.words)[:MOST_WORDS] or (plain(self.words),)

    def values(self) -> dict[str, Any]:
        return {"street": street_in_force(), "since": self.since, "type": self.type_id, "area": self.area}


def _asked(wanted: Wanted) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The pieces of the statement and their values, with what the typed words mean here."""
    conditions, values = wanted.conditions(), wanted.values()
    if not wanted.words:
        return conditions, values
    words = wanted.found_by()
    meant = hot.rows(_MEANT, {"street": street_in_force(), "words": list(words)})
    values["code"] = wanted.words.upper()
    if not all(any(found) for found in meant):
        return (*conditions, "code"), values
    for place, (types, nodes, deeds) in enumerate(meant):
        values |= {f"types{place}": types, f"nodes{place}": nodes, f"deeds{place}": deeds}
    return (*conditions, f"words{len(words)}"), values


@dataclass(frozen=True, slots=True)
class Row:
    """A public thing as a list shows it."""

    id: UUID
    kind: str
    code: str
    state: str
    title: str
    type_name: str | None
    node_name: str
    lng: float
    lat: float
    cover_id: UUID | None
    happened_at: datetime
    ended_at: datetime | None
    is_unchecked: bool


_SHOWN = "s.id, s.kind, s.code, s.state, s.title, s.lng, s.lat, s.cover_id, s.happened_at, s.ended_at, s.is_unchecked"
_NAMED = """SELECT page.id, page.kind, page.code, page.state, page.title, kind.name, node.name, page.lng, page.lat,
       page.cover_id, page.happened_at, page.ended_at, page.is_unchecked
FROM page
JOIN grid_gridnode AS node ON node.street_id = %(street)s AND node.id = page.node_id
LEFT JOIN cases_casetype AS kind ON kind.street_id = %(street)s AND kind.id = page.case_type_id"""


@lru_cache(maxsize=256)
def feed_statement(conditions: tuple[str, ...]) -> str:
    return f"""
WITH page AS (
    SELECT {_SHOWN}, s.node_id, s.case_type_id FROM cases_shown AS s
    WHERE s.street_id = %(street)s{_also(conditions)}
    ORDER BY s.id DESC LIMIT %(size)s OFFSET %(start)s
)
{_NAMED}
ORDER BY page.id DESC
"""


@lru_cache(maxsize=256)
def map_statement(conditions: tuple[str, ...]) -> str:
    """Of each square: how many, where their middle is, which states, and the things where no nearer view parts them."""
    return f"""
SELECT heap.count, heap.lng, heap.lat, heap.states, heap.ids
FROM unnest(%(lows)s::bigint[], %(highs)s::bigint[]) AS square(low, high)
CROSS JOIN LATERAL (
    SELECT count(*) AS count, avg(inside.lng) AS lng, avg(inside.lat) AS lat,
           array_agg(DISTINCT CASE WHEN inside.is_unchecked AND inside.state = '{State.CLOSED.value}'
               THEN '{UNCHECKED}' ELSE inside.state END) AS states,
           CASE WHEN min(inside.quadkey) = max(inside.quadkey)
               THEN (array_agg(inside.id ORDER BY inside.id DESC))[1:{LISTED}] ELSE ARRAY[]::uuid[] END AS ids
    FROM (
        SELECT s.lng, s.lat, s.state, s.is_unchecked, s.id, s.quadkey FROM cases_shown AS s
        WHERE s.street_id = %(street)s AND s.quadkey >= square.low AND s.quadkey < square.high{_also(conditions)}
        LIMIT {COUNTED}
    ) AS inside
) AS heap
WHERE heap.count > 0
"""


NEAREST = f"""
WITH page AS (
    SELECT {_SHOWN}, s.node_id, s.case_type_id,
           (s.lng - %(lng)s) ^ 2 * 0.73 + (s.lat - %(lat)s) ^ 2 AS away
    FROM unnest(%(lows)s::bigint[], %(highs)s::bigint[]) AS square(low, high)
    JOIN cases_shown AS s ON s.street_id = %(street)s AND s.is_current
        AND s.quadkey >= square.low AND s.quadkey < square.high
    ORDER BY away LIMIT {MOST_NEAR}
)
{_NAMED}
ORDER BY page.away
"""


def _also(conditions: tuple[str, ...]) -> str:
    return "".join(f"\n        AND {_CONDITIONS[name]}" for name in conditions)


class Feed:
    """The public things that are wanted, latest first, cut before they are fetched."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted

    def __getitem__(self, cut: slice) -> list[Row]:
        start, until = cut.start or 0, cut.stop
        conditions, values = _asked(self._wanted)
        asked = {**values, "start": start, "size": until - start}
        return [Row(*row) for row in hot.rows(feed_statement(conditions), asked)]


@dataclass(frozen=True, slots=True)
class Heap:
    """What lies in one square of the map. `things` only of one spot, the latest first: one alone, or as many as are
    told of those that are one heap however near one looks."""

    count: int
    lng: float
    lat: float
    states: list[str]
    things: list[Row]


def heaps(wanted: Wanted, view: View) -> list[Heap]:
    """The public things of a view as a map draws them, counted in the database; at most as many as it has squares."""
    cells = squares(view)
    conditions, values = _asked(wanted)
    asked = {**values, "lows": [cell.low for cell in cells], "highs": [cell.high for cell in cells]}
    found = hot.rows(map_statement(conditions), asked)
    told = {row.id: row for row in by_ids(id for *_where, ids in found for id in ids)}
    return [
        Heap(count, lng, lat, states, [told[id] for id in ids if id in told]) for count, lng, lat, states, ids in found
    ]


BY_IDS = f"""
WITH page AS (
    SELECT {_SHOWN}, s.node_id, s.case_type_id FROM cases_shown AS s
    WHERE s.street_id = %(street)s AND s.id = ANY(%(ids)s::uuid[])
)
{_NAMED}
"""


def by_ids(ids: Iterable[UUID]) -> list[Row]:
    return [Row(*row) for row in hot.rows(BY_IDS, {"street": street_in_force(), "ids": list(ids)})]


def nearest(here: Point) -> list[Row]:
    """What goes on within a short walk, the nearest first. The position is used for this question and kept nowhere."""
    up, aside = NEAR
    around = squares(View(here.lng - aside, here.lat - up, here.lng + aside, here.lat + up, zoom=13))
    asked = {
        "street": street_in_force(), "lng": here.lng, "lat": here.lat,
        "lows": [cell.low for cell in around], "highs": [cell.high for cell in around],
    }  # fmt: skip
    rows = [Row(*row) for row in hot.rows(NEAREST, asked)]
    return [row for row in rows if abs(row.lat - here.lat) <= up and abs(row.lng - here.lng) <= aside]


def one(code: str) -> Shown | None:
    """The public thing with this code, or nothing: private, withdrawn, declined and made up look the same.

    Typed in small letters too, as it is read off a slip or a screen.
    """
    return Shown.objects.select_related("case_type", "node").filter(code=code.upper()).first()


def photos_of(shown: Shown) -> QuerySet[ShownPhoto]:
    """Its photos that a person has released, before and then after."""
    return ShownPhoto.objects.filter(shown=shown).order_by("-moment", "round", "position")


def photo(code: str, photo_id: UUID) -> ShownPhoto | None:
    """One photo of one public thing, if both are shown at this moment."""
    return ShownPhoto.objects.select_related("photo").filter(shown__code=code, photo=photo_id).first()


def steps_of(shown: Shown) -> QuerySet[Transition]:
    """What happened to a public case, oldest first."""
    return Transition.objects.filter(case=shown.id).select_related("unit").order_by("position")


# What stands there although the gate would not let it through now: nothing, unless somebody wrote past the triggers.
_LEAKS = """
SELECT s.photo_id FROM cases_shownphoto AS s
JOIN cases_shown AS one ON one.street_id = %(street)s AND one.id = s.shown_id
WHERE s.street_id = %(street)s AND one.kind = 'problem' AND NOT EXISTS (
    SELECT FROM cases_showable_photos(%(street)s, s.shown_id) AS able WHERE able.photo_id = s.photo_id)
UNION ALL
SELECT one.id FROM cases_shown AS one
WHERE one.street_id = %(street)s AND one.kind = 'good_deed' AND NOT cases_may_show_deed(%(street)s, one.id)
"""


def leaks() -> list[UUID]:
    """Photos and deeds that are shown and may not be; `verify` asks."""
    return [id for (id,) in hot.rows(_LEAKS, {"street": street_in_force()})]
