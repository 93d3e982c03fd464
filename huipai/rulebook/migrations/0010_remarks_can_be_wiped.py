from django.db import migrations

# What was said stays; only its words can be wiped, when whoever said it is forgotten.
WIPE = """
DROP TRIGGER rulebook_remark_guard ON rulebook_remark;
CREATE TRIGGER rulebook_remark_guard BEFORE UPDATE ON rulebook_remark FOR EACH ROW
    WHEN (NOT (NEW.text = '—' AND to_jsonb(NEW) - 'text' = to_jsonb(OLD) - 'text'))
    EXECUTE FUNCTION rulebook_guard_remark();
CREATE TRIGGER rulebook_remark_no_delete BEFORE DELETE ON rulebook_remark
    FOR EACH ROW EXECUTE FUNCTION rulebook_guard_remark();
"""
BACK = """
DROP TRIGGER rulebook_remark_no_delete ON rulebook_remark;
DROP TRIGGER rulebook_remark_guard ON rulebook_remark;
CREATE TRIGGER rulebook_remark_guard BEFORE UPDATE OR DELETE ON rulebook_remark
    FOR EACH ROW EXECUTE FUNCTION rulebook_guard_remark();
"""


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0009_clicks_are_never_counted")]
    operations = [migrations.RunSQL(WIPE, BACK)]
