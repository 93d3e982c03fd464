from typing import ClassVar

from django.db import migrations

# What is published from now on says of each item who answers for it and on what it rests; what was published before
# stays as it was.
NAMED = r"""
CREATE FUNCTION rulebook_guard_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM rulebook_pointitem WHERE street_id = NEW.street_id AND version_id = NEW.id
               AND (owner !~ '\S' OR legal_ground !~ '\S')) THEN
        RAISE EXCEPTION 'an item says not who answers for it, or not on what it rests'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_items_say_who_and_on_what', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_version_answered_for BEFORE UPDATE ON rulebook_rulebookversion FOR EACH ROW
    WHEN (OLD.published_at IS NULL AND NEW.published_at IS NOT NULL) EXECUTE FUNCTION rulebook_guard_named();
"""
NAMED_BACK = """
DROP TRIGGER rulebook_version_answered_for ON rulebook_rulebookversion;
DROP FUNCTION rulebook_guard_named();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("rulebook", "0025_who_approves_sits_on_the_board"),
        ("streets", "0002_invariants"),
    ]
    operations: ClassVar = [migrations.RunSQL(NAMED, NAMED_BACK)]
