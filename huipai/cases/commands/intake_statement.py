"""The hot statements of intake: the type; then case, report, photos, first step and journal entry in one round trip.

Measured against the same rows written by raw PostgreSQL in `bench/entries/intake.py`. All or nothing by itself: photos
that are not the reporter's, or a report id that is known already, here or in another street, write nothing and answer
NULL.
"""

TYPE = """
SELECT id, limit_amount, limit_unit, is_public, radius_m, edition, is_active, questions FROM cases_casetype
WHERE street_id = %(street)s AND code = %(code)s
"""

# One more of this person's day and hour; of two at once the second waits for the first and counts it. Nothing where the
# limit is reached; 0 is no limit.
SPEND = """ON CONFLICT (street_id, person_id) DO UPDATE SET
        day = excluded.day, hour = excluded.hour,
        in_day = CASE WHEN held.day = excluded.day THEN held.in_day + 1 ELSE 1 END,
        in_hour = CASE WHEN held.day = excluded.day AND held.hour = excluded.hour THEN held.in_hour + 1 ELSE 1 END
    WHERE held.day <> excluded.day
       OR (%(a_day)s = 0 OR held.in_day < %(a_day)s)
      AND (%(an_hour)s = 0 OR held.hour <> excluded.hour OR held.in_hour < %(an_hour)s)"""

RECEIVE = f"""
WITH photos AS (
    SELECT count(*) = cardinality(%(photos)s::uuid[]) AS are_theirs
    FROM photos_photo AS photo
    WHERE photo.street_id = %(street)s AND photo.id = ANY(%(photos)s::uuid[]) AND photo.uploader_id = %(uploader)s
      AND photo.erased_at IS NULL
), known AS (
    SELECT count(*) > 0 AS is_known FROM cases_report WHERE street_id = %(street)s AND id = %(report)s
), own AS (
    SELECT c.code FROM cases_case AS c
    WHERE c.street_id = %(street)s AND c.reporter_id = %(reporter)s AND c.case_type_id = %(type)s
      AND c.ended_at IS NULL AND c.parent_id IS NULL AND c.placed <> 'guessed' AND %(at_a_place)s > 0
      AND c.lng BETWEEN %(lng)s::float8 - %(aside)s AND %(lng)s::float8 + %(aside)s
      AND c.lat BETWEEN %(lat)s::float8 - %(up)s AND %(lat)s::float8 + %(up)s
    ORDER BY c.id DESC LIMIT 10
), spent AS (
    INSERT INTO cases_reportallowance AS held (id, street_id, person_id, day, hour, in_day, in_hour)
    SELECT %(allowance)s, %(street)s, %(uploader)s, %(day)s, %(hour)s, 1, 1 FROM photos, known
    WHERE photos.are_theirs AND NOT known.is_known
      AND (%(at_a_place)s = 0 OR (SELECT count(*) FROM own) < CASE WHEN %(another)s THEN %(at_a_place)s ELSE 1 END)
    {SPEND}
    RETURNING 1
), report AS (
    INSERT INTO cases_report (id, street_id, case_id, reporter_id, kind, state, case_type_id, text, address, lng, lat,
                              source_crs, position_source, is_name_hidden, content_hash, received_at)
    SELECT %(report)s, %(street)s, %(case)s, %(reporter)s, 'problem', 'received', %(type)s, %(text)s, %(address)s,
           %(lng)s, %(lat)s, %(crs)s, %(source)s, %(hidden)s, %(hash)s, %(now)s
    FROM spent
    ON CONFLICT DO NOTHING
    RETURNING id
), new_case AS (
    INSERT INTO cases_case (id, street_id, code, kind, case_type_id, edition, state, node_id, placed, lng, lat,
                            address, is_public, worker_id, reporter_id, reported_at, clock_started_at, due_at, due_year,
                            outcome, round)
    SELECT %(case)s, %(street)s, %(code)s, 'problem', %(type)s, %(edition)s, 'reported', %(node)s, %(placed)s,
           %(lng)s, %(lat)s, %(address)s, %(public)s, %(worker)s::uuid, %(reporter)s, %(now)s, %(now)s,
           %(due)s::timestamptz, %(due_year)s::smallint, '', 1
    FROM report
    RETURNING code
), attached AS (
    INSERT INTO cases_casephoto (id, street_id, case_id, photo_id, report_id, moment, round, position)
    SELECT asked.row_id, %(street)s, %(case)s, asked.photo_id, report.id, 'before', 1, asked.position
    FROM report,
         unnest(%(photos)s::uuid[], %(photo_rows)s::uuid[]) WITH ORDINALITY AS asked(photo_id, row_id, position)
), step AS (
    INSERT INTO cases_transition (id, street_id, case_id, position, action, from_state, to_state, part, actor_id,
                                  reason, clock, happened_at)
    SELECT %(step)s, %(street)s, %(case)s, 1, 'report', '', 'reported', 'reporter', %(reporter)s, '', 'start', %(now)s
    FROM report
), entry AS (
    INSERT INTO journal_entry (id, street_id, what, subject, actor_id, happened_at, facts)
    SELECT %(entry)s, %(street)s, 'case.reported', 'case:' || %(case)s::text, %(reporter)s, %(now)s,
           jsonb_build_object('report', %(report)s::text, 'node', %(node)s::text, 'type', %(type)s::text,
                              'handler', NULL,
                              'due', coalesce((extract(epoch FROM %(due)s::timestamptz) * 1000000)::bigint,
                                              %(due_year)s::smallint))
    FROM report
)
SELECT (SELECT code FROM new_case), (SELECT are_theirs FROM photos),
       (SELECT is_known FROM known) OR EXISTS (SELECT FROM spent),
       (SELECT count(*) FROM own), (SELECT max(code) FROM own)
"""
