"""Small cells: a group of fewer than five people is never shown, nor what would let somebody work it out."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Set
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


def tellable(
    touched: Mapping[Key, Set[Hashable]], unseen: Collection[Key] = (), least: int = SMALLEST_GROUP
) -> frozenset[Key]:
    """The cells whose sums may stand beside the sum of all, where `touched` says whom a cell's sum comes from.

    Hidden are those that come from fewer than `least` people, and whichever are `unseen`. What stays hidden comes from
    `least` people together, or the sum of all less the told ones would tell it: then the smallest told go too. Where
    that is everybody and too few, the sum of all is not told either. A cell that comes from nobody tells of nobody.
    """
    filled = sorted((cell for cell in touched if touched[cell]), key=lambda cell: (len(touched[cell]), str(cell)))
    hidden = [cell for cell in filled if cell in unseen or len(touched[cell]) < least]
    told = [cell for cell in filled if cell not in hidden]
    while hidden and told and len(frozenset().union(*(touched[cell] for cell in hidden))) < least:
        hidden.append(told.pop(0))
    empty = [cell for cell in touched if not touched[cell] and cell not in unseen]
    return frozenset([*told, *empty])
