"""Joint tasks, their cases and calls, and papers: each row against its steps and the journal, which cannot be changed.

What an entry of an earlier version does not say is not asked of it.
"""

from typing import Final

from huipai.cases.rules.joint import ends

_ENDS: Final = ", ".join(f"'{state.value}'" for state in sorted(ends()))

_OF_TASKS: Final = (
    (
        "cases_jointtask",
        "its steps or the journal know another",
        f"""WITH step AS (
               SELECT task_id,
                      min(actor_id::text) FILTER (WHERE action = 'whistle') AS whistled_by,
                      min(happened_at) FILTER (WHERE action = 'whistle') AS whistled_at,
                      (array_agg(meets_at ORDER BY position DESC) FILTER (WHERE action = 'convene'))[1] AS visit_at,
                      min(happened_at) FILTER (WHERE action = 'visit') AS visited_at,
                      min(happened_at) FILTER (WHERE action = 'resolve') AS resolved_at,
                      min(happened_at) FILTER (WHERE to_state IN ({_ENDS})) AS ended_at
               FROM cases_jointstep WHERE street_id = %(street)s GROUP BY task_id
           )
           SELECT j.id,
                  concat_ws(' ', step.whistled_by, step.whistled_at, e.facts ->> 'hours', step.visit_at,
                            step.visited_at, step.resolved_at, step.ended_at),
                  concat_ws(' ', j.whistled_by_id, j.whistled_at, j.muster_hours, j.visit_at, j.visited_at,
                            j.resolved_at, j.ended_at)
           FROM cases_jointtask AS j
           LEFT JOIN step ON step.task_id = j.id
           LEFT JOIN journal_entry AS e
               ON e.street_id = j.street_id AND e.subject = 'joint:' || j.id AND e.what = 'joint.whistled'
           WHERE j.street_id = %(street)s
             AND (j.whistled_by_id::text, j.whistled_at, j.muster_hours::text, j.visit_at, j.visited_at, j.resolved_at,
                  j.ended_at)
                 IS DISTINCT FROM
                 (step.whistled_by, step.whistled_at, e.facts ->> 'hours', step.visit_at, step.visited_at,
                  step.resolved_at, step.ended_at)
           ORDER BY j.id""",
    ),
    (
        "cases_jointtask",
        "its reporters read another result than was written",
        """SELECT j.id, e.facts ->> 'words', encode(sha256(convert_to(j.result, 'UTF8')), 'hex')
           FROM cases_jointtask AS j
           JOIN journal_entry AS e
               ON e.street_id = j.street_id AND e.subject = 'joint:' || j.id AND e.what = 'joint.resolved'
               AND e.facts ? 'words'
           WHERE j.street_id = %(street)s
             AND encode(sha256(convert_to(j.result, 'UTF8')), 'hex') <> e.facts ->> 'words'
             AND EXISTS (SELECT FROM cases_jointcase AS link
                         WHERE link.street_id = %(street)s AND link.task_id = j.id
                           AND NOT EXISTS (SELECT FROM cases_letgo AS gone WHERE gone.street_id = %(street)s
                                           AND gone.case_id = link.case_id))
           ORDER BY j.id""",
    ),
    (
        "cases_jointcase",
        "the journal does not know it, or knows one that is not there",
        """WITH said AS (
               SELECT min(id::text)::uuid AS id, task, case_id
               FROM (SELECT e.id, e.subject AS task, told.case_id
                     FROM journal_entry AS e, jsonb_array_elements_text(e.facts -> 'cases') AS told(case_id)
                     WHERE e.street_id = %(street)s AND e.what = 'joint.whistled'
                     UNION ALL
                     SELECT id, subject, facts ->> 'into' FROM journal_entry
                     WHERE street_id = %(street)s AND what = 'joint.moved') AS every
               GROUP BY task, case_id
           ), link AS (
               SELECT id, 'joint:' || task_id AS task, case_id::text FROM cases_jointcase WHERE street_id = %(street)s
           )
           SELECT coalesce(link.id, said.id), said.case_id, link.case_id
           FROM link FULL JOIN said ON (said.task, said.case_id) = (link.task, link.case_id)
           WHERE link.id IS NULL OR said.id IS NULL ORDER BY 1""",
    ),
    (
        "cases_jointcase",
        "it ended neither with its task nor with its case",
        """SELECT link.id, j.ended_at::text, link.ended_at::text
           FROM cases_jointcase AS link
           JOIN cases_jointtask AS j ON j.street_id = link.street_id AND j.id = link.task_id
           WHERE link.street_id = %(street)s AND link.ended_at IS DISTINCT FROM j.ended_at
             AND NOT EXISTS (SELECT FROM cases_transition AS step
                             WHERE step.street_id = link.street_id AND step.case_id = link.case_id
                               AND step.happened_at = link.ended_at)
           ORDER BY link.id""",
    ),
)

_OF_CALLS: Final = (
    (
        "cases_unitcall",
        "the journal knows another call of this unit",
        """WITH said AS (
               SELECT DISTINCT ON (task, unit) id, task, unit, happened_at, answer_by
               FROM (SELECT e.id, e.subject AS task, told.unit, e.happened_at, e.facts ->> 'answer_by' AS answer_by
                     FROM journal_entry AS e, jsonb_array_elements_text(e.facts -> 'units') AS told(unit)
                     WHERE e.street_id = %(street)s AND e.what = 'joint.whistled'
                     UNION ALL
                     SELECT id, subject, facts ->> 'unit', happened_at, facts ->> 'answer_by' FROM journal_entry
                     WHERE street_id = %(street)s AND what = 'joint.called') AS every
               ORDER BY task, unit, id DESC
           ), call AS (
               SELECT id, 'joint:' || task_id AS task, unit_id::text AS unit, called_at,
                      (extract(epoch FROM answer_by) * 1000000)::bigint::text AS answer_by
               FROM cases_unitcall WHERE street_id = %(street)s
           )
           SELECT coalesce(call.id, said.id), concat_ws(' ', said.unit, said.happened_at, said.answer_by),
                  concat_ws(' ', call.unit, call.called_at, call.answer_by)
           FROM call FULL JOIN said ON (said.task, said.unit) = (call.task, call.unit)
           WHERE (call.called_at, call.answer_by)
                 IS DISTINCT FROM (said.happened_at, coalesce(said.answer_by, call.answer_by))
           ORDER BY 1""",
    ),
    (
        "cases_unitcall",
        "the journal knows another answer of this unit",
        """WITH said AS (
               SELECT facts ->> 'call' AS call, count(*) FILTER (WHERE what = 'joint.declined') AS refusals,
                      min(happened_at) FILTER (WHERE what = 'joint.mustered') AS mustered_at,
                      (array_agg(facts ->> 'envoy' ORDER BY id DESC) FILTER (WHERE what = 'joint.mustered'))[1] AS envoy
               FROM journal_entry
               WHERE street_id = %(street)s AND what IN ('joint.mustered', 'joint.declined') AND facts ? 'call'
               GROUP BY facts ->> 'call'
           )
           SELECT call.id, concat_ws(' ', said.mustered_at, said.envoy),
                  concat_ws(' ', call.state, call.mustered_at, call.envoy_id)
           FROM cases_unitcall AS call LEFT JOIN said ON said.call = call.id::text
           WHERE call.street_id = %(street)s
             AND ((call.mustered_at, call.envoy_id::text) IS DISTINCT FROM (said.mustered_at, said.envoy)
                  OR (call.state = 'declined' OR call.excuse <> '') AND coalesce(said.refusals, 0) = 0)
           ORDER BY call.id""",
    ),
    (
        "cases_unitcall",
        "the journal knows otherwise whether it came",
        """WITH mustered AS (
               SELECT facts ->> 'call' AS call, min(id::text)::uuid AS id FROM journal_entry
               WHERE street_id = %(street)s AND what = 'joint.mustered' AND facts ? 'call' GROUP BY facts ->> 'call'
           ), said AS (
               SELECT call.id, call.came, call.task_id, visit.facts,
                      CASE WHEN visit.facts ? 'there' AND mustered.id < visit.id
                           THEN visit.facts -> 'there' ? call.id::text END AS told
               FROM cases_unitcall AS call
               LEFT JOIN mustered ON mustered.call = call.id::text
               LEFT JOIN journal_entry AS visit
                   ON visit.street_id = %(street)s AND visit.subject = 'joint:' || call.task_id
                   AND visit.what = 'joint.visited'
               WHERE call.street_id = %(street)s
           )
           SELECT id, told::text, came::text FROM said
           WHERE (facts IS NULL OR facts ? 'there') AND came IS DISTINCT FROM told
           UNION ALL
           SELECT task_id, facts ->> 'came', (count(*) FILTER (WHERE came))::text FROM said
           WHERE facts IS NOT NULL AND NOT facts ? 'there' GROUP BY task_id, facts
           HAVING (count(*) FILTER (WHERE came), count(*) FILTER (WHERE NOT came))
                  IS DISTINCT FROM ((facts ->> 'came')::bigint, (facts ->> 'missing')::bigint)
           ORDER BY 1""",
    ),
)

_OF_PAPERS: Final = (
    (
        "cases_attachment",
        "it is not the one that the journal knows",
        """WITH paper AS (
               SELECT id, 'attachment:' || id AS subject, added_by_id, added_at,
                      concat_ws(' ', case_id, order_id, kind, sha256, eyes) AS one
               FROM cases_attachment WHERE street_id = %(street)s
           ), said AS (
               SELECT id, subject, actor_id, happened_at,
                      concat_ws(' ', facts ->> 'case', facts ->> 'order', facts ->> 'kind', facts ->> 'sha256',
                                facts ->> 'eyes') AS one
               FROM journal_entry WHERE street_id = %(street)s AND what = 'attachment.added'
           )
           SELECT coalesce(paper.id, said.id), concat_ws(' ', said.one, said.actor_id, said.happened_at),
                  concat_ws(' ', paper.one, paper.added_by_id, paper.added_at)
           FROM paper FULL JOIN said ON said.subject = paper.subject
           WHERE (paper.one, paper.added_by_id, paper.added_at)
                 IS DISTINCT FROM (said.one, said.actor_id, said.happened_at)
           ORDER BY 1""",
    ),
    (
        "cases_attachment",
        "it was not taken away when the journal says",
        """SELECT paper.id, e.happened_at::text, concat_ws(' ', paper.removed_at, paper.name)
           FROM cases_attachment AS paper
           LEFT JOIN journal_entry AS e
               ON e.street_id = paper.street_id AND e.subject = 'attachment:' || paper.id
               AND e.what = 'attachment.removed'
           WHERE paper.street_id = %(street)s AND paper.removed_at IS DISTINCT FROM e.happened_at
           ORDER BY paper.id""",
    ),
)

TOGETHER: Final = (*_OF_TASKS, *_OF_CALLS, *_OF_PAPERS)
