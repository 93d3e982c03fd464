from django.db import migrations

DECIDED_ONCE = """
CREATE FUNCTION points_guard_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.approved_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL
        OR to_jsonb(NEW) - 'approved_by_id' - 'approved_at' - 'withdrawn_at'
            <> to_jsonb(OLD) - 'approved_by_id' - 'approved_at' - 'withdrawn_at'
    THEN
        RAISE EXCEPTION 'what was announced stands; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_closing_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_closing_guard BEFORE UPDATE OR DELETE ON points_closing
    FOR EACH ROW EXECUTE FUNCTION points_guard_closing();
CREATE TRIGGER points_closing_no_truncate BEFORE TRUNCATE ON points_closing
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0008_closing"), ("streets", "0002_invariants")]
    operations = [
        migrations.RunSQL(
            DECIDED_ONCE,
            """
            DROP TRIGGER points_closing_guard ON points_closing;
            DROP TRIGGER points_closing_no_truncate ON points_closing;
            DROP FUNCTION points_guard_closing();
            """,
        )
    ]
