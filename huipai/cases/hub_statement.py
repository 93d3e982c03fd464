"""The hot statements of the desk: one page of the queue, and how much lies on each shelf.

Both read the open cases only, in the order of the index `cases_open`: what is over does not make them slower. Measured
in `bench/entries/hub.py`; a test holds the page to the vocabulary of `Case.objects`.
"""

from huipai.cases.late_statement import is_late
from huipai.cases.names_statement import names_to_hide
from huipai.cases.rules.lateness import RESTING

_RESTING = ", ".join(f"'{state.value}'" for state in RESTING)
_INSIDE = """(%(areas)s::text[] IS NULL OR c.node_id IN (
        SELECT below.id FROM grid_gridnode AS below, unnest(%(areas)s::text[]) AS area
        WHERE below.street_id = %(street)s AND starts_with(below.path, area)))"""
_NARROWED = """(%(type)s::text IS NULL OR c.case_type_id = (
        SELECT kind.id FROM cases_casetype AS kind WHERE kind.street_id = %(street)s AND kind.code = %(type)s))
      AND (%(unit)s::text IS NULL OR c.unit_id = (
        SELECT unit.id FROM grid_unit AS unit WHERE unit.street_id = %(street)s AND unit.code = %(unit)s))"""
_UNREAD = """EXISTS (SELECT FROM cases_workorder AS sent
        WHERE sent.street_id = %(street)s AND sent.case_id = c.id AND sent.state = 'sent' AND sent.read_at IS NULL
          AND (sent.alarm_at IS NULL OR sent.alarm_at <= %(now)s))"""
# Open cases whose place, reports or words of their split hold these signs, struck out or not; what is shown of them
# decides (queries/hub.py).
HOLDING = f"""
SELECT c.id, said.text, {names_to_hide("c")}
FROM cases_case AS c
CROSS JOIN LATERAL (
    SELECT concat_ws(' ', c.address, string_agg(told.text, ' ' ORDER BY told.received_at, told.id),
        (SELECT string_agg(cut.text, ' ' ORDER BY cut.id) FROM cases_note AS cut
         WHERE cut.street_id = %(street)s AND cut.case_id = c.id AND c.parent_id IS NOT NULL
           AND cut.transition_id IS NULL AND cut.written_at = c.reported_at)) AS text
    FROM cases_report AS told
    WHERE told.street_id = %(street)s AND told.case_id = c.id AND told.state <> 'withdrawn'
) AS said
WHERE c.street_id = %(street)s AND c.ended_at IS NULL AND {_INSIDE} AND said.text ILIKE %(like)s
ORDER BY c.due_at, c.id LIMIT %(most)s
"""

QUEUE = f"""
WITH page AS (
    SELECT c.id, c.code, c.number, c.state, c.address, c.due_at, c.lng, c.lat, c.case_type_id, c.node_id, c.unit_id,
           c.returns, c.supervised_at, c.edition
    FROM cases_case AS c
    WHERE c.street_id = %(street)s AND c.ended_at IS NULL AND c.state = ANY(%(states)s::text[])
      AND {_INSIDE}
      AND {_NARROWED}
      AND (%(due_after)s::timestamptz IS NULL OR c.due_at > %(due_after)s::timestamptz)
      AND (%(due_until)s::timestamptz IS NULL OR c.due_at <= %(due_until)s::timestamptz)
      AND (NOT %(late)s::boolean OR {is_late("c")})
      AND (NOT %(free)s::boolean OR c.worker_id IS NULL AND c.unit_id IS NULL)
      AND (NOT %(guessed)s::boolean OR c.placed = 'guessed')
      AND (NOT %(watched)s::boolean OR c.supervised_at IS NOT NULL)
      AND (NOT %(unread)s::boolean OR {_UNREAD})
      AND (%(holding)s::uuid[] IS NULL OR c.code = %(words)s OR c.number::text = %(words)s
           OR c.id = ANY(%(holding)s::uuid[]))
    ORDER BY c.state IN ({_RESTING}), c.due_at, c.id LIMIT %(size)s OFFSET %(start)s
)
SELECT page.code, page.number, page.state, page.address, page.due_at, page.lng, page.lat, kind.name, node.name,
       unit.name, page.returns, page.supervised_at IS NOT NULL, seen.photo_id, {is_late("page")},
       page.state = 'returned' AND page.returns >= coalesce((
           SELECT (said.content->>'max_returns')::int FROM cases_casetypeedition AS said
           WHERE said.street_id = %(street)s AND said.case_type_id = kind.id AND said.number = page.edition
             AND said.number < kind.edition), kind.max_returns)
FROM page
JOIN cases_casetype AS kind ON kind.street_id = %(street)s AND kind.id = page.case_type_id
JOIN grid_gridnode AS node ON node.street_id = %(street)s AND node.id = page.node_id
LEFT JOIN grid_unit AS unit ON unit.street_id = %(street)s AND unit.id = page.unit_id
LEFT JOIN LATERAL (
    SELECT CASE WHEN photo.thumb_key <> '' THEN photo.id END AS photo_id
    FROM cases_casephoto AS shown
    JOIN photos_photo AS photo ON photo.street_id = %(street)s AND photo.id = shown.photo_id
    WHERE shown.street_id = %(street)s AND shown.case_id = page.id
    ORDER BY shown.moment, shown.position LIMIT 1
) AS seen ON true
ORDER BY page.state IN ({_RESTING}), page.due_at, page.id
"""

COUNTS = f"""
SELECT count(*) FILTER (WHERE c.state = ANY(%(to_send)s::text[]) AND c.worker_id IS NULL AND c.unit_id IS NULL),
       count(*) FILTER (WHERE c.state = ANY(%(running)s::text[]) AND c.due_at > %(now)s AND c.due_at <= %(soon)s),
       count(*) FILTER (WHERE {is_late("c")}),
       count(*) FILTER (WHERE c.state IN ('returned', 'extension_pending')),
       count(*) FILTER (WHERE c.state IN ('dispatched', 'in_progress') AND {_UNREAD}),
       count(*) FILTER (WHERE c.supervised_at IS NOT NULL),
       count(*) FILTER (WHERE c.placed = 'guessed' AND c.state = ANY(%(to_send)s::text[]) AND c.worker_id IS NULL
                          AND c.unit_id IS NULL),
       count(*) FILTER (WHERE c.state = 'responded')
FROM cases_case AS c
WHERE c.street_id = %(street)s AND c.ended_at IS NULL AND {_INSIDE}
  AND {_NARROWED}
"""
