from django.db import migrations

# An appeal and an objection are evidence of what happened, but their words are somebody's: they can be wiped, never changed.
APPEAL = """
DROP TRIGGER points_appeal_append_only ON points_appeal;
CREATE FUNCTION points_guard_appeal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.text <> '—' OR to_jsonb(NEW) - 'text' <> to_jsonb(OLD) - 'text' THEN
        RAISE EXCEPTION 'an appeal stands as it was made, its words can only be wiped; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_appeal_append_only', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_appeal_guard BEFORE UPDATE OR DELETE ON points_appeal
    FOR EACH ROW EXECUTE FUNCTION points_guard_appeal();
"""
APPEAL_BACK = """
DROP TRIGGER points_appeal_guard ON points_appeal;
DROP FUNCTION points_guard_appeal();
CREATE TRIGGER points_appeal_append_only BEFORE UPDATE OR DELETE ON points_appeal
    FOR EACH ROW EXECUTE FUNCTION streets_refuse_change();
"""
OBJECTION = """
CREATE FUNCTION points_only_wipes_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.text <> '—' THEN
        RAISE EXCEPTION 'the words of an objection can only be wiped'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_objection_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER points_objection_guard ON points_objection;
CREATE TRIGGER points_objection_guard BEFORE INSERT OR DELETE ON points_objection
    FOR EACH ROW EXECUTE FUNCTION points_guard_objection();
CREATE TRIGGER points_objection_guard_change BEFORE UPDATE ON points_objection
    FOR EACH ROW WHEN (to_jsonb(NEW) - 'text' <> to_jsonb(OLD) - 'text' OR NEW.text = OLD.text)
    EXECUTE FUNCTION points_guard_objection();
CREATE TRIGGER points_objection_guard_words BEFORE UPDATE ON points_objection
    FOR EACH ROW WHEN (NEW.text <> OLD.text) EXECUTE FUNCTION points_only_wipes_words();
"""
OBJECTION_BACK = """
DROP TRIGGER points_objection_guard_words ON points_objection;
DROP TRIGGER points_objection_guard_change ON points_objection;
DROP TRIGGER points_objection_guard ON points_objection;
CREATE TRIGGER points_objection_guard BEFORE INSERT OR UPDATE OR DELETE ON points_objection
    FOR EACH ROW EXECUTE FUNCTION points_guard_objection();
DROP FUNCTION points_only_wipes_words();
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0009_closing_invariants")]
    operations = [migrations.RunSQL(APPEAL, APPEAL_BACK), migrations.RunSQL(OBJECTION, OBJECTION_BACK)]
