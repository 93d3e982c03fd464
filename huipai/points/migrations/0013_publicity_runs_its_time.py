from django.db import migrations

# Until when a claim is in public, and until when it may be objected to, is said by the step that leads there; nothing
# but another step says anything else.
GUARD = """
CREATE FUNCTION points_guard_publicity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'publicity runs its time'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'points_publicity_runs_its_time', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER points_claim_guard_publicity BEFORE UPDATE ON points_claim
    FOR EACH ROW WHEN (OLD.state = NEW.state AND OLD.public_until IS DISTINCT FROM NEW.public_until
        OR OLD.object_until IS NOT NULL AND OLD.object_until IS DISTINCT FROM NEW.object_until)
    EXECUTE FUNCTION points_guard_publicity();
"""
BACK = "DROP TRIGGER points_claim_guard_publicity ON points_claim; DROP FUNCTION points_guard_publicity();"


class Migration(migrations.Migration):
    dependencies = [("points", "0012_judges_are_strangers")]
    operations = [migrations.RunSQL(GUARD, BACK)]
