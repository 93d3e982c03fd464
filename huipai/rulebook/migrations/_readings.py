"""What pages, commands and guards read alike: seats, authors, the calendar, what a version says."""

from django.db import migrations

# For whom somebody sits on the board, from what else they do; one reading for the page, the approval and its guard.
SEAT = """
CREATE FUNCTION rulebook_seat(of_street uuid, of_person uuid, at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN NOT coalesce((SELECT is_staff FROM people_person WHERE street_id = of_street AND id = of_person), false)
            THEN 'resident'
        WHEN EXISTS (SELECT FROM grid_assignment WHERE street_id = of_street AND person_id = of_person
                     AND role IN ('coordinator', 'grid_worker') AND valid_from <= at
                     AND (valid_until IS NULL OR valid_until > at)) THEN 'community'
        WHEN EXISTS (SELECT FROM grid_assignment WHERE street_id = of_street AND person_id = of_person
                     AND role IN ('unit_handler', 'unit_lead') AND valid_from <= at
                     AND (valid_until IS NULL OR valid_until > at)) THEN 'unit'
        ELSE 'street' END
$$;
"""

# Whoever began a version or has written anything of it; the same reading for approvals, objections and publication.
IS_AUTHOR = """
CREATE FUNCTION rulebook_is_author(of_street uuid, of_version uuid, of_person uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM rulebook_rulebookversion
                   WHERE street_id = of_street AND id = of_version AND author_id = of_person)
        OR EXISTS (SELECT FROM rulebook_writer
                   WHERE street_id = of_street AND version_id = of_version AND person_id = of_person);
$$;
"""

# Of what was published only the end moves; the day of a version that was postponed moves with it, as does the end of
# the one before.
ONLY_ITS_END = """
CREATE FUNCTION rulebook_only_its_end(was rulebook_rulebookversion, is_now rulebook_rulebookversion)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF was.published_at IS NULL OR was.ended_at IS NOT NULL THEN
        RETURN false;
    END IF;
    IF to_jsonb(is_now) <> to_jsonb(was)
        AND to_jsonb(is_now) - '{effective_from,effective_until}'::text[]
         = to_jsonb(was) - '{effective_from,effective_until}'::text[]
        AND (is_now.effective_from = was.effective_from OR EXISTS (
            SELECT FROM rulebook_postponement AS p
            WHERE p.street_id = was.street_id AND p.version_id = was.id
              AND p.was = was.effective_from AND p.becomes = is_now.effective_from))
        AND (is_now.effective_until IS NOT DISTINCT FROM was.effective_until OR EXISTS (
            SELECT FROM rulebook_postponement AS p
            JOIN rulebook_rulebookversion AS next ON next.street_id = p.street_id AND next.id = p.version_id
            WHERE p.street_id = was.street_id AND p.was = was.effective_until
              AND p.becomes = is_now.effective_until AND next.effective_from = is_now.effective_until)) THEN
        RETURN true;
    END IF;
    IF to_jsonb(is_now) - 'effective_until' = to_jsonb(was) - 'effective_until' THEN
        RETURN (was.effective_until IS NULL AND is_now.effective_until IS NOT NULL)
            OR ((is_now.effective_until IS NULL OR is_now.effective_until > was.effective_until) AND EXISTS (
                SELECT FROM rulebook_rulebookversion AS next
                WHERE next.street_id = was.street_id AND next.effective_from = was.effective_until
                  AND next.ended_at IS NOT NULL));
    END IF;
    RETURN is_now.ended_at IS NOT NULL AND is_now.effective_until = is_now.effective_from
        AND is_now.ended_at < is_now.effective_from
        AND to_jsonb(is_now) - '{effective_until,ended_at,ended_by_id,end_reason}'::text[]
          = to_jsonb(was) - '{effective_until,ended_at,ended_by_id,end_reason}'::text[];
END $$;
"""

# What is in force is a question of dates and of open objections, answered when it is asked: from the day of a version
# that waits for a decision on, the calendar stands still just before that day. Whatever asks what is in force asks
# here.
WAITS = """
CREATE FUNCTION rulebook_waits(said_at timestamptz, effective_from timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT said_at <= effective_from - interval '1 minute'
$$;
"""

COUNTS_AT = """
CREATE FUNCTION rulebook_counts_at(at timestamptz, held timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT least(at, held - interval '1 microsecond')
$$;
"""

# Of one person one objection a version holds it up: what they say after an answer is heard and answered like any other,
# and the calendar goes on meanwhile.
HOLDS_UP = """
CREATE FUNCTION rulebook_holds_up(one rulebook_remark) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM rulebook_remark AS before
                       WHERE before.street_id = one.street_id AND before.version_id = one.version_id
                         AND before.person_id = one.person_id AND before.kind = 'objection' AND before.id <> one.id
                         AND before.answered_at <= one.said_at)
$$;
"""

HELD_FROM = """
CREATE FUNCTION rulebook_held_from(of_street uuid) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT min(v.effective_from) FROM rulebook_remark AS r
    JOIN rulebook_rulebookversion AS v ON v.street_id = r.street_id AND v.id = r.version_id
    WHERE r.street_id = of_street AND r.kind = 'objection' AND r.answered_at IS NULL
      AND v.published_at IS NOT NULL AND v.ended_at IS NULL AND rulebook_waits(r.said_at, v.effective_from)
      AND rulebook_holds_up(r)
$$;
"""

CALENDAR_AT = """
CREATE FUNCTION rulebook_calendar_at(of_street uuid, at timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT rulebook_counts_at(at, rulebook_held_from(of_street))
$$;
"""

# What an approval is bound to. Form 3 binds what the version says of the end of the scheme as well.
CONTENT_HASH = r"""
CREATE FUNCTION rulebook_content_hash(of_street uuid, of_version uuid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(version.form
        || CASE version.form
            WHEN 1 THEN ''
            WHEN 2 THEN jsonb_build_array(version.note, version.struck)::text
            ELSE jsonb_build_array(version.note, version.struck, version.end_notice_days,
                                   version.end_redeem_days)::text END
        || coalesce(string_agg(E'\n' || CASE version.form
        WHEN 1 THEN jsonb_build_array(
               item.code, item.port, item.title, item.description, item.points, item.earners, item.evidence,
               item.day_cap, item.month_cap, item.household_month_cap, item.cooldown_minutes, item.lot_months,
               item.under_14, item.owner, item.legal_ground, item.assessable, item.automatic, item.why)
        ELSE to_jsonb(item) - '{id,street_id,version_id}'::text[] END::text, '' ORDER BY item.code COLLATE "C"), ''),
        'UTF8')), 'hex')
    FROM rulebook_rulebookversion AS version
    LEFT JOIN rulebook_pointitem AS item ON item.street_id = version.street_id AND item.version_id = version.id
    WHERE version.street_id = of_street AND version.id = of_version
    GROUP BY version.form, version.note, version.struck, version.end_notice_days, version.end_redeem_days
$$;
"""

# A unit's name with something nobody sees in it, with a blank, a mark or in another width, is that unit's name to
# whoever reads it.
NAME_AS_READ = r"""
CREATE FUNCTION rulebook_name_as_read(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(regexp_replace(
        normalize(name, NFKC),
        '[\s\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufe00-\ufe0f\ufeff]'
        || '|[][·・.,:;_()【】「」《》、。/|-]', '', 'g'))
$$;
"""

# 城管中队（街道） is 城管中队: what stands in brackets says which one, or where, and not who. Taken out twice for brackets within
# brackets; a name that stands in brackets as a whole is read as it is.
NAME_OF_UNIT = """
CREATE FUNCTION rulebook_name_of_unit(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(rulebook_name_as_read(
        regexp_replace(regexp_replace(normalize(name, NFKC),
            '[([{【〔〖][^][(){}【】〔〕〖〗]*([])}】〕〗]|$)', '', 'g'),
            '[([{【〔〖][^][(){}【】〔〕〖〗]*([])}】〕〗]|$)', '', 'g')), ''), rulebook_name_as_read(name))
$$;
"""

IS_OF_A_UNIT = """
CREATE FUNCTION rulebook_is_of_a_unit(of_street uuid, owner text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM grid_unit WHERE street_id = of_street AND (
        rulebook_name_as_read(name) = rulebook_name_as_read(owner)
        OR rulebook_name_of_unit(name) = rulebook_name_of_unit(owner)))
$$;
"""

# An item that a published version holds already goes on in the next one word for word, though a unit of that name was
# set up or is recognised only since: else no next version could be begun. Any other wording of it comes by admission.
CHECK_ADMISSION = """
CREATE FUNCTION rulebook_check_admission(item rulebook_pointitem) RETURNS void LANGUAGE plpgsql AS $$
DECLARE proposal rulebook_proposal;
BEGIN
    IF item.admission_id IS NULL THEN
        IF rulebook_is_of_a_unit(item.street_id, item.owner)
            AND NOT EXISTS (
                SELECT FROM rulebook_pointitem AS old
                JOIN rulebook_rulebookversion AS v ON v.street_id = old.street_id AND v.id = old.version_id
                WHERE old.street_id = item.street_id AND old.code = item.code AND (v.form = 1
                    OR (v.published_at IS NOT NULL AND v.ended_at IS NULL AND old.admission_id IS NULL
                        AND to_jsonb(old) - '{id,street_id,version_id,why}'::text[]
                          = to_jsonb(item) - '{id,street_id,version_id,why}'::text[]))) THEN
            RAISE EXCEPTION 'the item of a unit comes in by admission' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'rulebook_departments_are_admitted', TABLE = 'rulebook_pointitem';
        END IF;
        RETURN;
    END IF;
    SELECT * INTO proposal FROM rulebook_proposal WHERE street_id = item.street_id AND id = item.admission_id FOR SHARE;
    IF proposal.state NOT IN ('admitted', 'entered') OR proposal.code <> item.code
        OR to_jsonb(item) - '{id,street_id,version_id,admission_id,why}'::text[] <> proposal.terms - 'why' THEN
        RAISE EXCEPTION 'the item is not what was admitted' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'rulebook_item_is_what_was_admitted', TABLE = 'rulebook_pointitem';
    END IF;
END $$;
"""

# What a version says of an item without a why of its own, and of one that it holds no more without having struck it,
# against the version before it as it stood at `at`: nothing where all of it is carried over as it was. By what an item
# was admitted is no word of it, and has a guard of its own.
CARRIED_OTHERWISE = r"""
CREATE FUNCTION rulebook_carried_otherwise(of_street uuid, of_version uuid, at timestamptz)
RETURNS TABLE (item_id uuid, was jsonb, reads jsonb) LANGUAGE sql STABLE AS $$
    WITH version AS (
        SELECT * FROM rulebook_rulebookversion WHERE street_id = of_street AND id = of_version
    ), before AS (
        SELECT v.id FROM rulebook_rulebookversion AS v JOIN version ON v.number < version.number
        WHERE v.street_id = of_street AND v.published_at IS NOT NULL AND (v.ended_at IS NULL OR v.ended_at > at)
        ORDER BY v.number DESC LIMIT 1
    ), worded AS (
        SELECT i.id, i.version_id, i.code, i.why,
               to_jsonb(i) - '{id,street_id,version_id,admission_id,why}'::text[] AS words
        FROM rulebook_pointitem AS i
        WHERE i.street_id = of_street AND i.version_id IN (SELECT id FROM before UNION ALL SELECT of_version)
    )
    SELECT coalesce(mine.id, theirs.id), theirs.words, mine.words
    FROM (SELECT * FROM worded WHERE version_id = of_version) AS mine
    FULL JOIN (SELECT * FROM worded WHERE version_id = (SELECT id FROM before)) AS theirs ON theirs.code = mine.code
    CROSS JOIN version
    WHERE EXISTS (SELECT FROM before) AND CASE WHEN mine.id IS NULL
        THEN coalesce(version.struck ->> theirs.code, '') !~ '\S'
        ELSE mine.why !~ '\S' AND mine.words IS DISTINCT FROM theirs.words END
$$;
"""

# Near is who lives or lately lived in one home, guardian and ward, helper and elder: as grid.queries.near_to says it.
IS_NEAR = """
CREATE FUNCTION rulebook_is_near(of_street uuid, one uuid, other uuid, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM grid_residence AS mine
                   JOIN grid_residence AS theirs
                       ON theirs.street_id = mine.street_id AND theirs.household_id = mine.household_id
                   WHERE mine.street_id = of_street AND mine.person_id = one AND theirs.person_id = other
                       AND mine.valid_from <= at AND theirs.valid_from <= at
                       AND (mine.valid_until IS NULL OR mine.valid_until > at - interval '90 days')
                       AND (theirs.valid_until IS NULL OR theirs.valid_until > at - interval '90 days'))
        OR EXISTS (SELECT FROM people_guardianship AS bond
                   JOIN people_person AS minor ON minor.street_id = bond.street_id AND minor.id = bond.minor_id
                   WHERE bond.street_id = of_street AND bond.valid_from <= at
                       AND (bond.guardian_id, bond.minor_id) IN ((one, other), (other, one))
                       AND (bond.ended_at IS NULL OR bond.ended_at > at - interval '90 days')
                       AND extract(year FROM (at - interval '90 days') AT TIME ZONE 'Asia/Shanghai')
                           - minor.birth_year <= 18)
        OR EXISTS (SELECT FROM people_proxy AS help
                   WHERE help.street_id = of_street AND help.valid_from <= at AND help.accepted_at IS NOT NULL
                       AND (help.elder_id, help.helper_id) IN ((one, other), (other, one))
                       AND (help.ended_at IS NULL OR help.ended_at > at - interval '90 days')
                       AND help.valid_until > at - interval '90 days')
$$;
"""

IS_NEAR_AN_AUTHOR = """
CREATE FUNCTION rulebook_is_near_an_author(of_street uuid, of_version uuid, of_person uuid, at timestamptz)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM rulebook_rulebookversion AS version
                   WHERE version.street_id = of_street AND version.id = of_version
                       AND rulebook_is_near(of_street, of_person, version.author_id, at))
        OR EXISTS (SELECT FROM rulebook_writer AS writer
                   WHERE writer.street_id = of_street AND writer.version_id = of_version
                       AND rulebook_is_near(of_street, of_person, writer.person_id, at))
$$;
"""

# What a version must have to be published: asked by the page, and by the guard at publication.
CHECK_PUBLICATION = """
CREATE FUNCTION rulebook_check_publication(was rulebook_rulebookversion, is_now rulebook_rulebookversion)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE are_two boolean; board int;
BEGIN
    IF is_now.form < 2 OR is_now.author_id <> was.author_id
        OR is_now.content_hash IS DISTINCT FROM rulebook_content_hash(is_now.street_id, is_now.id) THEN
        RAISE EXCEPTION 'the hash is not that of the items' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'rulebook_hash_is_of_the_items', TABLE = 'rulebook_rulebookversion';
    END IF;
    WITH said AS (
        SELECT approver_id, seat FROM rulebook_approval
        WHERE street_id = is_now.street_id AND version_id = is_now.id AND content_hash = is_now.content_hash
          AND NOT rulebook_is_author(street_id, version_id, approver_id)
          AND NOT rulebook_is_near_an_author(street_id, version_id, approver_id, is_now.published_at)
          AND EXISTS (SELECT FROM grid_assignment AS a
                      WHERE a.street_id = rulebook_approval.street_id AND a.person_id = approver_id
                          AND a.role = 'board_member' AND a.valid_from <= is_now.published_at
                          AND (a.valid_until IS NULL OR a.valid_until > is_now.published_at)))
    SELECT EXISTS (SELECT FROM said AS one JOIN said AS other
                       ON other.approver_id <> one.approver_id AND other.seat <> one.seat
                   WHERE NOT rulebook_is_near(is_now.street_id, one.approver_id, other.approver_id,
                                              is_now.published_at)) INTO are_two;
    SELECT count(DISTINCT person_id) INTO board FROM grid_assignment
        WHERE street_id = is_now.street_id AND role = 'board_member'
          AND NOT rulebook_is_author(street_id, is_now.id, person_id)
          AND valid_from <= is_now.published_at AND (valid_until IS NULL OR valid_until > is_now.published_at);
    IF NOT are_two OR board < 3 THEN
        RAISE EXCEPTION 'two of at least three of the board, from two seats and two homes, without its authors'', must approve this content'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_two_approvals', TABLE = 'rulebook_rulebookversion';
    END IF;
    IF is_now.consulted_hash <> is_now.content_hash THEN
        RAISE EXCEPTION 'this content was not laid open for comments' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'rulebook_consulted_on_this', TABLE = 'rulebook_rulebookversion';
    END IF;
    IF NOT EXISTS (SELECT FROM rulebook_dryrun WHERE street_id = is_now.street_id AND version_id = is_now.id
                   AND content_hash = is_now.content_hash AND state = 'done') THEN
        RAISE EXCEPTION 'this content was not tried out' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'rulebook_tried_out_first', TABLE = 'rulebook_rulebookversion';
    END IF;
    IF EXISTS (SELECT FROM rulebook_remark WHERE street_id = is_now.street_id AND version_id = is_now.id
               AND kind = 'comment' AND answered_at IS NULL) THEN
        RAISE EXCEPTION 'a comment has no answer' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'rulebook_comments_are_answered', TABLE = 'rulebook_rulebookversion';
    END IF;
END $$;
"""


READINGS = [
    migrations.RunSQL(SEAT, "DROP FUNCTION rulebook_seat CASCADE;"),
    migrations.RunSQL(IS_AUTHOR, "DROP FUNCTION rulebook_is_author CASCADE;"),
    migrations.RunSQL(ONLY_ITS_END, "DROP FUNCTION rulebook_only_its_end CASCADE;"),
    migrations.RunSQL(WAITS, "DROP FUNCTION rulebook_waits CASCADE;"),
    migrations.RunSQL(COUNTS_AT, "DROP FUNCTION rulebook_counts_at CASCADE;"),
    migrations.RunSQL(HOLDS_UP, "DROP FUNCTION rulebook_holds_up CASCADE;"),
    migrations.RunSQL(HELD_FROM, "DROP FUNCTION rulebook_held_from CASCADE;"),
    migrations.RunSQL(CALENDAR_AT, "DROP FUNCTION rulebook_calendar_at CASCADE;"),
    migrations.RunSQL(CONTENT_HASH, "DROP FUNCTION rulebook_content_hash CASCADE;"),
    migrations.RunSQL(NAME_AS_READ, "DROP FUNCTION rulebook_name_as_read CASCADE;"),
    migrations.RunSQL(NAME_OF_UNIT, "DROP FUNCTION rulebook_name_of_unit CASCADE;"),
    migrations.RunSQL(IS_OF_A_UNIT, "DROP FUNCTION rulebook_is_of_a_unit CASCADE;"),
    migrations.RunSQL(CHECK_ADMISSION, "DROP FUNCTION rulebook_check_admission CASCADE;"),
    migrations.RunSQL(CARRIED_OTHERWISE, "DROP FUNCTION rulebook_carried_otherwise CASCADE;"),
    migrations.RunSQL(IS_NEAR, "DROP FUNCTION rulebook_is_near CASCADE;"),
    migrations.RunSQL(IS_NEAR_AN_AUTHOR, "DROP FUNCTION rulebook_is_near_an_author CASCADE;"),
    migrations.RunSQL(CHECK_PUBLICATION, "DROP FUNCTION rulebook_check_publication CASCADE;"),
]
