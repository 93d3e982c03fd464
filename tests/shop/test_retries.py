"""A request to move stock that comes again hears its answer, whatever has changed since (ruling 6)."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from huipai.grid.models import Assignment, Residence
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people.models import Account, Person
from huipai.shop import commands as shop
from huipai.shop.models import Movement, Reservation
from huipai.shop.words import Reason
from huipai.stations.models import Station
from tests.cast import MONDAY, TUESDAY, WEDNESDAY
from tests.people.doors import Browser, seen_on, words
from tests.shop.shop import Shop, budget, home_with_points, lies, station

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


class TestTheDoors:
    """The pages hear it first, too."""

    @pytest.fixture(autouse=True)
    def confirmed(self, shop_open: Shop) -> None:
        Account.objects.update(phone_confirmed_at=clock.now())

    def test_what_was_given_for_a_card_stays_given_when_the_card_is_blocked(self, shop_open: Shop) -> None:
        made, path = shop_open, f"shop/counter/{shop_open.station.id}/card/serving/"
        _card, code = shop.issue_card(person=made.lan, actor=made.keeper, now=clock.now())
        host = Browser().enter(made.host)
        sent = {"card": code, "item": str(made.soap.id), "quantity": "1", "key": str(uuid4()), "payer": "card"}
        first = host.send(path, **sent)
        shop.block_card(person=made.lan, actor=made.lan, now=clock.now())
        again = host.send(path, **sent)
        assert (first.status_code, again.status_code) == (302, 302)
        assert first.headers["Location"] == again.headers["Location"]
        for other in ({"quantity": "2"}, {"key": str(uuid4())}, {"card": "2222-2222"}, {"payer": "home"}):
            assert host.send(path, **{**sent, **other}).status_code == 404
        assert Reservation.objects.count() == 1

    def test_what_a_home_has_set_aside_stays_so_when_whoever_asked_has_moved(self, shop_open: Shop) -> None:
        made, path = shop_open, f"shop/items/{shop_open.soap.id}/reservation/"
        home_with_points(made.lan)
        lan = Browser().enter(made.lan)
        sent = {"station": str(made.station.id), "quantity": "1", "key": str(uuid4()), "payer": "home"}
        first = lan.send(path, **sent)
        Residence.objects.filter(person=made.lan).update(valid_until=clock.now())
        again = lan.send(path, **sent)
        assert (first.status_code, again.status_code) == (302, 302)
        assert first.headers["Location"] == again.headers["Location"]
        assert lan.send(path, **{**sent, "key": str(uuid4())}).status_code == 422
        assert lan.send(path, **{**sent, "payer": "me"}).status_code == 409
        assert Reservation.objects.count() == 1

    def test_stock_that_moved_has_moved_when_the_post_or_the_station_is_gone(self, shop_open: Shop) -> None:
        made, other = shop_open, station("东门驿站", "Y02")
        here, there = str(made.station.id), str(other.id)
        counter, desk = f"shop/counter/{here}/stock/{made.soap.id}/", f"shop/desk/items/{made.soap.id}/"
        sent = {
            f"{desk}arrivals/": {"station": here, "quantity": "3", "cost": ""},
            f"{desk}transfer/": {"source": here, "to": there, "quantity": "2"},
            f"{counter}write-off/": {"quantity": "1", "reason": "broken"},
            f"{counter}count/": {"counted": "5"},
        }
        keys = {path: str(uuid4()) for path in sent}
        keeper = Browser().enter(made.keeper)
        before = Movement.objects.count()
        first = {}
        for path, form in sent.items():
            page = words(keeper.open(path))
            seen = {"seen": seen_on(page)} if 'name="seen"' in page else {}
            first[path] = keeper.send(path, key=keys[path], **form, **seen)
        assert {path: answer.status_code for path, answer in first.items()} == dict.fromkeys(sent, 302)
        moved = Movement.objects.count()
        assert moved == before + 5
        Station.objects.update(closed_at=clock.now())
        Assignment.objects.filter(person=made.keeper).update(valid_until=clock.now())
        for path, form in sent.items():
            again = keeper.send(path, key=keys[path], **form)
            assert (again.status_code, again.headers["Location"]) == (302, first[path].headers["Location"]), path
            for field in form:
                assert keeper.send(path, key=keys[path], **{**form, field: "4"}).status_code in (403, 404), path
        assert Movement.objects.count() == moved
