"""After the last day of exchange nothing new begins in the shop; what is there is counted and leaves it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huipai.points import queries as points
from huipai.shop.commands.reserving import ShopClosed


def require_exchange(now: datetime) -> None:
    """Refuse what only serves an exchange when nothing is exchanged any more."""
    end = points.closing()
    if end is not None and now >= end.redeem_until:
        raise ShopClosed(_("积分已经结束，不再上架、改价、定预算、进货和发卡；剩下的东西盘点后调走或者记报损"))
