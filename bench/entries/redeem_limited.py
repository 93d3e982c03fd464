"""The same of items with a limit for each person, as most wanted ones have: what somebody has had is counted first."""

from __future__ import annotations

from collections.abc import Sequence

from bench.entries.redeem import Redeem
from bench.ledger import Ground
from huipai.shop.models import ShopItem


class RedeemLimited(Redeem):
    name = "redeem-limited"

    def wanted(self, laid: Ground) -> Sequence[ShopItem]:
        return laid.limited


ENTRY = RedeemLimited()
