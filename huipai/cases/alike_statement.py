"""The hot statement before a report is sent: open public cases of its type around a place, across borders of grids.

Measured in `bench/entries/alike.py`; a test fixes that it reads the index `cases_shown_by_place`. It reads what the
gate let through, so that only what every neighbour may see is found; the words of others are compared, never shown.
"""

ALIKE = """
SELECT c.id, s.code, s.state, s.lng, s.lat, s.happened_at, c.due_at, node.name, kind.name, kind.radius_m, s.cover_id,
       said.text, prints.bits,
       (SELECT count(*) FROM cases_follow AS follow WHERE follow.street_id = %(street)s AND follow.case_id = c.id)
FROM cases_casetype AS kind
JOIN cases_shown AS s
  ON s.street_id = %(street)s AND s.case_type_id = kind.id AND s.kind = 'problem' AND s.ended_at IS NULL
 AND point(s.lng, s.lat) <@ box(
        point(%(lng)s::float8 - kind.radius_m / %(east)s::float8, %(lat)s::float8 - kind.radius_m / %(north)s::float8),
        point(%(lng)s::float8 + kind.radius_m / %(east)s::float8, %(lat)s::float8 + kind.radius_m / %(north)s::float8))
JOIN cases_case AS c ON c.street_id = %(street)s AND c.id = s.id
JOIN grid_gridnode AS node ON node.street_id = %(street)s AND node.id = s.node_id
LEFT JOIN LATERAL (
    SELECT report.text FROM cases_report AS report
    WHERE report.street_id = %(street)s AND report.case_id = c.id
    ORDER BY report.received_at, report.id LIMIT 1
) AS said ON true
LEFT JOIN LATERAL (
    SELECT array_agg(photo.fingerprint) AS bits FROM cases_casephoto AS shown
    JOIN photos_photo AS photo ON photo.street_id = %(street)s AND photo.id = shown.photo_id
    WHERE shown.street_id = %(street)s AND shown.case_id = c.id AND photo.fingerprint IS NOT NULL
      AND shown.moment = 'before'
) AS prints ON true
WHERE kind.street_id = %(street)s AND kind.code = %(type)s AND kind.is_active AND s.cover_id IS NOT NULL
ORDER BY point(s.lng, s.lat) <-> point(%(lng)s::float8, %(lat)s::float8), c.id
LIMIT 12
"""
