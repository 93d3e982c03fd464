"""The number of a case as people write it."""

from __future__ import annotations

import re
import unicodedata

_NUMBER = re.compile(r"(?:第\s*)?(\d{1,10})\s*号?")


def number_in(typed: str) -> int | None:
    """The number of a case, bare or as the pages write it: 11, 11号, 第 11 号."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", typed).strip())
    number = int(found[1]) if found else None
    return number if number is not None and number < 2**31 else None
