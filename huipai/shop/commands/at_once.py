"""A reservation in one statement and one round trip, where nothing stands in the way.

It writes everything or nothing. Where it writes nothing, `reserving` takes the long way, which alone refuses, waits,
gathers from several slots and gives stored answers: this one knows only the way on which all goes well.
"""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from huipai.journal import commands as journal
from huipai.kit import hot
from huipai.kit.ids import new_id, short_code
from huipai.people.models import Person
from huipai.points import commands as points
from huipai.points.queries import LOT_ENDS
from huipai.points.words import Fact as Held
from huipai.shop import policies
from huipai.shop.commands.ordering import Order
from huipai.shop.models import Reservation
from huipai.shop.rules.codes import mark_of
from huipai.shop.words import CODE_LENGTH, HOLD_LASTS, MOST_AT_ONCE, SLOTS, Audience, Fact
from huipai.streets.current import street_in_force

# The account is locked first, as everywhere. `seen` is its row as this statement saw it when it began: if another has
# written it since, the lots that were read belong to the past and nothing is written. Every change of a lot changes
# its account. What is owed beside free points the long way pays first (decision 0106). `room` comes after it: a limit
# for each person is counted in turn (migrations/_guards.py), in the list of what is selected, so that nobody waits
# there who does not hold the account. Each of the writes hangs on the key, which is written once.
AT_ONCE: Final = f"""
WITH wanted AS (
    SELECT item.points * %(quantity)s AS points, least(%(expires)s::timestamptz, closing.redeem_until) AS expires_at,
           item.limit_count, item.limit_days, closing.awards_until, closing.redeem_until
    FROM shop_shopitem AS item
    JOIN stations_station AS station ON station.street_id = item.street_id AND station.id = %(station)s
        AND station.opened_at <= %(now)s AND (station.closed_at IS NULL OR station.closed_at > %(now)s)
    LEFT JOIN points_closing AS closing ON closing.street_id = item.street_id AND closing.approved_at IS NOT NULL
    WHERE item.street_id = %(street)s AND item.id = %(item)s AND item.opened_at <= %(now)s
        AND (item.withdrawn_at IS NULL OR item.withdrawn_at > %(now)s)
        AND item.points = coalesce(%(price)s::int, item.points)
        AND item.audience = ANY(%(audiences)s::text[])
        AND (closing.redeem_until IS NULL OR closing.redeem_until > %(now)s)
), seen AS MATERIALIZED (
    SELECT id, xmin AS version FROM points_account
    WHERE street_id = %(street)s AND person_id = %(person)s AND purse = 'spendable'
), held AS MATERIALIZED (
    SELECT id, xmin AS version FROM points_account
    WHERE street_id = %(street)s AND person_id = %(person)s AND purse = 'spendable'
        AND EXISTS (SELECT FROM wanted)
    FOR NO KEY UPDATE
), account AS (
    SELECT held.id FROM held JOIN seen ON seen.id = held.id AND seen.version = held.version
    WHERE NOT EXISTS (SELECT FROM points_hold AS over
                      WHERE over.street_id = %(street)s AND over.account_id = held.id AND over.state = 'open'
                          AND over.expires_at <= %(now)s)
        AND NOT EXISTS (SELECT FROM points_account AS owed
                        WHERE owed.street_id = %(street)s AND owed.person_id = %(person)s AND owed.purse = 'debt'
                            AND owed.balance < 0)
), room AS MATERIALIZED (
    SELECT CASE WHEN wanted.limit_count IS NULL THEN true ELSE %(quantity)s + shop_counted_in_turn(
               %(street)s, %(person)s, %(item)s, wanted.limit_days, %(now)s) <= wanted.limit_count END AS is_there
    FROM account, wanted
), lot AS (
    SELECT lot.id, lot.remaining - lot.held AS free,
           sum(lot.remaining - lot.held) OVER (ORDER BY ends.at NULLS LAST, lot.id) AS upto
    FROM points_lot AS lot CROSS JOIN wanted AS closing
    CROSS JOIN LATERAL (SELECT {LOT_ENDS} AS at) AS ends
    WHERE lot.street_id = %(street)s AND lot.account_id = (SELECT id FROM account) AND lot.remaining > 0
        AND lot.remaining > lot.held AND (ends.at IS NULL OR ends.at > %(now)s)
), draw AS MATERIALIZED (
    SELECT lot.id AS lot_id, least(lot.free, wanted.points - (lot.upto - lot.free))::int AS points
    FROM lot, wanted WHERE lot.upto - lot.free < wanted.points
), shelf AS MATERIALIZED (
    SELECT id FROM shop_shelf
    WHERE street_id = %(street)s AND item_id = %(item)s AND station_id = %(station)s AND free >= %(quantity)s
        AND (SELECT sum(points) FROM draw) = (SELECT points FROM wanted) AND (SELECT is_there FROM room)
    ORDER BY mod(slot + %(turn)s::int, 16) LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
), asked AS (
    INSERT INTO points_answered (id, street_id, key, actor_id, verb, content_hash, answer, answered_at)
    SELECT %(answered)s, %(street)s, %(key)s, %(actor)s, 'shop.reserve', %(hash)s, %(answer)s::jsonb, %(now)s
    FROM shelf
    ON CONFLICT (street_id, key) DO NOTHING
    RETURNING id
), hold AS (
    INSERT INTO points_hold (id, street_id, account_id, subject, points, state, opened_at, expires_at, actor_id)
    SELECT %(hold)s, %(street)s, account.id, 'reservation:' || %(id)s::text, wanted.points, 'open', %(now)s,
           wanted.expires_at, %(actor)s
    FROM asked, account, wanted
    RETURNING id, account_id, subject, points, expires_at
), drawn AS (
    INSERT INTO points_holddraw (id, street_id, hold_id, lot_id, points)
    SELECT gen_random_uuid(), %(street)s, hold.id, draw.lot_id, draw.points FROM hold, draw
    RETURNING lot_id, points
), lot_held AS (
    UPDATE points_lot SET held = points_lot.held + drawn.points
    FROM drawn WHERE points_lot.street_id = %(street)s AND points_lot.id = drawn.lot_id
), account_held AS (
    UPDATE points_account SET held = points_account.held + hold.points
    FROM hold WHERE points_account.street_id = %(street)s AND points_account.id = hold.account_id
), taken AS (
    UPDATE shop_shelf SET free = free - %(quantity)s, held = held + %(quantity)s
    FROM asked WHERE shop_shelf.street_id = %(street)s AND shop_shelf.id = (SELECT id FROM shelf)
), reservation AS (
    INSERT INTO shop_reservation (id, street_id, code, person_id, asked_by_id, household_id, item_id, station_id,
                                  shelf_id, quantity, points, hold_id, state, reserved_at, expires_at)
    SELECT %(id)s, %(street)s, %(code)s, %(person)s, %(asker)s, NULL, %(item)s, %(station)s, shelf.id,
           %(quantity)s, hold.points, hold.id, 'reserved', %(now)s, hold.expires_at
    FROM hold, shelf
    RETURNING id, shelf_id, points, expires_at
), entry AS (
    INSERT INTO journal_entry (id, street_id, what, subject, actor_id, happened_at, facts)
    SELECT %(held_entry)s, %(street)s, 'points.held', 'hold:' || hold.id, %(actor)s, %(now)s, jsonb_build_object(
               'hold', hold.id, 'account', hold.account_id, 'for', hold.subject, 'points', hold.points,
               'expires', (extract(epoch FROM hold.expires_at) * 1000000)::bigint,
               'draws', (SELECT jsonb_agg(jsonb_build_array(lot_id, points) ORDER BY lot_id::text COLLATE "C")
                         FROM draw))
    FROM hold
    UNION ALL
    SELECT %(reserved_entry)s, %(street)s, 'shop.reserved', 'reservation:' || reservation.id, %(actor)s, %(now)s,
           jsonb_build_object(
               'person', %(person)s::uuid, 'asked_by', %(asker)s::uuid, 'household', NULL, 'item', %(item)s::uuid,
               'station', %(station)s::uuid, 'shelf', reservation.shelf_id, 'quantity', %(quantity)s::int,
               'points', reservation.points, 'hold', %(hold)s::uuid,
               'expires', (extract(epoch FROM reservation.expires_at) * 1000000)::bigint, 'mark', %(mark)s::text,
               'key', %(key)s::uuid)
    FROM reservation
)
SELECT shelf_id, points, expires_at FROM reservation
"""


def reserve(*, key: UUID, order: Order, actor: Person, now: datetime) -> Reservation | None:
    """The reservation if all goes well, in a transaction of its own where nobody follows; else None.

    For a person's own points; a household's take the long way anyhow.
    """
    if order.household or not 1 <= order.quantity <= MOST_AT_ONCE:
        return None
    if not policies.may_exchange_for(actor, order.person, now):
        return None
    values = _values(key, order, actor, now)
    try:
        with transaction.atomic() if _is_followed() or connection.in_atomic_block else nullcontext():
            found = hot.rows(AT_ONCE, values)
            if found:
                journal.tell_followers(what=Held.HELD, entry_id=values["held_entry"])
                journal.tell_followers(what=Fact.RESERVED, entry_id=values["reserved_entry"])
    except IntegrityError:  # a code that is taken already; the long way finds another
        return None
    return _made(values, order, actor, *found[0]) if found else None


def _is_followed() -> bool:
    return journal.is_followed(Held.HELD) or journal.is_followed(Fact.RESERVED)


def _values(key: UUID, order: Order, actor: Person, now: datetime) -> dict[str, Any]:
    reservation_id, code = new_id(), short_code(CODE_LENGTH)
    return {
        "street": street_in_force(), "id": reservation_id, "key": key, "answered": new_id(),
        "answer": json.dumps({"reservation": str(reservation_id)}),
        "hash": points.hash_of("shop.reserve", order.content()), "hold": new_id(), "held_entry": new_id(),
        "reserved_entry": new_id(), "code": code, "mark": mark_of(reservation_id, code), "item": order.item_id,
        "station": order.station_id, "person": order.person.id, "asker": actor.id, "actor": actor.id,
        "quantity": order.quantity, "price": order.price,
        "expires": now + HOLD_LASTS, "now": now, "turn": new_id().int % SLOTS,
        "audiences": [each.value for each in Audience if policies.may_have(order.person, each, now)],
    }  # fmt: skip


def _made(
    values: dict[str, Any], order: Order, actor: Person, shelf_id: UUID, cost: int, expires_at: datetime
) -> Reservation:
    """The row that the statement has just written."""
    made = Reservation(
        id=values["id"], street_id=values["street"], code=values["code"], person=order.person, asked_by=actor,
        item_id=order.item_id, station_id=order.station_id, shelf_id=shelf_id, quantity=order.quantity, points=cost,
        hold_id=values["hold"], reserved_at=values["now"], expires_at=expires_at,
    )  # fmt: skip
    points.as_stored(made)
    return made
