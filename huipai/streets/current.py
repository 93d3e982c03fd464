"""The street in force: set by a door or a job, read by every manager, refused when unset."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID


class _InForce:
    """One entering of a street: a request, a job."""

    __slots__ = ("is_to_read", "notes", "street_id")

    def __init__(self, street_id: UUID, *, is_to_read: bool = False) -> None:
        self.street_id = street_id
        self.is_to_read = is_to_read
        self.notes: dict[str, Any] = {}


_street: ContextVar[_InForce | None] = ContextVar("street_in_force", default=None)


class NoStreet(RuntimeError):
    """Rows of a street were asked for where no street is in force. Always a mistake in our code."""


def _in_force() -> _InForce:
    street = _street.get()
    if street is None:
        raise NoStreet("no street is in force; enter one with in_street(...)")
    return street


def street_in_force() -> UUID:
    """The id of the street whose rows this context may touch."""
    return _in_force().street_id


def is_in_street() -> bool:
    """Whether a street is in force: pages outside every street have none."""
    return _street.get() is not None


def notes() -> dict[str, Any]:
    """What was learned since the street was put in force; forgotten when the request or job ends."""
    return _in_force().notes


def is_to_read() -> bool:
    """Whether a page is only being shown: what was learned for one part of it may be said again in another."""
    return _in_force().is_to_read


@contextmanager
def in_street(street_id: UUID) -> Iterator[None]:
    """Put a street in force until the block ends; the one before it comes back."""
    with _entered(_InForce(street_id)):
        yield


@contextmanager
def in_street_to_read(street_id: UUID) -> Iterator[None]:
    """As `in_street`, where nothing is decided by what is read: a page that is shown."""
    with _entered(_InForce(street_id, is_to_read=True)):
        yield


@contextmanager
def _entered(street: _InForce) -> Iterator[None]:
    token = _street.set(street)
    try:
        yield
    finally:
        _street.reset(token)
