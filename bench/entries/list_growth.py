"""A worker's list, as the archive grows: `scale:list`."""

from __future__ import annotations

from collections.abc import Callable

from bench.archive import Archive
from huipai.cases.queries import today
from huipai.grid import queries as grid
from huipai.people.words import Role


class ListGrowth(Archive):
    name = "list"

    def read(self) -> Callable[[], object]:
        def read() -> object:
            worker = self.chance.choice(self.world.ground.workers)
            areas = grid.areas_of(worker, Role.GRID_WORKER, self.world.now)
            return today.Today(worker, areas)[0:51]

        return read


ENTRY = ListGrowth()
