"""Proving linked households: what led to a posting, who stands in which group, and who came by, from the journal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from huipai.households.words import PUBLIC_DAYS
from huipai.points.queries import Difference, differences
from huipai.streets.models import Street

# (table, why, statement giving id, said, found).
CHECKS: Final = (
    (
        "grid_family",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT substr(e.subject, 8)::uuid AS family_id, e.facts ->> 'household' AS household,
                      e.facts ->> 'person' AS person
               FROM journal_entry AS e WHERE e.street_id = %(street)s AND e.what = 'family.began'
           ), written AS (
               SELECT f.id, f.household_id::text AS household, f.person_id::text AS person, EXISTS (
                   SELECT FROM grid_residence AS r
                   WHERE r.street_id = f.street_id AND r.household_id = f.household_id AND r.person_id = f.person_id
                       AND r.valid_from = f.began_at) AS moved_in
               FROM grid_family AS f WHERE f.street_id = %(street)s
           )
           SELECT coalesce(written.id, said.family_id), said.household, written.household
           FROM said FULL JOIN written ON written.id = said.family_id
           WHERE (said.household, said.person, true)
               IS DISTINCT FROM (written.household, written.person, written.moved_in) ORDER BY 1""",
    ),
    (
        "grid_dispute",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT raised.subject, raised.actor_id, raised.happened_at AS raised_at,
                      answer.happened_at AS answered_at, answer.actor_id AS answered_by,
                      answer.facts ->> 'lives_there' AS lives_there
               FROM journal_entry AS raised
               LEFT JOIN journal_entry AS answer ON answer.street_id = raised.street_id
                   AND answer.what = 'residence.dispute_answered' AND answer.subject = raised.subject
               WHERE raised.street_id = %(street)s AND raised.what = 'residence.disputed'
           ), written AS (
               SELECT d.id, d.residence_id, r.person_id, d.raised_at, d.answered_at, d.answered_by_id, d.lives_there
               FROM grid_dispute AS d JOIN grid_residence AS r ON r.street_id = d.street_id AND r.id = d.residence_id
               WHERE d.street_id = %(street)s
           )
           SELECT coalesce(written.id, substr(said.subject, 11)::uuid), said.lives_there, written.lives_there::text
           FROM said FULL JOIN written ON said.subject = 'residence:' || written.residence_id
           WHERE (said.actor_id, said.raised_at, said.answered_at, said.answered_by, said.lives_there)
               IS DISTINCT FROM (written.person_id, written.raised_at, written.answered_at, written.answered_by_id,
                                 written.lives_there::text)
           ORDER BY 1""",
    ),
    (
        "households_link",
        "it stands, and those who wanted it have left the home to others",
        """SELECT n.id, 'ended', n.state
           FROM households_link AS n
           WHERE n.street_id = %(street)s AND n.state IN ('proposed', 'standing') AND EXISTS (
               SELECT FROM grid_family AS f WHERE f.street_id = n.street_id AND f.household_id = n.household_id
                   AND f.began_at > n.asked_at) ORDER BY n.id""",
    ),
    (
        "households_need",
        "it is open, and those who asked for it have left the home to others",
        """SELECT n.id, 'withdrawn', n.state
           FROM households_need AS n
           WHERE n.street_id = %(street)s AND n.state IN ('open', 'taken') AND EXISTS (
               SELECT FROM grid_family AS f WHERE f.street_id = n.street_id AND f.household_id = n.household_id
                   AND f.began_at > n.raised_at) ORDER BY n.id""",
    ),
    (
        "households_assessment",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT substr(e.subject, 12)::uuid AS assessment_id, e.actor_id, e.happened_at, e.facts,
                      last.what, last.facts AS last_facts, word.actor_id AS judge, word.decided_at
               FROM journal_entry AS e
               LEFT JOIN (SELECT DISTINCT ON (subject) subject, what, facts FROM journal_entry
                          WHERE street_id = %(street)s
                              AND what IN ('assessment.publicised', 'assessment.refused', 'assessment.posted',
                                           'assessment.unpaid')
                          ORDER BY subject, happened_at DESC, id DESC) AS last ON last.subject = e.subject
               LEFT JOIN (SELECT subject, (array_agg(actor_id ORDER BY happened_at, id))[1] AS actor_id,
                                 max(happened_at) AS decided_at FROM journal_entry
                          WHERE street_id = %(street)s AND what IN ('assessment.publicised', 'assessment.refused')
                          GROUP BY subject) AS word ON word.subject = e.subject
               WHERE e.street_id = %(street)s AND e.what = 'assessment.proposed'
           ), both_sides AS (
               SELECT coalesce(a.id, said.assessment_id) AS id,
                      jsonb_build_object(
                          'household', said.facts ->> 'household', 'item', said.facts ->> 'item',
                          'quarter', coalesce(said.facts ->> 'quarter', a.quarter::text), 'by', said.actor_id,
                          'at', (extract(epoch FROM said.happened_at) * 1000000)::bigint,
                          'state', CASE said.what WHEN 'assessment.publicised' THEN 'public'
                                       ELSE coalesce(substr(said.what, 12), 'proposed') END,
                          'judge', said.judge,
                          'decided', (extract(epoch FROM said.decided_at) * 1000000)::bigint,
                          'reason', coalesce(CASE said.what WHEN 'assessment.refused'
                                                 THEN said.last_facts ->> 'reason' END, ''),
                          'why', coalesce(said.last_facts ->> 'why', '')) AS said,
                      jsonb_build_object(
                          'household', a.household_id::text, 'item', a.item_code, 'quarter', a.quarter::text,
                          'by', a.proposed_by_id, 'at', (extract(epoch FROM a.proposed_at) * 1000000)::bigint,
                          'state', a.state, 'judge', a.decided_by_id,
                          'decided', (extract(epoch FROM a.decided_at) * 1000000)::bigint, 'reason', a.reason,
                          'why', a.why) AS found
               FROM said
               FULL JOIN (SELECT * FROM households_assessment WHERE street_id = %(street)s) AS a
                   ON a.id = said.assessment_id
           )
           SELECT id, said, found FROM both_sides WHERE said <> found ORDER BY id""",
    ),
    (
        "households_assessment",
        "its posting is not that of this household, item and deed",
        """SELECT coalesce(a.id, p.id), a.posting_id::text, p.id::text
           FROM (SELECT * FROM households_assessment WHERE street_id = %(street)s AND posting_id IS NOT NULL) AS a
           FULL JOIN (SELECT * FROM points_posting WHERE street_id = %(street)s AND kind = 'award'
                          AND subject LIKE 'assessment:%%') AS p ON p.id = a.posting_id
           WHERE (p.household_id, p.item_code, p.subject) IS DISTINCT FROM
               (a.household_id, a.item_code, 'assessment:' || a.id) ORDER BY 1""",
    ),
    (
        "households_assessment",
        "it was not in public for as long as it had to be",
        # An objection stops the time; what was dismissed before it did so says no day to which it goes on.
        f"""WITH paused AS (
               SELECT d.subject, sum(d.happened_at - o.happened_at) AS time
               FROM journal_entry AS d JOIN journal_entry AS o
                   ON o.street_id = d.street_id AND o.subject = d.subject AND o.what = 'assessment.objected'
                   AND o.facts ->> 'objection' = d.facts ->> 'objection'
               WHERE d.street_id = %(street)s AND d.what = 'assessment.objection_decided' AND d.facts ? 'until'
               GROUP BY d.subject
           ), shown AS (
               SELECT e.subject, max(e.happened_at) FILTER (WHERE e.what = 'assessment.publicised')
                          + interval '{PUBLIC_DAYS} days' + coalesce(max(paused.time), interval '0') AS due,
                      max(e.happened_at) FILTER (WHERE e.what = 'assessment.posted') AS posted_at
               FROM journal_entry AS e LEFT JOIN paused ON paused.subject = e.subject
               WHERE e.street_id = %(street)s AND e.what IN ('assessment.publicised', 'assessment.posted')
               GROUP BY e.subject
           )
           SELECT a.id, shown.due::text, coalesce(shown.posted_at, a.public_until)::text
           FROM households_assessment AS a LEFT JOIN shown ON shown.subject = 'assessment:' || a.id
           WHERE a.street_id = %(street)s
               AND (a.public_until IS DISTINCT FROM shown.due OR shown.posted_at < shown.due) ORDER BY a.id""",
    ),
    (
        "households_objection",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT (e.facts ->> 'objection')::uuid AS objection_id, jsonb_build_array(
                   substr(e.subject, 12), e.actor_id, (extract(epoch FROM e.happened_at) * 1000000)::bigint,
                   d.actor_id, (extract(epoch FROM d.happened_at) * 1000000)::bigint,
                   d.facts ->> 'result' = 'upheld') AS facts
               FROM journal_entry AS e
               LEFT JOIN journal_entry AS d
                   ON d.street_id = e.street_id AND d.subject = e.subject
                   AND d.what = 'assessment.objection_decided'
                   AND d.facts ->> 'objection' = e.facts ->> 'objection'
               WHERE e.street_id = %(street)s AND e.what = 'assessment.objected'
           ), written AS (
               SELECT o.id, jsonb_build_array(
                   o.assessment_id::text, o.objector_id, (extract(epoch FROM o.raised_at) * 1000000)::bigint,
                   o.decided_by_id, (extract(epoch FROM o.decided_at) * 1000000)::bigint, o.is_upheld) AS facts
               FROM households_objection AS o WHERE o.street_id = %(street)s
           )
           SELECT coalesce(written.id, said.objection_id), said.facts, written.facts
           FROM said FULL JOIN written ON written.id = said.objection_id
           WHERE said.facts IS DISTINCT FROM written.facts ORDER BY 1""",
    ),
    (
        "households_membership",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT e.id, e.subject, e.facts ->> 'household' AS household, e.facts ->> 'person' AS person,
                      e.happened_at
               FROM journal_entry AS e WHERE e.street_id = %(street)s AND e.what = 'group.joined'
           ), written AS (
               SELECT m.id, 'group:' || m.group_id AS subject, m.household_id::text AS household,
                      m.agreed_by_id::text AS person, m.valid_from
               FROM households_membership AS m WHERE m.street_id = %(street)s
           )
           SELECT coalesce(written.id, said.id), said.household, written.household
           FROM said FULL JOIN written ON (written.subject, written.household, written.person, written.valid_from)
               = (said.subject, said.household, said.person, said.happened_at)
           WHERE said.id IS NULL OR written.id IS NULL ORDER BY 1""",
    ),
    (
        "households_membership",
        "its end is not what the journal recorded",
        """SELECT m.id, told.ended::text, m.valid_until::text
           FROM households_membership AS m
           LEFT JOIN LATERAL (
               SELECT min(e.happened_at) AS ended FROM journal_entry AS e
               WHERE e.street_id = m.street_id AND e.subject = 'group:' || m.group_id AND e.happened_at >= m.valid_from
                   AND (e.what = 'group.closed'
                        OR e.what = 'group.left' AND e.facts ->> 'household' = m.household_id::text)) AS told ON true
           WHERE m.street_id = %(street)s AND m.valid_until IS DISTINCT FROM told.ended ORDER BY m.id""",
    ),
    (
        "households_visit",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT e.subject, jsonb_build_array(
                   e.facts ->> 'link', e.facts ->> 'reason', (extract(epoch FROM e.happened_at) * 1000000)::bigint,
                   d.actor_id, (extract(epoch FROM d.happened_at) * 1000000)::bigint) AS facts
               FROM journal_entry AS e
               LEFT JOIN journal_entry AS d
                   ON d.street_id = e.street_id AND d.subject = e.subject AND d.what = 'visit.denied'
               WHERE e.street_id = %(street)s AND e.what = 'visit.noted'
           ), written AS (
               SELECT v.id, 'visit:' || v.id AS subject, jsonb_build_array(
                   v.link_id::text, v.reason, (extract(epoch FROM v.noted_at) * 1000000)::bigint, v.denied_by_id,
                   (extract(epoch FROM v.denied_at) * 1000000)::bigint) AS facts
               FROM households_visit AS v WHERE v.street_id = %(street)s
           )
           SELECT coalesce(written.id, substr(said.subject, 7)::uuid), said.facts, written.facts
           FROM said FULL JOIN written ON written.subject = said.subject
           WHERE said.facts IS DISTINCT FROM written.facts ORDER BY 1""",
    ),
    (
        "households_group",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT e.subject,
                      max(e.facts ->> 'node') FILTER (WHERE e.what = 'group.opened') AS node,
                      max(e.happened_at) FILTER (WHERE e.what = 'group.opened') AS opened_at,
                      max(e.happened_at) FILTER (WHERE e.what = 'group.closed') AS closed_at,
                      (array_agg(e.facts ->> 'person' ORDER BY e.happened_at DESC, e.id DESC)
                           FILTER (WHERE e.what = 'group.led'))[1] AS lead,
                      max(e.happened_at) FILTER (WHERE e.what = 'group.led') AS led_at,
                      max(e.happened_at) FILTER (WHERE e.what = 'group.left') AS left_at
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND e.what IN ('group.opened', 'group.closed', 'group.led', 'group.left')
               GROUP BY e.subject
           )
           SELECT coalesce(g.id, substr(said.subject, 7)::uuid),
                  concat_ws(' ', said.node, said.opened_at, said.closed_at, said.lead),
                  concat_ws(' ', g.node_id, g.opened_at, g.closed_at, g.lead_id)
           FROM (SELECT * FROM households_group WHERE street_id = %(street)s) AS g
           FULL JOIN said ON said.subject = 'group:' || g.id
           WHERE (said.node, said.opened_at, said.closed_at)
                   IS DISTINCT FROM (g.node_id::text, g.opened_at, g.closed_at)
               OR g.lead_id::text <> coalesce(said.lead, 'nobody')
               -- Whose household left leads no more, nor does whoever was forgotten.
               OR g.lead_id IS NULL AND said.closed_at IS NULL AND said.led_at > coalesce(said.left_at, '-infinity')
                   AND EXISTS (SELECT FROM people_person AS p
                               WHERE p.street_id = %(street)s AND p.id::text = said.lead AND p.erased_at IS NULL)
           ORDER BY 1""",
    ),
    (
        "households_link",
        "it is not what the journal recorded",
        """WITH told AS (
               SELECT e.subject, e.what, e.actor_id, e.happened_at, e.facts
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s
                   AND e.what IN ('link.proposed', 'link.stands', 'link.declined', 'link.ended', 'link.lapsed')
           ), said AS (
               SELECT asked.subject, jsonb_build_array(
                   asked.facts ->> 'household', asked.facts ->> 'person', asked.facts ->> 'side', asked.actor_id,
                   asked.happened_at, answer.actor_id, answer.happened_at, ended.happened_at,
                   CASE WHEN ended.what IS NOT NULL THEN 'ended' WHEN answer.what = 'link.stands' THEN 'standing'
                        ELSE coalesce(substr(answer.what, 6), 'proposed') END) AS facts
               FROM told AS asked
               LEFT JOIN told AS answer
                   ON answer.subject = asked.subject AND answer.what IN ('link.stands', 'link.declined')
               LEFT JOIN told AS ended
                   ON ended.subject = asked.subject AND ended.what IN ('link.ended', 'link.lapsed')
               WHERE asked.what = 'link.proposed'
           ), written AS (
               SELECT n.id, jsonb_build_array(
                   n.household_id::text, n.contact_id::text, n.asked_by_side, n.asked_by_id, n.asked_at,
                   n.answered_by_id, n.answered_at, n.ended_at, n.state) AS facts
               FROM households_link AS n WHERE n.street_id = %(street)s
           )
           SELECT coalesce(written.id, substr(said.subject, 6)::uuid), said.facts, written.facts
           FROM said FULL JOIN written ON said.subject = 'link:' || written.id
           WHERE said.facts IS DISTINCT FROM written.facts ORDER BY 1""",
    ),
    (
        "households_link",
        "its wishes are not what the journal recorded",
        """WITH said AS (
               SELECT DISTINCT ON (e.subject) e.subject, e.facts
               FROM journal_entry AS e WHERE e.street_id = %(street)s AND e.what = 'link.wishes_changed'
               ORDER BY e.subject, e.happened_at DESC, e.id DESC
           )
           SELECT n.id, coalesce(said.facts ->> 'ways', ''), array_to_string(n.ways, ',')
           FROM households_link AS n LEFT JOIN said ON said.subject = 'link:' || n.id
           WHERE n.street_id = %(street)s
               -- From before the journal told them nothing is compared.
               AND (said.facts IS NULL OR said.facts ? 'ways')
               AND (array_to_string(n.ways, ','), concat(n.not_before, '-', n.not_after))
                   IS DISTINCT FROM (coalesce(said.facts ->> 'ways', ''), coalesce(said.facts ->> 'hours', '-'))
           ORDER BY n.id""",
    ),
    (
        "households_need",
        "it is not what the journal recorded",
        """WITH told AS (
               SELECT e.subject, e.what, e.actor_id, e.happened_at, e.facts,
                      row_number() OVER (PARTITION BY e.subject ORDER BY e.happened_at DESC, e.id DESC) AS ago
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s
                   AND e.what IN ('need.raised', 'need.taken', 'need.closed', 'need.reopened')
           ), said AS (
               SELECT raised.subject, jsonb_build_array(
                   raised.facts ->> 'household', raised.actor_id, raised.facts ->> 'kind', raised.happened_at,
                   CASE last.what WHEN 'need.taken' THEN 'taken' WHEN 'need.closed' THEN last.facts ->> 'state'
                        ELSE 'open' END,
                   CASE last.what WHEN 'need.closed' THEN last.happened_at END) AS facts
               FROM told AS raised JOIN told AS last ON last.subject = raised.subject AND last.ago = 1
               WHERE raised.what = 'need.raised'
           ), written AS (
               SELECT n.id, jsonb_build_array(
                   n.household_id::text, n.raised_by_id, n.kind, n.raised_at, n.state, n.closed_at) AS facts
               FROM households_need AS n WHERE n.street_id = %(street)s
           )
           SELECT coalesce(written.id, substr(said.subject, 6)::uuid), said.facts, written.facts
           FROM said FULL JOIN written ON said.subject = 'need:' || written.id
           WHERE said.facts IS DISTINCT FROM written.facts ORDER BY 1""",
    ),
    (
        "households_need",
        "it rests on another yes than the one that was theirs when it was raised",
        """SELECT n.id, yes.id::text, n.consent_id::text
           FROM households_need AS n
           LEFT JOIN LATERAL (
               SELECT c.id FROM people_consent AS c
               WHERE c.street_id = n.street_id AND c.person_id = n.raised_by_id AND c.purpose = 'care'
                   AND c.given_at <= n.raised_at AND (c.withdrawn_at IS NULL OR c.withdrawn_at >= n.raised_at)
               ORDER BY c.given_at DESC, c.version DESC LIMIT 1) AS yes ON true
           WHERE n.street_id = %(street)s AND n.consent_id IS DISTINCT FROM yes.id ORDER BY n.id""",
    ),
    (
        "households_visit",
        "how, when and for what somebody came by is not what the journal recorded",
        """SELECT v.id, e.facts ->> 'way', v.way
           FROM households_visit AS v
           JOIN journal_entry AS e ON e.street_id = v.street_id AND e.what = 'visit.noted'
               AND e.subject = 'visit:' || v.id AND e.facts ? 'way'
           WHERE v.street_id = %(street)s AND (e.facts ->> 'way', e.facts ->> 'day', e.facts ->> 'need')
               IS DISTINCT FROM (v.way, v.visited_on::text, coalesce(v.need_id::text, '')) ORDER BY v.id""",
    ),
    (
        "households_needstep",
        "the journal does not know it, or knows another",
        """WITH said AS (
               SELECT e.subject, CASE e.what WHEN 'need.taken' THEN 'taken' WHEN 'need.closed' THEN e.facts ->> 'state'
                                      ELSE 'open' END AS state,
                      e.happened_at, e.actor_id,
                      row_number() OVER (PARTITION BY e.subject ORDER BY e.happened_at, e.id) AS position
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s
                   AND e.what IN ('need.raised', 'need.taken', 'need.closed', 'need.reopened')
           ), written AS (
               SELECT s.id, s.need_id, s.position, s.from_state, s.to_state, s.happened_at, s.actor_id,
                      coalesce(lag(s.to_state) OVER (PARTITION BY s.need_id ORDER BY s.position), '') AS before
               FROM households_needstep AS s WHERE s.street_id = %(street)s
           )
           SELECT coalesce(written.id, substr(said.subject, 6)::uuid), said.state, written.to_state
           FROM said FULL JOIN written ON (said.subject, said.position) = ('need:' || written.need_id, written.position)
           WHERE (said.state, said.happened_at) IS DISTINCT FROM (written.to_state, written.happened_at)
               OR written.from_state <> written.before OR said.actor_id <> written.actor_id ORDER BY 1""",
    ),
    (
        "households_need",
        "it is not in the hands that the journal recorded",
        """WITH said AS (
               SELECT DISTINCT ON (e.subject) e.subject, CASE e.what WHEN 'need.taken' THEN e.actor_id END AS hands
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND e.what IN ('need.raised', 'need.taken', 'need.reopened')
               ORDER BY e.subject, e.happened_at DESC, e.id DESC
           )
           SELECT n.id, said.hands::text, n.taken_by_id::text
           FROM households_need AS n JOIN said ON said.subject = 'need:' || n.id
           WHERE n.street_id = %(street)s AND n.taken_by_id IS DISTINCT FROM said.hands ORDER BY n.id""",
    ),
)


def verify_households(street: Street) -> Iterator[Difference]:
    """Each difference in the linked households of one street; nothing where all of it holds."""
    yield from differences(CHECKS, street)
