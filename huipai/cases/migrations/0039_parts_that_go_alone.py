from typing import ClassVar

from django.db import migrations, models

# The whole is neither done nor over while a part of it is in hand. Whoever brings a part back to life holds the row of
# the whole, so that the two cannot pass each other; a part that comes back too late says that it goes alone.
GUARD = """
CREATE FUNCTION cases_a_part_comes_back() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_over boolean;
BEGIN
    SELECT whole.ended_at IS NOT NULL OR whole.state IN ('responded', 'checking', 'confirming') INTO is_over
    FROM cases_case AS whole WHERE whole.street_id = NEW.street_id AND whole.id = NEW.parent_id FOR NO KEY UPDATE;
    IF is_over THEN
        RAISE EXCEPTION 'the whole is done or over: a part in hand goes alone'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_a_part_in_hand_holds_its_whole';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_a_part_comes_back AFTER UPDATE ON cases_case FOR EACH ROW
    WHEN (NEW.parent_id IS NOT NULL AND NEW.ended_at IS NULL AND NOT NEW.goes_alone
          AND (OLD.ended_at IS NOT NULL OR OLD.goes_alone OR OLD.parent_id IS DISTINCT FROM NEW.parent_id))
    EXECUTE FUNCTION cases_a_part_comes_back();

CREATE FUNCTION cases_a_whole_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM cases_case AS part WHERE part.street_id = NEW.street_id AND part.parent_id = NEW.id
               AND part.ended_at IS NULL AND NOT part.goes_alone) THEN
        RAISE EXCEPTION 'a part is in hand: the whole is neither done nor over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_a_whole_waits_for_its_parts';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_a_whole_waits AFTER UPDATE ON cases_case FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state
          AND (NEW.ended_at IS NOT NULL OR NEW.state IN ('responded', 'checking', 'confirming')))
    EXECUTE FUNCTION cases_a_whole_waits();
"""
GUARD_BACK = """
DROP TRIGGER cases_a_whole_waits ON cases_case; DROP FUNCTION cases_a_whole_waits();
DROP TRIGGER cases_a_part_comes_back ON cases_case; DROP FUNCTION cases_a_part_comes_back();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0038_guessed_place")]

    operations: ClassVar = [
        migrations.AddField("case", "goes_alone", models.BooleanField(db_default=False, default=False)),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                name="cases_only_a_part_goes_alone",
                condition=models.Q(("goes_alone", False), ("parent__isnull", False), _connector="OR"),
            ),
        ),
        migrations.RunSQL(GUARD, GUARD_BACK),
    ]
