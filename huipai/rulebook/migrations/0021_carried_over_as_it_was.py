from django.db import migrations

# What a version says of an item without a why of its own, and of one that it holds no more without having struck it,
# against the version before it as it stood at `at`: nothing where all of it is carried over as it was. By what an item
# was admitted is no word of it, and has a guard of its own.
CARRIED = r"""
CREATE FUNCTION rulebook_carried_otherwise(of_street uuid, of_version uuid, at timestamptz)
RETURNS TABLE (item_id uuid, was jsonb, reads jsonb) LANGUAGE sql STABLE AS $$
    WITH version AS (
        SELECT * FROM rulebook_rulebookversion WHERE street_id = of_street AND id = of_version
    ), before AS (
        SELECT v.id FROM rulebook_rulebookversion AS v JOIN version ON v.number < version.number
        WHERE v.street_id = of_street AND v.published_at IS NOT NULL AND (v.ended_at IS NULL OR v.ended_at > at)
        ORDER BY v.number DESC LIMIT 1
    ), worded AS (
        SELECT i.id, i.version_id, i.code, i.why,
               to_jsonb(i) - '{id,street_id,version_id,admission_id,why}'::text[] AS words
        FROM rulebook_pointitem AS i
        WHERE i.street_id = of_street AND i.version_id IN (SELECT id FROM before UNION ALL SELECT of_version)
    )
    SELECT coalesce(mine.id, theirs.id), theirs.words, mine.words
    FROM (SELECT * FROM worded WHERE version_id = of_version) AS mine
    FULL JOIN (SELECT * FROM worded WHERE version_id = (SELECT id FROM before)) AS theirs ON theirs.code = mine.code
    CROSS JOIN version
    WHERE EXISTS (SELECT FROM before) AND CASE WHEN mine.id IS NULL
        THEN coalesce(version.struck ->> theirs.code, '') !~ '\S'
        ELSE mine.why !~ '\S' AND mine.words IS DISTINCT FROM theirs.words END
$$;

CREATE FUNCTION rulebook_guard_carried() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM rulebook_carried_otherwise(NEW.street_id, NEW.id, NEW.published_at)) THEN
        RAISE EXCEPTION 'what is carried over is not what the version before says' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'rulebook_carried_over_as_it_was', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_version_carried BEFORE UPDATE ON rulebook_rulebookversion FOR EACH ROW
    WHEN (OLD.published_at IS NULL AND NEW.published_at IS NOT NULL) EXECUTE FUNCTION rulebook_guard_carried();
"""
CARRIED_BACK = """
DROP TRIGGER rulebook_version_carried ON rulebook_rulebookversion;
DROP FUNCTION rulebook_guard_carried(), rulebook_carried_otherwise(uuid, uuid, timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0020_units_by_every_spelling"), ("streets", "0002_invariants")]
    operations = [migrations.RunSQL(CARRIED, CARRIED_BACK)]
