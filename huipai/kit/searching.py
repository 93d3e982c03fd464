"""What somebody looks for: the words in it, the pairs of signs that find them, and where they stand in a text.

Chinese has no blanks between words: `rjieba` cuts what was typed; the index holds signs and pairs of signs, so that a
word is found in a text however the text itself would be cut.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from huipai.kit import dictionary

LONGEST = 80
MOST_WORDS = 8
_SIGNS = re.compile(r"[^\W_]")


def plain(text: str) -> str:
    """As the database writes it in the index: one width, lower case. `cases_plain` does the same."""
    return unicodedata.normalize("NFKC", text).lower()


def words_of(typed: str) -> tuple[str, ...]:
    """The words of what was typed, each once; marks and blanks are none."""
    cut = (word.strip() for word in dictionary.cut(plain(typed)[:LONGEST]))
    return tuple(dict.fromkeys(word for word in cut if _SIGNS.search(word)))[:MOST_WORDS]


def grams_of(words: Iterable[str]) -> list[str]:
    """By what the index finds these words: their pairs of signs; the sign itself where a word is one alone."""
    grams: dict[str, None] = {}
    for word in words:
        grams |= dict.fromkeys(word[at : at + 2] for at in range(max(len(word) - 1, 1)))
    return list(grams)


def marked(text: str, words: Sequence[str]) -> Markup:
    """The text with every place marked at which one of these words stands."""
    if not words:
        return Markup.escape(text)
    # One sign for one sign, so that places in the plain text are places in the text.
    flat = "".join(low if len(low := plain(sign)) == 1 else sign for sign in text)
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    pieces, last = [], 0
    for found in re.finditer(pattern, flat):
        pieces += [
            Markup.escape(text[last : found.start()]),
            Markup("<mark>{}</mark>").format(text[slice(*found.span())]),
        ]
        last = found.end()
    return Markup("").join([*pieces, Markup.escape(text[last:])])


def around(text: str, words: Sequence[str], *, most: int = 60) -> str:
    """The part of a long text in which the first of these words stands."""
    places = [place for place in (plain(text).find(word) for word in words) if place >= 0]
    start = max(min(places, default=0) - most // 3, 0)
    piece = text[start : start + most]
    return f"{'…' if start else ''}{piece}{'…' if start + most < len(text) else ''}"
