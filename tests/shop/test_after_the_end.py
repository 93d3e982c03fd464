"""The keepers' desk after the last day of exchange: nothing begins; what is there is moved, counted and leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from huipai.kit import clock
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.shop import commands as shop
from huipai.shop.commands import ShopClosed
from huipai.shop.models import Movement
from tests.cast import A_YEAR_AGO, appoint, staff
from tests.people.doors import Browser
from tests.shop.shop import SOAP, Shop, deliver

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def ended(shop_open: Shop) -> Shop:
    """A shop in which one proposal waits, and whose last day was yesterday."""
    deliver(shop_open, 3)
    now = clock.now()
    shop.propose_change(
        item_id=shop_open.soap.id, offer=replace(SOAP, points=9), actor=shop_open.keeper, now=now - 2 * DAY
    )  # fmt: skip
    other = appoint(staff("雷二", "13900000099", now=A_YEAR_AGO), Role.LEADER, since=A_YEAR_AGO)
    asked = points.propose_closing(
        awards_until=now - 120 * DAY, redeem_until=now - DAY, actor=shop_open.leader, now=now - 200 * DAY
    )
    points.approve_closing(closing_id=asked.id, actor=other, now=now - 199 * DAY)
    return shop_open


def page(browser: Browser, path: str) -> str:
    return browser.open(f"shop/desk/{path}").content.decode()


def test_the_desk_offers_nothing_that_begins(ended: Shop) -> None:
    keeper, leader = Browser().enter(ended.keeper), Browser().enter(ended.leader)
    assert "items/new/" not in page(keeper, "") and "积分已经结束" in page(keeper, "")
    item = page(keeper, f"items/{ended.soap.id}/")
    assert "/arrivals/" not in item and "/words/" not in item
    assert "/transfer/" in item and "/withdrawal/" in item
    waiting = page(leader, "proposals/")
    assert "/approval/" not in waiting and "/refusal/" in waiting
    assert 'name="amount"' not in page(keeper, "budget/")


def test_no_goods_come_any_more_but_a_retry_is_answered(ended: Shop) -> None:
    now, key = clock.now(), uuid4()
    goods = {"item_id": ended.soap.id, "station_id": ended.station.id, "quantity": 5, "actor": ended.keeper}
    given = shop.donate(key=key, **goods, now=now - 2 * DAY)
    assert shop.donate(key=key, **goods, now=now) == given
    before = Movement.objects.count()
    for come in (
        lambda: shop.donate(key=uuid4(), **goods, now=now),
        lambda: shop.deliver(key=uuid4(), cost_cents=100, **goods, now=now),
    ):
        with pytest.raises(ShopClosed, match="进货"):
            come()
    assert Movement.objects.count() == before
