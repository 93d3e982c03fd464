"""Who said what of a case, a deed or a finding: each row against its steps and the journal, which cannot be changed.

What an entry of an earlier version does not say is not asked of it.
"""

from typing import Final

from huipai.cases.rules.machine_table import MACHINE

_OUTCOMES: Final = ", ".join(
    f"('{step.action.value}', '{step.outcome.value}')" for step in MACHINE if step.outcome is not None
)

_OF_CASES: Final = (
    (
        "cases_case",
        "it did not end as its last step says",
        f"""SELECT c.id, coalesce(ending.outcome, '') || ' ' || last.happened_at, c.outcome || ' ' || c.ended_at
           FROM cases_case AS c
           JOIN (SELECT DISTINCT ON (case_id) case_id, action, happened_at FROM cases_transition
                 WHERE street_id = %(street)s ORDER BY case_id, position DESC) AS last ON last.case_id = c.id
           LEFT JOIN (VALUES {_OUTCOMES}) AS ending (action, outcome) ON ending.action = last.action
           WHERE c.street_id = %(street)s
             AND (c.outcome <> coalesce(ending.outcome, '')
                  OR c.ended_at IS DISTINCT FROM CASE WHEN ending.action IS NOT NULL THEN last.happened_at END)
           ORDER BY c.id""",
    ),
    (
        "cases_case",
        "whether its last response went unchecked is not what its steps say",
        """SELECT c.id, coalesce(last.action, ''), c.is_unchecked::text
           FROM cases_case AS c
           LEFT JOIN (SELECT DISTINCT ON (case_id) case_id, action FROM cases_transition
                      WHERE street_id = %(street)s AND action IN ('respond', 'handle_on_the_spot', 'skip_check')
                      ORDER BY case_id, position DESC) AS last ON last.case_id = c.id
           WHERE c.street_id = %(street)s AND c.is_unchecked <> coalesce(last.action = 'skip_check', false)
           ORDER BY c.id""",
    ),
    (
        "cases_report",
        "the journal knows another reporter",
        """SELECT r.id, coalesce(e.actor_id::text, ''), r.reporter_id::text
           FROM cases_report AS r
           LEFT JOIN journal_entry AS e
               ON e.street_id = r.street_id AND e.what IN ('case.reported', 'case.joined')
               AND e.facts ->> 'report' = r.id::text
           WHERE r.street_id = %(street)s AND e.actor_id IS DISTINCT FROM r.reporter_id ORDER BY r.id""",
    ),
    (
        "cases_response",
        "its steps do not know it, or know another",
        """SELECT coalesce(said.id, step.id), step.actor_id::text, said.handler_id::text
           FROM (SELECT * FROM cases_response WHERE street_id = %(street)s) AS said
           FULL JOIN (SELECT * FROM cases_transition WHERE street_id = %(street)s
                      AND action IN ('respond', 'handle_on_the_spot')) AS step
               ON (step.case_id, step.actor_id, step.happened_at) = (said.case_id, said.handler_id, said.responded_at)
           WHERE said.id IS NULL OR step.id IS NULL ORDER BY 1""",
    ),
    (
        "cases_check",
        "the journal does not know this draw, or knows another",
        """WITH look AS (
               SELECT id::text, 'case:' || case_id AS subject, checker_id::text, drawn_at, pool_hash, pool_size::text,
                      drawn::text
               FROM cases_check WHERE street_id = %(street)s
           ), said AS (
               SELECT facts ->> 'check' AS id, subject, facts ->> 'checker' AS checker_id, happened_at,
                      facts ->> 'pool' AS pool_hash, facts ->> 'size' AS pool_size, facts ->> 'drawn' AS drawn
               FROM journal_entry
               WHERE street_id = %(street)s AND what = 'case.check_drawn' AND subject LIKE 'case:%%'
           )
           SELECT coalesce(look.id, said.id)::uuid,
                  said.checker_id || ' ' || said.drawn || ' of ' || said.pool_size || ' ' || said.pool_hash,
                  look.checker_id || ' ' || look.drawn || ' of ' || look.pool_size || ' ' || look.pool_hash
           FROM look FULL JOIN said ON said.id = look.id
           WHERE (said.subject, coalesce(said.checker_id, look.checker_id), said.happened_at, said.pool_hash,
                  said.pool_size, said.drawn)
               IS DISTINCT FROM
                 (look.subject, look.checker_id, look.drawn_at, look.pool_hash, look.pool_size, look.drawn)
           ORDER BY 1""",
    ),
    (
        "cases_check",
        "its result is not what its checker said",
        """SELECT look.id, coalesce(step.action, c.state), look.result
           FROM cases_check AS look
           JOIN cases_case AS c ON c.street_id = look.street_id AND c.id = look.case_id
           LEFT JOIN cases_transition AS step
               ON step.street_id = look.street_id AND step.case_id = look.case_id
               AND step.happened_at = look.decided_at
               AND step.action = CASE look.result WHEN 'passed' THEN 'pass_check' WHEN 'rework' THEN 'fail_check'
                                                  WHEN 'lapsed' THEN 'lapse_check' END
               AND (look.result = 'lapsed' OR step.actor_id = look.checker_id)
           WHERE look.street_id = %(street)s
             AND (look.result <> '' AND step.id IS NULL OR look.result = '' AND c.state <> 'checking')
           ORDER BY look.id""",
    ),
    (
        "cases_confirmation",
        "the journal does not know this answer, or knows another",
        """SELECT asked.id, coalesce(near.what, ''), concat_ws(' ', asked.answer, asked.rating)
           FROM cases_confirmation AS asked
           JOIN cases_report AS r ON r.street_id = asked.street_id AND r.id = asked.report_id
           LEFT JOIN journal_entry AS near
               ON near.street_id = asked.street_id AND near.subject = 'case:' || asked.case_id
               AND near.happened_at = asked.answered_at
               AND CASE asked.answer
                       WHEN 'confirmed' THEN near.what IN ('case.agreed', 'case.confirmed')
                           AND near.actor_id = r.reporter_id
                           AND (NOT near.facts ? 'rating'
                                OR near.facts ->> 'rating' IS NOT DISTINCT FROM asked.rating::text)
                       WHEN 'disputed' THEN near.what = 'case.disputed' AND near.actor_id = r.reporter_id
                       WHEN 'no_answer' THEN near.what IN ('case.confirmed', 'case.unanswered')
                           AND near.actor_id IS NULL
                       ELSE near.what IN ('case.disputed', 'case.left')
                   END
           WHERE asked.street_id = %(street)s AND asked.answer <> '' AND near.id IS NULL ORDER BY asked.id""",
    ),
    (
        "cases_confirmation",
        "the journal knows a yes that is not there",
        """SELECT said.id, said.what, ''
           FROM journal_entry AS said
           WHERE said.street_id = %(street)s AND said.what IN ('case.agreed', 'case.confirmed')
             AND said.actor_id IS NOT NULL
             AND NOT EXISTS (
                 SELECT FROM cases_confirmation AS asked
                 JOIN cases_report AS r ON r.street_id = asked.street_id AND r.id = asked.report_id
                 WHERE asked.street_id = %(street)s AND 'case:' || asked.case_id = said.subject
                   AND asked.answer = 'confirmed' AND asked.answered_at = said.happened_at
                   AND r.reporter_id = said.actor_id)
           ORDER BY said.id""",
    ),
)

_OF_FINDINGS: Final = (
    (
        "cases_finding",
        "its steps or the journal know another",
        """WITH step AS (
               SELECT finding_id,
                      min(actor_id::text) FILTER (WHERE action = 'find') AS found_by,
                      min(happened_at) FILTER (WHERE action = 'find') AS found_at,
                      min(actor_id::text) FILTER (WHERE action IN ('uphold', 'lift')) AS heard_by,
                      min(happened_at) FILTER (WHERE to_state IN ('upheld', 'lifted')) AS ended_at
               FROM cases_findingstep WHERE street_id = %(street)s GROUP BY finding_id
           )
           SELECT f.id, concat_ws(' ', r.reporter_id, step.found_by, step.heard_by, e.facts ->> 'ground'),
                  concat_ws(' ', f.reporter_id, f.found_by_id, f.heard_by_id, f.ground)
           FROM cases_finding AS f
           LEFT JOIN step ON step.finding_id = f.id
           LEFT JOIN cases_report AS r ON r.street_id = f.street_id AND r.id = f.report_id
           LEFT JOIN journal_entry AS e
               ON e.street_id = f.street_id AND e.what = 'case.found_false' AND e.facts ->> 'finding' = f.id::text
           WHERE f.street_id = %(street)s
             AND (f.reporter_id, f.found_by_id::text, f.found_at, f.heard_by_id::text, f.ended_at, f.ground)
                 IS DISTINCT FROM
                 (r.reporter_id, step.found_by, step.found_at, step.heard_by, step.ended_at, e.facts ->> 'ground')
           ORDER BY f.id""",
    ),
    (
        "cases_finding",
        "the journal knows another time for an appeal, or for hearing it",
        """SELECT f.id, concat_ws(' ', e.facts ->> 'appeal_until', e.facts ->> 'hear_until'),
                  concat_ws(' ', f.appeal_until, f.hear_until)
           FROM cases_finding AS f
           JOIN (SELECT DISTINCT ON (facts ->> 'finding') facts FROM journal_entry
                 WHERE street_id = %(street)s AND subject LIKE 'case:%%' AND facts ? 'hear_until'
                 ORDER BY facts ->> 'finding', id DESC) AS e ON e.facts ->> 'finding' = f.id::text
           WHERE f.street_id = %(street)s
             AND (e.facts ->> 'appeal_until', e.facts ->> 'hear_until')
                 IS DISTINCT FROM ((extract(epoch FROM f.appeal_until) * 1000000)::bigint::text,
                                   (extract(epoch FROM f.hear_until) * 1000000)::bigint::text)
           ORDER BY f.id""",
    ),
)

_OF_DEEDS: Final = (
    (
        "cases_gooddeed",
        "its state is not where its last step led",
        """SELECT d.id, last.to_state, d.state
           FROM cases_gooddeed AS d
           LEFT JOIN (SELECT DISTINCT ON (deed_id) deed_id, to_state FROM cases_deedstep
                      WHERE street_id = %(street)s ORDER BY deed_id, position DESC) AS last ON last.deed_id = d.id
           WHERE d.street_id = %(street)s AND last.to_state IS DISTINCT FROM d.state ORDER BY d.id""",
    ),
    (
        "cases_gooddeed",
        "its steps know another who told of it or decided",
        """WITH step AS (
               SELECT deed_id,
                      min(actor_id::text) FILTER (WHERE action = 'report') AS reporter,
                      min(happened_at) FILTER (WHERE action = 'report') AS reported_at,
                      min(actor_id::text) FILTER (WHERE action IN ('publish', 'decline')) AS decided_by,
                      min(happened_at) FILTER (WHERE action = 'publish') AS published_at
               FROM cases_deedstep WHERE street_id = %(street)s GROUP BY deed_id
           )
           SELECT d.id, concat_ws(' ', step.reporter, step.decided_by), concat_ws(' ', d.reporter_id, d.decided_by_id)
           FROM cases_gooddeed AS d LEFT JOIN step ON step.deed_id = d.id
           WHERE d.street_id = %(street)s
             AND (d.reporter_id::text, d.reported_at, d.decided_by_id::text, d.published_at)
                 IS DISTINCT FROM (step.reporter, step.reported_at, step.decided_by, step.published_at)
           ORDER BY d.id""",
    ),
    (
        "cases_deedstep",
        "the journal does not know it, or knows another",
        """WITH step AS (
               SELECT id, 'deed:' || deed_id AS subject, actor_id, happened_at, from_state, to_state, reason,
                      CASE action WHEN 'report' THEN 'deed.reported' WHEN 'publish' THEN 'deed.published'
                                  WHEN 'decline' THEN 'deed.declined' WHEN 'withdraw' THEN 'deed.withdrawn'
                                  WHEN 'take_down' THEN 'deed.taken_down' END AS what
               FROM cases_deedstep WHERE street_id = %(street)s
           ), said AS (
               SELECT id, subject, actor_id, happened_at, what, facts FROM journal_entry
               WHERE street_id = %(street)s AND what IN ('deed.reported', 'deed.published', 'deed.declined',
                                                         'deed.withdrawn', 'deed.taken_down')
           )
           SELECT coalesce(step.id, said.id), concat_ws(' ', said.what, said.facts ->> 'reason'),
                  concat_ws(' ', step.what, step.reason)
           FROM step FULL JOIN said
               ON (said.subject, said.what, said.actor_id, said.happened_at)
                = (step.subject, step.what, step.actor_id, step.happened_at)
           WHERE step.id IS NULL OR said.id IS NULL
              OR (coalesce(said.facts ->> 'from', ''), coalesce(said.facts ->> 'to', 'reported'),
                  coalesce(said.facts ->> 'reason', ''))
                 IS DISTINCT FROM (step.from_state, step.to_state, step.reason)
           ORDER BY 1""",
    ),
    (
        "cases_gooddeed",
        "neighbours read other words than were published, or on another consent",
        """SELECT d.id, concat_ws(' ', e.facts ->> 'third_party', e.facts ->> 'consent', e.facts ->> 'item'),
                  concat_ws(' ', d.third_party, d.consent_channel, d.point_item)
           FROM cases_gooddeed AS d
           JOIN journal_entry AS e
               ON e.street_id = d.street_id AND e.subject = 'deed:' || d.id AND e.what = 'deed.published'
               AND e.facts ? 'words'
           WHERE d.street_id = %(street)s
             AND ((e.facts ->> 'third_party', e.facts ->> 'consent', e.facts ->> 'item')
                      IS DISTINCT FROM (d.third_party, d.consent_channel, d.point_item)
                  OR NOT EXISTS (SELECT FROM cases_letgo AS gone WHERE gone.street_id = d.street_id
                                 AND gone.deed_id = d.id)
                  AND encode(sha256(convert_to(d.public_title || E'\\n' || d.public_text, 'UTF8')), 'hex')
                      <> e.facts ->> 'words')
           ORDER BY d.id""",
    ),
)

SAID: Final = (*_OF_CASES, *_OF_FINDINGS, *_OF_DEEDS)
