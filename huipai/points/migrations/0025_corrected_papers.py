from django.db import migrations

# The number of a paper that is entered anew says which correction it is, and only after the points of before went back.
GUARD = """
CREATE FUNCTION points_guard_corrected_paper() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    turn int := substring(NEW.paper_number FROM '-C([0-9]{1,4})$')::int;
    number text := regexp_replace(NEW.paper_number, '-C[0-9]+$', '');
BEGIN
    IF NOT EXISTS (
        SELECT FROM points_grant AS given
        JOIN points_correction AS one ON one.street_id = given.street_id AND one.posting_id = given.posting_id
            AND one.state IN ('approved', 'dismissed')
        WHERE given.street_id = NEW.street_id AND given.person_id = NEW.person_id
            AND upper(given.paper_number) = CASE turn WHEN 1 THEN number ELSE number || '-C' || turn - 1 END) THEN
        RAISE EXCEPTION 'the points of paper % have not been asked back', number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_a_corrected_paper_follows', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_grant_guard_corrected BEFORE INSERT ON points_grant
    FOR EACH ROW WHEN (NEW.paper_number ~ '-C[0-9]+$') EXECUTE FUNCTION points_guard_corrected_paper();
"""
BACK = "DROP TRIGGER points_grant_guard_corrected ON points_grant; DROP FUNCTION points_guard_corrected_paper();"


class Migration(migrations.Migration):
    dependencies = [("points", "0024_no_home_judges_twice"), ("streets", "0002_invariants")]
    operations = [migrations.RunSQL(GUARD, BACK)]
