from django.db import migrations

# Points of a paper that were asked back and entered anew do not come back as well: one paper pays once.
PAYS_ONCE = """
CREATE FUNCTION points_guard_paper_pays_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM points_grant AS was
        JOIN points_grant AS anew ON anew.street_id = was.street_id AND anew.person_id = was.person_id
            AND anew.state IN ('proposed', 'approved')
            AND anew.paper_number ~ '-C[0-9]+$'
            AND regexp_replace(upper(anew.paper_number), '-C[0-9]+$', '')
                = regexp_replace(upper(was.paper_number), '-C[0-9]+$', '')
            AND substring(anew.paper_number FROM '-C([0-9]{1,4})$')::int
                > coalesce(substring(was.paper_number FROM '-C([0-9]{1,4})$')::int, 0)
        WHERE was.street_id = NEW.street_id AND was.posting_id = NEW.posting_id
            AND NOT EXISTS (SELECT FROM points_posting AS r
                            WHERE r.street_id = anew.street_id AND r.reverses_id = anew.posting_id)) THEN
        RAISE EXCEPTION 'the paper of these points has been entered anew'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_a_paper_pays_once', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_correction_a_paper_pays_once BEFORE UPDATE ON points_correction FOR EACH ROW
    WHEN (NEW.state = 'upheld' AND OLD.state <> 'upheld') EXECUTE FUNCTION points_guard_paper_pays_once();
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0004_every_promise_of_the_end")]

    operations = [migrations.RunSQL(PAYS_ONCE, "DROP FUNCTION points_guard_paper_pays_once CASCADE;")]
