from django.db import migrations

# Whoever enters a claim takes part in it, at the counter as for an elder; and an objection is decided by a home that has
# not judged the claim. What is asked back of a claim is looked at by others than those who let it pass.
GUARD = """
CREATE OR REPLACE FUNCTION points_refuse_close_to_helper(
    of_street uuid, of_claim uuid, judge uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM points_claim AS claim WHERE claim.street_id = of_street AND claim.id = of_claim
               AND claim.entered_by_id IS NOT NULL
               AND points_too_close(of_street, judge, claim.entered_by_id, at)) THEN
        RAISE EXCEPTION 'judge % is too close to the helper of claim %', judge, of_claim
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_judge_is_a_stranger_to_the_helper';
    END IF;
END $$;
CREATE FUNCTION points_guard_objection_reviewers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM points_review AS word WHERE word.street_id = NEW.street_id AND word.claim_id = NEW.claim_id
               AND word.undone_at IS NULL
               AND points_too_close(NEW.street_id, NEW.decided_by_id, word.reviewer_id, NEW.decided_at)) THEN
        RAISE EXCEPTION 'judge % lives with whoever judged the claim before', NEW.decided_by_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_objection_judge_is_a_stranger',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_objection_guard_reviewers BEFORE UPDATE ON points_objection
    FOR EACH ROW WHEN (OLD.decided_by_id IS NULL AND NEW.decided_by_id IS NOT NULL)
    EXECUTE FUNCTION points_guard_objection_reviewers();
CREATE FUNCTION points_guard_correction_reviewers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM points_claim AS claim
               JOIN points_review AS word ON word.street_id = claim.street_id AND word.claim_id = claim.id
               WHERE claim.street_id = NEW.street_id AND claim.posting_id = NEW.posting_id
                   AND word.undone_at IS NULL AND word.reviewer_id IN (NEW.decided_by_id, NEW.heard_by_id)) THEN
        RAISE EXCEPTION 'whoever let a claim pass does not decide whether it is asked back'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_correction_by_other_eyes', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_correction_guard_reviewers BEFORE UPDATE ON points_correction
    FOR EACH ROW WHEN (NEW.decided_by_id IS NOT NULL) EXECUTE FUNCTION points_guard_correction_reviewers();
"""
BACK = """
DROP TRIGGER points_correction_guard_reviewers ON points_correction;
DROP FUNCTION points_guard_correction_reviewers();
DROP TRIGGER points_objection_guard_reviewers ON points_objection;
DROP FUNCTION points_guard_objection_reviewers();
CREATE OR REPLACE FUNCTION points_refuse_close_to_helper(
    of_street uuid, of_claim uuid, judge uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM points_claim AS claim WHERE claim.street_id = of_street AND claim.id = of_claim
               AND claim.source = 'helper' AND points_too_close(of_street, judge, claim.entered_by_id, at)) THEN
        RAISE EXCEPTION 'judge % is too close to the helper of claim %', judge, of_claim
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_judge_is_a_stranger_to_the_helper';
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0023_gifts_are_decided"), ("streets", "0002_invariants")]
    operations = [migrations.RunSQL(GUARD, BACK)]
