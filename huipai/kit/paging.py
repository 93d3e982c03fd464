"""One page of a list, without counting the rest."""

import re
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
    """Page `number` as it stands in an address, the first for anything that is no number."""
    here = min(int(number), _DEEPEST) if number and re.fullmatch("[1-9][0-9]{0,8}", number) else 1
    start = (here - 1) * size
    found = list(rows[start : start + size + 1])  # type: ignore[arg-type]
    after = here + 1 if len(found) > size and here < _DEEPEST else 0
    return Page(found[:size], here, here - 1, after)
