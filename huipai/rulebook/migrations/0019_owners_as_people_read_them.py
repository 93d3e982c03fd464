from django.db import migrations

# A unit's name with something nobody sees in it, with a blank, a mark or in another width, is that unit's name to
# whoever reads it.
AS_READ = r"""
CREATE FUNCTION rulebook_name_as_read(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(regexp_replace(
        normalize(name, NFKC),
        '[\s\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufe00-\ufe0f\ufeff]'
        || '|[][·・.,:;_()【】「」《》、。/|-]', '', 'g'))
$$;
"""
_CHECK = """
CREATE OR REPLACE FUNCTION rulebook_check_admission(item rulebook_pointitem) RETURNS void LANGUAGE plpgsql AS $$
DECLARE proposal rulebook_proposal;
BEGIN
    IF item.admission_id IS NULL THEN
        IF EXISTS (SELECT FROM grid_unit WHERE street_id = item.street_id AND {same})
            AND NOT EXISTS (
                SELECT FROM rulebook_pointitem AS old
                JOIN rulebook_rulebookversion AS v ON v.street_id = old.street_id AND v.id = old.version_id
                WHERE old.street_id = item.street_id AND old.code = item.code AND v.form = 1) THEN
            RAISE EXCEPTION 'the item of a unit comes in by admission' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'rulebook_departments_are_admitted', TABLE = 'rulebook_pointitem';
        END IF;
        RETURN;
    END IF;
    SELECT * INTO proposal FROM rulebook_proposal WHERE street_id = item.street_id AND id = item.admission_id FOR SHARE;
    IF proposal.state NOT IN ('admitted', 'entered') OR proposal.code <> item.code
        OR to_jsonb(item) - '{{id,street_id,version_id,admission_id,why}}'::text[] <> proposal.terms - 'why' THEN
        RAISE EXCEPTION 'the item is not what was admitted' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'rulebook_item_is_what_was_admitted', TABLE = 'rulebook_pointitem';
    END IF;
END $$;
"""
AS_PEOPLE_READ = _CHECK.format(same="rulebook_name_as_read(name) = rulebook_name_as_read(item.owner)")
AS_BYTES = _CHECK.format(same="name = item.owner")


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0018_admitted_until_and_heard_once"), ("streets", "0002_invariants")]
    operations = [
        migrations.RunSQL(AS_READ, "DROP FUNCTION rulebook_name_as_read(text);"),
        migrations.RunSQL(AS_PEOPLE_READ, AS_BYTES),
    ]
