"""The hot statement of a worker's list: the rule of `queries.today_of`, with what a row shows and nothing else.

Measured in `bench/entries/list.py`; a test holds it to the rule. The two halves read two indexes in their order; a case
lies in a micro-grid, so only these are looked through. Names are looked for where somebody wrote words to strike them
from.
"""

from huipai.cases.models.case import CLAIMABLE, IN_HAND
from huipai.cases.names_statement import is_about, names_to_hide
from huipai.grid.queries import AREAS

_SHOWN = """c.id, c.code, c.state, c.address, c.due_at, c.lng, c.lat, c.case_type_id, c.node_id, c.parent_id,
           c.reporter_id, c.worker_id, c.responded_at"""
_NOT_OWN = f"""NOT EXISTS (SELECT FROM cases_report AS own
                LEFT JOIN cases_slip AS slip ON slip.street_id = own.street_id AND slip.report_id = own.id
                WHERE {is_about("own", "c")} AND %(person)s IN (own.reporter_id, slip.taken_by_id))"""
_IN_HAND = ", ".join(f"'{state.value}'" for state in IN_HAND)
_CLAIMABLE = ", ".join(f"'{state.value}'" for state in CLAIMABLE)

TODAY = f"""
WITH area AS MATERIALIZED ({AREAS}), mine AS (
    SELECT {_SHOWN} FROM cases_case AS c
    WHERE c.street_id = %(street)s AND c.worker_id = %(person)s AND c.state IN ({_IN_HAND}) AND {_NOT_OWN}
      AND EXISTS (SELECT FROM area)
    ORDER BY c.due_at, c.id LIMIT %(until)s
), unclaimed AS (
    SELECT {_SHOWN} FROM cases_case AS c
    WHERE c.street_id = %(street)s AND c.worker_id IS NULL AND c.state IN ({_IN_HAND}) AND {_NOT_OWN}
      AND c.unit_id IS NULL AND c.state IN ({_CLAIMABLE})
      AND c.node_id IN (SELECT below.id FROM grid_gridnode AS below, area
                        WHERE below.street_id = %(street)s AND below.level = 'micro_grid'
                          AND starts_with(below.path, area.path))
    ORDER BY c.due_at, c.id LIMIT %(until)s
), page AS (
    SELECT * FROM mine UNION ALL SELECT * FROM unclaimed ORDER BY due_at, id LIMIT %(size)s OFFSET %(start)s
)
SELECT page.code, page.state, page.address, page.due_at, page.lng, page.lat, kind.name, node.name, seen.photo_id,
       CASE WHEN page.address = '' THEN ARRAY[]::text[] ELSE {names_to_hide("page")} END,
       page.worker_id IS NOT NULL,
       page.responded_at IS NOT NULL OR EXISTS (
           SELECT FROM cases_case AS gone
           WHERE gone.street_id = %(street)s AND gone.merged_into_id = page.id AND gone.responded_at IS NOT NULL)
FROM page
JOIN cases_casetype AS kind ON kind.street_id = %(street)s AND kind.id = page.case_type_id
JOIN grid_gridnode AS node ON node.street_id = %(street)s AND node.id = page.node_id
LEFT JOIN LATERAL (
    SELECT CASE WHEN photo.thumb_key <> '' THEN photo.id END AS photo_id
    FROM cases_casephoto AS shown
    JOIN photos_photo AS photo ON photo.street_id = %(street)s AND photo.id = shown.photo_id
    WHERE shown.street_id = %(street)s AND shown.case_id = page.id
    ORDER BY shown.moment, shown.position LIMIT 1
) AS seen ON true
ORDER BY page.due_at, page.id
"""
