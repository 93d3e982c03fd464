from typing import ClassVar

from django.db import migrations

# As 0012, but a deputy does not vote: else one seat could be both of the two that approve (ruling 21).
GUARD = """
CREATE OR REPLACE FUNCTION rulebook_guard_approval() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE version rulebook_rulebookversion;
BEGIN
    SELECT * INTO version FROM rulebook_rulebookversion
        WHERE street_id = NEW.street_id AND id = NEW.version_id FOR UPDATE;
    IF rulebook_is_author(NEW.street_id, NEW.version_id, NEW.approver_id) THEN
        RAISE EXCEPTION 'nobody approves what they have written'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_author_never_approves', TABLE = TG_TABLE_NAME;
    END IF;
    IF version.published_at IS NOT NULL OR version.ended_at IS NOT NULL
        OR NEW.content_hash IS DISTINCT FROM rulebook_content_hash(NEW.street_id, NEW.version_id) THEN
        RAISE EXCEPTION 'what is approved is the content as it stands'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_hash_is_of_the_items', TABLE = TG_TABLE_NAME;
    END IF;
    IF NOT EXISTS (SELECT FROM grid_assignment AS held
                   WHERE held.street_id = NEW.street_id AND held.role = 'board_member'
                     AND NEW.approver_id = held.person_id
                     AND held.valid_from <= NEW.approved_at
                     AND (held.valid_until IS NULL OR held.valid_until > NEW.approved_at)) THEN
        RAISE EXCEPTION 'only the board approves'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_only_the_board_approves', TABLE = TG_TABLE_NAME;
    END IF;
    NEW.seat := rulebook_seat(NEW.street_id, NEW.approver_id, NEW.approved_at);
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rulebook", "0014_in_force_is_read")]
    operations: ClassVar = [migrations.RunSQL(GUARD, migrations.RunSQL.noop)]
