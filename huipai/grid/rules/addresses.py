"""What an address says of the tree: names as people write them, full or half width, in figures or in Chinese ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

_DIGITS: Final = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_FIGURES: Final = re.compile(r"[零〇一二两三四五六七八九十百]+(?=\s*(?:号|幢|栋|座|单元|楼|弄|网格|微网格|期|区))")
# One house, whatever it is called by.
_HOUSE: Final = re.compile(r"(?<=\d)(?:号楼|栋|座|#楼?)")
# House, entrance and door by their numbers alone: 3-2-501.
_BY_NUMBERS: Final = re.compile(r"(?<![\d-])(\d{1,3})-(\d{1,2})-(\d{2,4})(?![\d-])")
_OF_AN_AREA: Final = re.compile(r"(?:第?\d+微?网格|微?网格|居委会|社区)$")
SHORTEST: Final = 2


def plain(words: str) -> str:
    """An address without what does not matter: spaces, width, kind of figures, the word for a house."""
    half = _FIGURES.sub(lambda found: str(_number(found[0])), unicodedata.normalize("NFKC", words))
    # Two numbers side by side stay two.
    apart = re.sub(r"(?<=\d)\s+(?=\d)", "|", half)
    bare = re.sub(r"[\s,，。·、/]+", "", apart)
    return _HOUSE.sub("幢", _BY_NUMBERS.sub(r"\1幢\2单元\3", bare))


def _number(figures: str) -> int | str:
    """十二 is 12, 二十 is 20, 一百零三 is 103; 一二三 is read sign by sign."""
    if not set("十百") & set(figures):
        return "".join(str(_DIGITS[sign]) for sign in figures)
    total, last = 0, 0
    for sign in figures:
        if sign in "十百":
            total += (last or 1) * (10 if sign == "十" else 100)
            last = 0
        else:
            last = _DIGITS[sign]
    return total + last


@dataclass(frozen=True)
class Named:
    """A place of the tree with the ids from the top down to itself."""

    id: UUID
    name: str
    path: tuple[UUID, ...]


def matches(address: str, places: Iterable[Named]) -> list[Named]:
    """The places that fit best: those of which most is said, from themselves upwards. One, several or none.

    Where what is said points to two different parts of the street, all that fit are answered: somebody has to choose.
    """
    said = plain(address)
    found: Mapping[UUID, Named] = {one.id: one for one in places if _is_said(one.name, said)}
    by_number = {one.id for one in found.values() if _is_said_by_number(one.name, said)}
    weighed = [
        ((sum(id in found for id in one.path), sum(id in by_number for id in one.path)), one) for one in found.values()
    ]
    most = max((weight for weight, _one in weighed), default=(0, 0))
    best = [one for weight, one in weighed if weight == most]
    if len(best) == 1:
        best += _elsewhere(best[0], found.values(), by_number)
    return best


def _elsewhere(chosen: Named, found: Iterable[Named], by_number: Collection[UUID]) -> list[Named]:
    """What is said besides, and does not lie on the way to `chosen`. Its estate's other areas are called the same: they
    are said only where their number is."""
    on_the_way = {_stem(one.name) for one in found if one.id in chosen.path}
    beside = [one for one in found if one.id not in chosen.path]
    return [one for one in beside if one.id in by_number or _stem(one.name) not in on_the_way]


def _stem(name: str) -> str:
    """荷风苑第 2 微网格 is said as 荷风苑."""
    return _OF_AN_AREA.sub("", plain(name))


def _is_said(name: str, said: str) -> bool:
    """Whether the name, or how its place is called for short, stands in the address; 3 幢 does not stand in 13 幢."""
    return any(len(one) >= SHORTEST and _stands(one, said) for one in {plain(name), _stem(name)})


def _is_said_by_number(name: str, said: str) -> bool:
    """Whether an area stands there with its number, and not as its estate alone."""
    return plain(name) != _stem(name) and _stands(plain(name), said)


def _stands(name: str, said: str) -> bool:
    return re.search(rf"(?<!\d){re.escape(name)}" if name[0].isdigit() else re.escape(name), said) is not None
