"""Changes, groups and burdens in the shape in which templates show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from huipai.kit.verdict import Words
from huipai.people.words import IdentityKind
from huipai.rulebook.models import DryRun
from huipai.rulebook.rules import Change, Changes, Terms, pieces, price, saying
from huipai.rulebook.rules.diffing import Piece, Sort


@dataclass(frozen=True)
class ToldLine:
    """One line of a change, in pieces."""

    name: Words
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Told:
    """A change as residents read it."""

    sort: str
    terms: Terms
    number: str
    port_name: str | Promise
    lines: list[ToldLine]
    why: str


def told(change: Change) -> Told:
    terms = change.terms
    return Told(
        sort=change.sort.value, terms=terms, number=terms.code[-2:], port_name=terms.port.label,
        lines=_lines(change), why=change.why,
    )  # fmt: skip


def told_against(there: Terms, said: Terms) -> list[ToldLine]:
    """Where what somebody wants to write is not what stands there, the why too."""
    why = [ToldLine(_("为什么"), pieces(there.why, said.why))] if there.why != said.why else []
    return [ToldLine(each.name, pieces(each.old, each.new)) for each in saying.differences(there, said)] + why


def _lines(change: Change) -> list[ToldLine]:
    """What is new or gone is told in one line; what has changed, line by line."""
    if change.sort == Sort.CHANGED:
        assert change.before is not None and change.after is not None
        return [
            ToldLine(each.name, pieces(each.old, each.new)) for each in saying.differences(change.before, change.after)
        ]
    kind = "ins" if change.sort == Sort.ADDED else "del"
    return [ToldLine("", (Piece(kind, summary(change.terms)),))]


def summary(terms: Terms) -> str:
    """What an item pays, for what and within which limits, in a sentence or two."""
    return _("%(description)s %(points)s，%(limits)s。") % {
        "description": terms.description, "points": saying.points(terms), "limits": saying.limits(terms),
    }  # fmt: skip


@dataclass(frozen=True)
class GroupRow:
    """A group of the dry run: its change in per cent, and how many gain or lose at least."""

    name: str | Promise
    people: int
    percent: float
    words: str
    bar: float
    sides: str


def group_rows(run: DryRun | None) -> list[GroupRow]:
    """The groups of a dry run, in the order of the list of identities: never by their result."""
    groups = {each["group"]: each for each in run.result["groups"]} if run and run.result else {}
    ordered = [kind.value for kind in IdentityKind if kind.value in groups]
    ordered += [name for name in ("other", "household") if name in groups]
    widest = max((abs(each["change"] or 0) for each in groups.values()), default=0) or 1
    return [_row(name, groups[name], widest) for name in ordered]


def _row(name: str, told: dict[str, Any], widest: int) -> GroupRow:
    label = {"other": _("其他居民"), "household": _("住户的分")}.get(name) or IdentityKind(name).label
    sides = _homes(told) if name == "household" else _sides(told)
    if told.get("untold"):
        return GroupRow(label, told["people"], 0, _("变的不到 5 人"), 0, sides)
    if told["change"] is None:
        return GroupRow(label, told["people"], 100, _("原来没有分"), 45, sides)
    percent = told["change"] / 10
    sign = "+" if percent > 0 else "−"
    words = _("约 %(change)s") % {"change": f"{sign} {saying.hours(abs(percent))}%"} if percent else _("变化不大")
    return GroupRow(label, told["people"], percent, words, abs(told["change"]) / widest * 45, sides)


def _sides(told: dict[str, int]) -> str:
    names = {"gain": _("多得的至少 %(count)s 人"), "lose": _("少得的至少 %(count)s 人")}
    return _listed(names, told)


def _homes(told: dict[str, int]) -> str:
    names = {"gain": _("多得的至少 %(count)s 户"), "lose": _("少得的至少 %(count)s 户")}
    return _listed(names, told)


def _listed(names: dict[str, str], told: dict[str, int]) -> str:
    said = [words % {"count": told[side]} for side, words in names.items() if told.get(side)]
    return saying.listed(said)


@dataclass(frozen=True)
class TotalBurden:
    """Staff-hours a month that the changes of a version add, and what they come from."""

    hours: str
    lines: list[str]
    is_more: bool


def total_burden(leads: Changes) -> TotalBurden:
    now = sum(price(each.after).hours for each in (*leads.added, *leads.changed) if each.after)
    was = sum(price(each.before).hours for each in (*leads.changed, *leads.removed) if each.before)
    lines = [
        _("%(title)s：%(burden)s") % {"title": each.terms.title, "burden": saying.burden(each.terms)}
        for each in leads.all
        if each.after is not None and price(each.after).fields
    ]
    difference = now - was
    return TotalBurden(saying.hours(abs(float(difference))), lines, difference >= 0)
