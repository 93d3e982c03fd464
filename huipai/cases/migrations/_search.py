"""By which words a case is found."""

from django.db import migrations

# `huipai.kit.searching` says the same in Python.
PLAIN = """
CREATE FUNCTION cases_plain(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(normalize(words, NFKC))
$$;
CREATE FUNCTION cases_month_gram(of_street uuid, at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT '@' || of_street || to_char(at AT TIME ZONE 'UTC', ':YYYYMM')
$$;
"""

# The grams of words: signs and pairs of signs. `substr` would count signs of several bytes from the start of the words
# each time, so that the time would go with the square of their length: ten thousand signs were seven seconds.
GRAMS = """
CREATE FUNCTION cases_grams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT gram), '{}')
    FROM (SELECT sign, sign || lead(sign) OVER (ORDER BY at) AS pair
          FROM unnest(string_to_array(words, NULL)) WITH ORDINALITY AS cut (sign, at)) AS signs,
         unnest(ARRAY[sign, pair]) AS gram
    WHERE gram IS NOT NULL
$$;
"""

# The words of a case, whoever changed them. Nothing is written where they are what they were.
A_CASE_IS_SEARCHABLE = """
CREATE FUNCTION cases_a_case_is_searchable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_keep_searchable(NEW.street_id, NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER cases_case_searchable
    AFTER UPDATE OF code, number, case_type_id, node_id, address, reported_at ON cases_case FOR EACH ROW
    WHEN ((OLD.code, OLD.number, OLD.case_type_id, OLD.node_id, OLD.address, OLD.reported_at) IS DISTINCT FROM
          (NEW.code, NEW.number, NEW.case_type_id, NEW.node_id, NEW.address, NEW.reported_at))
    EXECUTE FUNCTION cases_a_case_is_searchable();
CREATE FUNCTION cases_a_new_case_is_searchable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Received in one statement with its report, it has been written by the report already.
    IF NOT EXISTS (SELECT FROM cases_searchable AS kept WHERE kept.street_id = NEW.street_id AND kept.id = NEW.id) THEN
        PERFORM cases_keep_searchable(NEW.street_id, NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_new_case_searchable AFTER INSERT ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_a_new_case_is_searchable();
CREATE FUNCTION cases_a_new_report_is_searchable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM cases_searchable AS kept WHERE kept.street_id = NEW.street_id AND kept.id = NEW.case_id
                   AND strpos(kept.text, cases_plain(NEW.text)) > 0) THEN
        PERFORM cases_keep_searchable(NEW.street_id, NEW.case_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_new_report_searchable AFTER INSERT ON cases_report
    FOR EACH ROW EXECUTE FUNCTION cases_a_new_report_is_searchable();
CREATE FUNCTION cases_a_report_is_searchable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_keep_searchable(NEW.street_id, NEW.case_id);
    IF OLD.case_id <> NEW.case_id THEN
        PERFORM cases_keep_searchable(NEW.street_id, OLD.case_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_report_searchable AFTER UPDATE OF text, case_id, state ON cases_report FOR EACH ROW
    WHEN ((OLD.text, OLD.case_id, OLD.state) IS DISTINCT FROM (NEW.text, NEW.case_id, NEW.state))
    EXECUTE FUNCTION cases_a_report_is_searchable();
CREATE FUNCTION cases_a_type_is_searchable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_keep_searchable(one.street_id, one.id) FROM cases_case AS one
        WHERE one.street_id = NEW.street_id AND one.case_type_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_type_searchable AFTER UPDATE OF name, "group" ON cases_casetype FOR EACH ROW
    WHEN ((OLD.name, OLD."group") IS DISTINCT FROM (NEW.name, NEW."group"))
    EXECUTE FUNCTION cases_a_type_is_searchable();
CREATE FUNCTION cases_a_place_is_searchable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_keep_searchable(one.street_id, one.id) FROM cases_case AS one
        JOIN grid_gridnode AS below ON below.street_id = NEW.street_id AND below.id = one.node_id
            AND starts_with(below.path, NEW.path)
        WHERE one.street_id = NEW.street_id;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_place_searchable AFTER UPDATE OF name, path ON grid_gridnode FOR EACH ROW
    WHEN ((OLD.name, OLD.path) IS DISTINCT FROM (NEW.name, NEW.path))
    EXECUTE FUNCTION cases_a_place_is_searchable();
"""

# What was added to a report is found like the rest of it.
AN_ADDITION_IS_SEARCHABLE = """
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

# The words by which a case is found; a part is found by those of its whole as well.
KEEP_SEARCHABLE = """
CREATE FUNCTION cases_keep_searchable(of_street uuid, of_case uuid) RETURNS void LANGUAGE sql AS $$
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
               AND added.text <> ''),
            (SELECT string_agg(cut.text, ' ' ORDER BY cut.id) FROM cases_note AS cut
             WHERE cut.street_id = of_street AND cut.case_id = one.id AND one.parent_id IS NOT NULL
               AND cut.transition_id IS NULL AND cut.written_at = one.reported_at))) AS words
        FROM cases_case AS one
        JOIN cases_casetype AS type ON type.street_id = of_street AND type.id = one.case_type_id
        JOIN grid_gridnode AS place ON place.street_id = of_street AND place.id = one.node_id
        WHERE one.street_id = of_street AND one.id = of_case
    ) AS said
    ON CONFLICT (street_id, id) DO UPDATE
        SET text = excluded.text, grams = excluded.grams, reported_at = excluded.reported_at
        WHERE kept.text <> excluded.text OR kept.reported_at <> excluded.reported_at
$$;
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


SEARCH = [
    migrations.RunSQL(PLAIN, "DROP FUNCTION cases_month_gram CASCADE;DROP FUNCTION cases_plain CASCADE;"),
    migrations.RunSQL(GRAMS, "DROP FUNCTION cases_grams CASCADE;"),
    migrations.RunSQL(
        A_CASE_IS_SEARCHABLE,
        "DROP FUNCTION cases_a_place_is_searchable CASCADE; "
        "DROP FUNCTION cases_a_type_is_searchable CASCADE; "
        "DROP FUNCTION cases_a_report_is_searchable CASCADE; "
        "DROP FUNCTION cases_a_new_report_is_searchable CASCADE; "
        "DROP FUNCTION cases_a_new_case_is_searchable CASCADE; "
        "DROP FUNCTION cases_a_case_is_searchable CASCADE;",
    ),
    migrations.RunSQL(AN_ADDITION_IS_SEARCHABLE, "DROP FUNCTION cases_an_addition_is_searchable CASCADE;"),
    migrations.RunSQL(
        KEEP_SEARCHABLE,
        "DROP FUNCTION cases_what_was_split_off_is_searchable CASCADE; DROP FUNCTION cases_keep_searchable CASCADE;",
    ),
]
