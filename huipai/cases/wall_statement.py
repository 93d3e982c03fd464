"""What the wall shows, over what is open and what ended in the last week; no names, no order by outcome.

`cases_open` and `cases_ended` carry them: what they cost does not grow with the archive.
"""

from huipai.cases.late_statement import is_late
from huipai.cases.rules.lateness import RESTING
from huipai.cases.words import Outcome

_OUTSIDE = ", ".join(f"'{state.value}'" for state in RESTING)
_SOLVED = f"('{Outcome.CONFIRMED}', '{Outcome.NO_ANSWER}')"
_OPEN = f"""
    SELECT c.node_id, c.reported_at, c.due_at, c.parent_id,
           {is_late("c")} AS is_late,
           c.state NOT IN ({_OUTSIDE}) AND c.due_at > %(now)s AND c.due_at <= %(soon)s AS is_soon
    FROM cases_case AS c WHERE c.street_id = %(street)s AND c.ended_at IS NULL"""

NUMBERS = f"""
WITH open AS ({_OPEN}), done AS (
    SELECT c.ended_at, c.responded_at, c.due_at, c.outcome, c.round, c.reported_at, c.parent_id
    FROM cases_case AS c
    WHERE c.street_id = %(street)s AND c.ended_at >= %(week)s
), solved AS (SELECT * FROM done WHERE outcome IN {_SOLVED})
SELECT (SELECT count(*) FROM open), (SELECT count(*) FROM open WHERE is_late),
       (SELECT count(*) FROM open WHERE is_soon),
       (SELECT count(*) FROM solved WHERE ended_at >= %(today)s),
       (SELECT count(*) FROM open WHERE reported_at >= %(today)s AND parent_id IS NULL)
         + (SELECT count(*) FROM done
            WHERE reported_at >= %(today)s AND ended_at >= %(today)s AND parent_id IS NULL),
       (SELECT count(*) FROM solved WHERE due_at IS NOT NULL AND responded_at IS NOT NULL),
       (SELECT count(*) FROM solved WHERE responded_at <= due_at),
       (SELECT count(*) FROM solved), (SELECT count(*) FROM solved WHERE outcome = '{Outcome.CONFIRMED}'),
       (SELECT count(*) FROM solved WHERE round > 1)
"""

# Of each part of the tree on one level, in the fixed order of codes: what is open, late and soon due. Where a case
# itself lies is not for a wall: the only one of a grid would stand at somebody's door.
PLACES = f"""
WITH open AS ({_OPEN}), here AS (
    SELECT node_id, count(*) AS count, count(*) FILTER (WHERE is_late) AS late, count(*) FILTER (WHERE is_soon) AS soon
    FROM open GROUP BY node_id
)
SELECT place.id, place.name, coalesce(sum(here.count), 0)::int, coalesce(sum(here.late), 0)::int,
       coalesce(sum(here.soon), 0)::int
FROM grid_gridnode AS place
LEFT JOIN grid_gridnode AS node ON node.street_id = %(street)s AND starts_with(node.path, place.path)
    AND node.id IN (SELECT node_id FROM here)
LEFT JOIN here ON here.node_id = node.id
WHERE place.street_id = %(street)s AND place.level = %(level)s
  AND place.valid_from <= %(now)s AND (place.valid_until IS NULL OR place.valid_until > %(now)s)
GROUP BY place.id, place.code, place.name ORDER BY place.code
"""

# What presses most: overdue first, then by its limit. Of what neighbours do not see the wall does not say what it is.
PRESSING = f"""
SELECT CASE WHEN c.is_public THEN kind.name ELSE '' END, node.name, c.due_at FROM cases_case AS c
JOIN cases_casetype AS kind ON kind.street_id = %(street)s AND kind.id = c.case_type_id
JOIN grid_gridnode AS node ON node.street_id = %(street)s AND node.id = c.node_id
WHERE c.street_id = %(street)s AND c.ended_at IS NULL AND c.due_at IS NOT NULL
  AND (c.state NOT IN ({_OUTSIDE}) OR {is_late("c")})
ORDER BY c.due_at, c.id LIMIT %(size)s
"""

# What was solved last.
LATEST = f"""
SELECT CASE WHEN c.is_public THEN kind.name ELSE '' END, node.name, c.ended_at, c.outcome, c.is_unchecked
FROM cases_case AS c
JOIN cases_casetype AS kind ON kind.street_id = %(street)s AND kind.id = c.case_type_id
JOIN grid_gridnode AS node ON node.street_id = %(street)s AND node.id = c.node_id
WHERE c.street_id = %(street)s AND c.ended_at >= %(today)s AND c.outcome IN {_SOLVED}
ORDER BY c.ended_at DESC, c.id LIMIT %(size)s
"""

# Hour by hour of today, in China: what came in, and what was solved. Whatever came in today is open or ended today; a
# part that was split off did not come in: nobody reported it.
HOURS = f"""
WITH today AS (
    SELECT CASE WHEN c.parent_id IS NULL THEN c.reported_at END AS reported_at, NULL::timestamptz AS solved_at
    FROM cases_case AS c
    WHERE c.street_id = %(street)s AND c.ended_at IS NULL AND c.reported_at >= %(today)s
    UNION ALL
    SELECT CASE WHEN c.parent_id IS NULL THEN c.reported_at END, CASE WHEN c.outcome IN {_SOLVED} THEN c.ended_at END
    FROM cases_case AS c
    WHERE c.street_id = %(street)s AND c.ended_at >= %(today)s
)
SELECT hour, count(*) FILTER (WHERE what = 'received')::int, count(*) FILTER (WHERE what = 'solved')::int
FROM today
CROSS JOIN LATERAL (VALUES ('received', reported_at), ('solved', solved_at)) AS point(what, at)
CROSS JOIN LATERAL (SELECT extract(hour FROM at AT TIME ZONE 'Asia/Shanghai')::int AS hour) AS of_day
WHERE at >= %(today)s
GROUP BY hour ORDER BY hour
"""
