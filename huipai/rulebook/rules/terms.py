"""What an item says: the part of it that is proposed, admitted, approved and frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from huipai.kit.lines import one_break
from huipai.rulebook.rules import formula as formulas
from huipai.rulebook.rules.formula import Formula
from huipai.rulebook.words import OBJECTION_TIME, Earner, Evidence, Port, Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """Everything that an item says."""

    code: str
    port: Port
    title: str
    description: str
    # What one deed brings; where there is a formula, the most that one deed brings.
    points: int
    formula: Formula | None = None
    earners: tuple[Earner, ...] = (Earner.RESIDENT, Earner.PART_TIME_MEMBER)
    evidence: tuple[Evidence, ...] = (Evidence.PHOTO,)
    # Words of which a screenshot should show one. Advice for the reviewer, never a refusal.
    keywords: tuple[str, ...] = ()
    # The most points that it brings; None: as often as it happens.
    day_cap: int | None = None
    month_cap: int | None = None
    household_day_cap: int | None = None
    household_month_cap: int | None = None
    cooldown_minutes: int = 0
    # The same item claimed within so many minutes and metres is the same deed; 0 minutes: is not asked.
    duplicate_minutes: int = 0
    duplicate_metres: int = 0
    # How many people look at a claim. What the system records by itself was looked at where it was recorded.
    review_levels: int = 1
    # The points are good until the end of the month that is so many months away; None: for good.
    lot_months: int | None = 24
    under_14: bool = True
    owner: str = ""
    legal_ground: str = ""
    # The admission ends on this day: the next version goes without the item.
    admitted_until: date | None = None
    assessable: bool = False
    automatic: bool = False
    # What staff have to fill in for it, how many of them, how often a month each.
    asked_fields: tuple[str, ...] = ()
    asked_people: int = 0
    asked_times: int = 0
    # Why this item is new or has changed, as residents read it.
    why: str = ""


def to_json(terms: Terms) -> dict[str, Any]:
    """The terms as JSON, as `from_json` reads them back."""
    plain: dict[str, Any] = {}
    for each in fields(Terms):
        value = getattr(terms, each.name)
        if each.name == "formula":
            plain[each.name] = formulas.to_json(value)
        elif isinstance(value, date):
            plain[each.name] = value.isoformat()
        else:
            plain[each.name] = list(value) if isinstance(value, tuple) else value
    return plain


def from_json(plain: dict[str, Any]) -> Terms:
    """The terms that `to_json` wrote."""
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in plain.items()}
    values |= {
        "port": Port(plain["port"]),
        "formula": formulas.from_json(plain["formula"]),
        "earners": tuple(Earner(each) for each in plain["earners"]),
        "evidence": tuple(Evidence(each) for each in plain["evidence"]),
        "admitted_until": date.fromisoformat(plain["admitted_until"]) if plain["admitted_until"] else None,
    }
    return Terms(**values)


def pauses(items: Mapping[str, Terms]) -> dict[str, timedelta]:
    """How long each item with a pause waits until it gives again."""
    return {code: timedelta(minutes=terms.cooldown_minutes) for code, terms in items.items() if terms.cooldown_minutes}


def with_breaks_of(before: Terms | None, terms: Terms) -> Terms:
    """The same terms, where a text differs from what stood there before by its line breaks alone, as it stood there."""
    if before is None:
        return terms
    kept = {name: getattr(before, name) for name in ("title", "description", "owner", "legal_ground", "why")}
    same = {name: text for name, text in kept.items() if one_break(text) == one_break(getattr(terms, name))}
    return replace(terms, **same)


def with_rest_of(before: Terms | None, terms: Terms, names: Iterable[str]) -> Terms:
    """The same terms, but under these names as it stood there before: of them nothing was said."""
    return replace(terms, **{name: getattr(before, name) for name in names}) if before else terms


def replace_why(terms: Terms, why: str) -> Terms:
    """The same terms with another reason; without one they are what two versions are compared by."""
    return replace(terms, why=why)


@dataclass(frozen=True, kw_only=True, slots=True)
class Dates:
    """The instants of a version's life, as far as they are known."""

    consulted_from: datetime | None = None
    consulted_until: datetime | None = None
    publicity_until: datetime | None = None
    effective_from: datetime | None = None
    effective_until: datetime | None = None
    ended_at: datetime | None = None


def counts_at(at: datetime, held: datetime | None) -> datetime:
    """The instant whose dates count at `at`: from the day of a version that waits on, the one just before that day."""
    return at if held is None else min(at, held - timedelta(microseconds=1))


def standing(dates: Dates, at: datetime, held: datetime | None = None) -> Standing:
    """Where a version with these dates stands at `at`, where the calendar stands still from `held` on."""
    if dates.effective_from is None:
        return _before_approval(dates, at)
    if dates.ended_at is not None:
        return Standing.WITHDRAWN
    if dates.publicity_until is not None and at < dates.publicity_until:
        return Standing.PUBLICITY
    counts = counts_at(at, held)
    if counts < dates.effective_from:
        return Standing.COMING
    if dates.effective_until is None or counts < dates.effective_until:
        return Standing.EFFECTIVE
    return Standing.RETIRED


def days_to_wait(begins: datetime, now: datetime) -> timedelta:
    """How many whole days a version begins later, so that an objection has its time; none where it has it already."""
    short = now + OBJECTION_TIME - begins
    return timedelta(days=-(-short // timedelta(days=1))) if short > timedelta(0) else timedelta(0)


def _before_approval(dates: Dates, at: datetime) -> Standing:
    if dates.ended_at is not None:
        return Standing.ABANDONED
    if dates.consulted_from is None or dates.consulted_until is None:
        return Standing.DRAFT
    return Standing.CONSULTING if at < dates.consulted_until else Standing.DECIDING
