import django.db.models.deletion
from django.db import migrations, models

from huipai.streets.operations import AddConstraint

GROWN_UP = """
CREATE FUNCTION people_guardian_is_grown_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM people_person AS person WHERE person.street_id = NEW.street_id
               AND person.id = NEW.guardian_id
               AND extract(year FROM NEW.valid_from AT TIME ZONE 'Asia/Shanghai') - person.birth_year <= 18) THEN
        RAISE EXCEPTION 'a guardian is 18'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'people_guardian_is_grown_up', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER people_guardian_is_grown_up BEFORE INSERT ON people_guardianship
    FOR EACH ROW EXECUTE FUNCTION people_guardian_is_grown_up();
"""
ANY_AGE = """
DROP TRIGGER people_guardian_is_grown_up ON people_guardianship;
DROP FUNCTION people_guardian_is_grown_up();
"""
WAITING = """
UPDATE people_account AS account SET leaves_in_id = change.street_id
FROM people_phonechange AS change JOIN people_person AS person
    ON person.street_id = change.street_id AND person.id = change.person_id
WHERE person.account_id = account.id AND change.done_at IS NULL AND change.cancelled_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0009_helpers_claim"),
        ("streets", "0002_invariants"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="consent", name="people_one_yes_a_version"),
        migrations.AddField(
            model_name="account",
            name="leaves_in",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="streets.street",
            ),
        ),
        AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True), models.Q(("purpose", "guardianship"), _negated=True)
                ),
                fields=("street", "person", "purpose", "version"),
                name="people_one_yes_a_version",
            ),
        ),
        AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("purpose", "guardianship"), ("withdrawn_at__isnull", True)),
                fields=("street", "person", "version", "given_by", "paper_number"),
                name="people_one_yes_a_guardian_and_paper",
            ),
        ),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
        migrations.RunSQL(GROWN_UP, ANY_AGE),
    ]
