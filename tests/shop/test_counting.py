"""A stock take that something moves into: what was counted before is not what lies there after."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction

from huipai.kit import clock
from huipai.people.models import Account
from huipai.shop import commands as shop
from huipai.shop import queries
from huipai.shop.commands import MovedWhileCounted
from huipai.shop.models import Movement
from huipai.shop.words import Reason
from tests.cast import MONDAY
from tests.people.doors import Browser, leads_to, seen_on, words
from tests.shop.shop import Shop, holds, lies, reserve

pytestmark = pytest.mark.django_db


def count(made: Shop, counted: int, seen: int | None, **more: object) -> Movement:
    asked = {"key": uuid4(), "actor": made.host, "now": MONDAY, **more}
    return shop.count(item_id=made.soap.id, station_id=made.station.id, counted=counted, seen=seen, **asked)  # type: ignore[arg-type]


def write_off(made: Shop, quantity: int) -> Movement:
    return shop.write_off(
        key=uuid4(), item_id=made.soap.id, station_id=made.station.id, quantity=quantity, reason=Reason.BROKEN,
        actor=made.host, now=MONDAY,
    )  # fmt: skip


def times_moved(made: Shop) -> int:
    return queries.times_moved(made.soap.id, made.station.id)


class TestWhatMovedMeanwhile:
    def test_a_hand_over_is_not_put_back_on_the_shelf(self, shop_open: Shop) -> None:
        kept, seen = reserve(shop_open), times_moved(shop_open)
        shop.hand_over(reservation_id=kept.id, host=shop_open.host, now=MONDAY)
        with pytest.raises(MovedWhileCounted), transaction.atomic():
            count(shop_open, 5, seen)
        assert lies(shop_open) == 4
        assert count(shop_open, 4, times_moved(shop_open)).quantity == 0
        assert holds(shop_open.street)

    def test_as_many_out_as_in_is_moved_all_the_same(self, shop_open: Shop) -> None:
        here = {"item_id": shop_open.soap.id, "station_id": shop_open.station.id}
        seen = times_moved(shop_open)
        write_off(shop_open, 2)
        shop.donate(key=uuid4(), quantity=2, actor=shop_open.keeper, now=MONDAY, **here)
        with pytest.raises(MovedWhileCounted), transaction.atomic():
            count(shop_open, 3, seen)
        assert lies(shop_open) == 5

    def test_what_is_only_set_aside_has_not_moved(self, shop_open: Shop) -> None:
        seen = times_moved(shop_open)
        reserve(shop_open, quantity=2)
        assert count(shop_open, 4, seen).quantity == -1

    def test_sent_twice_it_is_one_whatever_moved_in_between(self, shop_open: Shop) -> None:
        key, seen = uuid4(), times_moved(shop_open)
        first = count(shop_open, 4, seen, key=key)
        write_off(shop_open, 1)
        assert count(shop_open, 4, seen, key=key) == first
        assert (lies(shop_open), holds(shop_open.street)) == (3, True)

    def test_the_page_says_what_moved_and_keeps_what_was_typed(self, shop_open: Shop) -> None:
        Account.objects.update(phone_confirmed_at=clock.now())
        host = Browser().enter(shop_open.host)
        page = f"shop/counter/{shop_open.station.id}/stock/{shop_open.soap.id}/count/"
        seen = seen_on(words(host.open(page)))
        write_off(shop_open, 2)
        sent = {"key": uuid4(), "counted": "5", "seen": seen}
        slip = host.send(page, **{**sent, "counted": "五瓶"})
        assert slip.status_code == 422 and seen_on(words(slip)) == seen
        moved = host.send(page, **sent)
        html = words(moved)
        assert moved.status_code == 409 and "您数的时候这里又有进出" in html and "破损 −2 瓶" in html
        assert 'value="5"' in html and f'value="{sent["key"]}"' in html and lies(shop_open) == 3
        assert "进货" not in html, "what came before it was opened is no news"
        for _twice in range(2):
            assert leads_to(host.send(page, **{**sent, "counted": "3", "seen": seen_on(html)}))
        assert Movement.objects.filter(reason=Reason.COUNT).count() == 1
        # A page that says nothing of it, or nonsense, was opened beside an empty shelf.
        for odd in ({}, {"seen": "x"}, {"seen": "9" * 8}):
            answer = host.send(page, key=uuid4(), counted="3", **odd)
            assert answer.status_code == 409, odd
        assert holds(shop_open.street)
