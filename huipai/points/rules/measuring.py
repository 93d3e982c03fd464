"""The amounts that an item with a formula counts, as a claim keeps them: {"hours": "2"}."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from huipai.rulebook.rules import formula as formulas
from huipai.rulebook.rules.formula import Formula, Measured, NotMeasured
from huipai.rulebook.words import MOST_MEASURED, WHOLE

AMOUNT = re.compile(r"[0-9]{1,3}(\.[0-9]?)?")


def measures_of(formula: Formula | None) -> list[str]:
    """What has to be told, in a fixed order."""
    return sorted(formulas.measures(formula)) if formula is not None else []


def measured_of(kept: Mapping[str, str] | None) -> Measured | None:
    """The amounts of a claim, exactly. What is none is left out, and what counts by it is not measured."""
    return {measure: Fraction(amount) for measure, amount in kept.items() if is_amount(amount)} if kept else None


def is_amount(typed: str) -> bool:
    """Whether this can be an amount of a deed: a number of at most one decimal, above 0 and not absurd."""
    return AMOUNT.fullmatch(typed) is not None and 0 < Fraction(typed) <= MOST_MEASURED


def is_whole_enough(measure: str, typed: str) -> bool:
    """Whether an amount is one that there can be of this measure: nobody brings half a person, or half a thing."""
    return measure not in WHOLE or Fraction(typed).denominator == 1


def worth_of(most: int, formula: object, kept: Mapping[str, str] | None) -> int:
    """What these amounts bring by the formula of an item as it is stored; its points where none is told."""
    parsed = formulas.from_json(formula)
    if parsed is None:
        return most
    try:
        return formulas.points_for(parsed, measured_of(kept) or {}, most=most)
    except NotMeasured:
        return most
