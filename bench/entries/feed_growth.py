"""A page of the public list under its filters, as the archive grows: `scale:feed`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bench.archive import Archive
from huipai.cases.models import CaseType
from huipai.cases.queries.shown import Feed, Wanted
from huipai.cases.words import Going, Span
from huipai.grid.models import GridNode
from huipai.grid.words import Level

_WORDS = ("", "", "", "车辆乱停", "没有这样的字", "S9000")


class FeedGrowth(Archive):
    name = "feed"

    def read(self) -> Callable[[], object]:
        chance, since = self.chance, self.world.now - timedelta(days=90)
        areas = ["", "", *GridNode.objects.filter(level=Level.COMMUNITY).values_list("path", flat=True)]
        types = [None, None, *CaseType.objects.values_list("id", flat=True)]

        def read() -> object:
            span = chance.choice((Span.CURRENT, Span.CURRENT, Span.CURRENT, Span.QUARTER, Span.ALL))
            wanted = Wanted(
                going=chance.choice((Going.ALL, Going.ALL, Going.OPEN, Going.DONE)), span=span,
                since=since if span == Span.QUARTER else None, type_id=chance.choice(types), area=chance.choice(areas),
                words=chance.choice(_WORDS),
            )  # fmt: skip
            return Feed(wanted)[0:21]

        return read


ENTRY = FeedGrowth()
