"""What an item costs those who have to fill something in for it: the burden price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _

from huipai.kit.verdict import Words
from huipai.rulebook.rules.known import is_known as counts_as_known
from huipai.rulebook.rules.known import known_as
from huipai.rulebook.rules.terms import Terms

SECONDS_A_FIELD: Final = 60
# What the street or the board has said of a field, against what was computed: part of the item from then on, as its
# readers see it.
SAID_KNOWN, SAID_NEW = "（已有）", "（新的）"
LONGEST_JUDGED: Final = 20 - len(SAID_KNOWN)


@dataclass(frozen=True, slots=True)
class Asked:
    """One field that people have to fill in: whether it counts as known, and why."""

    name: str
    is_known: bool
    why: Words
    is_judged: bool = False


@dataclass(frozen=True, slots=True)
class Burden:
    """Fields, people and times a month, and the staff-hours that come of them."""

    asked: tuple[Asked, ...]
    people: int
    times: int

    @property
    def fields(self) -> int:
        return len(self.asked)

    @property
    def known(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.asked if one.is_known)

    @property
    def new(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.asked if not one.is_known)

    @property
    def hours(self) -> Fraction:
        """Staff-hours a month, exactly; what the system knows costs nobody anything."""
        return Fraction(len(self.new) * self.people * self.times * SECONDS_A_FIELD, 3600)


def price(terms: Terms) -> Burden:
    asked = dict.fromkeys(field.strip() for field in terms.asked_fields if field.strip())
    return Burden(tuple(_asked(field) for field in asked), terms.asked_people, terms.asked_times)


def _asked(field: str) -> Asked:
    name = unjudged(field)
    if name != field:
        return Asked(name, field.endswith(SAID_KNOWN), _("条目编辑或者审议组定的"), is_judged=True)
    known = known_as(field)
    if known is None:
        return Asked(name, is_known=False, why=_("系统里没有"))
    return Asked(
        name, is_known=True, why=_("就是「%(name)s」，在%(where)s里") % {"name": known.name, "where": known.where}
    )


def unjudged(field: str) -> str:
    """The field as its department named it."""
    return field.strip().removesuffix(SAID_KNOWN).removesuffix(SAID_NEW)


def without_judgement(fields: Iterable[str]) -> tuple[str, ...]:
    """What a department asks for: it does not say itself what is known."""
    return tuple(dict.fromkeys(unjudged(field) for field in fields))


def listed(fields: Iterable[str], said: Mapping[str, bool]) -> tuple[str, ...]:
    """The same fields with what the street says of each, by word: the item keeps it, whatever is said later."""
    return judged(fields, {field: counts_as_known(field, said) for field in map(unjudged, fields)})


def judged(fields: Iterable[str], said: Mapping[str, bool]) -> tuple[str, ...]:
    """The same fields with what the board says of each, where it is not what is computed."""
    return tuple(_judged(field, said.get(unjudged(field))) for field in fields)


def _judged(field: str, is_known: bool | None) -> str:
    name = unjudged(field)
    if is_known is None or is_known == _asked(field).is_known:
        return field
    return name if is_known == _asked(name).is_known else f"{name}{SAID_KNOWN if is_known else SAID_NEW}"
