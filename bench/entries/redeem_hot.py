"""The same where everybody wants one item in one station."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.entries.redeem import Redeem
from bench.ledger import ground
from bench.redeem_script import script
from bench.words import InWorkers
from bench.world import World
from huipai.kit.ids import new_id
from huipai.shop import commands as shop
from huipai.shop.commands import Order


class RedeemHot(InWorkers):
    name = "redeem-hot"
    writes = "shop_reservation"
    cold = Redeem()

    def prepare(self, world: World) -> None:
        self.cold.prepare(world)
        self._world, self._ground = world, ground(world)
        type(self).script = script(world, self._ground, items=1)

    def act(self, client: int) -> Callable[[], object]:
        chance, world, laid = Random(f"{client}:{new_id()}"), self._world, self._ground
        goods = laid.goods[:1]

        def redeem() -> None:
            person = chance.choice(laid.people)
            order = Order(item_id=chance.choice(goods).id, station_id=laid.station.id, person=person)
            shop.reserve(key=new_id(), order=order, actor=person, now=world.now)

        return redeem


ENTRY = RedeemHot()
