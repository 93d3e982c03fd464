from django.db import migrations

from huipai.streets.operations import never_emptied

# Who answers for whom, since when, on whose word: seen once and never another. A bond ends once; the mark of a child
# can only be wiped. Whoever was grown up when it began needs no second look.
A_GUARDIANSHIP_STANDS = """
CREATE FUNCTION people_guardianship_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND to_jsonb(NEW) - '{ended_at,child_mark}'::text[] = to_jsonb(OLD) - '{ended_at,child_mark}'::text[]
        AND (OLD.ended_at IS NULL OR NEW.ended_at IS NOT DISTINCT FROM OLD.ended_at)
        AND NEW.child_mark IN (OLD.child_mark, '') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a guardianship only ever ends: % refused', TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = 'people_guardianship_stands', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER people_guardianship_stands BEFORE UPDATE OR DELETE ON people_guardianship
    FOR EACH ROW EXECUTE FUNCTION people_guardianship_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_tables")]

    operations = [
        migrations.RunSQL(A_GUARDIANSHIP_STANDS, "DROP FUNCTION people_guardianship_stands CASCADE;"),
        never_emptied("people_guardianship"),
    ]
