from django.db import migrations

# `huipai.cases.queries.said` and `queries.additions` say the same in Python: the first report whatever became of it, of
# the others those that nobody took back, and what was added to a report that its reporter did not take back.
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
            {said})) AS words
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
_REPORTS = """(SELECT string_agg(told.text, ' ' ORDER BY told.place) FROM (
                SELECT each.text, each.state, row_number() OVER (ORDER BY each.received_at, each.id) AS place
                FROM cases_report AS each WHERE each.street_id = of_street AND each.case_id = one.id) AS told
             WHERE told.place = 1 OR told.state <> 'withdrawn')"""
_ADDED = """,
            (SELECT string_agg(added.text, ' ' ORDER BY added.added_at, added.id) FROM cases_addition AS added
             JOIN cases_report AS told ON told.street_id = of_street AND told.id = added.report_id
             WHERE added.street_id = of_street AND told.case_id = one.id AND told.state <> 'withdrawn'
               AND added.text <> '')"""
_TRIGGER = """
CREATE FUNCTION cases_an_addition_is_searchable() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed cases_addition := coalesce(NEW, OLD);
BEGIN
    PERFORM cases_keep_searchable(told.street_id, told.case_id) FROM cases_report AS told
        WHERE told.street_id = changed.street_id AND told.id = changed.report_id;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_addition_searchable AFTER INSERT OR DELETE OR UPDATE OF text ON cases_addition
    FOR EACH ROW EXECUTE FUNCTION cases_an_addition_is_searchable();
"""
_NO_TRIGGER = """
DROP TRIGGER cases_addition_searchable ON cases_addition; DROP FUNCTION cases_an_addition_is_searchable();
"""
_AGAIN = """
SELECT cases_keep_searchable(many.street_id, many.case_id) FROM (
    SELECT DISTINCT told.street_id, told.case_id FROM cases_addition AS added
    JOIN cases_report AS told ON told.street_id = added.street_id AND told.id = added.report_id) AS many;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0045_retention")]
    operations = [
        migrations.RunSQL(
            _KEEP.format(said=_REPORTS + _ADDED) + _TRIGGER + _AGAIN,
            _NO_TRIGGER + _KEEP.format(said=_REPORTS) + _AGAIN,
        )
    ]
