from django.db import migrations

# What a claim counts is numbers: the journal keeps them, and nothing in it can be wiped when somebody is forgotten.
GUARD = """
CREATE FUNCTION points_guard_amounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM jsonb_each_text(NEW.measured) AS told(measure, amount)
               WHERE measure !~ '^[a-z_]{1,20}$' OR amount !~ '^[0-9]{1,3}(\\.[0-9]?)?$') THEN
        RAISE EXCEPTION 'an amount is a number'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_amounts_are_numbers', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_claim_guard_amounts BEFORE INSERT OR UPDATE OF measured, state ON points_claim FOR EACH ROW
    WHEN (NEW.state = 'submitted' AND NEW.measured IS NOT NULL AND NEW.measured <> 'null'::jsonb)
    EXECUTE FUNCTION points_guard_amounts();
"""
BACK = "DROP TRIGGER points_claim_guard_amounts ON points_claim; DROP FUNCTION points_guard_amounts();"


class Migration(migrations.Migration):
    dependencies = [("points", "0018_corrections")]
    operations = [migrations.RunSQL(GUARD, BACK)]
