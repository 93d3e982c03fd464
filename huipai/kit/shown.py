"""When a page was made, as its forms send it back: whoever decides by it has seen nothing that came later."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

# What sends nothing that can be read has seen nothing.
_NOTHING_SEEN: Final = datetime(1970, 1, 1, tzinfo=UTC)


def shown_at(typed: str) -> datetime:
    """The instant that a form names, in ISO 8601 with its offset; the beginning of time where it names none."""
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        return _NOTHING_SEEN
    return at if at.tzinfo is not None else _NOTHING_SEEN
