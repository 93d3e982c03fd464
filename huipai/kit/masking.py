"""Words that pass from a reporter to a unit, without who wrote them (ruling 11)."""

import re
from collections.abc import Iterable

# A telephone, an identity card, an account: seven digits or more, however they are spaced.
_NUMBER = re.compile(r"(?<!\d)\+?\d(?:[ \-–—.()（）·]{0,2}\d){6,}[xX]?")
_DATE = re.compile(r"(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
HIDDEN = "＊＊"


def masked(text: str, names: Iterable[str]) -> str:
    """The same words, with these names and every number by which somebody could be reached struck out."""
    for name in sorted({name for name in names if len(name) > 1}, key=len, reverse=True):
        text = text.replace(name, HIDDEN)
    return _NUMBER.sub(_unless_a_date, _MAIL.sub(HIDDEN, text))


def _unless_a_date(found: re.Match[str]) -> str:
    return found[0] if _DATE.fullmatch(found[0]) else HIDDEN
