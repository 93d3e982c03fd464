from django.db import migrations

# Why a claim wants a second pair of eyes is found once, when the first word on it counts, and stands: who wiped it would
# have it paid on one word.
SECOND_STANDS = """
CREATE FUNCTION points_guard_second_reason() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'why claim % is looked at again stands', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'points_second_reason_stands', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER points_claim_second_stands BEFORE UPDATE ON points_claim FOR EACH ROW
    WHEN (OLD.second_reason <> NEW.second_reason
          AND NOT (OLD.second_reason = '' AND OLD.state = 'reviewed' AND NEW.state <> 'reviewed'))
    EXECUTE FUNCTION points_guard_second_reason();
"""

# A decision counts after the moment in which it can be taken back: who moved that would keep it from ever counting.
UNDOING_ENDS = """
CREATE FUNCTION points_guard_undo_until() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'until when a decision on claim % can be taken back stands', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'points_undo_until_stands', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER points_claim_undo_stands BEFORE UPDATE ON points_claim FOR EACH ROW
    WHEN (OLD.state = NEW.state AND OLD.undo_until IS DISTINCT FROM NEW.undo_until)
    EXECUTE FUNCTION points_guard_undo_until();
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0002_evidence_ends")]

    operations = [
        migrations.RunSQL(SECOND_STANDS, "DROP FUNCTION points_guard_second_reason CASCADE;"),
        migrations.RunSQL(UNDOING_ENDS, "DROP FUNCTION points_guard_undo_until CASCADE;"),
    ]
