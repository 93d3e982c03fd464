"""The language of what is being said: Django's, remembered where a page asks for it hundreds of times.

Django keeps it in a store that costs more to ask than looking a word up does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import translation

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Inside, texts are in `language`; afterwards in the one before. The only way in which we change it."""
    with translation.override(language):
        token = _spoken.set(translation.get_language())
        try:
            yield
        finally:
            _spoken.reset(token)


def spoken() -> str | None:
    """The language in force, as Django spells it; None while texts stay as they stand in the code."""
    return _spoken.get() or translation.get_language()
