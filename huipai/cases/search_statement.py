"""The hot statements of the search: by words, latest first; by parts of words; and the rows that are shown of it.

Measured in `bench/entries/search.py` and `bench/entries/search_growth.py`. `RECENT` looks through the latest cases as
they are, `BY_WORDS` goes month by month through the index: whichever fills its page first ends it.
"""

from huipai.cases.names_statement import is_about, names_to_hide

RECENTLY = 3000

_SCOPE = f"""(%(areas)s::text[] IS NULL
        OR c.node_id IN (SELECT below.id FROM grid_gridnode AS below, unnest(%(areas)s::text[]) AS area
                         WHERE below.street_id = %(street)s AND starts_with(below.path, area))
        OR c.worker_id = %(person)s
        OR EXISTS (SELECT FROM cases_check AS drawn WHERE drawn.street_id = %(street)s AND drawn.case_id = c.id
                   AND drawn.checker_id = %(person)s AND drawn.result = ''))
      AND NOT EXISTS (SELECT FROM cases_report AS own WHERE {is_about("own", "c")} AND own.reporter_id = %(person)s)"""
_ALL_WORDS = """NOT EXISTS (SELECT FROM unnest(%(words)s::text[]) AS word WHERE strpos(s.text, word) = 0)"""
_LATEST = f"""SELECT kept.id, kept.text, kept.reported_at FROM cases_searchable AS kept
    WHERE kept.street_id = %(street)s ORDER BY kept.reported_at DESC, kept.id DESC LIMIT {RECENTLY}"""

EXACT = f"""
SELECT c.id FROM cases_case AS c
WHERE c.street_id = %(street)s AND (c.code = %(code)s OR c.number = %(number)s::int) AND {_SCOPE}
ORDER BY c.id DESC LIMIT %(size)s
"""

RECENT = f"""
SELECT s.id FROM ({_LATEST}) AS s
JOIN cases_case AS c ON c.street_id = %(street)s AND c.id = s.id
WHERE {_ALL_WORDS} AND {_SCOPE}
ORDER BY s.reported_at DESC, s.id DESC LIMIT %(size)s
"""

# OFFSET 0 is a fence: what fits is looked up by its signs first, and only then asked whether it may be seen.
BY_WORDS = f"""
SELECT found.id FROM unnest(%(months)s::text[]) AS month(gram)
CROSS JOIN LATERAL (
    SELECT fits.id FROM (
        SELECT s.id, s.reported_at FROM cases_searchable AS s
        WHERE s.street_id = %(street)s AND s.grams @> (%(grams)s::text[] || month.gram) AND {_ALL_WORDS} OFFSET 0
    ) AS fits
    JOIN cases_case AS c ON c.street_id = %(street)s AND c.id = fits.id
    WHERE {_SCOPE}
    ORDER BY fits.reported_at DESC, fits.id DESC LIMIT %(size)s
) AS found
LIMIT %(size)s
"""

# Most of the pairs of signs, but not all the words: a slip of the pen, or a name that is written another way.
# With words in place of the pairs: some of several.
BY_PARTS = f"""
SELECT s.id FROM ({_LATEST}) AS s
JOIN cases_case AS c ON c.street_id = %(street)s AND c.id = s.id
CROSS JOIN LATERAL (
    SELECT count(*) AS fits FROM unnest(%(grams)s::text[]) AS gram WHERE strpos(s.text, gram) > 0
) AS part
WHERE part.fits >= %(enough)s AND NOT ({_ALL_WORDS}) AND {_SCOPE}
ORDER BY part.fits DESC, s.reported_at DESC, s.id DESC LIMIT %(size)s
"""

# What was found by, and whose names are struck out where it is shown.
FOUND_BY = f"""
SELECT s.id, s.text, {names_to_hide("c")}
FROM cases_searchable AS s
JOIN cases_case AS c ON c.street_id = %(street)s AND c.id = s.id
WHERE s.street_id = %(street)s AND s.id = ANY(%(ids)s::uuid[])
"""

ROWS = """
SELECT c.id, c.code, c.number, c.state, c.address, c.due_at, c.ended_at IS NULL, kind.name, node.name, unit.name,
       c.reported_at, seen.photo_id, said.text, c.is_unchecked
FROM cases_case AS c
JOIN cases_casetype AS kind ON kind.street_id = %(street)s AND kind.id = c.case_type_id
JOIN grid_gridnode AS node ON node.street_id = %(street)s AND node.id = c.node_id
LEFT JOIN grid_unit AS unit ON unit.street_id = %(street)s AND unit.id = c.unit_id
LEFT JOIN LATERAL (
    SELECT CASE WHEN photo.thumb_key <> '' THEN photo.id END AS photo_id
    FROM cases_casephoto AS shown
    JOIN photos_photo AS photo ON photo.street_id = %(street)s AND photo.id = shown.photo_id
    WHERE shown.street_id = %(street)s AND shown.case_id = c.id
    ORDER BY shown.moment, shown.position LIMIT 1
) AS seen ON true
LEFT JOIN LATERAL (
    SELECT string_agg(heard.text, ' ／ ' ORDER BY heard.place) AS text FROM (
        SELECT told.text, told.state, row_number() OVER (ORDER BY told.received_at, told.id) AS place
        FROM cases_report AS told WHERE told.street_id = %(street)s AND told.case_id = c.id
        UNION ALL
        SELECT added.text, told.state, 1000 + row_number() OVER (ORDER BY added.added_at, added.id)
        FROM cases_addition AS added
        JOIN cases_report AS told ON told.street_id = %(street)s AND told.id = added.report_id
        WHERE added.street_id = %(street)s AND told.case_id = c.id
        UNION ALL
        SELECT cut.text, '', 1 FROM cases_note AS cut
        WHERE cut.street_id = %(street)s AND cut.case_id = c.id AND c.parent_id IS NOT NULL
          AND cut.transition_id IS NULL AND cut.written_at = c.reported_at
    ) AS heard
    WHERE heard.text <> '' AND (heard.place = 1 OR heard.state <> 'withdrawn')
) AS said ON true
WHERE c.street_id = %(street)s AND c.id = ANY(%(ids)s::uuid[])
"""

# A unit's own orders, latest first; who reported is struck out of the words before they are looked through.
OF_UNITS = """
SELECT o.id FROM cases_workorder AS o
JOIN cases_searchable AS s ON s.street_id = %(street)s AND s.id = o.case_id
WHERE o.street_id = %(street)s AND o.unit_id = ANY(%(units)s::uuid[])
  AND NOT EXISTS (SELECT FROM unnest(%(words)s::text[]) AS word WHERE strpos(s.text, word) = 0)
ORDER BY o.id DESC LIMIT %(size)s
"""
