from django.db import migrations

# `huipai.kit.searching` says the same in Python.
GRAMS = """
CREATE FUNCTION cases_plain(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(normalize(words, NFKC))
$$;
CREATE FUNCTION cases_grams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(words, at, size)), '{}')
    FROM generate_series(1, length(words)) AS at, (VALUES (1), (2)) AS sizes(size)
    WHERE at + size - 1 <= length(words)
$$;
CREATE FUNCTION cases_month_gram(of_street uuid, at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT '@' || of_street || to_char(at AT TIME ZONE 'UTC', ':YYYYMM')
$$;
"""
GRAMS_BACK = """
DROP FUNCTION cases_month_gram(uuid, timestamptz);
DROP FUNCTION cases_grams(text);
DROP FUNCTION cases_plain(text);
"""
# The words of a case, whoever changed them. Nothing is written where they are what they were.
KEEP = """
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
            (SELECT told.text FROM cases_report AS told WHERE told.street_id = of_street AND told.case_id = one.id
             ORDER BY told.received_at, told.id LIMIT 1))) AS words
        FROM cases_case AS one
        JOIN cases_casetype AS type ON type.street_id = of_street AND type.id = one.case_type_id
        JOIN grid_gridnode AS place ON place.street_id = of_street AND place.id = one.node_id
        WHERE one.street_id = of_street AND one.id = of_case
    ) AS said
    ON CONFLICT (street_id, id) DO UPDATE
        SET text = excluded.text, grams = excluded.grams, reported_at = excluded.reported_at
        WHERE kept.text <> excluded.text OR kept.reported_at <> excluded.reported_at
$$;
CREATE FUNCTION cases_a_case_is_searchable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_keep_searchable(NEW.street_id, NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION cases_a_new_case_is_searchable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Received in one statement with its report, it has been written by the report already.
    IF NOT EXISTS (SELECT FROM cases_searchable AS kept WHERE kept.street_id = NEW.street_id AND kept.id = NEW.id) THEN
        PERFORM cases_keep_searchable(NEW.street_id, NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION cases_a_new_report_is_searchable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM cases_searchable AS kept WHERE kept.street_id = NEW.street_id AND kept.id = NEW.case_id
                   AND strpos(kept.text, cases_plain(NEW.text)) > 0) THEN
        PERFORM cases_keep_searchable(NEW.street_id, NEW.case_id);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION cases_a_report_is_searchable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_keep_searchable(NEW.street_id, NEW.case_id);
    IF OLD.case_id <> NEW.case_id THEN
        PERFORM cases_keep_searchable(NEW.street_id, OLD.case_id);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION cases_a_type_is_searchable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_keep_searchable(one.street_id, one.id) FROM cases_case AS one
        WHERE one.street_id = NEW.street_id AND one.case_type_id = NEW.id;
    RETURN NULL;
END $$;
CREATE FUNCTION cases_a_place_is_searchable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_keep_searchable(one.street_id, one.id) FROM cases_case AS one
        JOIN grid_gridnode AS below ON below.street_id = NEW.street_id AND below.id = one.node_id
            AND starts_with(below.path, NEW.path)
        WHERE one.street_id = NEW.street_id;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_new_case_searchable AFTER INSERT ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_a_new_case_is_searchable();
CREATE TRIGGER cases_case_searchable
    AFTER UPDATE OF code, number, case_type_id, node_id, address, reported_at ON cases_case FOR EACH ROW
    WHEN ((OLD.code, OLD.number, OLD.case_type_id, OLD.node_id, OLD.address, OLD.reported_at) IS DISTINCT FROM
          (NEW.code, NEW.number, NEW.case_type_id, NEW.node_id, NEW.address, NEW.reported_at))
    EXECUTE FUNCTION cases_a_case_is_searchable();
CREATE TRIGGER cases_new_report_searchable AFTER INSERT ON cases_report
    FOR EACH ROW EXECUTE FUNCTION cases_a_new_report_is_searchable();
CREATE TRIGGER cases_report_searchable AFTER UPDATE OF text, case_id ON cases_report FOR EACH ROW
    WHEN ((OLD.text, OLD.case_id) IS DISTINCT FROM (NEW.text, NEW.case_id))
    EXECUTE FUNCTION cases_a_report_is_searchable();
CREATE TRIGGER cases_type_searchable AFTER UPDATE OF name, "group" ON cases_casetype FOR EACH ROW
    WHEN ((OLD.name, OLD."group") IS DISTINCT FROM (NEW.name, NEW."group"))
    EXECUTE FUNCTION cases_a_type_is_searchable();
CREATE TRIGGER cases_place_searchable AFTER UPDATE OF name, path ON grid_gridnode FOR EACH ROW
    WHEN ((OLD.name, OLD.path) IS DISTINCT FROM (NEW.name, NEW.path))
    EXECUTE FUNCTION cases_a_place_is_searchable();
SELECT cases_keep_searchable(one.street_id, one.id) FROM cases_case AS one;
"""
KEEP_BACK = """
DROP TRIGGER cases_place_searchable ON grid_gridnode;
DROP TRIGGER cases_type_searchable ON cases_casetype;
DROP TRIGGER cases_report_searchable ON cases_report;
DROP TRIGGER cases_new_report_searchable ON cases_report;
DROP TRIGGER cases_case_searchable ON cases_case;
DROP TRIGGER cases_new_case_searchable ON cases_case;
DROP FUNCTION cases_a_place_is_searchable();
DROP FUNCTION cases_a_type_is_searchable();
DROP FUNCTION cases_a_report_is_searchable();
DROP FUNCTION cases_a_new_report_is_searchable();
DROP FUNCTION cases_a_new_case_is_searchable();
DROP FUNCTION cases_a_case_is_searchable();
DROP FUNCTION cases_keep_searchable(uuid, uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0017_searchable"), ("grid", "0003_a_unit_of_the_territory")]
    operations = [migrations.RunSQL(GRAMS, GRAMS_BACK), migrations.RunSQL(KEEP, KEEP_BACK)]
