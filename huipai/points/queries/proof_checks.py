"""What must hold of the rows of a ledger, each as one statement that gives those of which it does not."""

from typing import Final

from huipai.points.queries.closing import LOT_ENDS

# (table, why, statement giving id, said, found); each statement is one snapshot, so writing may go on meanwhile.
CHECKS: Final = (
    (
        "points_posting",
        "its lines do not sum to zero",
        """SELECT p.id, 0, coalesce(sum(l.amount), 0)
           FROM points_posting AS p
           LEFT JOIN points_line AS l ON l.street_id = p.street_id AND l.posting_id = p.id
           WHERE p.street_id = %(street)s GROUP BY p.id
           HAVING count(l.id) = 0 OR sum(l.amount) <> 0 ORDER BY p.id""",
    ),
    (
        "points_posting",
        "it is not what its item gave when the deed was received",
        """SELECT p.id, i.code || ' ' || i.points, p.item_code || ' ' || p.points
           FROM points_posting AS p
           JOIN rulebook_pointitem AS i ON i.street_id = p.street_id AND i.id = p.item_id
           JOIN rulebook_rulebookversion AS v ON v.street_id = i.street_id AND v.id = i.version_id
           CROSS JOIN LATERAL rulebook_counts_at(p.received_at, (SELECT rulebook_held_from(%(street)s))) AS calendar(at)
           WHERE p.street_id = %(street)s AND p.kind = 'award'
               AND (i.code <> p.item_code OR i.points < p.points
                    OR (i.points <> p.points AND i.formula IS NULL) OR v.effective_from IS NULL
                    OR calendar.at < v.effective_from OR calendar.at >= v.effective_until)
           ORDER BY p.id""",
    ),
    (
        "points_line",
        "it moves the points of somebody else",
        """SELECT l.id, coalesce(p.person_id, p.household_id), coalesce(a.person_id, a.household_id)
           FROM points_line AS l
           JOIN points_posting AS p ON p.street_id = l.street_id AND p.id = l.posting_id
           JOIN points_account AS a ON a.street_id = l.street_id AND a.id = l.account_id
           WHERE l.street_id = %(street)s
               AND (a.person_id, a.household_id) IS DISTINCT FROM (p.person_id, p.household_id) ORDER BY l.id""",
    ),
    (
        "points_line",
        "points that were set aside were used for it, and it does not say in which station",
        """SELECT l.id, h.subject, 'nothing'
           FROM points_line AS l
           JOIN points_hold AS h ON h.street_id = l.street_id AND h.posting_id = l.posting_id
           WHERE l.street_id = %(street)s AND l.book = 'redemption' AND l.station_id IS NULL ORDER BY l.id""",
    ),
    (
        "points_account",
        "its balance is not the sum of its lines",
        """SELECT a.id, coalesce(sum(l.amount), 0), a.balance
           FROM points_account AS a
           LEFT JOIN points_line AS l ON l.street_id = a.street_id AND l.account_id = a.id
           WHERE a.street_id = %(street)s GROUP BY a.id, a.balance
           HAVING a.balance <> coalesce(sum(l.amount), 0) ORDER BY a.id""",
    ),
    (
        "points_lot",
        "what remains is not what was given less what was taken",
        """SELECT t.id, t.points - coalesce(sum(d.points), 0), t.remaining
           FROM points_lot AS t
           LEFT JOIN points_allocation AS d ON d.street_id = t.street_id AND d.lot_id = t.id
           WHERE t.street_id = %(street)s GROUP BY t.id, t.points, t.remaining
           HAVING t.remaining <> t.points - coalesce(sum(d.points), 0) ORDER BY t.id""",
    ),
    (
        "points_account",
        "its balance is not what remains in its lots",
        """SELECT a.id, coalesce(sum(t.remaining), 0), a.balance
           FROM points_account AS a
           LEFT JOIN points_lot AS t ON t.street_id = a.street_id AND t.account_id = a.id
           WHERE a.street_id = %(street)s AND a.purse = 'spendable' GROUP BY a.id, a.balance
           HAVING a.balance <> coalesce(sum(t.remaining), 0) ORDER BY a.id""",
    ),
    (
        "points_account",
        "it has lots, which only a purse that can be spent has",
        """SELECT a.id, 'spendable', a.purse
           FROM points_account AS a
           WHERE a.street_id = %(street)s AND a.purse <> 'spendable'
               AND EXISTS (SELECT FROM points_lot AS t WHERE t.street_id = a.street_id AND t.account_id = a.id)
           ORDER BY a.id""",
    ),
    (
        "points_account",
        "something is owed though there are free points to pay it with",
        """SELECT owed.id, 0, owed.balance
           FROM points_account AS owed
           JOIN points_account AS free ON free.street_id = owed.street_id AND free.purse = 'spendable'
               AND (free.person_id, free.household_id) IS NOT DISTINCT FROM (owed.person_id, owed.household_id)
           LEFT JOIN points_closing AS closing
               ON closing.street_id = owed.street_id AND closing.approved_at IS NOT NULL
           WHERE owed.street_id = %(street)s AND owed.purse = 'debt' AND owed.balance < 0
               AND EXISTS (
                   SELECT FROM points_lot AS lot
                   JOIN points_posting AS given ON given.street_id = lot.street_id AND given.id = lot.posting_id
                   WHERE lot.street_id = owed.street_id AND lot.account_id = free.id AND lot.remaining > lot.held
                       AND {ends} > greatest(given.posted_at, (
                           SELECT max(p.posted_at) FROM points_line AS line
                           JOIN points_posting AS p ON p.street_id = line.street_id AND p.id = line.posting_id
                           WHERE line.street_id = owed.street_id AND line.account_id = owed.id)))
           ORDER BY owed.id""".replace("{ends}", f"coalesce({LOT_ENDS}, 'infinity')"),
    ),
    (
        "points_account",
        "what is held is not what its open holds have set aside",
        """SELECT a.id, coalesce(sum(h.points), 0), a.held
           FROM points_account AS a
           LEFT JOIN points_hold AS h
               ON h.street_id = a.street_id AND h.account_id = a.id AND h.state = 'open'
           WHERE a.street_id = %(street)s GROUP BY a.id, a.held
           HAVING a.held <> coalesce(sum(h.points), 0) ORDER BY a.id""",
    ),
    (
        "points_lot",
        "what is held is not what open holds have drawn on it",
        """SELECT t.id, coalesce(sum(d.points) FILTER (WHERE h.state = 'open'), 0), t.held
           FROM points_lot AS t
           LEFT JOIN points_holddraw AS d ON d.street_id = t.street_id AND d.lot_id = t.id
           LEFT JOIN points_hold AS h ON h.street_id = d.street_id AND h.id = d.hold_id
           WHERE t.street_id = %(street)s GROUP BY t.id, t.held
           HAVING t.held <> coalesce(sum(d.points) FILTER (WHERE h.state = 'open'), 0) ORDER BY t.id""",
    ),
    (
        "points_lot",
        "it lies in an account that its posting did not pay",
        """SELECT t.id, coalesce(p.person_id, p.household_id)::text, coalesce(a.person_id, a.household_id)::text
           FROM points_lot AS t
           JOIN points_posting AS p ON p.street_id = t.street_id AND p.id = t.posting_id
           JOIN points_account AS a ON a.street_id = t.street_id AND a.id = t.account_id
           WHERE t.street_id = %(street)s AND NOT EXISTS (
               SELECT FROM points_line AS l
               WHERE l.street_id = t.street_id AND l.posting_id = t.posting_id AND l.account_id = t.account_id
                   AND l.amount >= t.points) ORDER BY t.id""",
    ),
    (
        "points_allocation",
        "it draws on a lot of another account",
        """SELECT d.id, t.account_id::text, d.posting_id::text
           FROM points_allocation AS d
           JOIN points_lot AS t ON t.street_id = d.street_id AND t.id = d.lot_id
           WHERE d.street_id = %(street)s AND NOT EXISTS (
               SELECT FROM points_line AS l
               WHERE l.street_id = d.street_id AND l.posting_id = d.posting_id AND l.account_id = t.account_id)
           ORDER BY d.id""",
    ),
    (
        "points_holddraw",
        "it draws on a lot of another account",
        """SELECT d.id, h.account_id, t.account_id
           FROM points_holddraw AS d
           JOIN points_hold AS h ON h.street_id = d.street_id AND h.id = d.hold_id
           JOIN points_lot AS t ON t.street_id = d.street_id AND t.id = d.lot_id
           WHERE d.street_id = %(street)s AND t.account_id <> h.account_id ORDER BY d.id""",
    ),
    (
        "points_hold",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT (e.facts ->> 'hold')::uuid AS hold_id, e.facts, e.actor_id, e.happened_at
               FROM journal_entry AS e WHERE e.street_id = %(street)s AND e.what = 'points.held'
           ), draw AS (
               SELECT hold_id, jsonb_agg(jsonb_build_array(lot_id, points) ORDER BY lot_id::text COLLATE "C")
                   AS all_of_it
               FROM points_holddraw WHERE street_id = %(street)s GROUP BY hold_id
           ), written AS (
               SELECT h.id, h.actor_id, h.opened_at, jsonb_build_object(
                   'hold', h.id, 'account', h.account_id, 'for', h.subject, 'points', h.points,
                   'expires', (extract(epoch FROM h.expires_at) * 1000000)::bigint,
                   'draws', coalesce(draw.all_of_it, '[]'::jsonb)) AS facts
               FROM points_hold AS h LEFT JOIN draw ON draw.hold_id = h.id WHERE h.street_id = %(street)s
           )
           SELECT coalesce(written.id, said.hold_id), said.facts, written.facts
           FROM said FULL JOIN written ON written.id = said.hold_id
           WHERE (said.facts, said.actor_id, said.happened_at)
               IS DISTINCT FROM (written.facts, written.actor_id, written.opened_at)
           ORDER BY 1""",
    ),
    (
        "points_hold",
        "its end is not what the journal recorded",
        """WITH told AS (
               SELECT (e.facts ->> 'hold')::uuid AS hold_id, 'captured' AS state, e.happened_at,
                      (e.facts ->> 'posting')::uuid AS posting_id
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND e.what = 'points.spent' AND e.facts ? 'hold'
               UNION ALL
               SELECT substr(e.subject, 6)::uuid,
                      CASE e.what WHEN 'points.hold_voided' THEN 'voided' ELSE 'expired' END, e.happened_at, NULL
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND e.what IN ('points.hold_voided', 'points.hold_expired')
           )
           SELECT h.id, coalesce(told.state, 'open') || coalesce(' ' || told.happened_at, ''),
                  h.state || coalesce(' ' || h.settled_at, '')
           FROM points_hold AS h LEFT JOIN told ON told.hold_id = h.id
           WHERE h.street_id = %(street)s
               AND (h.state, h.settled_at, h.posting_id)
                   IS DISTINCT FROM (coalesce(told.state, 'open'), told.happened_at, told.posting_id)
           ORDER BY h.id""",
    ),
    (
        "points_grant",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT substr(e.subject, 7)::uuid AS grant_id, e.facts, e.actor_id, e.happened_at
               FROM journal_entry AS e WHERE e.street_id = %(street)s AND e.what = 'points.grant_proposed'
           ), written AS (
               SELECT g.id, g.proposed_by_id, g.proposed_at, jsonb_build_object(
                   'person', g.person_id, 'points', g.points, 'reason', g.reason, 'item', g.item_id,
                   'paper', g.paper_number, 'done', (extract(epoch FROM g.done_at) * 1000000)::bigint) AS facts
               FROM points_grant AS g WHERE g.street_id = %(street)s
           )
           SELECT coalesce(written.id, said.grant_id), said.facts, written.facts
           FROM said FULL JOIN written ON written.id = said.grant_id
           WHERE (said.facts, said.actor_id, said.happened_at)
               IS DISTINCT FROM (written.facts, written.proposed_by_id, written.proposed_at)
           ORDER BY 1""",
    ),
    (
        "points_grant",
        "its decision is not what the journal recorded",
        """WITH told AS (
               SELECT substr(e.subject, 7)::uuid AS grant_id, e.actor_id, e.happened_at,
                      CASE e.what WHEN 'points.granted' THEN 'approved' WHEN 'points.grant_declined' THEN 'declined'
                                  ELSE 'withdrawn' END AS state,
                      (e.facts ->> 'posting')::uuid AS posting_id
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s
                   AND e.subject LIKE 'grant:%%'
                   AND e.what IN ('points.granted', 'points.grant_declined', 'points.grant_withdrawn')
           )
           SELECT g.id, coalesce(told.state, 'proposed'), g.state
           FROM points_grant AS g LEFT JOIN told ON told.grant_id = g.id
           WHERE g.street_id = %(street)s
               AND (g.state, CASE g.state WHEN 'withdrawn' THEN g.proposed_by_id ELSE g.decided_by_id END,
                    g.decided_at, g.posting_id)
                   IS DISTINCT FROM (coalesce(told.state, 'proposed'), told.actor_id, told.happened_at, told.posting_id)
           ORDER BY g.id""",
    ),
    (
        "points_posting",
        "it was given by hand, and no grant or appeal that was decided is behind it",
        """SELECT p.id, coalesce(g.id::text, c.id::text, t.id::text, 'nothing'), p.subject || ' ' || p.points
           FROM points_posting AS p
           LEFT JOIN points_grant AS g ON g.street_id = p.street_id AND g.posting_id = p.id
           LEFT JOIN points_correction AS c ON c.street_id = p.street_id AND c.restored_id = p.id
           LEFT JOIN points_contest AS t ON t.street_id = p.street_id AND t.restored_id = p.id
           WHERE p.street_id = %(street)s AND p.kind = 'grant'
               AND ((p.subject, p.person_id, p.points, 'approved')
                        IS DISTINCT FROM ('grant:' || g.id, g.person_id, g.points::int, g.state))
               AND ((p.subject, p.person_id, p.household_id)
                        IS DISTINCT FROM ('correction:' || c.id, c.person_id, c.household_id))
               AND ((p.subject, p.person_id) IS DISTINCT FROM ('contest:' || t.id, t.claimant_id))
           ORDER BY p.id""",
    ),
    (
        "points_posting",
        "a debt was let go, and no family has begun anew in that home",
        """SELECT p.id, 'left:' || p.household_id, p.subject
           FROM points_posting AS p
           WHERE p.street_id = %(street)s AND p.kind = 'forgiven'
               AND (p.subject <> 'left:' || p.household_id OR NOT EXISTS (
                   SELECT FROM journal_entry AS e
                   WHERE e.street_id = p.street_id AND e.what = 'family.began' AND e.happened_at = p.posted_at
                       AND e.facts ->> 'household' = p.household_id::text)) ORDER BY p.id""",
    ),
    (
        "points_closing",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT substr(e.subject, 9)::uuid AS closing_id, e.facts, e.actor_id, e.happened_at
               FROM journal_entry AS e WHERE e.street_id = %(street)s AND e.what = 'points.closing_proposed'
           ), written AS (
               SELECT c.id, c.proposed_by_id, c.proposed_at, jsonb_build_object(
                   'awards_until', (extract(epoch FROM c.awards_until) * 1000000)::bigint,
                   'redeem_until', (extract(epoch FROM c.redeem_until) * 1000000)::bigint) AS facts
               FROM points_closing AS c WHERE c.street_id = %(street)s
           )
           SELECT coalesce(written.id, said.closing_id), said.facts, written.facts
           FROM said FULL JOIN written ON written.id = said.closing_id
           WHERE (said.facts, said.actor_id, said.happened_at)
               IS DISTINCT FROM (written.facts, written.proposed_by_id, written.proposed_at)
           ORDER BY 1""",
    ),
    (
        "points_closing",
        "its decision is not what the journal recorded",
        """WITH told AS (
               SELECT substr(e.subject, 9)::uuid AS closing_id,
                      CASE e.what WHEN 'points.closing_approved' THEN e.actor_id END AS approved_by,
                      CASE e.what WHEN 'points.closing_approved' THEN e.happened_at END AS approved_at,
                      CASE e.what WHEN 'points.closing_withdrawn' THEN e.happened_at END AS withdrawn_at
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND e.what IN ('points.closing_approved', 'points.closing_withdrawn')
           )
           SELECT c.id, coalesce(told.approved_at, told.withdrawn_at), coalesce(c.approved_at, c.withdrawn_at)
           FROM points_closing AS c LEFT JOIN told ON told.closing_id = c.id
           WHERE c.street_id = %(street)s
               AND (c.approved_by_id, c.approved_at, c.withdrawn_at)
                   IS DISTINCT FROM (told.approved_by, told.approved_at, told.withdrawn_at)
           ORDER BY c.id""",
    ),
)
