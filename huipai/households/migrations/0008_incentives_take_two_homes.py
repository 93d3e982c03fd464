from django.db import migrations

# The yes to an incentive comes from another home than its proposal, as points by hand do.
GUARD = """
CREATE FUNCTION households_guard_assessment_eyes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF points_too_close(NEW.street_id, NEW.decided_by_id, NEW.proposed_by_id, NEW.decided_at) THEN
        RAISE EXCEPTION 'incentive % is proposed and approved in one home', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'households_eyes_are_strangers', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER households_assessment_guard_eyes BEFORE UPDATE ON households_assessment FOR EACH ROW
    WHEN (NEW.state = 'public' AND OLD.state = 'proposed' AND NEW.decided_by_id <> NEW.proposed_by_id)
    EXECUTE FUNCTION households_guard_assessment_eyes();
"""
BACK = """
DROP TRIGGER households_assessment_guard_eyes ON households_assessment;
DROP FUNCTION households_guard_assessment_eyes();
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0007_ties_last"), ("points", "0007_claim_invariants")]
    operations = [migrations.RunSQL(GUARD, BACK)]
