"""Proving what stands behind a posting: an award is of a deed that somebody can prove, a reversal of a decision.

The ledger alone cannot say so: it knows deeds by their subject, and each floor above proves its own. Here is what
is the same for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from huipai.points.queries.proof import Difference, differences
from huipai.points.words import NOTICE_DAYS
from huipai.streets.models import Street

_MONTHS_AFTER = """(date_trunc('month', {at} AT TIME ZONE 'Asia/Shanghai')
               + make_interval(months => i.lot_months + 1)) AT TIME ZONE 'Asia/Shanghai'"""
# As `rules.lapses_at` has it.
OF_DEED = _MONTHS_AFTER.format(at="p.received_at")
OF_POSTING = _MONTHS_AFTER.format(at="greatest(p.received_at, p.posted_at)")

# (table, why, statement giving id, said, found).
_GROUNDS: Final = (
    (
        "points_posting",
        "its lot does not lapse when its item says",
        f"""SELECT p.id, due.at::text, lot.expires_at::text
           FROM points_posting AS p
           JOIN points_lot AS lot ON lot.street_id = p.street_id AND lot.posting_id = p.id
           JOIN rulebook_pointitem AS i ON i.street_id = p.street_id AND i.id = p.item_id
           CROSS JOIN LATERAL (SELECT {OF_DEED} AS at) AS of_deed
           CROSS JOIN LATERAL (SELECT CASE WHEN of_deed.at - p.posted_at < interval '{NOTICE_DAYS} days'
               THEN {OF_POSTING} ELSE of_deed.at END AS at) AS due
           WHERE p.street_id = %(street)s AND p.kind = 'award' AND lot.expires_at IS DISTINCT FROM due.at
           ORDER BY p.id""",
    ),
    (
        "points_posting",
        "it was taken back, and no decision to do so is behind it",
        """WITH decided AS (
               SELECT c.reversal_id AS id, c.posting_id AS reverses, c.reason, c.decided_by_id AS by,
                      c.decided_at AS at
               FROM points_correction AS c WHERE c.street_id = %(street)s AND c.reversal_id IS NOT NULL
               UNION ALL
               SELECT p.id, p.reverses_id, 'objection_upheld', o.decided_by_id, o.decided_at
               FROM points_objection AS o
               JOIN points_claim AS claim ON claim.street_id = o.street_id AND claim.id = o.claim_id
               LEFT JOIN points_contest AS t ON t.street_id = claim.street_id AND t.claim_id = claim.id
               JOIN points_posting AS p ON p.street_id = o.street_id
                   AND p.reverses_id IN (claim.posting_id, t.restored_id)
               WHERE o.street_id = %(street)s AND o.result = 'upheld'
           )
           SELECT p.id,
                  coalesce(nullif(concat_ws(' ', decided.reverses, decided.reason, decided.by, decided.at), ''),
                           'nothing'),
                  concat_ws(' ', p.reverses_id, p.reason, p.actor_id, p.posted_at)
           FROM points_posting AS p
           LEFT JOIN decided ON decided.id = p.id
           WHERE p.street_id = %(street)s AND p.kind = 'reversal' AND NOT EXISTS (
               SELECT FROM decided AS why
               WHERE (why.id, why.reverses, why.reason, why.by, why.at)
                   = (p.id, p.reverses_id, p.reason, p.actor_id, p.posted_at))
           ORDER BY p.id""",
    ),
    (
        "points_posting",
        "it does not take back what was given",
        """SELECT p.id, concat_ws(' ', -(given.points - lapsed.points), given.subject, given.item_code,
                              coalesce(given.person_id, given.household_id), given.item_id),
                  concat_ws(' ', p.points, p.subject, p.item_code, coalesce(p.person_id, p.household_id), p.item_id)
           FROM points_posting AS p
           JOIN points_posting AS given ON given.street_id = p.street_id AND given.id = p.reverses_id
           CROSS JOIN LATERAL (
               SELECT coalesce(sum(d.points), 0) AS points
               FROM points_lot AS lot
               JOIN points_allocation AS d ON d.street_id = lot.street_id AND d.lot_id = lot.id
               JOIN points_posting AS e ON e.street_id = d.street_id AND e.id = d.posting_id AND e.kind = 'expiry'
                   AND (e.posted_at, e.id) < (p.posted_at, p.id)
               WHERE lot.street_id = p.street_id AND lot.posting_id = given.id) AS lapsed
           WHERE p.street_id = %(street)s AND p.kind = 'reversal'
               AND (p.points, p.subject, p.item_code, p.person_id, p.household_id, p.item_id) IS DISTINCT FROM
                   (-(given.points - lapsed.points), given.subject, given.item_code, given.person_id,
                    given.household_id, given.item_id)
           ORDER BY p.id""",
    ),
)
_OF_NOTHING: Final = """SELECT p.id, '{known}', p.subject FROM points_posting AS p
    WHERE p.street_id = %(street)s AND p.kind = 'award' AND split_part(p.subject, ':', 1) NOT IN ({listed})
    ORDER BY p.id"""


def verify_grounds(street: Street, *, deeds: Sequence[str]) -> Iterator[Difference]:
    """Each award of a deed that nobody proves, each lot that lapses at another time, each reversal without its ground.

    `deeds` are the words with which subjects begin whose awards a floor above, or claims, prove one by one.
    """
    known, listed = " ".join(deeds), ", ".join(f"'{word}'" for word in deeds)
    statement = _OF_NOTHING.format(known=known, listed=listed)
    checks = (*_GROUNDS, ("points_posting", "no deed of a kind that earns is behind it", statement))
    yield from differences(checks, street)
