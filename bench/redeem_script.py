"""The rows of a reservation in plain SQL, in one statement: key, hold, draw, lot, account, shelf, reservation, journal.

The raw side picks its slot by chance and waits for it where another holds it.
"""

from __future__ import annotations

from collections.abc import Sequence

from bench.ledger import Ground, array
from bench.world import World
from huipai.points.models import Account, Lot
from huipai.shop.models import Shelf, ShopItem

_SCRIPT = """\\set person random(1, {people})
\\set shelf random(1, {shelves})
WITH made AS (
    SELECT gen_random_uuid() AS reservation, gen_random_uuid() AS hold, {persons}[:person::int] AS person,
           {accounts}[:person::int] AS account, {lots}[:person::int] AS lot, {shelf_ids}[:shelf::int] AS shelf,
           {item_ids}[:shelf::int] AS item
), answered AS (
    INSERT INTO points_answered (id, street_id, key, actor_id, verb, content_hash, answer, answered_at)
    SELECT gen_random_uuid(), {street}, gen_random_uuid(), person, 'shop.reserve', repeat('a', 64),
           jsonb_build_object('reservation', reservation), now() FROM made
), hold AS (
    INSERT INTO points_hold (id, street_id, account_id, subject, points, state, opened_at, expires_at, actor_id)
    SELECT hold, {street}, account, 'reservation:' || reservation, 1, 'open', now(), now() + interval '7 days', person
    FROM made
), draw AS (
    INSERT INTO points_holddraw (id, street_id, hold_id, lot_id, points)
    SELECT gen_random_uuid(), {street}, hold, lot, 1 FROM made
), lot AS (
    UPDATE points_lot SET held = held + 1 FROM made
    WHERE points_lot.street_id = {street} AND points_lot.id = made.lot
), account AS (
    UPDATE points_account SET held = held + 1 FROM made
    WHERE points_account.street_id = {street} AND points_account.id = made.account
), shelf AS (
    UPDATE shop_shelf SET free = free - 1, held = held + 1 FROM made
    WHERE shop_shelf.street_id = {street} AND shop_shelf.id = made.shelf
), reservation AS (
    INSERT INTO shop_reservation (id, street_id, code, person_id, asked_by_id, item_id, station_id, shelf_id, quantity,
                                  points, hold_id, state, reserved_at, expires_at)
    SELECT reservation, {street}, upper(right(reservation::text, 8)), person, person, item,
           {station}, shelf, 1, 1,
           hold, 'reserved', now(), now() + interval '7 days' FROM made
    ON CONFLICT DO NOTHING
), entry AS (
    INSERT INTO journal_entry (id, street_id, what, subject, actor_id, happened_at, facts)
    SELECT gen_random_uuid(), {street}, 'points.held', 'hold:' || hold, person, now(), jsonb_build_object(
        'hold', hold, 'account', account, 'for', 'reservation:' || reservation, 'points', 1, 'expires', 1,
        'draws', jsonb_build_array(jsonb_build_array(lot, 1))) FROM made
    UNION ALL
    SELECT gen_random_uuid(), {street}, 'shop.reserved', 'reservation:' || reservation, person, now(),
           jsonb_build_object('person', person, 'asked_by', person, 'household', NULL, 'item', item, 'station',
           {station}, 'shelf', shelf, 'quantity', 1, 'points', 1, 'hold', hold, 'expires', 1, 'mark', '0000') FROM made
)
SELECT reservation FROM made;
"""


def script(world: World, laid: Ground, goods: Sequence[ShopItem]) -> str:
    accounts = {account.person_id: account.id for account in Account.objects.filter(purse="spendable")}
    lots = {lot.account_id: lot.id for lot in Lot.objects.filter(points__gt=1_000_000)}
    of_people = [accounts[person.id] for person in laid.people]
    shelves = list(Shelf.objects.filter(item__in=goods, station=laid.station))
    return _SCRIPT.format(
        people=len(laid.people), shelves=len(shelves), street=f"'{world.street_id}'::uuid",
        station=f"'{laid.station.id}'::uuid", persons=array([person.id for person in laid.people]),
        accounts=array(of_people), lots=array([lots[account] for account in of_people]),
        shelf_ids=array([shelf.id for shelf in shelves]), item_ids=array([shelf.item_id for shelf in shelves]),
    )  # fmt: skip
