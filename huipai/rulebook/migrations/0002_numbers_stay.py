from django.db import migrations

# A number of which people have read an item stays that item's: under it nothing else comes into a draft, because what was
# earned by it counts in its caps. What the newest version holds may be written anew, and reads as a change of it.
GUARD_NUMBER = """
CREATE FUNCTION rulebook_guard_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.title IS DISTINCT FROM coalesce(
        (SELECT i.title FROM rulebook_pointitem AS i
         JOIN rulebook_rulebookversion AS v ON v.street_id = i.street_id AND v.id = i.version_id
         WHERE i.street_id = NEW.street_id AND i.code = NEW.code AND v.published_at IS NOT NULL
         ORDER BY v.number DESC LIMIT 1), NEW.title)
        AND NOT EXISTS (
            SELECT FROM rulebook_pointitem AS i
            WHERE i.street_id = NEW.street_id AND i.code = NEW.code AND i.version_id = (
                SELECT id FROM rulebook_rulebookversion
                WHERE street_id = NEW.street_id AND published_at IS NOT NULL AND ended_at IS NULL
                ORDER BY number DESC LIMIT 1)) THEN
        RAISE EXCEPTION 'the number is that of another item' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'rulebook_number_stays_with_its_item', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_item_number BEFORE INSERT OR UPDATE OF title, code ON rulebook_pointitem
    FOR EACH ROW EXECUTE FUNCTION rulebook_guard_number();
"""


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0001_tables")]

    operations = [migrations.RunSQL(GUARD_NUMBER, "DROP FUNCTION rulebook_guard_number CASCADE;")]
