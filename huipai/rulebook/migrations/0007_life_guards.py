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

# Form 2 binds the note, what is struck and every column of the items.
CONTENT_HASH = """
CREATE OR REPLACE FUNCTION rulebook_content_hash(of_street uuid, of_version uuid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(version.form
        || CASE version.form WHEN 1 THEN '' ELSE jsonb_build_array(version.note, version.struck)::text END
        || coalesce(string_agg(E'\\n' || CASE version.form
        WHEN 1 THEN jsonb_build_array(
               item.code, item.port, item.title, item.description, item.points, item.earners, item.evidence,
               item.day_cap, item.month_cap, item.household_month_cap, item.cooldown_minutes, item.lot_months,
               item.under_14, item.owner, item.legal_ground, item.assessable, item.automatic, item.why)
        ELSE to_jsonb(item) - '{id,street_id,version_id}'::text[] END::text, '' ORDER BY item.code COLLATE "C"), ''),
        'UTF8')), 'hex')
    FROM rulebook_rulebookversion AS version
    LEFT JOIN rulebook_pointitem AS item ON item.street_id = version.street_id AND item.version_id = version.id
    WHERE version.street_id = of_street AND version.id = of_version
    GROUP BY version.form, version.note, version.struck
$$;
"""

GUARD_VERSION = """
CREATE OR REPLACE FUNCTION rulebook_guard_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.published_at IS NOT NULL OR NEW.ended_at IS NOT NULL THEN
            RAISE EXCEPTION 'a version begins as a draft'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_two_approvals', TABLE = TG_TABLE_NAME;
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.published_at IS NOT NULL OR OLD.ended_at IS NOT NULL THEN
        IF TG_OP = 'UPDATE' AND rulebook_only_its_end(OLD, NEW) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a published version does not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_version_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.published_at IS NOT NULL THEN
        PERFORM rulebook_check_publication(OLD, NEW);
    END IF;
    RETURN NEW;
END $$;

-- Of a published version only the end moves: it is given, it is given up because the next one was withdrawn, or the
-- version itself is withdrawn before it took effect.
CREATE FUNCTION rulebook_only_its_end(was rulebook_rulebookversion, is_now rulebook_rulebookversion) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF was.published_at IS NULL OR was.ended_at IS NOT NULL THEN
        RETURN false;
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

CREATE FUNCTION rulebook_check_publication(was rulebook_rulebookversion, is_now rulebook_rulebookversion)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE approvers int; seats int; board int;
BEGIN
    IF is_now.form < 2 OR is_now.author_id <> was.author_id
        OR is_now.content_hash IS DISTINCT FROM rulebook_content_hash(is_now.street_id, is_now.id) THEN
        RAISE EXCEPTION 'the hash is not that of the items' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'rulebook_hash_is_of_the_items', TABLE = 'rulebook_rulebookversion';
    END IF;
    SELECT count(DISTINCT approver_id), count(DISTINCT seat) INTO approvers, seats FROM rulebook_approval
        WHERE street_id = is_now.street_id AND version_id = is_now.id AND content_hash = is_now.content_hash
          AND approver_id <> is_now.author_id;
    SELECT count(DISTINCT person_id) INTO board FROM grid_assignment
        WHERE street_id = is_now.street_id AND role = 'board_member' AND person_id <> is_now.author_id
          AND valid_from <= is_now.published_at AND (valid_until IS NULL OR valid_until > is_now.published_at);
    IF approvers < 2 OR seats < 2 OR board < 3 THEN
        RAISE EXCEPTION 'two of at least three of the board, from two seats, without the author, must approve this content'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_two_approvals', TABLE = 'rulebook_rulebookversion';
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

# FOR SHARE makes an edit wait for an approval or a publication, and they for it.
GUARD_ITEM = """
CREATE OR REPLACE FUNCTION rulebook_guard_item() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    item rulebook_pointitem := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    version rulebook_rulebookversion;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.version_id, NEW.street_id) IS DISTINCT FROM (OLD.version_id, OLD.street_id) THEN
        RAISE EXCEPTION 'an item stays in its version'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_version_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    SELECT * INTO version FROM rulebook_rulebookversion
        WHERE street_id = item.street_id AND id = item.version_id FOR SHARE;
    IF version.published_at IS NOT NULL OR version.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'the items of a published version do not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_version_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM rulebook_check_admission(item);
    END IF;
    RETURN item;
END $$;

-- A department's item says what was admitted, and only its why is the editor's. Items of the first form stay as they
-- came in.
CREATE FUNCTION rulebook_check_admission(item rulebook_pointitem) RETURNS void LANGUAGE plpgsql AS $$
DECLARE proposal rulebook_proposal;
BEGIN
    IF item.admission_id IS NULL THEN
        IF EXISTS (SELECT FROM grid_unit WHERE street_id = item.street_id AND name = item.owner)
            AND NOT EXISTS (
                SELECT FROM rulebook_pointitem AS old
                JOIN rulebook_rulebookversion AS v ON v.street_id = old.street_id AND v.id = old.version_id
                WHERE old.street_id = item.street_id AND old.code = item.code AND v.form = 1) THEN
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

GUARD_APPROVAL = """
CREATE OR REPLACE FUNCTION rulebook_guard_approval() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE version rulebook_rulebookversion;
BEGIN
    SELECT * INTO version FROM rulebook_rulebookversion
        WHERE street_id = NEW.street_id AND id = NEW.version_id FOR UPDATE;
    IF version.author_id = NEW.approver_id THEN
        RAISE EXCEPTION 'nobody approves what they drafted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_author_never_approves', TABLE = TG_TABLE_NAME;
    END IF;
    IF version.published_at IS NOT NULL OR version.ended_at IS NOT NULL
        OR NEW.content_hash IS DISTINCT FROM rulebook_content_hash(NEW.street_id, NEW.version_id) THEN
        RAISE EXCEPTION 'what is approved is the content as it stands'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_hash_is_of_the_items', TABLE = TG_TABLE_NAME;
    END IF;
    IF NOT EXISTS (SELECT FROM grid_assignment AS held
                   WHERE held.street_id = NEW.street_id AND held.role = 'board_member'
                     AND NEW.approver_id IN (held.person_id, held.deputy_id)
                     AND held.valid_from <= NEW.approved_at
                     AND (held.valid_until IS NULL OR held.valid_until > NEW.approved_at)) THEN
        RAISE EXCEPTION 'only the board approves'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_only_the_board_approves', TABLE = TG_TABLE_NAME;
    END IF;
    NEW.seat := rulebook_seat(NEW.street_id, NEW.approver_id, NEW.approved_at);
    RETURN NEW;
END $$;
"""

# What has been decided stays; what was admitted is not reworded, it is only entered or lapses.
GUARD_PROPOSAL = """
CREATE FUNCTION rulebook_guard_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state IN ('declined', 'withdrawn', 'lapsed', 'refused')
        OR (OLD.state = 'entered' AND NEW.state <> 'entered')
        OR (NEW.street_id, NEW.unit_id, NEW.proposer_id, NEW.code) IS DISTINCT FROM
           (OLD.street_id, OLD.unit_id, OLD.proposer_id, OLD.code)
        OR (OLD.state IN ('admitted', 'entered') AND (NEW.state NOT IN ('admitted', 'entered', 'lapsed', 'withdrawn')
            OR to_jsonb(NEW) - '{state,due_at,warned_at,decided_by_id,decided_at,reason}'::text[]
            <> to_jsonb(OLD) - '{state,due_at,warned_at,decided_by_id,decided_at,reason}'::text[])) THEN
        RAISE EXCEPTION 'what was decided of a proposal stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_decided_stays', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_proposal_guard BEFORE UPDATE OR DELETE ON rulebook_proposal
    FOR EACH ROW EXECUTE FUNCTION rulebook_guard_proposal();
CREATE TRIGGER rulebook_proposal_no_truncate BEFORE TRUNCATE ON rulebook_proposal
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
"""

# A remark is answered once, an objection by somebody else than the author of what it objects to.
GUARD_REMARK = """
CREATE FUNCTION rulebook_guard_remark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.answered_at IS NOT NULL
        OR to_jsonb(NEW) - '{outcome,answer,answered_by_id,answered_at}'::text[]
        <> to_jsonb(OLD) - '{outcome,answer,answered_by_id,answered_at}'::text[] THEN
        RAISE EXCEPTION 'what was said stays, and is answered once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_remark_stays', TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.kind = 'objection' AND EXISTS (
        SELECT FROM rulebook_rulebookversion WHERE street_id = NEW.street_id AND id = NEW.version_id
            AND author_id = NEW.answered_by_id) THEN
        RAISE EXCEPTION 'an objection is not decided by the author' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'rulebook_author_decides_no_objection', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_remark_guard BEFORE UPDATE OR DELETE ON rulebook_remark
    FOR EACH ROW EXECUTE FUNCTION rulebook_guard_remark();
CREATE TRIGGER rulebook_remark_no_truncate BEFORE TRUNCATE ON rulebook_remark
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
"""

GUARD_DRY_RUN = """
CREATE FUNCTION rulebook_guard_dry_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state = 'done' OR NEW.content_hash <> OLD.content_hash
        OR NEW.version_id <> OLD.version_id THEN
        RAISE EXCEPTION 'a dry run that is done stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_dry_run_stays', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_dry_run_guard BEFORE UPDATE OR DELETE ON rulebook_dryrun
    FOR EACH ROW EXECUTE FUNCTION rulebook_guard_dry_run();
CREATE TRIGGER rulebook_dryrun_no_truncate BEFORE TRUNCATE ON rulebook_dryrun
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
"""

UNDO = """
DROP TRIGGER rulebook_proposal_guard ON rulebook_proposal;
DROP TRIGGER rulebook_proposal_no_truncate ON rulebook_proposal;
DROP TRIGGER rulebook_remark_guard ON rulebook_remark;
DROP TRIGGER rulebook_remark_no_truncate ON rulebook_remark;
DROP TRIGGER rulebook_dry_run_guard ON rulebook_dryrun;
DROP TRIGGER rulebook_dryrun_no_truncate ON rulebook_dryrun;
DROP FUNCTION rulebook_guard_proposal(), rulebook_guard_remark(), rulebook_guard_dry_run();
"""


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0006_life"), ("grid", "0002_invariants"), ("people", "0002_invariants")]
    operations = [
        migrations.RunSQL(SEAT, "DROP FUNCTION rulebook_seat(uuid, uuid, timestamptz);"),
        migrations.RunSQL(CONTENT_HASH, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD_VERSION, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD_ITEM, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD_APPROVAL, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD_PROPOSAL + GUARD_REMARK + GUARD_DRY_RUN, UNDO),
    ]
