"""What other rules would have made of the same deeds, in the order in which they were decided on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from huipai.points.rules.spans import Span, is_under_14, local_day, local_month
from huipai.points.rules.worth import Offer, Tally, judge
from huipai.points.words import Why
from huipai.rulebook.rules import Cell, Telling, bounded
from huipai.rulebook.rules.formula import NotMeasured
from huipai.rulebook.rules.terms import Terms
from huipai.rulebook.words import SMALLEST_GROUP, Earner

# A change is told in steps of so many thousandths.
STEP: Final = 50
UNTOLD: Final = {"change": 0, "untold": True}
# So much of a digest tells one person from another.
TRACE: Final = 20


@dataclass(frozen=True, slots=True)
class Stay:
    """When somebody lived in a home, in seconds since 1970, the end excluded and of those who live there still None."""

    home_id: UUID
    begins: float
    ends: float | None

    def meets(self, other: Stay) -> bool:
        """Whether two lived in one home at one time; a stay without length meets nobody, as in the ledger."""
        return (
            self.home_id == other.home_id
            and self.begins != self.ends
            and other.begins != other.ends
            and (other.ends is None or self.begins < other.ends)
            and (self.ends is None or other.begins < self.ends)
        )


@dataclass(frozen=True, slots=True)
class Deed:
    """What the month brought by award or by hand, or what was left without points; and what bears on it."""

    # A person, or a household that was thanked as a whole.
    holder_id: UUID
    is_home: bool
    code: str
    points: int
    received_at: datetime
    measured: Mapping[str, Fraction]
    # Where a person lived then and shortly before: each of these homes counts it within its limits.
    stays: tuple[Stay, ...]
    birth_year: int | None
    is_member: bool
    group: str
    # When it counts within the limits: what a household is thanked for, at the end of the quarter that it is for.
    counts_at: datetime
    # When the ledger asked whether the limits leave room for it.
    decided_at: datetime
    # What the item gave at most then, of points given by hand.
    most: int | None = None
    # Since when it takes no room any more: it was taken back, or another family lives in that home.
    until: datetime | None = None
    is_taken_back: bool = False
    # It gives back, after an appeal, what had been taken back.
    is_given_back: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """What something takes of the limits of its item, from its posting on and as long as it stands."""

    counts_at: datetime
    since: datetime
    until: datetime | None
    # What it brought, and what the trial finds that it brings.
    before: int = 0
    points: int = 0
    # Where whoever did it lived then and shortly before.
    stays: tuple[Stay, ...] = ()

    def is_taken(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


# So many times as much, or where there was nothing so many points.
Change = tuple[bool, Fraction]
AS_IT_WAS: Final[Change] = (True, Fraction(1))


@dataclass(slots=True)
class Worth:
    """Points before and after, of one item or of several."""

    before: int = 0
    after: int = 0

    @property
    def change(self) -> Change:
        """What the draft makes of it: so many times as much; of nothing, so many points."""
        return (True, Fraction(self.after, self.before)) if self.before else (False, Fraction(self.after))

    def after_by(self, change: Change) -> int:
        """What would be of it where the draft makes the same of it as of another; as it was where that says nothing."""
        is_times, much = change
        if is_times != bool(self.before):
            return self.before
        return round(self.before * much) if is_times else int(much)


@dataclass(slots=True)
class Tried:
    """What somebody did, and by item what it brings."""

    group: str
    deeds: int = 0
    by_item: dict[str, Worth] = field(default_factory=lambda: defaultdict(Worth))


SIDES: Final[Mapping[str, Callable[[Worth], bool]]] = {
    "gain": lambda worth: worth.after > worth.before,
    "lose": lambda worth: worth.after < worth.before,
}


@dataclass(slots=True)
class Trial:
    """Counts deeds again under other items; feed it in the order in which the ledger decided on them.

    What was taken back since brings nothing, but took its room until then: whom it left without points had none.
    """

    items: Mapping[str, Terms]
    # Whoever has an account: people, and households beside them.
    people: dict[UUID, Tried] = field(default_factory=dict)
    # What takes room of an item: of whoever has the account, and of the home of the people who do.
    _rooms: dict[tuple[UUID, str], list[Room]] = field(default_factory=lambda: defaultdict(list))
    _at_home: dict[tuple[UUID, str], list[Room]] = field(default_factory=lambda: defaultdict(list))

    def recall(self, holder_id: UUID, code: str, room: Room) -> None:
        """Something was earned before what is counted: pauses begin with it."""
        self._rooms[holder_id, code].append(room)

    def count(self, deed: Deed) -> None:
        points = self._worth(deed)
        if points:
            self._note(deed, points)
        if deed.is_taken_back:
            return
        tried = self.people.setdefault(deed.holder_id, Tried(deed.group))
        tried.deeds += 1
        worth = tried.by_item[deed.code]
        worth.before += deed.points
        worth.after += points

    def _worth(self, deed: Deed) -> int:
        terms = self.items.get(deed.code)
        if terms is None or not _may_earn(terms, deed):
            return 0
        if deed.is_given_back:
            return self._had(deed)
        offer = _offer(terms)
        try:
            offer = offer.measured(deed.measured)
        except NotMeasured:
            # The new formula counts what nobody wrote down then: it is tried with what was given.
            offer = offer.worth(min(terms.points, deed.points))
        if deed.most is not None:
            offer = _by_hand(offer, deed)
        if not offer.points:
            return 0
        if not offer.has_limits:
            return offer.points
        return offer.points if judge(offer, self._tally(offer, deed)) == Why.POSTED else 0

    def _had(self, deed: Deed) -> int:
        """What the deed had brought that is given back; no limit is asked again."""
        rooms = self._rooms[deed.holder_id, deed.code]
        freed = [room for room in rooms if room.counts_at == deed.counts_at and not room.is_taken(deed.decided_at)]
        if not freed:
            return 0
        return freed[-1].points if deed.points >= freed[-1].before else min(freed[-1].points, deed.points)

    def _tally(self, offer: Offer, deed: Deed) -> Tally:
        at, day, month = deed.counts_at, local_day(deed.counts_at), local_month(deed.counts_at)
        pause = timedelta(minutes=offer.cooldown_minutes)
        taken = [room for room in self._rooms[deed.holder_id, deed.code] if room.is_taken(deed.decided_at)]
        homes = [taken] if deed.is_home else self._homes(deed)
        return Tally(
            today=_sum(taken, day),
            this_month=_sum(taken, month),
            household_this_month=max((_sum(home, month) for home in homes), default=0),
            household_today=max((_sum(home, day) for home in homes), default=0),
            too_soon=any(abs(at - room.counts_at) < pause for room in taken),
        )

    def _homes(self, deed: Deed) -> list[list[Room]]:
        """What takes room in each home of whoever did it, of those whom they met there, as in the ledger; what a home
        is thanked for itself is a sum apart from what its people earn."""
        return [
            [
                room
                for room in self._at_home[home_id, deed.code]
                if room.is_taken(deed.decided_at)
                and any(one.meets(other) for one in deed.stays for other in room.stays if one.home_id == home_id)
            ]
            for home_id in _homes_of(deed)
        ]

    def _note(self, deed: Deed, points: int) -> None:
        room = Room(deed.counts_at, deed.decided_at, deed.until, deed.points, points, deed.stays)
        self._rooms[deed.holder_id, deed.code].append(room)
        for home_id in _homes_of(deed):
            self._at_home[home_id, deed.code].append(room)

    def tell(self, told: Sequence[Mapping[str, Cell]]) -> Telling:
        """What may be shown of this beside what was told of the same month before, in the order of the tellings.

        No group of fewer than five people, nor a figure that fewer than five make another one than was told; the rest
        in steps. There is no sum of all beside the groups, so nothing is left over of a group that is not shown.
        """
        groups: dict[str, dict[UUID, Tried]] = defaultdict(dict)
        for holder_id, tried in self.people.items():
            groups[tried.group][holder_id] = tried
        cells = {
            name: bounded(found, [nothing, *(before[name] for before in told if name in before)])
            for group, people in groups.items()
            for name, nothing, found in _cells(group, people)
        }
        rows = [_row(group, cells) for group in sorted(groups) if cells[f"{group}:people"].says["people"]]
        return Telling(
            {
                "deeds": sum(row.pop("deeds") for row in rows), "people": sum(row["people"] for row in rows),
                "groups": rows,
            },
            cells,
        )  # fmt: skip


def _homes_of(deed: Deed) -> list[UUID]:
    return list(dict.fromkeys(stay.home_id for stay in deed.stays))


def _sum(rooms: Collection[Room], span: Span) -> int:
    return sum(room.points for room in rooms if span.begin <= room.counts_at < span.end)


def beside(deeds: int, people: int) -> dict[str, object]:
    """What of the month is not decided yet and was not counted: how much, or None where it is of fewer than five."""
    if not deeds:
        return {}
    return {"waiting": deeds if people >= SMALLEST_GROUP else None}


def _cells(group: str, people: Mapping[UUID, Tried]) -> Iterator[tuple[str, Cell, Cell]]:
    """Of a group by name: what is said where nobody did anything or nothing would be otherwise, and what was found."""
    worth = _told_of(people)
    nobody: frozenset[str] = frozenset()
    deeds = sum(tried.deeds for tried in people.values())
    everybody = Cell(frozenset(map(_trace, people)), {"people": len(people), "deeds": deeds})
    yield f"{group}:people", Cell(nobody, {"people": 0, "deeds": 0}), everybody
    before, after = sum(one.before for one in worth.values()), sum(one.after for one in worth.values())
    # Of nothing there is no part.
    change = round((after - before) * 1000 / before / STEP) * STEP if before else None if after else 0
    as_it_is = frozenset(_trace(id, one.before, one.before) for id, one in worth.items())
    as_found = frozenset(_trace(id, one.before, one.after) for id, one in worth.items())
    yield f"{group}:change", Cell(as_it_is, UNTOLD), Cell(as_found, {"change": change})
    for side, is_of in SIDES.items():
        of = frozenset(_trace(id) for id, one in worth.items() if is_of(one))
        yield f"{group}:{side}", Cell(nobody, 0), Cell(of, len(of) // SMALLEST_GROUP * SMALLEST_GROUP)


def _told_of(people: Mapping[UUID, Tried]) -> dict[UUID, Worth]:
    """Of each of a group what a figure may be made of.

    An item that fewer than five of them did is left out. A difference that the draft makes to fewer than five, as to
    those who stand at a limit, is told as that which most have. Else a change that all have would carry along, in every
    figure, what one of them did.
    """
    told = {id: Worth() for id in people}
    for code in sorted({code for tried in people.values() for code in tried.by_item}):
        of_item = {id: tried.by_item[code] for id, tried in people.items() if code in tried.by_item}
        if len(of_item) < SMALLEST_GROUP:
            continue
        told_as = _told_as(of_item.values())
        for id, worth in of_item.items():
            told[id].before += worth.before
            told[id].after += worth.after_by(told_as(worth.change))
    return told


def _told_as(worths: Collection[Worth]) -> Callable[[Change], Change]:
    """As what each change that a draft makes of an item is told: itself where five have it, else what most have."""
    changes = Counter(one.change for one in worths)
    usual = max(changes, key=lambda change: (changes[change], change == AS_IT_WAS))
    shared = {change for change, people in changes.items() if people >= SMALLEST_GROUP}
    return lambda change: change if change in shared else usual if usual in shared else AS_IT_WAS


def _row(group: str, cells: Mapping[str, Cell]) -> dict[str, Any]:
    sides = {side: cells[f"{group}:{side}"].says for side in SIDES}
    return {"group": group, **cells[f"{group}:people"].says, **cells[f"{group}:change"].says, **sides}


def _trace(holder_id: UUID, *points: int) -> str:
    return sha256(f"{holder_id} {points}".encode()).hexdigest()[:TRACE]


def _may_earn(terms: Terms, deed: Deed) -> bool:
    if deed.is_home:
        return Earner.HOUSEHOLD in terms.earners
    if not terms.under_14 and is_under_14(deed.birth_year, deed.received_at):
        return False
    return Earner.RESIDENT in terms.earners or (deed.is_member and Earner.PART_TIME_MEMBER in terms.earners)


def _by_hand(offer: Offer, deed: Deed) -> Offer:
    """What would be given by hand: all of it where all was given, else no more than what was found to be missing.

    A paper tells the day of a deed, not its minute: how far it was from the one before is not known.
    """
    was_all = deed.most is not None and deed.points >= deed.most
    points = offer.points if was_all else min(offer.points, deed.points)
    return replace(offer.worth(points), cooldown_minutes=0)


def _offer(terms: Terms) -> Offer:
    return Offer(
        item_id=_NOBODY, code=terms.code, points=terms.points, earners=tuple(terms.earners), day_cap=terms.day_cap,
        month_cap=terms.month_cap, household_month_cap=terms.household_month_cap,
        cooldown_minutes=terms.cooldown_minutes, lot_months=terms.lot_months, under_14=terms.under_14,
        household_day_cap=terms.household_day_cap, formula=terms.formula,
    )  # fmt: skip


_NOBODY = UUID(int=0)
