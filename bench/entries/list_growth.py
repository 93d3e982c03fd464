"""A worker's list, as the archive grows: `scale:list`."""

from __future__ import annotations

from collections.abc import Callable

from bench.archive import Archive
from huipai.cases.queries import today


class ListGrowth(Archive):
    name = "list"

    def read(self) -> Callable[[], object]:
        def read() -> object:
            worker = self.chance.choice(self.world.ground.workers)
            return today.Today(worker, self.world.now)[0:51]

        return read


ENTRY = ListGrowth()
