"""The same where everybody wants one item in one station."""

from __future__ import annotations

from collections.abc import Sequence

from bench.entries.redeem import Redeem
from bench.ledger import Ground
from bench.world import World
from huipai.shop.models import ShopItem


class RedeemHot(Redeem):
    name = "redeem-hot"
    cold = Redeem()

    def prepare(self, world: World) -> None:
        self.cold.prepare(world)
        super().prepare(world)

    def wanted(self, laid: Ground) -> Sequence[ShopItem]:
        return laid.goods[:1]


ENTRY = RedeemHot()
