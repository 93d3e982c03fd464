"""`verify` finds every edit of the shop by hand, and names the row."""

from uuid import UUID, uuid4

import pytest
from pytest_django.plugin import DjangoDbBlocker

from huipai.cli.verify import problems
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.points.models import Answered, Line
from huipai.points.queries import Difference, verify_ledger
from huipai.shop import commands as shop
from huipai.shop.models import Budget, Card, Movement, Reservation, Shelf, ShopItem
from huipai.shop.queries import verify_shop
from huipai.shop.words import Reason
from huipai.stations.models import Station
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.by_hand import by_hand
from tests.cast import MONDAY, TUESDAY, WEDNESDAY
from tests.shop.shop import Shop, holds, order, reserve, station

pytestmark = [pytest.mark.no_guard]

EDITS = {
    "shop_shopitem": [
        "UPDATE shop_shopitem SET points = points - 1 WHERE id = %s",
        "UPDATE shop_shopitem SET limit_count = 900 WHERE id = %s",
        "UPDATE shop_shopitem SET audience = 'elders' WHERE id = %s",
        "UPDATE shop_shopitem SET withdrawn_at = now() WHERE id = %s",
        "UPDATE shop_shopitem SET name = '牙膏' WHERE id = %s",
        "UPDATE shop_shopitem SET unit = '箱' WHERE id = %s",
        "UPDATE shop_shopitem SET photo_id = gen_random_uuid() WHERE id = %s",
        "UPDATE shop_shopitem SET opened_at = opened_at - interval '1 day' WHERE id = %s",
        "DELETE FROM shop_shopitem WHERE id = %s",
    ],
    "shop_reservation": [
        "UPDATE shop_reservation SET points = points + 1 WHERE state = 'reserved' AND id = %s",
        "UPDATE shop_reservation SET quantity = quantity + 1 WHERE state = 'handed_over' AND id = %s",
        "UPDATE shop_reservation SET state = 'cancelled' WHERE state = 'handed_over' AND id = %s",
        "UPDATE shop_reservation SET state = 'handed_over', settled_at = reserved_at, settled_by = %s"
        " WHERE state = 'reserved'",
        "UPDATE shop_reservation SET settled_at = settled_at + interval '1 minute' WHERE state = 'cancelled'"
        " AND id = %s",
        "UPDATE shop_reservation SET expires_at = expires_at + interval '1 day' WHERE id = %s",
        "UPDATE shop_reservation SET code = 'KKKKKKKK' WHERE state = 'reserved' AND id = %s",
    ],
    "shop_movement": [
        "UPDATE shop_movement SET quantity = quantity + 1 WHERE reason = 'delivery' AND id = %s",
        "UPDATE shop_movement SET reason = 'lost' WHERE reason = 'broken' AND id = %s",
        "UPDATE shop_movement SET cost_cents = 1 WHERE reason = 'delivery' AND id = %s",
        "UPDATE shop_movement SET counted = counted + 1 WHERE reason = 'count' AND id = %s",
        "DELETE FROM shop_movement WHERE reason = 'handed_over' AND id = %s",
    ],
    "shop_budget": [
        "UPDATE shop_budget SET amount_cents = amount_cents + 1 WHERE id = %s",
        "UPDATE shop_budget SET point_cents = 1 WHERE id = %s",
        "UPDATE shop_budget SET ends_on = ends_on + 1 WHERE id = %s",
        "UPDATE shop_budget SET approved_at = approved_at + interval '1 minute' WHERE id = %s",
        "UPDATE shop_budget SET last_on = begins_on + 1 WHERE id = %s",
        "UPDATE shop_budget SET approved_by_id = NULL, approved_at = NULL WHERE id = %s",
        "DELETE FROM shop_budget WHERE id = %s",
    ],
    "shop_card": [
        "UPDATE shop_card SET digest = repeat('0', 64) WHERE blocked_at IS NULL AND id = %s",
        "UPDATE shop_card SET issued_at = issued_at - interval '1 minute' WHERE blocked_at IS NULL AND id = %s",
        "UPDATE shop_card SET blocked_at = blocked_at + interval '1 minute' WHERE blocked_at IS NOT NULL AND id = %s",
        "UPDATE shop_card SET blocked_at = issued_at WHERE blocked_at IS NULL AND id = %s",
        "DELETE FROM shop_card WHERE id = %s",
    ],
    "points_answered": [
        "UPDATE points_answered SET content_hash = repeat('0', 64) WHERE verb = 'shop.reserve' AND id = %s",
        'UPDATE points_answered SET answer = \'{"reservation": "01900000-0000-7000-8000-000000000000"}\''
        " WHERE verb = 'shop.reserve' AND id = %s",
        *(
            f"UPDATE points_answered SET answer = '{kept}' WHERE verb = 'shop.reserve' AND id = %s"
            for kept in ("[]", "7", "null", '{"reservation": []}')
        ),
        "UPDATE points_answered SET actor_id = id WHERE verb = 'shop.count' AND id = %s",
        "UPDATE points_answered SET verb = 'shop.donate' WHERE verb = 'shop.deliver' AND id = %s",
        "UPDATE points_answered SET key = id WHERE verb = 'shop.write_off' AND id = %s",
        "UPDATE points_answered SET key = id WHERE verb = 'shop.reserve' AND id = %s",
        "UPDATE points_answered SET answered_at = answered_at + interval '1 minute'"
        " WHERE verb = 'shop.transfer' AND id = %s",
        "DELETE FROM points_answered WHERE verb = 'shop.reserve' AND id = %s",
        "DELETE FROM points_answered WHERE verb = 'shop.deliver' AND id = %s",
    ],
    "shop_shelf": [
        "UPDATE shop_shelf SET free = free + 1 WHERE id = %s",
        "UPDATE shop_shelf SET held = held - 1, free = free + 1 WHERE held > 0 AND id = %s",
    ],
}
MODELS = {model._meta.db_table: model for model in (ShopItem, Reservation, Movement, Shelf, Budget, Card, Answered)}


@pytest.fixture(scope="module")
def lived(opened: Shop, django_db_blocker: DjangoDbBlocker) -> Shop:
    """The module's shop after all that can happen in one: living it for each test was half of the time of this file."""
    with django_db_blocker.unblock(), in_street(opened.street.id):
        _live(opened)
    return opened


@pytest.fixture
def busy(lived: Shop, shop_open: Shop) -> Shop:
    """A shop in which everything has happened."""
    return shop_open


def _live(shop_open: Shop) -> None:
    given, called_off, _waiting = reserve(shop_open), reserve(shop_open), reserve(shop_open)
    shop.hand_over(reservation_id=given.id, host=shop_open.host, now=TUESDAY)
    shop.cancel(reservation_id=called_off.id, actor=shop_open.lan, now=TUESDAY)
    ids = {"item_id": shop_open.soap.id, "station_id": shop_open.station.id, "actor": shop_open.host, "now": WEDNESDAY}
    shop.count(key=uuid4(), counted=5, **ids)  # type: ignore[arg-type]
    shop.write_off(key=uuid4(), quantity=1, reason=Reason.BROKEN, **ids)  # type: ignore[arg-type]
    shop.transfer(
        key=uuid4(), item_id=shop_open.soap.id, from_id=shop_open.station.id,
        to_id=station("望山驿站", "Y02").id, quantity=1, actor=shop_open.keeper, now=WEDNESDAY,
    )  # fmt: skip
    shop.donate(
        key=uuid4(), item_id=shop_open.soap.id, station_id=shop_open.station.id, quantity=2, actor=shop_open.keeper,
        now=WEDNESDAY,
    )  # fmt: skip
    # Whoever issues a card does not serve by it.
    shop.issue_card(person=shop_open.lan, actor=shop_open.keeper, now=MONDAY)
    shop.block_card(person=shop_open.lan, actor=shop_open.keeper, now=TUESDAY)
    _card, code = shop.issue_card(person=shop_open.lan, actor=shop_open.keeper, now=TUESDAY)
    shop.serve(key=uuid4(), order=order(shop_open), card_code=code, host=shop_open.host, now=WEDNESDAY)
    assert holds(shop_open.street)


def first_difference(street: Street) -> Difference:
    found = next(verify_shop(street), None)
    assert found is not None
    return found


@pytest.mark.long
@pytest.mark.parametrize(("table", "statement"), [(t, s) for t, edits in EDITS.items() for s in edits])
def test_the_edited_table_is_named_first(busy: Shop, table: str, statement: str) -> None:
    rows: list[UUID] = list(MODELS[table].objects.order_by("-id").values_list("id", flat=True))
    # One of them names a host, the others a row of the table.
    assert any(by_hand(statement, [id]) for id in [busy.host.id, *rows])
    difference = first_difference(busy.street)
    assert difference.table in (table, "shop_reservation")
    assert next(problems(busy.street), None) is not None


@pytest.mark.long
def test_stock_from_nowhere_is_found_though_the_count_agrees(busy: Shop) -> None:
    by_hand("UPDATE shop_shelf SET free = free + 1 WHERE id = %s", [Shelf.objects.earliest("slot").id])
    by_hand(
        "INSERT INTO shop_movement (id, street_id, item_id, station_id, quantity, reason, subject, moved_at)"
        " VALUES (%s, %s, %s, %s, 1, 'donation', '', %s)",
        [new_id(), busy.street.id, busy.soap.id, busy.station.id, MONDAY],
    )
    assert first_difference(busy.street).table == "shop_movement"


@pytest.mark.long
def test_points_set_aside_or_paid_for_no_reservation_are_found(busy: Shop) -> None:
    by_hand("UPDATE points_hold SET subject = 'reservation:' || id WHERE state = 'voided'")
    assert "points_hold" in {difference.table for difference in verify_shop(busy.street)}


class TestStations:
    """What the ledger says was redeemed in a station is what the shop handed over there."""

    def said(self, street: Street) -> set[tuple[str, str, str]]:
        return {(one.table, one.said, one.found) for one in verify_shop(street)}

    @pytest.mark.long
    def test_what_moved_to_another_station_is_found_in_the_line_and_in_both_stations(self, busy: Shop) -> None:
        here, there = str(busy.station.id), str(Station.objects.get(code="Y02").id)
        assert by_hand("UPDATE points_line SET station_id = %s WHERE station_id IS NOT NULL", [there]) == 2
        found = self.said(busy.street)
        assert {("points_line", here, there), ("stations_station", "40", "0"), ("stations_station", "0", "40")} <= found
        # The journal tells it too.
        assert {one.table for one in verify_ledger(busy.street)} == {"points_line"}

    @pytest.mark.long
    def test_points_redeemed_for_nothing_are_found(self, busy: Shop) -> None:
        line = Line.objects.filter(station__isnull=False).first()
        assert line is not None
        by_hand("UPDATE points_line SET amount = amount + 5 WHERE id = %s", [line.id])
        assert ("stations_station", "40", "45") in self.said(busy.street)


def test_an_erased_name_leaves_the_shop_as_it_was(busy: Shop) -> None:
    Person.objects.filter(pk=busy.lan.pk).update(name="", birth_year=None, account=None, erased_at=WEDNESDAY)
    assert holds(busy.street)


def test_one_streets_edit_is_not_anothers(busy: Shop, hetang: Street) -> None:
    by_hand("UPDATE shop_shelf SET free = free + 1")
    assert next(verify_shop(hetang), None) is None
