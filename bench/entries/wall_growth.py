"""Everything on the screen on the wall, with its map, as the archive grows: `scale:wall`."""

from __future__ import annotations

from collections.abc import Callable

from bench.archive import Archive
from huipai.cases.queries import wall


class WallGrowth(Archive):
    name = "wall"
    times = 100

    def read(self) -> Callable[[], object]:
        def read() -> object:
            return wall.wall(self.world.now), wall.grids(self.world.now)

        return read


ENTRY = WallGrowth()
