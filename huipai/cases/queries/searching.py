"""Looking for cases: a number exactly, then words, then parts of words; never what the person who looks may not see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from huipai.cases import queries
from huipai.cases.models import CasePhoto, Searchable, WorkOrder
from huipai.cases.queries import given, orders
from huipai.cases.rules.numbers import number_in
from huipai.cases.search_statement import BY_PARTS, BY_WORDS, EXACT, FOUND_BY, OF_UNITS, RECENT, ROWS
from huipai.grid import queries as grid
from huipai.kit import hot
from huipai.kit.masking import masked
from huipai.kit.searching import MOST_WORDS, grams_of, plain, words_of
from huipai.people.models import Person
from huipai.streets.current import street_in_force

MOST = 100
# Fewer than so many by words: parts of words are looked for too.
FEW = 20
_MONTHS_BACK = 240
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Found:
    """What a row of the results shows of a case."""

    id: UUID
    code: str
    number: int | None
    state: str
    address: str
    due_at: datetime | None
    is_open: bool
    type_name: str
    node_name: str
    unit_name: str | None
    reported_at: datetime
    photo_id: UUID | None
    text: str | None
    is_unchecked: bool


@dataclass(frozen=True)
class Results:
    """Ids in their order, the words they were found by, and from where on they fit only in part."""

    ids: Sequence[UUID]
    words: tuple[str, ...]
    in_part_from: int
    is_cut: bool


def areas_to_search(person: Person, at: datetime) -> list[str] | None:
    """The parts of the tree in which this person sees cases; None for the whole street."""
    held = [one.node for one in grid.roles_of(person, at) if one.role in queries.ROLES_WITH_A_VIEW and one.node]
    return None if any(node.parent_id is None for node in held) else sorted(node.path for node in held)


def search(person: Person, typed: str, at: datetime) -> Results:
    """What fits, at most so many: exact numbers, then all the words with the latest first, then most of the signs.

    Where nothing fits as a whole, also what holds some of the words that were typed apart, most of them first.
    """
    words = words_of(typed)
    if not words:
        return Results((), (), 0, False)
    asked = {
        "street": street_in_force(), "areas": areas_to_search(person, at), "person": person.pk, "words": list(words),
        "size": MOST + 1,
    }  # fmt: skip
    exact = _exact(typed, asked)
    by_words = _by_words(words, asked, at)
    whole = list(dict.fromkeys([*exact, *by_words]))
    parts = _by_parts(typed, asked) if len(whole) < FEW else []
    some = [] if whole else _by_some(typed, asked)
    ids = list(dict.fromkeys([*whole, *parts, *some]))
    return Results(ids[:MOST], words, min(len(whole), MOST), len(ids) > MOST)


def _exact(typed: str, asked: Mapping[str, object]) -> list[UUID]:
    code = typed.strip().upper()
    number = number_in(typed)
    if number is None and not (code.isascii() and len(code) <= 12):
        return []
    return _ids(EXACT, {**asked, "code": code, "number": number})


def _by_words(words: tuple[str, ...], asked: Mapping[str, object], at: datetime) -> list[UUID]:
    recent = _ids(RECENT, asked)
    if len(recent) > MOST:
        return _shown_by(recent, words, len(words))
    found = _ids(BY_WORDS, {**asked, "grams": grams_of(words), "months": list(_months(at))})
    return _shown_by(found, words, len(words))


def _shown_by(ids: list[UUID], signs: Sequence[str], enough: int) -> list[UUID]:
    """Those that hold so many of these signs in what is shown of them: what is struck out there finds nothing."""
    if not ids:
        return []
    rows = hot.rows(FOUND_BY, {"street": street_in_force(), "ids": ids})
    shown = {id: plain(masked(text, [plain(name) for name in names])) for id, text, names in rows}
    return [id for id in ids if sum(sign in shown.get(id, "") for sign in signs) >= enough]


def _months(at: datetime) -> Iterator[str]:
    """The months of this street's archive, the latest first, as the index names them."""
    oldest = Searchable.objects.order_by("reported_at", "id").values_list("reported_at", flat=True).first()
    if oldest is None:
        return
    newest = Searchable.objects.order_by("-reported_at", "-id").values_list("reported_at", flat=True).first() or at
    end = max(at, newest).astimezone(_UTC)
    year, month = end.year, end.month
    first = oldest.astimezone(_UTC)
    for _step in range(_MONTHS_BACK):
        yield f"@{street_in_force()}:{year}{month:02}"
        if (year, month) <= (first.year, first.month):
            return
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)


def _by_parts(typed: str, asked: Mapping[str, object]) -> list[UUID]:
    grams = [gram for gram in grams_of([plain(typed.strip())]) if " " not in gram and len(gram) == 2]
    if len(grams) < 2:
        return []
    enough = max(2, -(-len(grams) * 3 // 5))
    return _shown_by(_ids(BY_PARTS, {**asked, "grams": grams, "enough": enough}), grams, enough)


def _by_some(typed: str, asked: Mapping[str, object]) -> list[UUID]:
    """Those of the latest that hold any of several words, as blanks part them; of a sentence nothing is taken apart."""
    apart = list(dict.fromkeys(plain(typed).split()))[:MOST_WORDS]
    if len(apart) < 2:
        return []
    return _shown_by(_ids(BY_PARTS, {**asked, "grams": apart, "enough": 1}), apart, 1)


def _ids(statement: str, asked: Mapping[str, object]) -> list[UUID]:
    return [row[0] for row in hot.rows(statement, asked)]


def rows(ids: Sequence[UUID]) -> list[Found]:
    """What a page of results shows, in the order of the ids."""
    found = {row[0]: Found(*row) for row in hot.rows(ROWS, {"street": street_in_force(), "ids": list(ids)})}
    return [found[id] for id in ids if id in found]


def orders_found(person: Person, typed: str, at: datetime) -> list[WorkOrder]:
    """Orders of one's own units that fit, latest first. Names and numbers of reporters find nothing (ruling 11)."""
    words = words_of(typed)
    units = [unit.pk for unit in grid.units_of(person, at)]
    if not words or not units:
        return []
    asked = {"street": street_in_force(), "units": units, "words": list(words), "size": MOST}
    ids = _of_units_numbered(person, typed, at) or _ids(OF_UNITS, asked)
    found = {order.pk: order for order in _with_what_a_row_shows(person, ids, at)}
    number = number_in(typed)
    return [found[id] for id in ids if id in found and (found[id].case.number == number or _fits(found[id], words))]


def _of_units_numbered(person: Person, typed: str, at: datetime) -> list[UUID]:
    """Orders of the case with this number: the only one by which a unit knows it."""
    number = number_in(typed)
    if number is None or typed.strip().isdigit():
        return []
    seen = orders.orders_seen_by(person, at).filter(case__number=number)
    return list(seen.order_by("-sent_at", "-id").values_list("id", flat=True)[:MOST])


def _with_what_a_row_shows(person: Person, ids: Sequence[UUID], at: datetime) -> list[WorkOrder]:
    return list(
        orders.orders_seen_by(person, at)
        .filter(pk__in=ids)
        .select_related("case", "case__case_type", "case__node", "case__parent", "case__reporter", "unit")
        .prefetch_related(
            *orders.reports_along("case"),
            "case__reports__additions",
            Prefetch(
                "case__photos",
                queryset=CasePhoto.objects.select_related("photo", "report").order_by("moment", "position"),
            ),
        )
    )


def _fits(order: WorkOrder, words: tuple[str, ...]) -> bool:
    """Whether what the unit reads of the case holds all the words."""
    shown = plain(readable(order))
    return all(word in shown for word in words)


def readable(order: WorkOrder) -> str:
    """The words of a case as its unit reads them, or read them when its order ended."""
    case = order.case
    heard = " ".join([case.address, *given.words(order), *given.words_added(order)])
    known = [str(case.number or ""), case.case_type.name, case.case_type.group, case.node.name]
    return " ".join([*known, masked(heard, orders.names_to_hide(case))])
