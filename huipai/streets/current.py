"""The street in force: set by a door or a job, read by every manager, refused when unset."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

_street: ContextVar[UUID | None] = ContextVar("street_in_force", default=None)


class NoStreet(RuntimeError):
    """Rows of a street were asked for where no street is in force. Always a mistake in our code."""


def street_in_force() -> UUID:
    """The id of the street whose rows this context may touch."""
    street = _street.get()
    if street is None:
        raise NoStreet("no street is in force; enter one with in_street(...)")
    return street


@contextmanager
def in_street(street_id: UUID) -> Iterator[None]:
    """Put a street in force until the block ends; the one before it comes back."""
    token = _street.set(street_id)
    try:
        yield
    finally:
        _street.reset(token)
