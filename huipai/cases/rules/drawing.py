"""Who checks: a draw that can be examined afterwards."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

LOTS = 10**16


def lot(case_id: UUID, response_id: UUID) -> int:
    """The number that decides whether a case is checked: from 0 to LOTS - 1, the same for everybody who computes it.

    The response's id is made by the server when the handler says that it is done: until then nobody can know the lot.
    """
    digest = hashlib.sha256(f"check {case_id} {response_id}".encode()).digest()
    return int.from_bytes(digest[:16]) % LOTS


def is_checked(number: int, share: Decimal) -> bool:
    """Whether this lot falls into the share that is checked."""
    return number < share * LOTS


def spelled(number: int) -> str:
    """A lot as the journal keeps it: sixteen digits."""
    return f"{number:016}"


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
