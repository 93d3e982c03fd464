import django.db.models.deletion
from django.db import migrations, models

import huipai.streets.keys

# Whoever objected for another took part: nobody of that home decides it.
GUARD = """
CREATE FUNCTION points_guard_objection_helper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF points_too_close(NEW.street_id, NEW.decided_by_id, NEW.sent_by_id, NEW.decided_at) THEN
        RAISE EXCEPTION 'judge % is too close to who objected for another in %', NEW.decided_by_id, NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_objection_judge_is_a_stranger',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_objection_guard_sender BEFORE UPDATE ON points_objection
    FOR EACH ROW WHEN (NEW.decided_by_id IS NOT NULL AND NEW.sent_by_id IS NOT NULL)
    EXECUTE FUNCTION points_guard_objection_helper();
"""
BACK = """
DROP TRIGGER points_objection_guard_sender ON points_objection;
DROP FUNCTION points_guard_objection_helper();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0009_helpers_claim"),
        ("points", "0020_own_amounts_alone"),
        ("streets", "0002_invariants"),
    ]
    operations = [
        migrations.AddField(
            model_name="objection",
            name="sent_by",
            field=huipai.streets.keys.TenantKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                name="points_whoever_objects_for_another_is_a_fourth",
                condition=models.Q(("sent_by__isnull", True))
                | models.Q(
                    models.Q(("sent_by", models.F("objector")), _negated=True),
                    models.Q(("sent_by", models.F("claimant")), _negated=True),
                    models.Q(
                        ("decided_by__isnull", True),
                        models.Q(("decided_by", models.F("sent_by")), _negated=True),
                        _connector="OR",
                    ),
                ),
            ),
        ),
        migrations.RunSQL(GUARD, BACK),
    ]
