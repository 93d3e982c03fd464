from django.db import migrations

# 城管中队（街道） is 城管中队: what stands in brackets says which one, or where, and not who. Taken out twice for brackets
# within brackets; a name that stands in brackets as a whole is read as it is.
NAME_OF_UNIT = r"""
CREATE FUNCTION rulebook_name_of_unit(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(rulebook_name_as_read(
        regexp_replace(regexp_replace(normalize(name, NFKC),
            '[([{【〔〖][^][(){}【】〔〕〖〗]*([])}】〕〗]|$)', '', 'g'),
            '[([{【〔〖][^][(){}【】〔〕〖〗]*([])}】〕〗]|$)', '', 'g')), ''), rulebook_name_as_read(name))
$$;
CREATE FUNCTION rulebook_is_of_a_unit(of_street uuid, owner text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM grid_unit WHERE street_id = of_street AND (
        rulebook_name_as_read(name) = rulebook_name_as_read(owner)
        OR rulebook_name_of_unit(name) = rulebook_name_of_unit(owner)))
$$;
"""
NAME_OF_UNIT_BACK = "DROP FUNCTION rulebook_is_of_a_unit(uuid, text), rulebook_name_of_unit(text);"

_CHECK = """
CREATE OR REPLACE FUNCTION rulebook_check_admission(item rulebook_pointitem) RETURNS void LANGUAGE plpgsql AS $$
DECLARE proposal rulebook_proposal;
BEGIN
    IF item.admission_id IS NULL THEN
        IF {of_a_unit}
            AND NOT EXISTS (
                SELECT FROM rulebook_pointitem AS old
                JOIN rulebook_rulebookversion AS v ON v.street_id = old.street_id AND v.id = old.version_id
                WHERE old.street_id = item.street_id AND old.code = item.code AND {stood}) THEN
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
# An item that a published version holds already goes on in the next one word for word, though a unit of that name was
# set up or is recognised only since: else no next version could be begun. Any other wording of it comes by admission.
BY_EVERY_SPELLING = _CHECK.format(
    of_a_unit="rulebook_is_of_a_unit(item.street_id, item.owner)",
    stood="""(v.form = 1
                    OR (v.published_at IS NOT NULL AND v.ended_at IS NULL AND old.admission_id IS NULL
                        AND to_jsonb(old) - '{id,street_id,version_id,why}'::text[]
                          = to_jsonb(item) - '{id,street_id,version_id,why}'::text[]))""",
)
AS_READ = _CHECK.format(
    of_a_unit="EXISTS (SELECT FROM grid_unit WHERE street_id = item.street_id"
    " AND rulebook_name_as_read(name) = rulebook_name_as_read(item.owner))",
    stood="v.form = 1",
)


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0019_owners_as_people_read_them"), ("streets", "0002_invariants")]
    operations = [
        migrations.RunSQL(NAME_OF_UNIT, NAME_OF_UNIT_BACK),
        migrations.RunSQL(BY_EVERY_SPELLING, AS_READ),
    ]
