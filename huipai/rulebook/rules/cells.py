"""Small cells: a group of fewer than five people is never shown, nor what would let somebody work it out."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from huipai.rulebook.words import SMALLEST_GROUP

Key = TypeVar("Key", bound=Hashable)


def visible(people: Mapping[Key, int], least: int = SMALLEST_GROUP) -> frozenset[Key]:
    """The cells that may stand beside their common total.

    Cells under `least` are hidden. What is hidden must be two cells at least and `least` people together, or the total
    less the shown ones would tell it: then the smallest shown cells go too. An empty cell tells of nobody.
    """
    filled = sorted((cell for cell in people if people[cell] > 0), key=lambda cell: (people[cell], str(cell)))
    hidden = [cell for cell in filled if people[cell] < least]
    shown = [cell for cell in filled if people[cell] >= least]
    while hidden and shown and (len(hidden) < 2 or sum(people[cell] for cell in hidden) < least):
        hidden.append(shown.pop(0))
    return frozenset(shown)
