"""The desk's queue with the numbers of its shelves, under every filter, as the archive grows: `scale:hub`."""

from __future__ import annotations

from collections.abc import Callable

from bench.archive import Archive
from huipai.cases.queries import hub
from huipai.cases.queries.hub import SHELVES, Filter
from huipai.grid.models import GridNode
from huipai.grid.words import Level

_WORDS = ("", "", "", "柳溪路 18", "轮椅", "没有这样的字", "S9000")


class HubGrowth(Archive):
    name = "hub"

    def read(self) -> Callable[[], object]:
        communities, types = list(GridNode.objects.filter(level=Level.COMMUNITY)), self.types()
        chance, now = self.chance, self.world.now

        def read() -> object:
            community = chance.choice([None, *communities])
            asked = Filter(
                view=chance.choice([*SHELVES]), words=chance.choice(_WORDS), type=chance.choice(["", "", *types])
            )
            areas = hub.narrowed(None, community)
            return hub.Queue(areas, asked, now)[0:51], hub.counts(areas, now, asked)

        return read


ENTRY = HubGrowth()
