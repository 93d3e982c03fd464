from django.db import migrations

# `queries.what_was_split_off` says in Python which words those are: a part has no report, it is found by what the desk
# wrote when it split it off.
_KEEP = """
CREATE OR REPLACE FUNCTION cases_keep_searchable(of_street uuid, of_case uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO cases_searchable AS kept (id, street_id, text, grams, reported_at)
    SELECT said.id, of_street, said.words,
           cases_grams(said.words) || cases_month_gram(of_street, said.reported_at), said.reported_at
    FROM (
        SELECT one.id, one.reported_at, cases_plain(concat_ws(' ', one.code, one.number, type.name, type."group",
            (SELECT string_agg(over.name, ' ' ORDER BY over.path) FROM grid_gridnode AS over
             WHERE over.street_id = of_street AND over.parent_id IS NOT NULL
               AND over.id = ANY(string_to_array(trim(TRAILING '/' FROM place.path), '/')::uuid[])),
            one.address,
            (SELECT string_agg(told.text, ' ' ORDER BY told.place) FROM (
                SELECT each.text, each.state, row_number() OVER (ORDER BY each.received_at, each.id) AS place
                FROM cases_report AS each WHERE each.street_id = of_street AND each.case_id = one.id) AS told
             WHERE told.place = 1 OR told.state <> 'withdrawn'),
            (SELECT string_agg(added.text, ' ' ORDER BY added.added_at, added.id) FROM cases_addition AS added
             JOIN cases_report AS told ON told.street_id = of_street AND told.id = added.report_id
             WHERE added.street_id = of_street AND told.case_id = one.id AND told.state <> 'withdrawn'
               AND added.text <> ''){cut})) AS words
        FROM cases_case AS one
        JOIN cases_casetype AS type ON type.street_id = of_street AND type.id = one.case_type_id
        JOIN grid_gridnode AS place ON place.street_id = of_street AND place.id = one.node_id
        WHERE one.street_id = of_street AND one.id = of_case
    ) AS said
    ON CONFLICT (street_id, id) DO UPDATE
        SET text = excluded.text, grams = excluded.grams, reported_at = excluded.reported_at
        WHERE kept.text <> excluded.text OR kept.reported_at <> excluded.reported_at
$$;
"""
_CUT = """,
            (SELECT string_agg(cut.text, ' ' ORDER BY cut.id) FROM cases_note AS cut
             WHERE cut.street_id = of_street AND cut.case_id = one.id AND one.parent_id IS NOT NULL
               AND cut.transition_id IS NULL AND cut.written_at = one.reported_at)"""
_TRIGGER = """
CREATE FUNCTION cases_what_was_split_off_is_searchable() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed cases_note := coalesce(NEW, OLD);
BEGIN
    PERFORM cases_keep_searchable(part.street_id, part.id) FROM cases_case AS part
        WHERE part.street_id = changed.street_id AND part.id = changed.case_id AND part.parent_id IS NOT NULL
          AND part.reported_at = changed.written_at;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_new_note_searchable AFTER INSERT ON cases_note FOR EACH ROW
    WHEN (NEW.transition_id IS NULL) EXECUTE FUNCTION cases_what_was_split_off_is_searchable();
CREATE TRIGGER cases_note_searchable AFTER DELETE OR UPDATE OF text ON cases_note FOR EACH ROW
    WHEN (OLD.transition_id IS NULL) EXECUTE FUNCTION cases_what_was_split_off_is_searchable();
"""
_NO_TRIGGER = """
DROP TRIGGER cases_note_searchable ON cases_note;
DROP TRIGGER cases_new_note_searchable ON cases_note;
DROP FUNCTION cases_what_was_split_off_is_searchable();
"""
_AGAIN = """
SELECT cases_keep_searchable(part.street_id, part.id) FROM cases_case AS part WHERE part.parent_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0056_a_part_closes_with_its_whole")]
    operations = [
        migrations.RunSQL(
            _KEEP.format(cut=_CUT) + _TRIGGER + _AGAIN,
            _NO_TRIGGER + _KEEP.format(cut="") + _AGAIN,
        )
    ]
