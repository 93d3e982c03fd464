from typing import ClassVar

from django.db import migrations

# The time in public goes on, after an objection that was not right, for what was left of it when it was raised; nothing
# else moves its end.
GUARD = """
DROP TRIGGER households_assessment_guard_publicity ON households_assessment;
CREATE FUNCTION households_guard_publicity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'public' AND NEW.state = 'public' AND EXISTS (
        SELECT FROM households_objection AS objection
        WHERE objection.street_id = NEW.street_id AND objection.assessment_id = NEW.id AND NOT objection.is_upheld
            AND NEW.public_until = OLD.public_until + (objection.decided_at - objection.raised_at)
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the time in public of incentive % goes on for what was left of it: what was said of a household stays', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'households_publicity_runs_its_time', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER households_assessment_guard_publicity BEFORE UPDATE ON households_assessment FOR EACH ROW
    WHEN (OLD.public_until IS NOT NULL AND NEW.public_until IS DISTINCT FROM OLD.public_until)
    EXECUTE FUNCTION households_guard_publicity();
"""
GUARD_BACK = """
DROP TRIGGER households_assessment_guard_publicity ON households_assessment;
DROP FUNCTION households_guard_publicity();
CREATE TRIGGER households_assessment_guard_publicity BEFORE UPDATE ON households_assessment FOR EACH ROW
    WHEN (OLD.public_until IS NOT NULL AND NEW.public_until IS DISTINCT FROM OLD.public_until)
    EXECUTE FUNCTION households_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("households", "0012_contacts_do_not_judge")]
    operations: ClassVar = [migrations.RunSQL(GUARD, GUARD_BACK)]
