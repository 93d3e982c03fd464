"""How a quantity lies in the slots of a shelf."""

from __future__ import annotations

from collections.abc import Sequence

from huipai.shop.words import SLOTS


def spread(quantity: int, slots: int = SLOTS) -> list[int]:
    """As evenly as it goes, the larger parts first."""
    share, rest = divmod(quantity, slots)
    return [share + (number < rest) for number in range(slots)]


def take(free: Sequence[int], quantity: int) -> list[int]:
    """How much to take of each slot; refused where all of them together have less."""
    if sum(free) < quantity:
        raise ValueError("there is not so much")
    taken, left = [], quantity
    for part in free:
        step = min(part, left)
        taken.append(step)
        left -= step
    return taken
