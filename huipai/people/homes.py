"""Who lives where is known on a floor above this one; here is asked for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import QuerySet


class Homes(Protocol):
    """The books of where people live."""

    def living_at(self, words: str, at: datetime) -> QuerySet[Any]:
        """Rows of `person` and `household`: who lives in the households that an address means."""

    def homes_of(self, people: Iterable[UUID], at: datetime) -> dict[UUID, str]:
        """Where these people live, as their neighbours say it; without those of whom nothing is recorded."""


_homes: Homes | None = None


def wire(homes: Homes) -> None:
    """Name, once at start-up, who keeps the books."""
    global _homes
    _homes = homes


def _known() -> Homes:
    if _homes is None:
        raise LookupError("nobody keeps the books of where people live")
    return _homes


def living_at(words: str, at: datetime) -> QuerySet[Any]:
    return _known().living_at(words, at)


def homes_of(people: Iterable[UUID], at: datetime) -> dict[UUID, str]:
    return _known().homes_of(people, at)
