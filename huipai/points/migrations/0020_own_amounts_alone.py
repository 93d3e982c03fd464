from django.db import migrations

# A claim holds the amounts that its item counts, each a number, and nothing else; a draft's may be half typed. Of an item
# the measures are the names that stand in its formula; no operation is called as one.
OWN = r"""
CREATE FUNCTION points_own_amounts(measured jsonb, formula jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_object_agg(told.measure, told.amount)
    FROM jsonb_each(CASE jsonb_typeof(measured) WHEN 'object' THEN measured END) AS told(measure, amount)
    WHERE jsonb_typeof(told.amount) = 'string' AND told.amount #>> '{}' ~ '^[0-9.]{1,8}$'
        AND jsonb_path_exists(formula, '$.** ? (@ == $measure)', jsonb_build_object('measure', told.measure))
$$;
"""
OWN_BACK = "DROP FUNCTION points_own_amounts(jsonb, jsonb);"

# What older claims hold beside goes. It was free text of whoever typed it; the journal's entries of then stand.
WIPE = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE points_claim DISABLE TRIGGER points_claim_guard_sent;
UPDATE points_claim AS claim SET measured = points_own_amounts(claim.measured, item.formula)
FROM rulebook_pointitem AS item
WHERE item.street_id = claim.street_id AND item.id = claim.item_id AND claim.measured IS NOT NULL
    AND claim.measured IS DISTINCT FROM points_own_amounts(claim.measured, item.formula);
ALTER TABLE points_claim ENABLE TRIGGER points_claim_guard_sent;
"""

CLAIM = """
CREATE FUNCTION points_guard_own_amounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.measured IS DISTINCT FROM (SELECT points_own_amounts(NEW.measured, item.formula)
                                      FROM rulebook_pointitem AS item
                                      WHERE item.street_id = NEW.street_id AND item.id = NEW.item_id) THEN
        RAISE EXCEPTION 'a claim holds the amounts that its item counts, and nothing else'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_amounts_are_the_items', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_claim_guard_own_amounts BEFORE INSERT OR UPDATE OF measured, item_id ON points_claim FOR EACH ROW
    WHEN (NEW.measured IS NOT NULL) EXECUTE FUNCTION points_guard_own_amounts();
"""
CLAIM_BACK = "DROP TRIGGER points_claim_guard_own_amounts ON points_claim; DROP FUNCTION points_guard_own_amounts();"

# The same of what the journal is told, whoever writes it: nothing in it can ever be wiped.
JOURNAL = """
CREATE FUNCTION points_guard_told_amounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.facts -> 'measured' IS DISTINCT FROM (
        SELECT points_own_amounts(NEW.facts -> 'measured', item.formula)
        FROM rulebook_pointitem AS item
        WHERE item.street_id = NEW.street_id AND item.id::text = NEW.facts ->> 'item'
    ) THEN
        RAISE EXCEPTION 'the journal keeps the amounts that the item counts, and nothing else'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_amounts_are_the_items', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_entry_guard_told_amounts BEFORE INSERT ON journal_entry FOR EACH ROW
    WHEN (NEW.what IN ('claim.kept', 'claim.submitted', 'claim.entered', 'claim.helped')
          AND NEW.facts ? 'measured' AND NEW.facts -> 'measured' <> 'null'::jsonb)
    EXECUTE FUNCTION points_guard_told_amounts();
"""
JOURNAL_BACK = (
    "DROP TRIGGER points_entry_guard_told_amounts ON journal_entry; DROP FUNCTION points_guard_told_amounts();"
)


class Migration(migrations.Migration):
    dependencies = [
        ("points", "0019_amounts_are_numbers"),
        ("journal", "0003_quiet_queue"),
        ("rulebook", "0003_full_item"),
    ]
    operations = [
        migrations.RunSQL(OWN, OWN_BACK),
        migrations.RunSQL(WIPE, migrations.RunSQL.noop),
        migrations.RunSQL(CLAIM, CLAIM_BACK),
        migrations.RunSQL(JOURNAL, JOURNAL_BACK),
    ]
