"""What must hold of when points are good: none lapses before its end, and none is used or set aside after it.

What was set aside for a time that was over before the end has paid a debt then, also where it was posted later.
"""

from typing import Final

from huipai.points.queries.closing import LOT_ENDS
from huipai.points.words import LEFT_BEHIND

# The end of the scheme is proved against the journal with what else a closing says.
_ITS_LOT: Final = f"""JOIN points_lot AS lot ON lot.street_id = d.street_id AND lot.id = d.lot_id
           LEFT JOIN points_closing AS closing ON closing.street_id = lot.street_id AND closing.approved_at IS NOT NULL
           CROSS JOIN LATERAL (SELECT {LOT_ENDS} AS at) AS ends"""

# (table, why, statement giving id, said, found).
LOTS: Final = (
    (
        "points_posting",
        "it lapsed before its time, and no family has begun anew in that home",
        f"""SELECT p.id, coalesce(ends.at::text, 'never'), p.posted_at::text
           FROM points_posting AS p
           JOIN points_allocation AS d ON d.street_id = p.street_id AND d.posting_id = p.id
           {_ITS_LOT}
           WHERE p.street_id = %(street)s AND p.kind = 'expiry'
               AND (p.subject = 'lot:' || lot.id AND p.posted_at >= ends.at) IS NOT TRUE
               AND (p.subject = '{LEFT_BEHIND}' || p.household_id AND EXISTS (
                   SELECT FROM journal_entry AS e
                   WHERE e.street_id = p.street_id AND e.what = 'family.began' AND e.happened_at = p.posted_at
                       AND e.facts ->> 'household' = p.household_id::text)) IS NOT TRUE
           ORDER BY p.id""",
    ),
    (
        "points_posting",
        "it used points that were good no more",
        f"""SELECT p.id, ends.at::text, p.posted_at::text
           FROM points_posting AS p
           JOIN points_allocation AS d ON d.street_id = p.street_id AND d.posting_id = p.id
           {_ITS_LOT}
           WHERE p.street_id = %(street)s AND p.kind IN ('spend', 'repayment') AND p.posted_at >= ends.at
               AND NOT EXISTS (SELECT FROM points_hold AS h WHERE h.street_id = p.street_id AND h.posting_id = p.id)
               AND NOT EXISTS (
                   SELECT FROM points_holddraw AS freed
                   JOIN points_hold AS h ON h.street_id = freed.street_id AND h.id = freed.hold_id
                   WHERE freed.street_id = p.street_id AND freed.lot_id = lot.id AND p.kind = 'repayment'
                       AND h.state = 'expired' AND h.settled_at = p.posted_at AND h.expires_at < ends.at)
           ORDER BY p.id""",
    ),
    (
        "points_hold",
        "it set aside points that were good no more",
        f"""SELECT h.id, ends.at::text, h.opened_at::text
           FROM points_hold AS h
           JOIN points_holddraw AS d ON d.street_id = h.street_id AND d.hold_id = h.id
           {_ITS_LOT}
           WHERE h.street_id = %(street)s AND h.opened_at >= ends.at ORDER BY h.id""",
    ),
)
