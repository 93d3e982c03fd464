"""A request to move stock that comes again hears its answer, whatever has changed since (ruling 6)."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from huipai.grid.models import Assignment
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.shop import commands as shop
from huipai.shop.models import Movement
from huipai.shop.words import Reason
from huipai.stations.models import Station
from tests.cast import MONDAY, TUESDAY, WEDNESDAY
from tests.shop.shop import Shop, budget, lies, station

Act = Callable[[UUID, Person, int, datetime], object]


def doors(made: Shop) -> dict[str, Act]:
    """Each way in which stock moves, for a key, whoever asks, a number and an instant."""
    other = station("东门驿站", "Y02")
    here = {"item_id": made.soap.id, "station_id": made.station.id}
    there = {"item_id": made.soap.id, "from_id": made.station.id, "to_id": other.id}
    return {
        "deliver": lambda key, who, n, at: shop.deliver(
            key=key, quantity=n, cost_cents=100, actor=who, now=at, **here
        ),
        "donate": lambda key, who, n, at: shop.donate(key=key, quantity=n, actor=who, now=at, **here),
        "transfer": lambda key, who, n, at: shop.transfer(key=key, quantity=n, actor=who, now=at, **there),
        "write_off": lambda key, who, n, at: shop.write_off(
            key=key, quantity=n, reason=Reason.BROKEN, actor=who, now=at, **here
        ),
        "count": lambda key, who, n, at: shop.count(key=key, counted=n, actor=who, now=at, **here),
    }  # fmt: skip


DOORS = ("deliver", "donate", "transfer", "write_off", "count")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("since", ["the station has closed", "the post has ended"])
def test_is_answered_with_what_it_did(shop_open: Shop, door: str, since: str) -> None:
    act, key = doors(shop_open)[door], uuid4()
    done = act(key, shop_open.keeper, 2, MONDAY)
    lying, moved = lies(shop_open), Movement.objects.count()
    if since == "the station has closed":
        Station.objects.update(closed_at=TUESDAY)
    else:
        Assignment.objects.filter(person=shop_open.keeper).update(valid_until=TUESDAY)
    assert act(key, shop_open.keeper, 2, WEDNESDAY) == done
    assert (lies(shop_open), Movement.objects.count()) == (lying, moved)


@pytest.mark.parametrize("door", DOORS)
def test_another_request_is_refused_as_ever_and_tells_nothing_of_the_first(shop_open: Shop, door: str) -> None:
    act, key = doors(shop_open)[door], uuid4()
    act(key, shop_open.keeper, 2, MONDAY)
    Assignment.objects.filter(person=shop_open.keeper).update(valid_until=TUESDAY)
    moved = Movement.objects.count()
    for again in ((key, shop_open.keeper, 1), (uuid4(), shop_open.keeper, 2), (key, shop_open.lan, 2)):
        with pytest.raises(NotAllowed):
            act(*again, WEDNESDAY)
    Station.objects.update(closed_at=TUESDAY)
    for again in ((key, shop_open.keeper, 1), (key, shop_open.lan, 2)):
        with pytest.raises((NotAllowed, NotVisible)):
            act(*again, WEDNESDAY)
    assert Movement.objects.count() == moved


def test_goods_that_came_are_answered_when_their_budget_is_over(shop_open: Shop) -> None:
    act, key = doors(shop_open)["deliver"], uuid4()
    budget(shop_open, year=2027)
    done = act(key, shop_open.keeper, 2, MONDAY)
    assert act(key, shop_open.keeper, 2, MONDAY.replace(year=2029)) == done
