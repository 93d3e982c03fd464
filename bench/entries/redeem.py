"""Setting points and stock aside: `shop.reserve` by sixteen callers, sixteen items, two thousand people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from bench.ledger import Ground, ground
from bench.redeem_script import script
from bench.words import InWorkers
from bench.world import World
from huipai.kit.ids import new_id
from huipai.shop import commands as shop
from huipai.shop.commands import Order
from huipai.shop.models import ShopItem


class Redeem(InWorkers):
    name = "redeem"
    writes = "shop_reservation"

    def prepare(self, world: World) -> None:
        self._world, self._ground = world, ground(world)
        type(self).script = script(world, self._ground, self.wanted(self._ground))

    def wanted(self, laid: Ground) -> Sequence[ShopItem]:
        return laid.goods

    def act(self, client: int) -> Callable[[], object]:
        chance, world, laid = Random(f"{client}:{new_id()}"), self._world, self._ground
        goods = self.wanted(laid)

        def redeem() -> None:
            person = chance.choice(laid.people)
            order = Order(item_id=chance.choice(goods).id, station_id=laid.station.id, person=person)
            shop.reserve(key=new_id(), order=order, actor=person, now=world.now)

        return redeem


ENTRY = Redeem()
