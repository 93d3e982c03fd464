from django.db import migrations

# A week in public begins with the second person's yes, and nothing shortens it.
GUARD = """
CREATE TRIGGER households_assessment_guard_publicity BEFORE UPDATE ON households_assessment FOR EACH ROW
    WHEN (OLD.public_until IS NOT NULL AND NEW.public_until IS DISTINCT FROM OLD.public_until)
    EXECUTE FUNCTION households_refuse_change();
"""
# Of a need its words can be wiped, and what was asked for stays.
NEED = """
CREATE TRIGGER households_need_guard BEFORE UPDATE ON households_need FOR EACH ROW
    WHEN (NEW.text NOT IN (OLD.text, '')
        OR to_jsonb(NEW) - '{text,state,taken_by_id,closed_at}'::text[]
           <> to_jsonb(OLD) - '{text,state,taken_by_id,closed_at}'::text[])
    EXECUTE FUNCTION households_refuse_change();
"""
NEED_BACK = "DROP TRIGGER households_need_guard ON households_need;"
BACK = "DROP TRIGGER households_assessment_guard_publicity ON households_assessment;"


class Migration(migrations.Migration):
    dependencies = [("households", "0005_what_was_said_stays")]
    operations = [migrations.RunSQL(GUARD, BACK), migrations.RunSQL(NEED, NEED_BACK)]
