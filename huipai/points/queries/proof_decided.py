"""What must hold of decisions on claims: on how many words each passed, why it was looked at again, when it counts."""

from typing import Final

from huipai.points.words import UNDO_FOR

_UNDO_FOR: Final = f"interval '{UNDO_FOR.total_seconds():.0f} s'"

DECIDED: Final = (
    (
        "points_claim",
        "why it was looked at again or did not pass is not what the journal recorded",
        """WITH told AS (
               SELECT DISTINCT ON (e.subject, replace(e.what, 'unpaid', 'rejected'))
                      substr(e.subject, 7)::uuid AS claim_id, e.what, e.facts ->> 'reason' AS reason
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s
                   AND e.what IN ('claim.appealed', 'claim.second_asked', 'claim.rejected', 'claim.unpaid')
               ORDER BY e.subject, replace(e.what, 'unpaid', 'rejected'), e.happened_at DESC, e.id DESC
           )
           SELECT c.id, CASE told.what WHEN 'claim.appealed' THEN 'round 1' ELSE told.reason END,
                  CASE told.what WHEN 'claim.appealed' THEN 'round ' || c.round
                                 WHEN 'claim.second_asked' THEN c.second_reason ELSE c.reason END
           FROM points_claim AS c JOIN told ON told.claim_id = c.id
           WHERE c.street_id = %(street)s AND CASE told.what
               WHEN 'claim.appealed' THEN c.round <> 1
               WHEN 'claim.second_asked' THEN c.second_reason <> coalesce(told.reason, '')
               ELSE c.state = 'rejected' AND c.reason IS DISTINCT FROM told.reason END
           ORDER BY c.id""",
    ),
    (
        "points_claim",
        "the journal knows another reason to look at it again",
        """SELECT c.id, told.second, c.second_reason
           FROM (SELECT DISTINCT ON (subject) substr(subject, 7)::uuid AS claim_id, facts ->> 'second' AS second
                 FROM journal_entry
                 WHERE street_id = %(street)s AND subject LIKE 'claim:%%' AND facts ? 'second'
                 ORDER BY subject, id DESC) AS told
           JOIN points_claim AS c ON c.street_id = %(street)s AND c.id = told.claim_id
           WHERE c.second_reason <> told.second ORDER BY c.id""",
    ),
    (
        "points_claim",
        "what was decided can be taken back for another while than there is for it",
        f"""SELECT c.id, last.happened_at + {_UNDO_FOR}, c.undo_until
           FROM points_claim AS c
           JOIN (SELECT DISTINCT ON (claim_id) claim_id, happened_at FROM points_claimstep
                 WHERE street_id = %(street)s ORDER BY claim_id, position DESC) AS last ON last.claim_id = c.id
           WHERE c.street_id = %(street)s AND c.state = 'reviewed'
               AND c.undo_until IS DISTINCT FROM last.happened_at + {_UNDO_FOR}
           ORDER BY c.id""",
    ),
    (
        "points_claim",
        "it passed on fewer words than it wanted",
        """SELECT c.id, 'two who agree', said.agreed::text
           FROM points_claim AS c
           CROSS JOIN LATERAL (SELECT count(*) AS agreed FROM points_review AS r
               WHERE r.street_id = %(street)s AND r.claim_id = c.id AND r.verdict = 'approved'
                   AND r.undone_at IS NULL) AS said
           WHERE c.street_id = %(street)s AND c.second_reason NOT IN ('', 'referred') AND said.agreed < 2
               AND EXISTS (SELECT FROM points_claimstep AS s
                           WHERE s.street_id = %(street)s AND s.claim_id = c.id AND s.action = 'publicise')
           ORDER BY c.id""",
    ),
)
