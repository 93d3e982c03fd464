from django.db import migrations

# Who may decide is asked when a decision is added: a row that came with one would pass all of that by.
COMES_UNDECIDED = """
CREATE FUNCTION points_comes_undecided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is proposed waits for another'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'points_a_proposal_waits', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER points_grant_comes_undecided BEFORE INSERT ON points_grant
    FOR EACH ROW WHEN (NEW.state <> 'proposed') EXECUTE FUNCTION points_comes_undecided();
CREATE TRIGGER points_closing_comes_undecided BEFORE INSERT ON points_closing
    FOR EACH ROW WHEN (NEW.approved_at IS NOT NULL OR NEW.withdrawn_at IS NOT NULL)
    EXECUTE FUNCTION points_comes_undecided();
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0007_said_at_the_counter")]

    operations = [migrations.RunSQL(COMES_UNDECIDED, "DROP FUNCTION points_comes_undecided CASCADE;")]
