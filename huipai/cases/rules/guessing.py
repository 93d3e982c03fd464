"""Guessing a type from what somebody wrote: character n-grams, hashed, against weights that were learnt.

No word is kept: an n-gram is a number below `BUCKETS`, digits are all one digit, and the weights are plain arrays.
"""

from __future__ import annotations

import io
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt
from typing import Any, Final

import numpy as np

BUCKETS: Final = 1 << 14
LONGEST_GRAM: Final = 2
# Less than this is too little to guess from.
SHORTEST: Final = 4


def normalised(text: str) -> str:
    """The letters and characters of a text, digits all alike: no number of anybody is learnt."""
    return re.sub(r"[0-9]", "0", re.sub(r"[\W_]+", "", text.lower()))[:400]


def features(text: str) -> dict[int, float]:
    """Each hashed n-gram with its weight, of length one together."""
    plain = normalised(text)
    grams = Counter(
        zlib.crc32(plain[start : start + size].encode()) % BUCKETS
        for size in range(1, LONGEST_GRAM + 1)
        for start in range(len(plain) - size + 1)
    )
    weights = {gram: 1 + log(count) for gram, count in grams.items()}
    length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {gram: weight / length for gram, weight in weights.items()}


@dataclass(frozen=True)
class Weighed:
    """Types in the order of what speaks for them, and how much that is for the first: against the mean of all types."""

    codes: list[str]
    sureness: float


@dataclass(frozen=True)
class Weights:
    """What was learnt: a row of weights for each type."""

    codes: tuple[str, ...]
    rows: Any

    def packed(self) -> bytes:
        out = io.BytesIO()
        np.savez_compressed(out, rows=self.rows.astype(np.float16))
        return out.getvalue()

    @classmethod
    def unpacked(cls, codes: Sequence[str], content: bytes) -> Weights:
        """From its bytes; arrays of numbers only, nothing that could run."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return cls(tuple(codes), arrays["rows"].astype(np.float32))

    def guesses(self, text: str) -> list[str]:
        """Every type, the likeliest first; nothing where there is too little to go by."""
        return self.weighed(text).codes

    def weighed(self, text: str) -> Weighed:
        """The same, with how much speaks for the first of them."""
        if len(normalised(text)) < SHORTEST:
            return Weighed([], 0.0)
        found = features(text)
        places, values = list(found), np.array(list(found.values()), dtype=np.float32)
        scores = self.rows[:, places] @ values
        order = np.argsort(-scores, kind="stable")
        return Weighed([self.codes[place] for place in order], float(scores[order[0]]))


@dataclass(frozen=True)
class Example:
    """A text, and the type that people settled on for it."""

    text: str
    code: str


@dataclass(frozen=True)
class Measured:
    """How often the right type was first, or among three, in texts not learnt from; and where it is a mere guess."""

    count: int
    first: int
    among_three: int
    usual: int
    twins: int
    # Below the floor nothing is offered: so many of the texts lie there, so many of the others had it among three.
    floor: float
    unsure: int
    sure_hits: int


# Of so many texts at least a floor is found; below it so many more are wrong than right, else it is chance.
ENOUGH: Final = 50
LEAST_SURPLUS: Final = 3


def held_out(history: Sequence[Example]) -> tuple[list[Example], list[Example], int]:
    """The older four fifths to learn from, the newest fifth to measure by, each sentence of it once.

    A sentence that is asked for is not learnt from, however often it was written before: the third value says how many
    equal ones were left out for that, on both sides.
    """
    cut = len(history) * 4 // 5
    asked = {normalised(one.text): one for one in history[cut:]}
    older = [one for one in history[:cut] if normalised(one.text) not in asked]
    return older, list(asked.values()), len(history) - len(older) - len(asked)


def without_asked(own: Sequence[Example], asked: Sequence[Example]) -> list[Example]:
    """What types say of themselves, but for sentences that are asked for: those would be known beforehand."""
    held = {normalised(one.text) for one in asked}
    return [one for one in own if normalised(one.text) not in held]


def measured(
    weights: Weights, by: Sequence[Example], tuning: Sequence[Example], usual: Sequence[str], twins: int
) -> Measured:
    """How good they are, by sentences that were neither learnt from nor had a say in where the floor lies."""
    floor = floor_of([(weighed.sureness, is_hit) for weighed, _one, is_hit in _tried(weights, tuning)])
    found = _tried(weights, by)
    tried = [(weighed, one) for weighed, one, _is_hit in found]
    hits = [(weighed.sureness, is_hit) for weighed, _one, is_hit in found]
    return Measured(
        count=len(by), first=sum(1 for weighed, one in tried if weighed.codes[:1] == [one.code]),
        among_three=sum(1 for _sureness, is_hit in hits if is_hit),
        usual=sum(1 for one in by if one.code in usual), twins=twins, floor=floor,
        unsure=sum(1 for sureness, _is_hit in hits if sureness < floor),
        sure_hits=sum(1 for sureness, is_hit in hits if is_hit and sureness >= floor),
    )  # fmt: skip


def _tried(weights: Weights, asked: Sequence[Example]) -> list[tuple[Weighed, Example, bool]]:
    """What is offered for each of these sentences, and whether the right type is among three."""
    weighed = [(weights.weighed(one.text), one) for one in asked]
    return [(told, one, one.code in told.codes[:3]) for told, one in weighed]


def floor_of(hits: Sequence[tuple[float, bool]]) -> float:
    """The sureness below which three guesses are wrong more often than right; 0 (offer all) where nothing says so.

    Each text is its sureness and whether the right type was among three. The cut leaves the most wrong ones below it
    for the fewest right ones.
    """
    ordered = sorted(hits)
    if len(ordered) < ENOUGH:
        return 0.0
    floor, most, surplus = 0.0, LEAST_SURPLUS - 1, 0
    for (sureness, is_hit), (above, _next) in pairwise(ordered):
        surplus += -1 if is_hit else 1
        if above > sureness and surplus > most:
            floor, most = above, surplus
    return max(0.0, floor)


def interval(hits: int, count: int) -> tuple[int, int]:
    """Wilson's 95 % interval in per cent, outward."""
    if not count:
        return 0, 100
    share, z = hits / count, 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return int(100 * (middle - half)), min(100, int(100 * (middle + half)) + 1)


@dataclass(frozen=True)
class Own:
    """What a type says of itself."""

    code: str
    name: str
    hint: str
    filing_condition: str = ""
    closing_standard: str = ""
    everyday: str = ""

    @property
    def words(self) -> list[str]:
        """The single words of its name and its hint, and how people say it."""
        return list(dict.fromkeys(word for said in (self.name, self.hint, self.everyday) for word in _words(said)))


def _words(said: str) -> list[str]:
    return [plain for word in _BETWEEN_WORDS.split(said) if len(plain := normalised(word)) >= _A_WORD]


_BETWEEN_WORDS: Final = re.compile(r"[、，。；;,（）()/\s]")
_A_WORD: Final = 2
# Said once by a type, and so counted beside what people write again and again.
OWN_COUNTS: Final = 3


def seeds(own: Own) -> list[Example]:
    """Examples from that: name, hint, words, how people say it, the sentences of when it is filed and done."""
    sentences = re.split("[。；;，]", f"{own.filing_condition}。{own.closing_standard}")
    said = [own.name, own.hint, *(one for one in sentences if len(normalised(one)) >= SHORTEST), *own.words]
    return [Example(text, own.code) for text in dict.fromkeys(said) if normalised(text)]


# A sentence no longer than this says little but what it is about.
SHORT: Final = 12
# A piece of two characters is a type's own where no more types than this have it in their names.
_SHARED_BY: Final = 2


def named(text: str, types: Sequence[Own]) -> list[str]:
    """The types whose own words a short sentence holds, or a piece of a name that hardly another has; longest first.

    Nothing was learnt for this: it is what the types are called, and holds for a type that nobody has reported yet.
    """
    plain = normalised(text)
    if len(plain) > SHORT:
        return []
    pieces = {one.code: {piece for word in _words(one.name) for piece in map("".join, pairwise(word))} for one in types}
    shared = Counter(piece for each in pieces.values() for piece in each)
    there = set(map("".join, pairwise(plain)))
    held: dict[str, tuple[int, float]] = {}
    for one in types:
        longest = max((len(word) for word in one.words if word in plain), default=0)
        parts = sum(1 / shared[piece] for piece in pieces[one.code] & there if shared[piece] <= _SHARED_BY)
        if longest or parts:
            held[one.code] = (longest, parts)
    return sorted(held, key=lambda code: held[code], reverse=True)
