"""What a deed is worth under the caps of its item."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from huipai.points.words import Why
from huipai.rulebook.rules import formula as formulas
from huipai.rulebook.rules.formula import Formula, Measured


@dataclass(frozen=True, slots=True)
class Offer:
    """What the item in force says about one award."""

    item_id: UUID
    code: str
    points: int
    earners: tuple[str, ...]
    day_cap: int | None
    month_cap: int | None
    household_month_cap: int | None
    cooldown_minutes: int
    lot_months: int | None
    under_14: bool
    household_day_cap: int | None = None
    formula: Formula | None = None

    def measured(self, measured: Measured | None) -> Offer:
        """The offer for a deed of this size: what the formula gives, never more than the item's points."""
        if self.formula is None:
            return self
        return replace(self, points=formulas.points_for(self.formula, measured or {}, most=self.points))

    def worth(self, points: int) -> Offer:
        """The offer for a deed that brings so many points."""
        return replace(self, points=points, formula=None)

    @property
    def has_limits(self) -> bool:
        """Whether earlier postings bear on the next one."""
        caps = (self.day_cap, self.month_cap, self.household_day_cap, self.household_month_cap)
        return self.cooldown_minutes > 0 or any(cap is not None for cap in caps)


@dataclass(frozen=True, slots=True)
class Tally:
    """The points that an item has brought around the day of a deed."""

    today: int = 0
    this_month: int = 0
    household_this_month: int = 0
    household_today: int = 0
    too_soon: bool = False
    # The award that this very deed has brought already.
    stored: UUID | None = None


def judge(offer: Offer, tally: Tally) -> Why:
    """Whether this deed is new and the caps leave room for it."""
    if tally.stored is not None:
        return Why.ALREADY
    caps = (
        (Why.DAY_CAP, offer.day_cap, tally.today),
        (Why.MONTH_CAP, offer.month_cap, tally.this_month),
        (Why.HOUSEHOLD_DAY_CAP, offer.household_day_cap, tally.household_today),
        (Why.HOUSEHOLD_CAP, offer.household_month_cap, tally.household_this_month),
    )
    for why, cap, already in caps:
        if cap is not None and already + offer.points > cap:
            return why
    return Why.COOLDOWN if tally.too_soon else Why.POSTED
