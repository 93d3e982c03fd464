from typing import ClassVar

from django.db import migrations

# A part that is done and was found so waits in `confirming` for what is said of the whole and closes with it: the whole
# does not wait for such a part, and one that is disputed comes back to life like one whose review began.
GUARD = """
CREATE OR REPLACE FUNCTION cases_a_whole_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM cases_case AS part WHERE part.street_id = NEW.street_id AND part.parent_id = NEW.id
               AND part.ended_at IS NULL AND NOT part.goes_alone AND part.state <> 'confirming') THEN
        RAISE EXCEPTION 'a part is in hand: the whole is neither done nor over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_a_whole_waits_for_its_parts';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER cases_a_part_comes_back AFTER UPDATE ON cases_case FOR EACH ROW
    WHEN (NEW.parent_id IS NOT NULL AND NEW.ended_at IS NULL AND NOT NEW.goes_alone
          AND (OLD.ended_at IS NOT NULL OR OLD.goes_alone OR OLD.parent_id IS DISTINCT FROM NEW.parent_id
               OR OLD.state = 'confirming' AND NEW.state <> 'confirming'))
    EXECUTE FUNCTION cases_a_part_comes_back();
"""
GUARD_BACK = """
CREATE OR REPLACE TRIGGER cases_a_part_comes_back AFTER UPDATE ON cases_case FOR EACH ROW
    WHEN (NEW.parent_id IS NOT NULL AND NEW.ended_at IS NULL AND NOT NEW.goes_alone
          AND (OLD.ended_at IS NOT NULL OR OLD.goes_alone OR OLD.parent_id IS DISTINCT FROM NEW.parent_id))
    EXECUTE FUNCTION cases_a_part_comes_back();
CREATE OR REPLACE FUNCTION cases_a_whole_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM cases_case AS part WHERE part.street_id = NEW.street_id AND part.parent_id = NEW.id
               AND part.ended_at IS NULL AND NOT part.goes_alone) THEN
        RAISE EXCEPTION 'a part is in hand: the whole is neither done nor over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_a_whole_waits_for_its_parts';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0055_where_a_deed_was")]

    operations: ClassVar = [migrations.RunSQL(GUARD, GUARD_BACK)]
