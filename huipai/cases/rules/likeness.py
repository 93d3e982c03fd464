"""How alike two reports are: by distance, age, words and pictures. Of the same type they are already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

# What each says, of 1 in all. Place says most: a heap of rubbish is where it is.
_PLACE, _AGE, _WORDS, _PICTURE = 0.4, 0.15, 0.2, 0.25
# After so long a case as old as this says nothing more about being the same.
_OLD = timedelta(days=30)
# So many of 64 bits differ between pictures that have nothing in common.
_STRANGE = 32


@dataclass(frozen=True)
class Sketch:
    """What is compared of one report."""

    text: str
    at: datetime
    fingerprints: tuple[int, ...] = ()


def likeness(mine: Sketch, other: Sketch, *, metres: float, radius: float) -> float:
    """From 0 to 1; equals are put in the order of their distance by whoever asks."""
    age = abs(mine.at - other.at) / _OLD
    return (
        _PLACE * max(0.0, 1 - metres / radius)
        + _AGE * max(0.0, 1 - age)
        + _WORDS * words_alike(mine.text, other.text)
        + _PICTURE * pictures_alike(mine.fingerprints, other.fingerprints)
    )


def words_alike(one: str, other: str) -> float:
    """Shared pairs of characters, which needs no words and no language (Dice)."""
    pairs, others = _pairs(one), _pairs(other)
    return 2 * len(pairs & others) / (len(pairs) + len(others)) if pairs and others else 0.0


def _pairs(text: str) -> set[str]:
    plain = "".join(character for character in text if character.isalnum())
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def pictures_alike(mine: Iterable[int], others: Iterable[int]) -> float:
    """Of the two most alike; 0 where either has no picture yet."""
    differences = [((one ^ other) & (2**64 - 1)).bit_count() for one in mine for other in others]
    return max(0.0, 1 - min(differences) / _STRANGE) if differences else 0.0
