"""Who checks: a draw that can be examined afterwards."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Draw:
    """One draw from a pool: the journal keeps hash, size and number (ruling 9)."""

    checker_id: UUID
    pool_hash: str
    pool_size: int
    drawn: int


def draw(pool: Sequence[UUID], pick: Callable[[int], int]) -> Draw | None:
    """One of the pool, each equally likely if `pick(n)` is uniform over 0 … n-1; None from an empty pool."""
    if not pool:
        return None
    ordered = sorted(pool)
    drawn = pick(len(ordered))
    digest = hashlib.sha256("\n".join(str(id) for id in ordered).encode()).hexdigest()
    return Draw(ordered[drawn], digest, len(ordered), drawn)
