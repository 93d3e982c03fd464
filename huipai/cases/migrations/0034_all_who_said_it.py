from django.db import migrations

# `huipai.cases.queries.said` says the same in Python: the first report whatever became of it, and of the others those
# that nobody took back.
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
_ALL = """(SELECT string_agg(told.text, ' ' ORDER BY told.place) FROM (
                SELECT each.text, each.state, row_number() OVER (ORDER BY each.received_at, each.id) AS place
                FROM cases_report AS each WHERE each.street_id = of_street AND each.case_id = one.id) AS told
             WHERE told.place = 1 OR told.state <> 'withdrawn')"""
_FIRST = """(SELECT told.text FROM cases_report AS told WHERE told.street_id = of_street AND told.case_id = one.id
             ORDER BY told.received_at, told.id LIMIT 1)"""
_TRIGGER = """
DROP TRIGGER cases_report_searchable ON cases_report;
CREATE TRIGGER cases_report_searchable AFTER UPDATE OF {columns} ON cases_report FOR EACH ROW
    WHEN (({old}) IS DISTINCT FROM ({new}))
    EXECUTE FUNCTION cases_a_report_is_searchable();
"""
_AGAIN = """
SELECT cases_keep_searchable(many.street_id, many.case_id) FROM (
    SELECT street_id, case_id FROM cases_report GROUP BY street_id, case_id HAVING count(*) > 1) AS many;
"""


def _trigger(*columns: str) -> str:
    return _TRIGGER.format(
        columns=", ".join(columns), old=", ".join(f"OLD.{name}" for name in columns),
        new=", ".join(f"NEW.{name}" for name in columns),
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("cases", "0033_one_link_a_screen")]
    operations = [
        migrations.RunSQL(
            _KEEP.format(said=_ALL) + _trigger("text", "case_id", "state") + _AGAIN,
            _KEEP.format(said=_FIRST) + _trigger("text", "case_id") + _AGAIN,
        )
    ]
