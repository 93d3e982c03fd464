from django.db import migrations

# Who handed a proposal in again has written its words as well: they decide on it no more than its first proposer, and
# neither does their home. The journal knows them all.
GUARD_PROPOSERS = """
CREATE FUNCTION rulebook_guard_proposers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM journal_entry AS told
               WHERE told.street_id = NEW.street_id AND told.subject = 'proposal:' || NEW.id
                   AND told.what = 'proposal.made'
                   AND (told.actor_id = NEW.decided_by_id
                        OR rulebook_is_near(NEW.street_id, NEW.decided_by_id, told.actor_id, NEW.decided_at))) THEN
        RAISE EXCEPTION 'a proposal is decided by nobody who has written it, nor by their home'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_proposers_decide_nothing',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_proposal_guard_proposers BEFORE UPDATE ON rulebook_proposal FOR EACH ROW
    WHEN (NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id AND NEW.decided_by_id IS NOT NULL
          AND NEW.state IN ('admitted', 'returned', 'declined'))
    EXECUTE FUNCTION rulebook_guard_proposers();
"""


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0002_numbers_stay"), ("journal", "0001_tables")]

    operations = [migrations.RunSQL(GUARD_PROPOSERS, "DROP FUNCTION rulebook_guard_proposers CASCADE;")]
