from django.db import migrations

# Two looks are two homes' looks: whoever judges second is a stranger to whoever judged first.
REVIEWERS = """
CREATE FUNCTION points_guard_second_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM points_review AS word WHERE word.street_id = NEW.street_id AND word.claim_id = NEW.claim_id
               AND word.undone_at IS NULL AND word.reviewer_id <> NEW.reviewer_id
               AND points_too_close(NEW.street_id, NEW.reviewer_id, word.reviewer_id, NEW.decided_at)) THEN
        RAISE EXCEPTION 'reviewer % is too close to another reviewer of claim %', NEW.reviewer_id, NEW.claim_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_reviewers_are_strangers', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_review_guard_second BEFORE INSERT ON points_review
    FOR EACH ROW EXECUTE FUNCTION points_guard_second_review();
"""
REVIEWERS_BACK = "DROP TRIGGER points_review_guard_second ON points_review; DROP FUNCTION points_guard_second_review();"

# Points by hand are approved by somebody who could review a claim of the receiver.
GRANT = """
CREATE FUNCTION points_guard_grant_judge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF points_too_close(NEW.street_id, NEW.decided_by_id, NEW.person_id, NEW.decided_at) THEN
        RAISE EXCEPTION 'grant % is decided by somebody else', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_grant_judge_is_a_stranger', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_grant_guard_judge BEFORE UPDATE ON points_grant FOR EACH ROW
    WHEN (NEW.state = 'approved' AND OLD.state <> 'approved') EXECUTE FUNCTION points_guard_grant_judge();
"""
GRANT_BACK = "DROP TRIGGER points_grant_guard_judge ON points_grant; DROP FUNCTION points_guard_grant_judge();"


class Migration(migrations.Migration):
    dependencies = [("points", "0011_claims_stay_as_sent")]
    operations = [migrations.RunSQL(REVIEWERS, REVIEWERS_BACK), migrations.RunSQL(GRANT, GRANT_BACK)]
