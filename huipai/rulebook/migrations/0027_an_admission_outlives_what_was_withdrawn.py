from typing import ClassVar

from django.db import migrations

_GUARD = r"""
CREATE OR REPLACE FUNCTION rulebook_guard_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state IN ('declined', 'withdrawn', 'lapsed', 'refused')
        OR (OLD.state = 'entered' AND NEW.state <> 'entered'@AGAIN@)
        OR (NEW.street_id, NEW.unit_id, NEW.proposer_id, NEW.code) IS DISTINCT FROM
           (OLD.street_id, OLD.unit_id, OLD.proposer_id, OLD.code)
        OR (OLD.state IN ('admitted', 'entered') AND (NEW.state NOT IN ('admitted', 'entered', 'lapsed', 'withdrawn')
            OR to_jsonb(NEW) - '{state,due_at,warned_at,decided_by_id,decided_at,reason}'::text[]
            <> to_jsonb(OLD) - '{state,due_at,warned_at,decided_by_id,decided_at,reason}'::text[])) THEN
        RAISE EXCEPTION 'what was decided of a proposal stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_decided_stays', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
"""
# What no version holds any more is admitted still: it was not its department that withdrew it.
_AGAIN = """
            AND (NEW.state <> 'admitted' OR EXISTS (
                SELECT FROM rulebook_pointitem AS i
                JOIN rulebook_rulebookversion AS v ON v.street_id = i.street_id AND v.id = i.version_id
                WHERE i.street_id = NEW.street_id AND i.admission_id = NEW.id
                    AND v.published_at IS NOT NULL AND v.ended_at IS NULL))"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rulebook", "0026_items_say_who_and_on_what")]

    operations: ClassVar = [
        migrations.RunSQL(_GUARD.replace("@AGAIN@", _AGAIN), _GUARD.replace("@AGAIN@", "")),
    ]
