from django.db import migrations

# Points by hand come of a grant that two people decided, or of an appeal that a third upheld: looked at when it commits.
GUARD = """
CREATE FUNCTION points_check_gift() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM points_grant AS given WHERE given.street_id = NEW.street_id
                   AND given.posting_id = NEW.id AND given.state = 'approved' AND NEW.subject = 'grant:' || given.id
                   AND given.person_id = NEW.person_id AND given.points = NEW.points)
        AND NOT EXISTS (SELECT FROM points_correction AS one WHERE one.street_id = NEW.street_id
                        AND one.restored_id = NEW.id AND NEW.subject = 'correction:' || one.id
                        AND one.person_id = NEW.person_id) THEN
        RAISE EXCEPTION 'posting % was given by hand, and nobody has decided it', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_a_gift_is_decided', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER points_posting_gift_is_decided AFTER INSERT ON points_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'grant') EXECUTE FUNCTION points_check_gift();
"""
BACK = "DROP TRIGGER points_posting_gift_is_decided ON points_posting; DROP FUNCTION points_check_gift();"


class Migration(migrations.Migration):
    dependencies = [("points", "0022_the_end_as_the_rulebook_says"), ("streets", "0002_invariants")]
    operations = [migrations.RunSQL(GUARD, BACK)]
