from typing import ClassVar

from django.db import migrations

# What was objected twice before stays as it was said and decided; from now on nobody objects again. The incentive is
# held, so that of two at once the second sees the first.
ONCE = """
ALTER TABLE households_objection DROP CONSTRAINT IF EXISTS households_an_objector_objects_once;
CREATE FUNCTION households_objects_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM households_assessment AS held
    WHERE held.street_id = NEW.street_id AND held.id = NEW.assessment_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM households_objection AS earlier
               WHERE earlier.street_id = NEW.street_id AND earlier.assessment_id = NEW.assessment_id
                   AND earlier.objector_id = NEW.objector_id AND earlier.id <> NEW.id) THEN
        RAISE EXCEPTION 'whoever objected to incentive % objects again: households_an_objector_objects_once',
                NEW.assessment_id
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'households_an_objector_objects_once',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER households_objection_once AFTER INSERT OR UPDATE OF objector_id, assessment_id ON households_objection
    FOR EACH ROW EXECUTE FUNCTION households_objects_once();
"""
ONCE_BACK = "DROP TRIGGER households_objection_once ON households_objection; DROP FUNCTION households_objects_once();"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("households", "0014_an_objector_objects_once")]
    operations: ClassVar = [migrations.RunSQL(ONCE, ONCE_BACK)]
