from django.db import migrations

# A second purse used to be made with a first debt. Whoever waited for the first then overlooked it.
BOTH_PURSES = """
INSERT INTO points_account (id, street_id, person_id, household_id, purse, balance, held)
SELECT gen_random_uuid(), one.street_id, one.person_id, one.household_id, 'debt', 0, 0
FROM points_account AS one
WHERE one.purse = 'spendable' AND NOT EXISTS (
    SELECT FROM points_account AS other
    WHERE other.street_id = one.street_id AND other.purse = 'debt'
        AND (other.person_id, other.household_id) IS NOT DISTINCT FROM (one.person_id, one.household_id));
"""

# Of all entries of one paper one pays: whichever way points of another came back.
PAYS_ONCE = """
CREATE OR REPLACE FUNCTION points_guard_paper_pays_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM points_grant AS was
        JOIN points_grant AS other ON other.street_id = was.street_id AND other.person_id = was.person_id
            AND other.id <> was.id
            AND regexp_replace(upper(other.paper_number), '-C[0-9]+$', '')
                = regexp_replace(upper(was.paper_number), '-C[0-9]+$', '')
        WHERE was.street_id = NEW.street_id AND was.posting_id = NEW.posting_id
            AND (other.state = 'proposed' OR other.state = 'approved' AND (
                NOT EXISTS (SELECT FROM points_posting AS r
                            WHERE r.street_id = other.street_id AND r.reverses_id = other.posting_id)
                OR EXISTS (SELECT FROM points_correction AS one
                           WHERE one.street_id = other.street_id AND one.posting_id = other.posting_id
                               AND one.state = 'upheld')))) THEN
        RAISE EXCEPTION 'the paper of these points has been entered anew'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_a_paper_pays_once', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0005_one_paper_pays_once")]

    operations = [
        migrations.RunSQL(BOTH_PURSES, migrations.RunSQL.noop),
        migrations.RunSQL(PAYS_ONCE, migrations.RunSQL.noop),
    ]
