"""Whether two pictures are one: cut at the edges, turned, mirrored or framed, it is the same picture.

First by the marks, which are few bits and name who may be it; then, where both pictures are still there, by laying
the small copies over each other. Marks alone would call two photos of one place, taken from one spot, the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from huipai.photos.rules.developing import CUTS, WAVES

Marks = NDArray[np.uint64]
Dots = NDArray[np.float64]
Ends = tuple[float, float]
Place = tuple[float, float, float, float]
"""What of mine lies outside the other: left, right, top, bottom, as parts of a side; less than 0: what it lacks."""

FORMS: Final = 8
A_SET: Final = len(CUTS) ** 2
"""Marks of one picture: the whole first. A second set is of what is inside a border."""

MAY_BE: Final = 14
"""Marks that differ in more bits are of two pictures."""
SURELY: Final = 3
"""At most so many where nothing can be laid over the other: it is gone, or there is nothing on it to see."""
SAME_DOTS: Final = 6
"""Fingerprints, which tell only whole pictures as they stand, may differ in so many bits."""

_ROUGH, _FINE = 48, 96
_ROUGHLY, _FITS = 0.65, 0.82
_FARTHEST = 0.2
_FIELDS, _PLAIN, _ENOUGH, _WORST = 8, 6.0, 6, 0.15


class Near(NamedTuple):
    """In how many bits two sets of marks differ, and in which of the eight forms mine lies on the other."""

    bits: int
    form: int


def unpacked(marks: bytes) -> Marks:
    return np.frombuffer(marks, dtype="<u8").reshape(-1, A_SET)


def in_all_forms(marks: bytes) -> Marks:
    """The marks of a picture as they would be in each of its forms: sets × forms × marks."""
    mine = unpacked(marks)
    return np.array([[[_turned(int(mark), form) for mark in one] for form in range(FORMS)] for one in mine], np.uint64)


def nearest(mine: Marks, others: Marks) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Of each set of others: the fewest bits in which it differs from mine, and in which form; one of the two whole."""
    bits = np.full(len(others), 64, dtype=np.intp)
    forms = np.zeros(len(others), dtype=np.intp)
    for one in mine:
        for form, marks in enumerate(one):
            cut = np.bitwise_count(others ^ marks[0]).min(axis=1)
            for mark in marks[1:]:
                np.minimum(cut, np.bitwise_count(others[:, 0] ^ mark), out=cut)
            nearer = cut < bits
            bits[nearer], forms[nearer] = cut[nearer], form
    return bits, forms


@cache
def _order() -> list[int]:
    return [at % WAVES * WAVES + at // WAVES for at in range(WAVES * WAVES)]


def _turned(mark: int, form: int) -> int:
    """A wave that is odd along a side turns with it; with the sides exchanged each is the other's."""
    if form & 4:
        mark = sum((mark >> source & 1) << at for at, source in enumerate(_order()))
    return mark ^ _odd(form)


@cache
def _odd(form: int) -> int:
    across, down = form & 1, form >> 1 & 1
    places = range(1, WAVES * WAVES)
    return sum(1 << at for at in places if (across * (at % WAVES) + down * (at // WAVES)) % 2)


def fit(mine: Image.Image, other: Image.Image, form: int) -> float | None:
    """From 0 to 1: how well mine, in this form, lies on the other where it fits best; None where nothing is to be seen.

    Looked at field by field, the worst but a few decide: a street without its cars is another picture.
    """
    here, there = _in_form(_dots(mine, _ROUGH), form), _dots(other, _ROUGH)
    tried = sorted(((_agree(here, there, place), place) for place in _starts()), reverse=True)
    best = max(_settled(here, there, start, (0.03, 0.015, 0.006)) for start in tried[:3])
    if best[0] < _ROUGHLY:
        return 0.0
    here, there = _in_form(_dots(mine, _FINE), form), _dots(other, _FINE)
    settled = _settled(here, there, (_agree(here, there, best[1]), best[1]), (0.006, 0.003, 0.0015))
    fields = _fields(*_overlaid(here, there, settled[1]))
    return max(0.0, sorted(fields)[int(len(fields) * _WORST)]) if len(fields) >= _ENOUGH else None


def is_one(agreement: float) -> bool:
    """Whether pictures that fit so well are one."""
    return agreement >= _FITS


def is_surely_one(bits: int) -> bool:
    """Whether pictures that differ in so few bits are one, as far as bits can tell."""
    return bits <= SURELY


def _dots(picture: Image.Image, size: int) -> Dots:
    return np.asarray(ImageOps.grayscale(picture).resize((size, size), Image.Resampling.BOX), dtype=np.float64)


def _in_form(dots: Dots, form: int) -> Dots:
    turned = dots.T if form & 4 else dots
    turned = turned[:, ::-1] if form & 1 else turned
    return turned[::-1] if form & 2 else turned


@cache
def _starts() -> list[Place]:
    """Mine is cut, or the other is."""
    lacking = [(-left / (1 - left - right), -right / (1 - left - right)) for left, right in CUTS]
    return [(*x, *y) for ends in (CUTS, lacking) for x in ends for y in ends]


def _settled(here: Dots, there: Dots, start: tuple[float, Place], steps: Sequence[float]) -> tuple[float, Place]:
    best = start
    for step in steps:
        for _again in range(4):
            before = best
            for move in _moves():
                left, right, top, bottom = (at + step * way for at, way in zip(best[1], move, strict=True))
                place = (left, right, top, bottom)
                if max(map(abs, place)) <= _FARTHEST:
                    best = max(best, (_agree(here, there, place), place))
            if best == before:
                break
    return best


@cache
def _moves() -> list[Place]:
    """One end, or both of a side: moved along, or drawn apart."""
    ends: list[Ends] = [(1, 0), (0, 1), (1, -1), (1, 1)]
    moves: list[Place] = [(*end, 0, 0) for end in ends] + [(0, 0, *end) for end in ends]
    return moves + [(-a, -b, -c, -d) for a, b, c, d in moves]


def _agree(here: Dots, there: Dots, place: Place) -> float:
    return _correlation(*_overlaid(here, there, place))


def _overlaid(here: Dots, there: Dots, place: Place) -> tuple[Dots, Dots]:
    """Where both have something: mine as it lies there, and the other."""
    left, right, top, bottom = (round(at, 4) for at in place)
    columns, across = _laid(left, right, len(there))
    rows, down = _laid(top, bottom, len(there))
    return down @ here @ across.T, there[rows, columns]


@lru_cache(maxsize=4096)
def _laid(begin: float, end: float, size: int) -> tuple[slice, Dots]:
    """Which dots of the other's side are covered, and of which dots of mine each of them is mixed."""
    places = begin + (np.arange(size) + 0.5) / size * (1 - begin - end)
    covered = np.flatnonzero((places > 1 / size) & (places < 1 - 1 / size))
    at = places[covered] * size - 0.5
    lower = np.floor(at).astype(np.intp)
    mix = np.zeros((len(covered), size))
    mix[np.arange(len(covered)), lower] = 1 - (at - lower)
    mix[np.arange(len(covered)), lower + 1] = at - lower
    return slice(int(covered[0]), int(covered[-1]) + 1), mix


def _fields(mine: Dots, other: Dots) -> list[float]:
    """How well each field agrees in which there is anything to see."""
    found = []
    for one, two in zip(_cut_up(mine), _cut_up(other), strict=True):
        if max(one.std(), two.std()) >= _PLAIN:
            found.append(_correlation(one, two))
    return found


def _cut_up(dots: Dots) -> list[Dots]:
    bands = np.array_split(dots, _FIELDS)
    return [field for band in bands for field in np.array_split(band, _FIELDS, axis=1)]


def _correlation(one: Dots, two: Dots) -> float:
    one, two = one - one.mean(), two - two.mean()
    size = float(np.sqrt((one * one).sum() * (two * two).sum()))
    return float((one * two).sum()) / size if size > 0 else 0.0
