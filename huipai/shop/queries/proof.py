"""Proving the shop: every count against its movements, every reservation against its hold and the journal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from huipai.points.queries import Difference, differences
from huipai.shop.queries.proof_answers import verify_answers
from huipai.streets.current import in_street
from huipai.streets.models import Street

# A card and the entry that says that it was given; entries of before the mark say only to whom.
GIVEN: Final = """
    e.street_id = c.street_id AND e.what = 'shop.card_issued' AND e.subject = 'person:' || c.person_id
    AND e.actor_id = c.issued_by_id AND e.happened_at = c.issued_at
    AND (NOT e.facts ? 'card' OR (e.facts ->> 'card' = c.id::text AND e.facts ->> 'mark' = left(c.digest, 16)))"""
# What the journal keeps of a code, as `rules.codes.mark_of` makes it; entries of before keep nothing.
MARK: Final = "left(encode(sha256(convert_to(r.id::text || r.code, 'UTF8')), 'hex'), 4)"
# (table, why, statement giving id, said, found).
CHECKS: Final = (
    (
        "shop_shopitem",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT DISTINCT ON (e.subject) e.subject, e.facts
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND e.what IN ('shop.item_opened', 'shop.item_changed')
               ORDER BY e.subject, e.happened_at DESC, e.id DESC
           ), gone AS (
               SELECT e.subject, e.happened_at FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND e.what = 'shop.item_withdrawn'
           ), written AS (
               SELECT i.id, 'shop_item:' || i.id AS subject, i.withdrawn_at, jsonb_build_object(
                   'points', i.points, 'category', i.category, 'audience', i.audience, 'limit', i.limit_count,
                   'days', i.limit_days, 'photo', i.photo_id,
                   'called', encode(sha256(convert_to(i.name || '|' || i.unit, 'UTF8')), 'hex')) AS facts
               FROM shop_shopitem AS i WHERE i.street_id = %(street)s
           )
           SELECT coalesce(written.id, substr(said.subject, 11)::uuid),
                  said.facts || jsonb_build_object('gone', gone.happened_at),
                  written.facts || jsonb_build_object('gone', written.withdrawn_at)
           FROM said FULL JOIN written ON written.subject = said.subject
           LEFT JOIN gone ON gone.subject = said.subject
           WHERE written.facts @> (said.facts - 'proposal') IS NOT TRUE
               OR gone.happened_at IS DISTINCT FROM written.withdrawn_at
           ORDER BY 1""",
    ),
    (
        "shop_shopitem",
        "it did not come into the shop when the journal says",
        """SELECT i.id, e.happened_at::text, i.opened_at::text
           FROM shop_shopitem AS i
           LEFT JOIN journal_entry AS e ON e.street_id = i.street_id AND e.what = 'shop.item_opened'
               AND e.subject = 'shop_item:' || i.id
           WHERE i.street_id = %(street)s AND i.opened_at IS DISTINCT FROM e.happened_at ORDER BY i.id""",
    ),
    (
        "shop_itemproposal",
        "it is not what the journal recorded",
        """WITH ended AS (
               SELECT coalesce('shop_proposal:' || (e.facts ->> 'proposal'), e.subject) AS subject, CASE e.what
                          WHEN 'shop.item_refused' THEN 'refused' WHEN 'shop.item_unproposed' THEN 'withdrawn'
                          ELSE 'opened' END AS state, e.actor_id, e.happened_at,
                      CASE WHEN e.facts ? 'proposal' THEN substr(e.subject, 11) END AS item
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND (e.what IN ('shop.item_refused', 'shop.item_unproposed')
                   OR e.what IN ('shop.item_opened', 'shop.item_changed') AND e.facts ? 'proposal')
           ), said AS (
               SELECT e.subject, e.facts || jsonb_build_object(
                   'item', coalesce(ended.item, e.facts ->> 'item'), 'by', e.actor_id, 'at', e.happened_at,
                   'new', e.facts ->> 'item' IS NULL, 'state', coalesce(ended.state, 'proposed'),
                   'judge', CASE WHEN ended.state <> 'withdrawn' THEN ended.actor_id END,
                   'decided', ended.happened_at) AS facts
               FROM journal_entry AS e LEFT JOIN ended ON ended.subject = e.subject
               WHERE e.street_id = %(street)s AND e.what = 'shop.item_proposed'
           ), written AS (
               SELECT p.id, 'shop_proposal:' || p.id AS subject, jsonb_build_object(
                   'points', p.points, 'category', p.category, 'audience', p.audience, 'limit', p.limit_count,
                   'days', p.limit_days,
                   'called', encode(sha256(convert_to(p.name || '|' || p.unit, 'UTF8')), 'hex'),
                   'said', encode(sha256(convert_to(p.description, 'UTF8')), 'hex'), 'item', p.item_id,
                   'quantity', p.quantity, 'cost', p.cost_cents, 'by', p.proposed_by_id, 'at', p.proposed_at,
                   'new', p.is_new, 'state', p.state, 'judge', p.decided_by_id, 'decided', p.decided_at) AS facts
               FROM shop_itemproposal AS p WHERE p.street_id = %(street)s
           )
           SELECT coalesce(written.id, substr(said.subject, 15)::uuid), said.facts, written.facts
           FROM said FULL JOIN written ON written.subject = said.subject
           WHERE said.facts IS DISTINCT FROM written.facts ORDER BY 1""",
    ),
    (
        "shop_shopitem",
        "it is not what another opened",
        """WITH opened AS (
               SELECT DISTINCT ON (p.item_id) p.item_id, jsonb_build_array(
                   p.name, p.unit, p.description, p.category, p.points, p.audience, p.limit_count, p.limit_days
               ) AS terms
               FROM shop_itemproposal AS p
               WHERE p.street_id = %(street)s AND p.state = 'opened'
               ORDER BY p.item_id, p.decided_at DESC, p.id DESC
           ), written AS (
               SELECT i.id, jsonb_build_array(
                   i.name, i.unit, i.description, i.category, i.points, i.audience, i.limit_count, i.limit_days
               ) AS terms
               FROM shop_shopitem AS i WHERE i.street_id = %(street)s
           )
           SELECT written.id, opened.terms, written.terms
           FROM written LEFT JOIN opened ON opened.item_id = written.id
           LEFT JOIN journal_entry AS e ON e.street_id = %(street)s AND e.what = 'shop.item_opened'
               AND e.subject = 'shop_item:' || written.id AND NOT e.facts ? 'proposal'
           WHERE opened.terms IS DISTINCT FROM written.terms AND (e.id IS NULL OR opened.terms IS NOT NULL)
           ORDER BY written.id""",
    ),
    (
        "shop_movement",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT (e.facts ->> 'movement')::uuid AS movement_id, e.facts - 'movement' AS facts, e.actor_id,
                      e.happened_at
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND e.what IN ('shop.stock_moved', 'shop.handed_over')
           ), written AS (
               SELECT m.id, m.actor_id, m.moved_at, jsonb_build_object(
                   'item', m.item_id, 'station', m.station_id, 'quantity', m.quantity, 'reason', m.reason,
                   'cost', m.cost_cents, 'counted', m.counted, 'for', m.subject) AS facts
               FROM shop_movement AS m WHERE m.street_id = %(street)s
           )
           SELECT coalesce(written.id, said.movement_id), said.facts, written.facts
           FROM said FULL JOIN written ON written.id = said.movement_id
           WHERE (said.facts, said.actor_id, said.happened_at)
               IS DISTINCT FROM (written.facts, written.actor_id, written.moved_at)
           ORDER BY 1""",
    ),
    (
        "shop_reservation",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT substr(e.subject, 13)::uuid AS reservation_id, e.facts - 'mark' - 'key' AS facts, e.actor_id,
                      e.happened_at
               FROM journal_entry AS e WHERE e.street_id = %(street)s AND e.what = 'shop.reserved'
           ), written AS (
               SELECT r.id, h.actor_id, r.reserved_at, jsonb_build_object(
                   'person', r.person_id, 'asked_by', r.asked_by_id, 'household', r.household_id, 'item', r.item_id,
                   'station', r.station_id, 'shelf', r.shelf_id, 'quantity', r.quantity, 'points', r.points,
                   'hold', r.hold_id, 'expires', (extract(epoch FROM r.expires_at) * 1000000)::bigint) AS facts
               FROM shop_reservation AS r
               JOIN points_hold AS h ON h.street_id = r.street_id AND h.id = r.hold_id
               WHERE r.street_id = %(street)s
           )
           SELECT coalesce(written.id, said.reservation_id), said.facts, written.facts
           FROM said FULL JOIN written ON written.id = said.reservation_id
           WHERE (said.facts, said.actor_id, said.happened_at)
               IS DISTINCT FROM (written.facts, written.actor_id, written.reserved_at)
           ORDER BY 1""",
    ),
    (
        "shop_reservation",
        "its code is not the one that was given for it",
        f"""SELECT r.id, e.facts ->> 'mark', {MARK}
           FROM shop_reservation AS r
           JOIN journal_entry AS e ON e.street_id = r.street_id AND e.what = 'shop.reserved'
               AND e.subject = 'reservation:' || r.id
           WHERE r.street_id = %(street)s
               AND (r.code !~ '^[A-Z0-9]{{8}}$' OR e.facts ? 'mark' AND e.facts ->> 'mark' <> {MARK}) ORDER BY r.id""",
    ),
    (
        "shop_reservation",
        "its end is not what the journal recorded",
        """WITH told AS (
               SELECT substr(e.subject, 13)::uuid AS reservation_id, substr(e.what, 6) AS state, e.actor_id,
                      e.happened_at
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s
                   AND e.what IN ('shop.handed_over', 'shop.cancelled', 'shop.lapsed')
           )
           SELECT r.id, coalesce(told.state, 'reserved'), r.state
           FROM shop_reservation AS r LEFT JOIN told ON told.reservation_id = r.id
           WHERE r.street_id = %(street)s
               AND (r.state, r.settled_at, r.settled_by)
                   IS DISTINCT FROM (coalesce(told.state, 'reserved'), told.happened_at, told.actor_id)
           ORDER BY r.id""",
    ),
    (
        "shop_reservation",
        "it and the points that it set aside do not say the same",
        """SELECT r.id, r.state || ' ' || r.points, h.state || ' ' || h.points
           FROM shop_reservation AS r
           JOIN points_hold AS h ON h.street_id = r.street_id AND h.id = r.hold_id
           JOIN points_account AS a ON a.street_id = h.street_id AND a.id = h.account_id
           WHERE r.street_id = %(street)s AND NOT (
               r.points = h.points AND r.expires_at = h.expires_at AND h.subject = 'reservation:' || r.id
               AND (CASE WHEN r.household_id IS NULL THEN r.person_id = a.person_id
                         ELSE r.household_id = a.household_id END)
               AND (r.state, h.state) IN (('reserved', 'open'), ('reserved', 'expired'), ('handed_over', 'captured'),
                                          ('cancelled', 'voided'), ('lapsed', 'expired')))
           ORDER BY r.id""",
    ),
    (
        "shop_reservation",
        "what it left the shelf with is not what it reserved",
        """SELECT r.id, -r.quantity, coalesce(sum(m.quantity), 0)
           FROM shop_reservation AS r
           LEFT JOIN shop_movement AS m
               ON m.street_id = r.street_id AND m.reason = 'handed_over' AND m.subject = 'reservation:' || r.id
               AND m.item_id = r.item_id AND m.station_id = r.station_id
           WHERE r.street_id = %(street)s GROUP BY r.id, r.quantity, r.state
           HAVING coalesce(sum(m.quantity), 0) <> CASE r.state WHEN 'handed_over' THEN -r.quantity ELSE 0 END
           ORDER BY r.id""",
    ),
    (
        "shop_shelf",
        "what lies there is not what came less what went",
        """SELECT coalesce(s.id, m.station_id), m.moved, s.lies
           FROM (SELECT item_id, station_id, sum(quantity) AS moved FROM shop_movement
                 WHERE street_id = %(street)s GROUP BY item_id, station_id) AS m
           FULL JOIN (SELECT item_id, station_id, (min(id::text))::uuid AS id, sum(free + held) AS lies FROM shop_shelf
                      WHERE street_id = %(street)s GROUP BY item_id, station_id) AS s
               ON s.item_id = m.item_id AND s.station_id = m.station_id
           WHERE coalesce(m.moved, 0) <> coalesce(s.lies, 0) ORDER BY 1""",
    ),
    (
        "shop_shelf",
        "what is kept is not what reservations keep",
        """SELECT s.id, coalesce(sum(r.quantity), 0), s.held
           FROM shop_shelf AS s
           LEFT JOIN shop_reservation AS r
               ON r.street_id = s.street_id AND r.shelf_id = s.id AND r.state = 'reserved'
           WHERE s.street_id = %(street)s GROUP BY s.id, s.held
           HAVING s.held <> coalesce(sum(r.quantity), 0) ORDER BY s.id""",
    ),
    (
        "shop_budget",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT substr(e.subject, 13)::uuid AS budget_id, e.facts, e.actor_id, e.happened_at
               FROM journal_entry AS e WHERE e.street_id = %(street)s AND e.what = 'shop.budget_proposed'
           ), written AS (
               SELECT b.id, b.proposed_by_id, b.proposed_at, jsonb_build_object(
                   'begins_on', b.begins_on, 'ends_on', b.ends_on, 'amount_cents', b.amount_cents,
                   'point_cents', b.point_cents) AS facts
               FROM shop_budget AS b WHERE b.street_id = %(street)s
           )
           SELECT coalesce(written.id, said.budget_id), said.facts, written.facts
           FROM said FULL JOIN written ON written.id = said.budget_id
           WHERE (said.facts, said.actor_id, said.happened_at)
               IS DISTINCT FROM (written.facts, written.proposed_by_id, written.proposed_at)
           ORDER BY 1""",
    ),
    (
        "shop_budget",
        "its approval is not what the journal recorded",
        """WITH told AS (
               SELECT substr(e.subject, 13)::uuid AS budget_id, e.actor_id, e.happened_at
               FROM journal_entry AS e WHERE e.street_id = %(street)s AND e.what = 'shop.budget_approved'
           )
           SELECT b.id, coalesce(told.actor_id::text, 'nobody'), coalesce(b.approved_by_id::text, 'nobody')
           FROM shop_budget AS b LEFT JOIN told ON told.budget_id = b.id
           WHERE b.street_id = %(street)s
               AND (b.approved_by_id, b.approved_at) IS DISTINCT FROM (told.actor_id, told.happened_at)
           ORDER BY b.id""",
    ),
    (
        "shop_budget",
        "its end is not what the journal recorded",
        """WITH told AS (
               SELECT substr(e.subject, 13)::uuid AS budget_id, e.actor_id, e.happened_at, e.what
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND e.what IN ('shop.budget_refused', 'shop.budget_withdrawn')
           )
           SELECT b.id, coalesce(told.what, 'nothing'), coalesce(b.ended_by_id::text, 'nobody')
           FROM shop_budget AS b LEFT JOIN told ON told.budget_id = b.id
           WHERE b.street_id = %(street)s
               AND (b.ended_by_id, b.ended_at, CASE WHEN b.ended_by_id = b.proposed_by_id THEN 'shop.budget_withdrawn'
                                                    WHEN b.ended_by_id IS NOT NULL THEN 'shop.budget_refused' END)
                   IS DISTINCT FROM (told.actor_id, told.happened_at, told.what)
           ORDER BY b.id""",
    ),
    (
        "shop_budget",
        "its last day is not what the journal recorded, or was over when it was set",
        """WITH told AS (
               SELECT DISTINCT ON (e.subject) substr(e.subject, 13)::uuid AS budget_id, e.happened_at,
                   (e.facts ->> 'last_on')::date AS last_on, (e.facts ->> 'by')::uuid AS by_id
               FROM journal_entry AS e WHERE e.street_id = %(street)s AND e.what = 'shop.budget_replaced'
               ORDER BY e.subject, e.happened_at DESC, e.id DESC
           )
           SELECT b.id, coalesce(told.last_on::text, 'as asked'), coalesce(b.last_on::text, 'as asked')
           FROM shop_budget AS b LEFT JOIN told ON told.budget_id = b.id
           LEFT JOIN shop_budget AS n ON n.street_id = b.street_id AND n.id = told.by_id
           WHERE b.street_id = %(street)s
               AND (b.last_on IS DISTINCT FROM told.last_on
                    OR b.last_on IS NOT NULL AND (n.approved_at IS DISTINCT FROM told.happened_at
                        OR b.last_on < (told.happened_at AT TIME ZONE 'Asia/Shanghai')::date))
           ORDER BY b.id""",
    ),
    (
        "shop_card",
        "it is not the card that was given",
        f"""SELECT c.id, 'another', 'this' FROM shop_card AS c
           WHERE c.street_id = %(street)s AND NOT EXISTS (SELECT FROM journal_entry AS e WHERE {GIVEN})
           UNION ALL
           SELECT e.id, 'given', 'nothing' FROM journal_entry AS e
           WHERE e.street_id = %(street)s AND e.what = 'shop.card_issued'
               AND NOT EXISTS (SELECT FROM shop_card AS c WHERE {GIVEN})
           ORDER BY 1""",
    ),
    (
        "shop_card",
        "it was not blocked as the journal recorded",
        """SELECT c.id, coalesce(e.happened_at::text, 'never'), coalesce(c.blocked_at::text, 'never')
           FROM shop_card AS c
           LEFT JOIN journal_entry AS e
               ON e.street_id = c.street_id AND e.what = 'shop.card_blocked' AND e.subject = 'person:' || c.person_id
               AND (CASE WHEN e.facts ? 'card' THEN e.facts ->> 'card' = c.id::text
                         ELSE e.happened_at = c.blocked_at END)
           WHERE c.street_id = %(street)s AND c.blocked_at IS DISTINCT FROM e.happened_at ORDER BY c.id""",
    ),
    (
        "points_hold",
        "it sets points aside for a reservation that is not there, or is another's",
        """SELECT h.id, h.subject, coalesce(r.id::text, 'nothing')
           FROM points_hold AS h
           LEFT JOIN shop_reservation AS r ON r.street_id = h.street_id AND r.hold_id = h.id
           WHERE h.street_id = %(street)s AND h.subject LIKE 'reservation:%%'
               AND h.subject IS DISTINCT FROM 'reservation:' || r.id ORDER BY h.id""",
    ),
    (
        "points_line",
        "it does not name the station in which the thing was handed over",
        """SELECT l.id, r.station_id, l.station_id
           FROM shop_reservation AS r
           JOIN points_hold AS h ON h.street_id = r.street_id AND h.id = r.hold_id
           JOIN points_line AS l
               ON l.street_id = h.street_id AND l.posting_id = h.posting_id AND l.book = 'redemption'
           WHERE r.street_id = %(street)s AND l.station_id IS DISTINCT FROM r.station_id ORDER BY l.id""",
    ),
    (
        "stations_station",
        "the points that the ledger says were redeemed there are not those of what the shop handed over there",
        """SELECT coalesce(ledger.station_id, shop.station_id), coalesce(shop.points, 0), coalesce(ledger.points, 0)
           FROM (SELECT station_id, sum(amount) AS points FROM points_line
                 WHERE street_id = %(street)s AND station_id IS NOT NULL GROUP BY station_id) AS ledger
           FULL JOIN (SELECT station_id, sum(points) AS points FROM shop_reservation
                      WHERE street_id = %(street)s AND state = 'handed_over' GROUP BY station_id) AS shop
               ON shop.station_id = ledger.station_id
           WHERE coalesce(ledger.points, 0) <> coalesce(shop.points, 0) ORDER BY 1""",
    ),
    (
        "points_posting",
        "it pays for a reservation that was not handed over by it",
        """SELECT p.id, p.subject, coalesce(r.id || ' ' || r.state, 'nothing')
           FROM points_posting AS p
           LEFT JOIN points_hold AS h ON h.street_id = p.street_id AND h.posting_id = p.id
           LEFT JOIN shop_reservation AS r ON r.street_id = h.street_id AND r.hold_id = h.id
           WHERE p.street_id = %(street)s AND p.kind = 'spend' AND p.subject LIKE 'reservation:%%'
               AND (p.subject, 'handed_over') IS DISTINCT FROM ('reservation:' || r.id, r.state) ORDER BY p.id""",
    ),
)


def verify_shop(street: Street) -> Iterator[Difference]:
    """Each difference in the shop of one street; nothing where all of it holds."""
    yield from differences(CHECKS, street)
    with in_street(street.id):
        yield from verify_answers()
