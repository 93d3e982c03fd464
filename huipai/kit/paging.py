"""One page of a list, without counting the rest."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

_T = TypeVar("_T", covariant=True)
_DEEPEST = 1000


class Listed(Protocol[_T]):
    """What can be cut: a queryset or a list."""

    def __getitem__(self, cut: slice, /) -> "Sequence[_T] | Listed[_T]": ...


@dataclass(frozen=True)
class Page(Generic[_T]):
    """The rows of one page, and the numbers of its neighbours (0 where there is none)."""

    items: Sequence[_T]
    number: int
    before: int
    after: int


def page_of(rows: Listed[_T], number: str | None, *, size: int) -> Page[_T]:
    """Page `number` as it stands in an address, the first for anything that is no number.

    Past the end it is the last that has rows: what is waiting is shown to whoever comes from a page of before.
    """
    here = min(int(number), _DEEPEST) if number and re.fullmatch("[1-9][0-9]{0,8}", number) else 1
    found = _from(rows, here, size, upto=size + 1)
    if not found and here > 1:
        # Not counted, which would read the whole list: a row is looked for on ten pages at the most.
        here = bisect_left(range(1, here), True, key=lambda page: not _from(rows, page, size, upto=1)) or 1
        found = _from(rows, here, size, upto=size + 1)
    after = here + 1 if len(found) > size and here < _DEEPEST else 0
    return Page(found[:size], here, here - 1, after)


def _from(rows: Listed[_T], page: int, size: int, *, upto: int) -> list[_T]:
    start = (page - 1) * size
    return list(rows[start : start + upto])  # type: ignore[arg-type]
