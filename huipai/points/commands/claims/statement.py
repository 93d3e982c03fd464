"""The hot statement of claiming: claim, evidence, first step, journal entry and the job of looking, in one round trip.

Measured against the same rows written by raw PostgreSQL in `bench/entries/claim.py`. All or nothing by itself: photos
that are not the sender's, an id that is known already, here or in another street, or a deed that was claimed before
write nothing.
"""

from typing import Final

from huipai.journal import commands as journal

RECEIVE: Final = (
    """
WITH photos AS (
    SELECT count(*) = cardinality(%(photos)s::uuid[]) AS are_theirs
    FROM photos_photo AS photo
    WHERE photo.street_id = %(street)s AND photo.id = ANY(%(photos)s::uuid[]) AND photo.uploader_id = %(sender)s
        AND photo.erased_at IS NULL
), today AS (
    SELECT points_claims_in_turn(
        %(street)s, %(claimant)s, %(now)s::timestamptz - interval '1 day') AS claims
), claim AS (
    INSERT INTO points_claim (id, street_id, claimant_id, item_id, item_code, state, source, entered_by_id, note,
                              measured, content_hash, local_date, subject, received_at, round, second_reason, reason)
    SELECT %(claim)s, %(street)s, %(claimant)s, %(item)s, %(code)s, 'submitted', %(source)s, %(entered_by)s::uuid,
           %(note)s, %(measured)s::jsonb, %(hash)s, %(date)s, %(subject)s, %(now)s, 0, '', ''
    FROM photos, today WHERE photos.are_theirs AND today.claims < %(most)s
    ON CONFLICT DO NOTHING
    RETURNING id
), shown AS (
    INSERT INTO points_evidence (id, street_id, claim_id, position, kind, photo_id, round)
    SELECT asked.row_id, %(street)s, claim.id, asked.position, asked.kind, asked.photo_id, 0
    FROM claim,
         unnest(%(photos)s::uuid[], %(photo_rows)s::uuid[], %(photo_kinds)s::text[]) WITH ORDINALITY
             AS asked(photo_id, row_id, kind, position)
), scanned AS (
    INSERT INTO points_evidence (id, street_id, claim_id, position, kind, station_id, code_shown_at, round)
    SELECT %(scan)s, %(street)s, claim.id, 0, 'on_site_code', %(station)s::uuid, %(shown_at)s::timestamptz, 0
    FROM claim WHERE %(station)s::uuid IS NOT NULL
), step AS (
    INSERT INTO points_claimstep (id, street_id, claim_id, position, action, from_state, to_state, part, actor_id,
                                  reason, happened_at)
    SELECT %(step)s, %(street)s, claim.id, 1, 'submit', '', 'submitted', %(part)s, %(sender)s, '', %(now)s
    FROM claim
), entry AS (
    INSERT INTO journal_entry (id, street_id, what, subject, actor_id, happened_at, facts)
    SELECT %(entry)s, %(street)s, %(fact)s, 'claim:' || claim.id::text, %(sender)s, %(now)s,
           jsonb_build_object('item', %(item)s::text, 'code', %(code)s::text, 'to', 'submitted')
               || %(told)s::jsonb
    FROM claim
), deferred AS (
"""
    + journal.DEFER.format(if_written="claim")
    + """
)
SELECT (SELECT id FROM claim), (SELECT are_theirs FROM photos), (SELECT claims FROM today) < %(most)s
"""
)
