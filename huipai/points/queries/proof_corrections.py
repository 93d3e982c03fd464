"""What must hold of points that were asked back: each step against the journal and the postings that came of it."""

from typing import Final

# (table, why, statement giving id, said, found).
CORRECTIONS: Final = (
    (
        "points_correction",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT substr(e.subject, 12)::uuid AS correction_id,
                      jsonb_object_agg(substr(e.what, 19), jsonb_build_array(e.actor_id, e.happened_at, e.facts))
                          AS all_of_it
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND e.what LIKE 'points.correction\\_%%' GROUP BY e.subject
           ), written AS (
               SELECT c.id, jsonb_strip_nulls(jsonb_build_object(
                   'proposed', jsonb_build_array(c.proposed_by_id, c.proposed_at,
                       jsonb_build_object('posting', c.posting_id, 'reason', c.reason)),
                   'withdrawn', CASE WHEN c.state = 'withdrawn'
                       THEN jsonb_build_array(c.proposed_by_id, c.decided_at, '{}'::jsonb) END,
                   'declined', CASE WHEN c.state = 'declined'
                       THEN jsonb_build_array(c.decided_by_id, c.decided_at, '{}'::jsonb) END,
                   'approved', CASE WHEN c.reversal_id IS NOT NULL
                       THEN jsonb_build_array(c.decided_by_id, c.decided_at,
                                              jsonb_build_object('reversal', c.reversal_id)) END,
                   'appealed', CASE WHEN c.appealed_at IS NOT NULL
                       THEN jsonb_build_array(c.appealed_by_id, c.appealed_at, '{}'::jsonb) END,
                   'upheld', CASE WHEN c.state = 'upheld'
                       THEN jsonb_build_array(c.heard_by_id, c.heard_at,
                                              jsonb_build_object('restored', c.restored_id)) END,
                   'dismissed', CASE WHEN c.state = 'dismissed'
                       THEN jsonb_build_array(c.heard_by_id, c.heard_at, '{}'::jsonb) END)) AS all_of_it
               FROM points_correction AS c WHERE c.street_id = %(street)s
           )
           SELECT coalesce(written.id, said.correction_id), said.all_of_it, written.all_of_it
           FROM said FULL JOIN written ON written.id = said.correction_id
           WHERE said.all_of_it IS DISTINCT FROM written.all_of_it ORDER BY 1""",
    ),
    (
        "points_correction",
        "what was taken or came back is not of its posting",
        """SELECT c.id, coalesce(p.person_id, p.household_id) || ' ' || coalesce(-r.points, 0),
                  coalesce(c.person_id, c.household_id) || ' ' || coalesce(b.points, 0)
           FROM points_correction AS c
           JOIN points_posting AS p ON p.street_id = c.street_id AND p.id = c.posting_id
           LEFT JOIN points_posting AS r ON r.street_id = c.street_id AND r.id = c.reversal_id
           LEFT JOIN points_posting AS b ON b.street_id = c.street_id AND b.id = c.restored_id
           WHERE c.street_id = %(street)s
               AND ((p.person_id, p.household_id) IS DISTINCT FROM (c.person_id, c.household_id)
                    OR r.reverses_id <> p.id OR r.reason <> c.reason OR b.points <> -r.points
                    OR c.state = 'upheld' AND r.points <> 0 AND b.id IS NULL
                    OR b.subject <> 'correction:' || c.id
                    OR b.id IS NOT NULL
                        AND (b.person_id, b.household_id) IS DISTINCT FROM (c.person_id, c.household_id))
           ORDER BY c.id""",
    ),
    (
        "points_correction",
        "what was taken back once came back twice",
        """SELECT c.id, c.restored_id, t.restored_id
           FROM points_correction AS c
           JOIN points_claim AS k ON k.street_id = c.street_id AND k.posting_id = c.posting_id
           JOIN points_contest AS t ON t.street_id = k.street_id AND t.claim_id = k.id
           WHERE c.street_id = %(street)s AND c.restored_id IS NOT NULL AND t.restored_id IS NOT NULL
           ORDER BY c.id, t.id""",
    ),
)
