"""Chance: the system's own; while a street of the demo is told, one that follows from its seed, and so do its ids."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from random import Random, SystemRandom


class Told:
    """What comes out the same each time: numbers, and the moments that ids are made of, one a millisecond."""

    def __init__(self, seed: str, begin: datetime) -> None:
        self.random = Random(seed)
        self._moment = int(begin.timestamp() * 1000)

    def next_moment(self) -> int:
        self._moment += 1
        return self._moment


_SYSTEM = SystemRandom()
_told: ContextVar[Told | None] = ContextVar("told", default=None)


def told() -> Told | None:
    """The story that is being told, if one is."""
    return _told.get()


def below(count: int) -> int:
    """One of 0 … count - 1, each equally likely; nobody can foresee it but of a story."""
    story = told()
    return (story.random if story else _SYSTEM).randrange(count)


@contextmanager
def following(seed: str, begin: datetime) -> Iterator[None]:
    """Within this, chance and ids follow from the seed; ids as if made from `begin` on."""
    before = _told.set(Told(seed, begin))
    try:
        yield
    finally:
        _told.reset(before)
