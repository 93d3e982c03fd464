from django.db import migrations

# The end of the scheme is decided by two homes, as points by hand are.
GUARD = """
CREATE FUNCTION points_guard_closing_eyes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF points_too_close(NEW.street_id, NEW.approved_by_id, NEW.proposed_by_id, NEW.approved_at) THEN
        RAISE EXCEPTION 'closing % is proposed and decided in one home', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_closing_eyes_are_strangers', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_closing_guard_eyes BEFORE UPDATE ON points_closing FOR EACH ROW
    WHEN (NEW.approved_by_id IS NOT NULL AND OLD.approved_by_id IS NULL AND NEW.approved_by_id <> NEW.proposed_by_id)
    EXECUTE FUNCTION points_guard_closing_eyes();
"""
BACK = "DROP TRIGGER points_closing_guard_eyes ON points_closing; DROP FUNCTION points_guard_closing_eyes();"


class Migration(migrations.Migration):
    dependencies = [("points", "0015_grants_taken_back")]
    operations = [migrations.RunSQL(GUARD, BACK)]
