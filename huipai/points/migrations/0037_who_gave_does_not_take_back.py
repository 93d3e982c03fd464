from typing import ClassVar

from django.db import migrations

# Whoever had a hand in how points came decides nothing of their going back; the ledger's floor knows grants and claims,
# the packages above add what they know. Asked of each hand when it comes: what was decided before stays, and goes on.
GUARD = """
CREATE FUNCTION points_givers(of_street uuid, of_posting uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT p.actor_id FROM points_posting AS p
    WHERE p.street_id = of_street AND p.id = of_posting AND p.actor_id IS NOT NULL
    UNION SELECT given.proposed_by_id FROM points_grant AS given
    WHERE given.street_id = of_street AND given.posting_id = of_posting
    UNION SELECT hand FROM points_claim AS claim
    CROSS JOIN LATERAL (
        SELECT claim.entered_by_id AS hand
        UNION SELECT word.reviewer_id FROM points_review AS word
        WHERE word.street_id = claim.street_id AND word.claim_id = claim.id AND word.undone_at IS NULL
        UNION SELECT said.decided_by_id FROM points_objection AS said
        WHERE said.street_id = claim.street_id AND said.claim_id = claim.id
        UNION SELECT said.decided_by_id FROM points_contest AS said
        WHERE said.street_id = claim.street_id AND said.claim_id = claim.id) AS hands
    WHERE claim.street_id = of_street AND claim.posting_id = of_posting AND hand IS NOT NULL
$$;
CREATE FUNCTION points_guard_correction_givers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (CASE WHEN OLD.decided_by_id IS NULL THEN NEW.decided_by_id ELSE NEW.heard_by_id END)
            IN (SELECT points_givers(NEW.street_id, NEW.posting_id)) THEN
        RAISE EXCEPTION 'whoever gave points does not decide whether they are asked back'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_correction_by_other_eyes', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER points_correction_guard_reviewers ON points_correction;
DROP FUNCTION points_guard_correction_reviewers();
CREATE TRIGGER points_correction_guard_givers BEFORE UPDATE ON points_correction FOR EACH ROW
    WHEN (OLD.decided_by_id IS NULL AND NEW.decided_by_id IS NOT NULL
          OR OLD.heard_by_id IS NULL AND NEW.heard_by_id IS NOT NULL)
    EXECUTE FUNCTION points_guard_correction_givers();
"""
BACK = """
DROP TRIGGER points_correction_guard_givers ON points_correction;
DROP FUNCTION points_guard_correction_givers();
DROP FUNCTION points_givers(uuid, uuid);
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


class Migration(migrations.Migration):
    dependencies: ClassVar = [("points", "0036_each_objection_is_contested_once"), ("streets", "0002_invariants")]
    operations: ClassVar = [migrations.RunSQL(GUARD, BACK)]
