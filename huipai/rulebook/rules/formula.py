"""Points as a small expression: data, never code. Written as people write it, kept as a tree, evaluated exactly.

`取小(小时 × 5, 10)` is `("min", ("*", "hours", 5), 10)`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huipai.kit.verdict import Invalid
from huipai.rulebook.words import MOST_MEASURED, WHOLE, Measure

# A number, a measure, or an operation with its two (floor: one) parts.
Formula = int | str | tuple[Any, ...]
Measured = Mapping[str, Fraction]

MOST_PARTS: Final = 25
DEEPEST: Final = 6
BIGGEST: Final = 10_000
LONGEST: Final = 200

_SIGNS: Final = {"+": 1, "-": 1, "*": 2, "/": 2}
_FUNCTIONS: Final = {"取小": ("min", 2), "取大": ("max", 2), "取整": ("floor", 1)}
_PARTS: Final = {**dict.fromkeys(_SIGNS, 2), **dict(_FUNCTIONS.values())}
_WORDS: Final = {"hours": "小时", "people": "人数", "pieces": "件数"}
_MEASURES: Final = {word: measure for measure, word in _WORDS.items()}
_TOKEN: Final = re.compile(r"\s*(?:([0-9]{1,6})|([\u4e00-\u9fff]+)|(.))")
# What can be told of a deed is tried out: all of it where one amount is told, whole numbers and half an hour where two
# are, and of three so many of each that it takes no longer.
_TOLD: Final = {
    1: tuple(Fraction(tenths, 10) for tenths in range(1, MOST_MEASURED * 10 + 1)),
    2: tuple(map(Fraction, (*range(1, MOST_MEASURED + 1), "1/2"))),
    3: tuple(map(Fraction, ("1/2", *range(1, 9), 10, 12, 15, 20, 24, 30, 40, 50, 60, 80, 99, MOST_MEASURED))),
}  # fmt: skip
# What a Chinese keyboard types: figures and signs in full width too.
_SPELLINGS: Final = str.maketrans(
    {chr(sign + 0xFEE0): chr(sign) for sign in range(0x21, 0x7F)} | {"×": "*", "÷": "/", "−": "-", "\u3000": " "}
)


class Unreadable(Invalid):
    code = "rulebook_formula"
    default_reason = _("算法看不懂，写成 小时 × 5 或 取小(小时 × 5, 10) 这样")


class NotMeasured(Invalid):
    code = "rulebook_not_measured"
    default_reason = _("这一条按数量计分，要先记下数量")


def check(formula: Formula) -> None:
    """Refuse a tree that is too big, does not count anything, or might divide by nothing."""
    parts, deepest = _measure_tree(formula, 1)
    if parts > MOST_PARTS or deepest > DEEPEST:
        raise Unreadable(_("算法太长了，分成几个条目更好懂"))
    if not measures(formula):
        raise Unreadable(_("算法里没有数量；每次一样多就不用写算法"))


def measures(formula: Formula) -> frozenset[str]:
    """The measures that a formula counts."""
    if isinstance(formula, tuple):
        return frozenset().union(*(measures(part) for part in formula[1:]))
    return frozenset({formula}) if isinstance(formula, str) else frozenset()


def points_for(formula: Formula, measured: Measured, *, most: int) -> int:
    """Whole points, rounded down, between 0 and `most`; exact in between."""
    value = evaluate(formula, measured)
    return max(0, min(most, value.numerator // value.denominator))


def evaluate(formula: Formula, measured: Measured) -> Fraction:
    """The exact value. Raises `NotMeasured` where a measure is not known."""
    if isinstance(formula, int):
        return Fraction(formula)
    if isinstance(formula, str):
        if formula not in measured:
            raise NotMeasured
        return measured[formula]
    sign, *parts = formula
    return _apply(sign, [evaluate(part, measured) for part in parts])


def _apply(sign: str, values: list[Fraction]) -> Fraction:
    first, last = values[0], values[-1]
    match sign:
        case "+":
            return first + last
        case "-":
            return first - last
        case "*":
            return first * last
        case "/":
            return first / last
        case "floor":
            return Fraction(first.numerator // first.denominator)
    return min(values) if sign == "min" else max(values)


def _measure_tree(formula: Formula, depth: int) -> tuple[int, int]:
    """How many parts a tree has and how deep it is; refuses a part that is none of ours."""
    if depth > DEEPEST + 1:
        raise Unreadable(_("算法套得太深了，分成几个条目更好懂"))
    if isinstance(formula, tuple):
        return _measure_operation(formula, depth)
    known = formula in _WORDS if isinstance(formula, str) else type(formula) is int and 0 <= formula <= BIGGEST
    if not known:
        raise Unreadable
    return 1, depth


def _measure_operation(formula: tuple[Any, ...], depth: int) -> tuple[int, int]:
    sign, *parts = formula or ("",)
    if not isinstance(sign, str) or _PARTS.get(sign) != len(parts):
        raise Unreadable
    if sign == "/" and not (type(parts[1]) is int and parts[1] > 0):
        raise Unreadable(_("只能除以一个大于 0 的数"))
    measured = [_measure_tree(part, depth + 1) for part in parts]
    return 1 + sum(count for count, _deepest in measured), max(deepest for _count, deepest in measured)


@lru_cache(maxsize=1024)
def could_pay(formula: Formula) -> bool:
    """Whether any amounts that may be told come to a whole point: tried with them, each beside each."""
    wanted = sorted(measures(formula))
    told = _TOLD[len(wanted)]
    each = product(*([one for one in told if measure not in WHOLE or one.denominator == 1] for measure in wanted))
    return any(evaluate(formula, dict(zip(wanted, amounts, strict=True))) >= 1 for amounts in each)


def to_json(formula: Formula | None) -> Any:
    return [to_json(part) for part in formula] if isinstance(formula, tuple) else formula


def from_json(plain: Any) -> Formula | None:
    return tuple(from_json(part) for part in plain) if isinstance(plain, list) else plain


# --- As people write it.
def words(formula: Formula) -> str:
    """The formula as people write it; `parse` reads it back to the same tree."""
    return _spell(formula, 0, {**_WORDS, **{function: name for name, (function, _count) in _FUNCTIONS.items()}})


def said(formula: Formula) -> str:
    """The same in the language of whoever reads it."""
    names = {"min": gettext("取小"), "max": gettext("取大"), "floor": gettext("取整")}
    return _spell(formula, 0, {**{measure.value: str(measure.label) for measure in Measure}, **names})


def _spell(formula: Formula, strength: int, names: Mapping[str, str]) -> str:
    if not isinstance(formula, tuple):
        return names[formula] if isinstance(formula, str) else str(formula)
    sign, *parts = formula
    if sign not in _SIGNS:
        return f"{names[sign]}({', '.join(_spell(part, 0, names) for part in parts)})"
    own = _SIGNS[sign]
    shown = {"*": "×", "/": "÷"}.get(sign, sign)
    spelled = f"{_spell(parts[0], own, names)} {shown} {_spell(parts[1], own + 1, names)}"
    return f"({spelled})" if own < strength else spelled


def parse(typed: str) -> Formula:
    """The tree of what somebody typed, checked. Raises `Unreadable`."""
    if len(typed) > LONGEST:
        raise Unreadable(_("算法太长了，分成几个条目更好懂"))
    reader = _Reader(_tokens(typed.translate(_SPELLINGS)))
    formula = reader.sum(1)
    if reader.here < len(reader.tokens):
        raise Unreadable
    check(formula)
    return formula


def _tokens(typed: str) -> list[str]:
    return [token for found in _TOKEN.finditer(typed.strip()) for token in found.groups() if token]


@dataclass
class _Reader:
    """Reads a sum of products of numbers, measures, functions and brackets, from left to right."""

    tokens: list[str]
    here: int = 0

    def sum(self, depth: int) -> Formula:
        found = self._product(depth)
        while self._next() in ("+", "-"):
            found = (self._take(), found, self._product(depth))
        return found

    def _product(self, depth: int) -> Formula:
        found = self._one(depth)
        while self._next() in ("*", "/"):
            found = (self._take(), found, self._one(depth))
        return found

    def _one(self, depth: int) -> Formula:
        if depth > MOST_PARTS:
            raise Unreadable
        token = self._take()
        if token.isascii() and token.isdigit():
            return int(token)
        if token in _MEASURES:
            return _MEASURES[token]
        if token == "(":
            found = self.sum(depth + 1)
            self._expect(")")
            return found
        return self._function(token, depth)

    def _function(self, name: str, depth: int) -> Formula:
        if name not in _FUNCTIONS:
            raise Unreadable
        function, count = _FUNCTIONS[name]
        self._expect("(")
        parts = [self.sum(depth + 1)]
        for _part in range(count - 1):
            self._expect(",")
            parts.append(self.sum(depth + 1))
        self._expect(")")
        return function, *parts

    def _next(self) -> str:
        return self.tokens[self.here] if self.here < len(self.tokens) else ""

    def _take(self) -> str:
        token = self._next()
        self.here += 1
        return token

    def _expect(self, token: str) -> None:
        if self._take() != token:
            raise Unreadable


# The one list of measures is in the words; a measure without a word people read would be found at once.
assert set(_WORDS) == set(Measure.values)
