"""What nobody fetched in time is free by the clock: it is let go where too little lies there without it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from huipai.shop import queries
from huipai.shop.commands.settling import lapse_of
from huipai.shop.commands.stocking import KeptForSomebody, NotOnShelf, SoldOut

T = TypeVar("T")


def with_what_lapsed(
    act: Callable[[], T], item_id: UUID, station_id: UUID, now: datetime, *, is_enough: Callable[[int, int], bool]
) -> T:
    """Do it; where too little lies there, let go what nobody fetched in time and do it again, each by itself.

    Others let the same go in the same moment: what counts is whether what is free and what is kept are enough then,
    and not by whose hand. It fails again only where somebody else was served meanwhile, and so comes to an end.
    """
    while True:
        try:
            return act()
        except (KeptForSomebody, NotOnShelf, SoldOut):
            lapse_of(item_id, station_id, now=now)
            if not is_enough(*queries.lying(item_id, station_id)):
                raise
