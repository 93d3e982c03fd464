from django.db import migrations

from huipai.streets.operations import append_only

# Runs at COMMIT: a claim stands where its last step led, whoever wrote it.
STANDS_BY_STEPS = """
CREATE FUNCTION points_claim_stands_by_its_steps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE led text; stands text;
BEGIN
    SELECT state INTO stands FROM points_claim WHERE street_id = NEW.street_id AND id = NEW.id;
    SELECT to_state INTO led FROM points_claimstep
        WHERE street_id = NEW.street_id AND claim_id = NEW.id ORDER BY position DESC LIMIT 1;
    IF stands IS DISTINCT FROM led THEN
        RAISE EXCEPTION 'claim % stands at %, its last step led to %', NEW.id, stands, led
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_claim_stands_by_its_steps', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER points_claim_by_steps AFTER INSERT OR UPDATE OF state ON points_claim
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION points_claim_stands_by_its_steps();
"""

# What is about a claim's people never changes; a claim is never deleted.
GUARD_CLAIM = """
CREATE FUNCTION points_guard_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.id, NEW.street_id, NEW.claimant_id, NEW.source, NEW.entered_by_id)
        IS DISTINCT FROM (OLD.id, OLD.street_id, OLD.claimant_id, OLD.source, OLD.entered_by_id)
        OR (OLD.state <> 'draft' AND (NEW.item_id, NEW.item_code, NEW.received_at, NEW.local_date, NEW.subject,
            NEW.content_hash) IS DISTINCT FROM (OLD.item_id, OLD.item_code, OLD.received_at, OLD.local_date,
            OLD.subject, OLD.content_hash))
        OR (OLD.posting_id IS NOT NULL AND NEW.posting_id IS DISTINCT FROM OLD.posting_id) THEN
        RAISE EXCEPTION 'what was claimed, by whom and when stays; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_claim_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_claim_guard BEFORE UPDATE OR DELETE ON points_claim
    FOR EACH ROW EXECUTE FUNCTION points_guard_claim();
CREATE TRIGGER points_claim_no_truncate BEFORE TRUNCATE ON points_claim
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
"""

# One household, or a word of the reviewer's own: too close to judge. FOR SHARE would not help: people move slowly.
TOO_CLOSE = """
CREATE FUNCTION points_too_close(of_street uuid, judge uuid, other uuid, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT judge = other
        OR EXISTS (SELECT FROM grid_residence AS mine
                   JOIN grid_residence AS theirs ON theirs.street_id = mine.street_id
                       AND theirs.household_id = mine.household_id
                   WHERE mine.street_id = of_street AND mine.person_id = judge AND theirs.person_id = other
                       AND mine.valid_from <= at AND (mine.valid_until IS NULL OR mine.valid_until > at)
                       AND theirs.valid_from <= at AND (theirs.valid_until IS NULL OR theirs.valid_until > at))
        OR EXISTS (SELECT FROM points_conflict AS said
                   WHERE said.street_id = of_street AND said.reviewer_id = judge AND said.person_id = other
                       AND said.ended_at IS NULL)
$$;
"""

GUARD_REVIEW = """
CREATE FUNCTION points_guard_review() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE claim points_claim;
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (OLD.undone_at IS NOT NULL
        OR to_jsonb(NEW) - 'undone_at' <> to_jsonb(OLD) - 'undone_at')) THEN
        RAISE EXCEPTION 'a review is only ever undone as a whole; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_review_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    SELECT * INTO claim FROM points_claim WHERE street_id = NEW.street_id AND id = NEW.claim_id FOR UPDATE;
    IF claim.state NOT IN ('auto_checked', 'second_review', 'appealed') THEN
        RAISE EXCEPTION 'claim % does not wait for a review', claim.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_review_is_waited_for', TABLE = TG_TABLE_NAME;
    END IF;
    IF claim.claimant_id <> NEW.claimant_id OR NEW.reviewer_id = claim.entered_by_id
        OR points_too_close(NEW.street_id, NEW.reviewer_id, claim.claimant_id, NEW.decided_at) THEN
        RAISE EXCEPTION 'reviewer % is too close to claim %', NEW.reviewer_id, claim.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_reviewer_is_a_stranger', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_review_guard BEFORE INSERT OR UPDATE OR DELETE ON points_review
    FOR EACH ROW EXECUTE FUNCTION points_guard_review();
CREATE TRIGGER points_review_no_truncate BEFORE TRUNCATE ON points_review
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
"""

# Whoever decides has not judged the claim, is close to neither side, and decides once.
GUARD_OBJECTION = """
CREATE FUNCTION points_guard_objection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (OLD.result <> ''
        OR to_jsonb(NEW) - 'result' - 'decided_by_id' - 'decided_at'
           <> to_jsonb(OLD) - 'result' - 'decided_by_id' - 'decided_at')) THEN
        RAISE EXCEPTION 'an objection is decided once; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_objection_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.claimant_id <> (SELECT claimant_id FROM points_claim
                           WHERE street_id = NEW.street_id AND id = NEW.claim_id) THEN
        RAISE EXCEPTION 'the claimant is not that of the claim'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_objection_is_of_its_claim', TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.decided_by_id IS NOT NULL AND (
        EXISTS (SELECT FROM points_review AS word WHERE word.street_id = NEW.street_id
                AND word.claim_id = NEW.claim_id AND word.reviewer_id = NEW.decided_by_id AND word.undone_at IS NULL)
        OR EXISTS (SELECT FROM points_claim AS claim WHERE claim.street_id = NEW.street_id
                   AND claim.id = NEW.claim_id AND claim.entered_by_id = NEW.decided_by_id)
        OR points_too_close(NEW.street_id, NEW.decided_by_id, NEW.claimant_id, NEW.decided_at)
        OR points_too_close(NEW.street_id, NEW.decided_by_id, NEW.objector_id, NEW.decided_at)) THEN
        RAISE EXCEPTION 'objection % is decided by somebody else', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_objection_judge_is_a_stranger',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_objection_guard BEFORE INSERT OR UPDATE OR DELETE ON points_objection
    FOR EACH ROW EXECUTE FUNCTION points_guard_objection();
CREATE TRIGGER points_objection_no_truncate BEFORE TRUNCATE ON points_objection
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0006_claims"), ("grid", "0002_invariants"), ("streets", "0002_invariants")]
    operations = [
        append_only("points_claimstep"),
        append_only("points_finding"),
        append_only("points_appeal"),
        migrations.RunSQL(
            STANDS_BY_STEPS,
            "DROP TRIGGER points_claim_by_steps ON points_claim; DROP FUNCTION points_claim_stands_by_its_steps();",
        ),
        migrations.RunSQL(
            GUARD_CLAIM,
            """
            DROP TRIGGER points_claim_guard ON points_claim;
            DROP TRIGGER points_claim_no_truncate ON points_claim;
            DROP FUNCTION points_guard_claim();
            """,
        ),
        migrations.RunSQL(TOO_CLOSE, "DROP FUNCTION points_too_close(uuid, uuid, uuid, timestamptz);"),
        migrations.RunSQL(
            GUARD_REVIEW,
            """
            DROP TRIGGER points_review_guard ON points_review;
            DROP TRIGGER points_review_no_truncate ON points_review;
            DROP FUNCTION points_guard_review();
            """,
        ),
        migrations.RunSQL(
            GUARD_OBJECTION,
            """
            DROP TRIGGER points_objection_guard ON points_objection;
            DROP TRIGGER points_objection_no_truncate ON points_objection;
            DROP FUNCTION points_guard_objection();
            """,
        ),
    ]
