"""What other rules would have made of the same deeds, in the order in which they came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

from huipai.points.rules.spans import is_under_14, local_day, local_month
from huipai.points.rules.worth import Offer, Tally, judge
from huipai.points.words import Why
from huipai.rulebook import rules as rulebook
from huipai.rulebook.rules.formula import NotMeasured
from huipai.rulebook.rules.terms import Terms
from huipai.rulebook.words import Earner


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
    household_id: UUID | None
    birth_year: int | None
    is_member: bool
    group: str
    # When it counts within the limits: what a household is thanked for, at the end of the quarter that it is for.
    counts_at: datetime
    # What the item gave at most then, of points given by hand.
    most: int | None = None


@dataclass(slots=True)
class Tried:
    """Points before and after of whoever did something."""

    group: str
    before: int = 0
    after: int = 0

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@dataclass(slots=True)
class Trial:
    """Counts deeds again under other items; feed it in order of receipt."""

    items: Mapping[str, Terms]
    # Whoever has an account: people, and households beside them.
    people: dict[UUID, Tried] = field(default_factory=dict)
    by_item: dict[str, dict[UUID, Tried]] = field(default_factory=lambda: defaultdict(dict))
    _sums: dict[tuple[object, ...], int] = field(default_factory=lambda: defaultdict(int))
    _given: dict[tuple[UUID, str], list[datetime]] = field(default_factory=lambda: defaultdict(list))

    def count(self, deed: Deed) -> None:
        points = self._worth(deed)
        if points:
            self._note(deed, points)
        person = self.people.setdefault(deed.holder_id, Tried(deed.group))
        of_item = self.by_item[deed.code].setdefault(deed.holder_id, Tried(deed.group))
        for tried in (person, of_item):
            tried.before += deed.points
            tried.after += points

    def _worth(self, deed: Deed) -> int:
        terms = self.items.get(deed.code)
        if terms is None or not _may_earn(terms, deed):
            return 0
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
        return offer.points if judge(offer, self._tally(offer, deed)) == Why.POSTED else 0

    def _tally(self, offer: Offer, deed: Deed) -> Tally:
        at, day, month = deed.counts_at, local_day(deed.counts_at), local_month(deed.counts_at)
        pause = timedelta(minutes=offer.cooldown_minutes)
        given = self._given[deed.holder_id, deed.code] if pause else []
        home = deed.holder_id if deed.is_home else deed.household_id
        return Tally(
            today=self._sums[deed.holder_id, deed.code, day],
            this_month=self._sums[deed.holder_id, deed.code, month],
            household_this_month=self._sums[deed.is_home, home, deed.code, month] if home else 0,
            household_today=self._sums[deed.is_home, home, deed.code, day] if home else 0,
            too_soon=any(abs(at - when) < pause for when in given),
        )

    def _note(self, deed: Deed, points: int) -> None:
        self._given[deed.holder_id, deed.code].append(deed.counts_at)
        home = deed.holder_id if deed.is_home else deed.household_id
        # What its people earn and what it is thanked for itself are two sums, as in the ledger.
        for span in (local_day(deed.counts_at), local_month(deed.counts_at)):
            self._sums[deed.holder_id, deed.code, span] += points
            if home:
                self._sums[deed.is_home, home, deed.code, span] += points

    def result(self, deeds: int) -> dict[str, object]:
        """What may be kept and shown: no cell of fewer than five people, nor one that the others would give away.

        Neither is there a change of points that comes from fewer than five, in a cell, in all, or in what is left.
        """
        everybody = rulebook.visible({"all": len(self.people)})
        if not everybody:
            return {"deeds": 0, "people": 0, "groups": [], "items": [], "hidden": bool(self.people)}
        groups: dict[str, dict[UUID, Tried]] = defaultdict(dict)
        for person_id, tried in self.people.items():
            groups[tried.group][person_id] = tried
        shown = rulebook.visible({group: len(people) for group, people in groups.items()})
        told = rulebook.tellable(_changed(groups), groups.keys() - shown)
        seen = rulebook.visible({code: len(doers) for code, doers in self.by_item.items()})
        items = rulebook.tellable(_changed(self.by_item), self.by_item.keys() - seen)
        in_all = rulebook.tellable(_changed({"all": self.people}))
        return {
            "deeds": deeds,
            "people": len(self.people),
            "before": sum(tried.before for tried in self.people.values()),
            "after": sum(tried.after for tried in self.people.values()) if in_all else None,
            "groups": [_told(group, [*groups[group].values()], group in told) for group in sorted(shown)],
            "items": [
                {"code": code, "people": len(doers), **_sums(doers)}
                for code, doers in sorted(self.by_item.items())
                if code in items and any(tried.is_changed for tried in doers.values())
            ],
            "hidden": len(shown) < len(groups),
        }


def beside(deeds: int, people: int) -> dict[str, object]:
    """What of the month is not decided yet and was not counted: how much, or None where it is of fewer than five."""
    if not deeds:
        return {}
    return {"waiting": deeds if rulebook.visible({"waiting": people}) else None}


def _changed(cells: Mapping[str, Mapping[UUID, Tried]]) -> dict[str, set[UUID]]:
    """Whose points are others, by cell."""
    return {cell: {id for id, tried in people.items() if tried.is_changed} for cell, people in cells.items()}


def _sums(doers: Mapping[UUID, Tried]) -> dict[str, int]:
    return {
        "before": sum(tried.before for tried in doers.values()), "after": sum(tried.after for tried in doers.values())
    }  # fmt: skip


def _told(group: str, tried: list[Tried], is_told: bool) -> dict[str, object]:
    """A group's change in thousandths, and how many of it gain, lose and stay, where that may be said."""
    before, after = sum(each.before for each in tried), sum(each.after for each in tried)
    sides = {
        "gain": sum(each.after > each.before for each in tried),
        "lose": sum(each.after < each.before for each in tried),
        "same": sum(each.after == each.before for each in tried),
    }
    shown = rulebook.visible(sides)
    # Of nothing there is no part.
    change = round((after - before) * 1000 / before) if before else None if after else 0
    counts: dict[str, object] = {side: count if side in shown or not count else None for side, count in sides.items()}
    told = {"change": change} if is_told else {"change": 0, "untold": True}
    return {"group": group, "people": len(tried), **told, **counts}


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
