"""The same where everybody is paid by one item for deeds of one station: what would be a hot account elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from random import Random

from bench.award_script import script
from bench.entries.award import Award
from bench.ledger import ground
from bench.words import InWorkers
from bench.world import World
from huipai.kit.ids import new_id
from huipai.points import commands as points
from huipai.points.words import Why


class AwardHot(InWorkers):
    name = "award-hot"
    writes = "points_posting"
    cold = Award()

    def prepare(self, world: World) -> None:
        self.cold.prepare(world)
        self._world, self._ground = world, ground(world)
        type(self).script = script(world, self._ground, items=1)

    def act(self, client: int) -> Callable[[], object]:
        chance, world, laid, numbers = Random(f"{client}:{new_id()}"), self._world, self._ground, count()
        items = laid.items[:1]

        def award() -> None:
            outcome = points.award(
                item_code=items[next(numbers) % len(items)].code, subject=f"station:{new_id()}",
                person=chance.choice(laid.people), received_at=world.now, actor=None, now=world.now,
            )  # fmt: skip
            assert outcome.why == Why.POSTED

        return award


ENTRY = AwardHot()
