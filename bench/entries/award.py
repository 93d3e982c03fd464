"""Paying for a deed: `points.award` by sixteen callers, sixteen items, two thousand people."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from random import Random

from bench.award_script import script
from bench.ledger import ground
from bench.words import InWorkers
from bench.world import World
from huipai.kit.ids import new_id
from huipai.points import commands as points
from huipai.points.words import Why


class Award(InWorkers):
    name = "award"
    writes = "points_posting"

    def prepare(self, world: World) -> None:
        self._world, self._ground = world, ground(world)
        type(self).script = script(world, self._ground, items=16)

    def act(self, client: int) -> Callable[[], object]:
        chance, world, laid, numbers = Random(f"{client}:{new_id()}"), self._world, self._ground, count()
        items = laid.items[:16]

        def award() -> None:
            outcome = points.award(
                item_code=items[next(numbers) % len(items)].code, subject=f"case:{new_id()}",
                person=chance.choice(laid.people), received_at=world.now, actor=None, now=world.now,
            )  # fmt: skip
            assert outcome.why == Why.POSTED

        return award


ENTRY = Award()
