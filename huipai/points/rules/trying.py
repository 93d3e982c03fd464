"""What other rules would have made of the same deeds, in the order in which they came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

from huipai.points.rules.spans import is_under_14, local_day
from huipai.points.rules.worth import Offer, Tally, judge
from huipai.points.words import Why
from huipai.rulebook import rules as rulebook
from huipai.rulebook.rules.formula import NotMeasured
from huipai.rulebook.rules.terms import Terms
from huipai.rulebook.words import Earner


@dataclass(frozen=True, slots=True)
class Deed:
    """One award of the month, or a claim that was left without points; and what bears on it."""

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
    _last: dict[tuple[UUID, str], datetime] = field(default_factory=dict)

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
        if not offer.points:
            return 0
        return offer.points if judge(offer, self._tally(offer, deed)) == Why.POSTED else 0

    def _tally(self, offer: Offer, deed: Deed) -> Tally:
        day = local_day(deed.received_at).begin
        last = self._last.get((deed.holder_id, deed.code))
        pause = timedelta(minutes=offer.cooldown_minutes)
        home = deed.holder_id if deed.is_home else deed.household_id
        return Tally(
            today=self._sums[deed.holder_id, deed.code, day],
            this_month=self._sums[deed.holder_id, deed.code],
            household_this_month=self._sums[deed.is_home, home, deed.code] if home else 0,
            household_today=self._sums[deed.is_home, home, deed.code, day] if home else 0,
            too_soon=last is not None and deed.received_at - last < pause,
        )

    def _note(self, deed: Deed, points: int) -> None:
        day = local_day(deed.received_at).begin
        self._last[deed.holder_id, deed.code] = deed.received_at
        self._sums[deed.holder_id, deed.code, day] += points
        self._sums[deed.holder_id, deed.code] += points
        # What its people earn and what it is thanked for itself are two sums, as in the ledger.
        if home := deed.holder_id if deed.is_home else deed.household_id:
            self._sums[deed.is_home, home, deed.code] += points
            self._sums[deed.is_home, home, deed.code, day] += points

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


def _offer(terms: Terms) -> Offer:
    return Offer(
        item_id=_NOBODY, code=terms.code, points=terms.points, earners=tuple(terms.earners), day_cap=terms.day_cap,
        month_cap=terms.month_cap, household_month_cap=terms.household_month_cap,
        cooldown_minutes=terms.cooldown_minutes, lot_months=terms.lot_months, under_14=terms.under_14,
        household_day_cap=terms.household_day_cap, formula=terms.formula,
    )  # fmt: skip


_NOBODY = UUID(int=0)
