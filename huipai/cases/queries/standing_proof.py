"""Where cases, orders and joint tasks stand and by which steps: each row against what its entries in the journal say.

Entries say so since decision 0099, and each that does is known by what it says: `handler` in an entry of a case, `step`
in one of a joint task. Of what only earlier entries tell nothing is asked. The newest entry holds: whoever writes one
holds the case.
"""

from typing import Final

_DUE: Final = "coalesce((extract(epoch FROM {row}.due_at) * 1000000)::bigint, {row}.due_year)::text"
_TOLD_OF_ORDERS: Final = """SELECT e.id, e.happened_at, told.place, told.one ->> 'order' AS order_id,
           told.one ->> 'due' AS due, told.one ->> 'handler' AS handler_id, told.one -> 'step' AS step
    FROM journal_entry AS e, jsonb_path_query(e.facts, '$.orders[*]') WITH ORDINALITY AS told(one, place)
    WHERE e.street_id = %(street)s AND e.subject LIKE 'case:%%' AND e.facts ? 'handler' AND e.facts ? 'orders'"""

_PROMISED: Final = (
    (
        "cases_case",
        "the journal knows another promise or another handler",
        f"""SELECT c.id, concat_ws(' ', told.due, told.handler_id), concat_ws(' ', {_DUE.format(row="c")}, c.handler_id)
           FROM (SELECT DISTINCT ON (subject) subject, facts ->> 'due' AS due, facts ->> 'handler' AS handler_id
                 FROM journal_entry
                 WHERE street_id = %(street)s AND subject LIKE 'case:%%' AND facts ? 'handler'
                 ORDER BY subject, id DESC) AS told
           JOIN cases_case AS c ON c.street_id = %(street)s AND 'case:' || c.id = told.subject
           WHERE (told.due, told.handler_id) IS DISTINCT FROM ({_DUE.format(row="c")}, c.handler_id::text)
           ORDER BY c.id""",
    ),
    (
        "cases_workorder",
        "the journal knows another promise or another handler",
        f"""SELECT coalesce(o.id, told.id), concat_ws(' ', told.due, told.handler_id),
                  concat_ws(' ', {_DUE.format(row="o")}, o.handler_id)
           FROM (SELECT DISTINCT ON (order_id) * FROM ({_TOLD_OF_ORDERS}) AS every
                 ORDER BY order_id, id DESC, place DESC) AS told
           LEFT JOIN cases_workorder AS o ON o.street_id = %(street)s AND o.id::text = told.order_id
           WHERE o.id IS NULL
              OR (told.due, told.handler_id) IS DISTINCT FROM ({_DUE.format(row="o")}, o.handler_id::text)
           ORDER BY 1""",
    ),
)

# Said when it is reported, corrected, placed and passed on; of a part, when it is split off its whole.
_PLACED: Final = (
    (
        "cases_case",
        "the journal knows another place",
        """SELECT c.id, told.node, c.node_id::text
           FROM (SELECT DISTINCT ON (subject) subject, node
                 FROM (SELECT id, subject, facts ->> 'node' AS node FROM journal_entry
                       WHERE street_id = %(street)s AND subject LIKE 'case:%%'
                         AND (facts ? 'node' OR what = 'case.corrected')
                       UNION ALL
                       SELECT id, 'case:' || (facts ->> 'part'), facts ->> 'node' FROM journal_entry
                       WHERE street_id = %(street)s AND what = 'case.split') AS every
                 ORDER BY subject, id DESC) AS told
           JOIN cases_case AS c ON c.street_id = %(street)s AND 'case:' || c.id = told.subject
           WHERE told.node <> c.node_id::text ORDER BY c.id""",
    ),
)

_BEGUN: Final = (
    (
        "cases_case",
        "it was not reported by whom, when and how the journal says",
        """WITH came AS (
               SELECT subject, actor_id, happened_at, 'reporter' AS part FROM journal_entry
               WHERE street_id = %(street)s AND what = 'case.reported'
           ), began AS (
               SELECT * FROM came
               UNION ALL
               SELECT 'case:' || (split.facts ->> 'part'), came.actor_id, split.happened_at, 'system'
               FROM journal_entry AS split JOIN came ON came.subject = split.subject
               WHERE split.street_id = %(street)s AND split.what = 'case.split'
           )
           SELECT c.id, began.actor_id || ' ' || began.happened_at,
                  concat_ws(' ', c.reporter_id, c.reported_at, c.clock_started_at, first.action, first.part,
                            first.happened_at, first.reason)
           FROM cases_case AS c
           LEFT JOIN began ON began.subject = 'case:' || c.id
           LEFT JOIN cases_transition AS first
               ON first.street_id = c.street_id AND first.case_id = c.id AND first.position = 1
           WHERE c.street_id = %(street)s
             AND (c.reporter_id, c.reported_at, c.clock_started_at, first.action, first.part, first.clock,
                  first.happened_at, first.reason, first.actor_id, first.unit_id)
                 IS DISTINCT FROM
                 (began.actor_id, began.happened_at, began.happened_at, 'report', began.part, 'start',
                  began.happened_at, '', CASE began.part WHEN 'reporter' THEN began.actor_id END, NULL::uuid)
           ORDER BY c.id""",
    ),
)

# Every step stands in an entry of its moment as it was; one that no entry tells is excused by an `early` one beside it.
_EACH_STEP_IS_TOLD: Final = """WITH told AS ({told}), step AS ({step})
    SELECT coalesce(step.id, told.id), concat_ws(' ', told.step, told.happened_at),
           concat_ws(' ', step.said, step.happened_at)
    FROM step FULL JOIN told ON told.key = step.key AND told.step ->> 0 = step.said ->> 0
    WHERE CASE WHEN told.id IS NOT NULL
               THEN (told.step, told.happened_at) IS DISTINCT FROM (step.said, step.happened_at)
               ELSE NOT EXISTS (
                   SELECT FROM journal_entry AS early
                   WHERE early.street_id = %(street)s AND early.subject = step.subject
                     AND early.happened_at = step.happened_at AND {early}) END
    ORDER BY 1"""
_STEPS: Final = (
    (
        "cases_transition",
        "the journal knows another step in its place",
        """SELECT coalesce(t.id, e.id), e.facts ->> 'step',
                  jsonb_build_array(t.position, t.action, t.part, t.clock, t.unit_id, t.reason)::text
           FROM journal_entry AS e
           LEFT JOIN cases_transition AS t
               ON t.street_id = %(street)s AND 'case:' || t.case_id = e.subject
               AND t.position::text = e.facts -> 'step' ->> 0
           WHERE e.street_id = %(street)s AND e.subject LIKE 'case:%%' AND e.facts ? 'step'
             AND e.facts -> 'step'
                 IS DISTINCT FROM jsonb_build_array(t.position, t.action, t.part, t.clock, t.unit_id, t.reason)
           ORDER BY 1""",
    ),
    (
        "cases_orderstep",
        "the journal does not know it, or knows another",
        _EACH_STEP_IS_TOLD.format(
            told=f"SELECT told.order_id AS key, told.* FROM ({_TOLD_OF_ORDERS}) AS told WHERE step IS NOT NULL",
            step="""SELECT s.id, s.order_id::text AS key, s.happened_at, 'case:' || o.case_id AS subject,
                    jsonb_build_array(s.position, s.action, s.from_state, s.to_state, s.part, s.actor_id,
                                      s.reason) AS said
             FROM cases_orderstep AS s
             LEFT JOIN cases_workorder AS o ON o.street_id = s.street_id AND o.id = s.order_id
             WHERE s.street_id = %(street)s""",
            early="NOT early.facts ? 'handler' AND (early.what LIKE 'order.%%' OR early.facts ? 'round')",
        ),
    ),
    (
        "cases_jointtask",
        "its state is not where its last step led",
        """SELECT j.id, last.to_state, j.state
           FROM cases_jointtask AS j
           LEFT JOIN (SELECT DISTINCT ON (task_id) task_id, to_state FROM cases_jointstep
                      WHERE street_id = %(street)s ORDER BY task_id, position DESC) AS last ON last.task_id = j.id
           WHERE j.street_id = %(street)s AND last.to_state IS DISTINCT FROM j.state ORDER BY j.id""",
    ),
    (
        "cases_unitcall",
        "it is waited for where there is a result or an end",
        """SELECT c.id, j.state, c.state FROM cases_unitcall AS c
           JOIN cases_jointtask AS j ON j.street_id = c.street_id AND j.id = c.task_id
           WHERE c.street_id = %(street)s AND c.state = 'called'
             AND j.state NOT IN ('whistled', 'mustering', 'unanswered', 'on_site')
           ORDER BY c.id""",
    ),
    (
        "cases_jointstep",
        "the journal does not know it, or knows another",
        _EACH_STEP_IS_TOLD.format(
            told="""SELECT id, subject AS key, happened_at, facts -> 'step' AS step FROM journal_entry
             WHERE street_id = %(street)s AND subject LIKE 'joint:%%' AND facts ? 'step'""",
            step="""SELECT id, 'joint:' || task_id AS key, happened_at, 'joint:' || task_id AS subject,
                    jsonb_build_array(position, action, from_state, to_state, part, actor_id, unit_id,
                                      (extract(epoch FROM meets_at) * 1000000)::bigint) AS said
             FROM cases_jointstep WHERE street_id = %(street)s""",
            early="NOT early.facts ? 'step' AND early.what <> 'joint.moved'",
        ),
    ),
)

STANDING: Final = (*_PROMISED, *_PLACED, *_BEGUN, *_STEPS)
