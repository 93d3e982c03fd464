from django.db import migrations

from huipai.streets.operations import append_only

# The gate for good deeds, of the same make as that for cases: locked first, decided here and nowhere else.
GATE = """
CREATE FUNCTION cases_may_show_deed(of_street uuid, of_deed uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM cases_gooddeed AS deed
        JOIN people_person AS teller ON teller.street_id = of_street AND teller.id = deed.reporter_id
        LEFT JOIN people_person AS doer ON doer.street_id = of_street AND doer.id = deed.doer_id
        WHERE deed.street_id = of_street AND deed.id = of_deed AND deed.state = 'published'
          AND extract(year FROM now() AT TIME ZONE 'Asia/Shanghai')
              - greatest(coalesce(teller.birth_year, 0), coalesce(doer.birth_year, 0)) >= 15)
$$;
CREATE FUNCTION cases_show_deed(of_street uuid, of_deed uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM cases_gooddeed AS held WHERE held.street_id = of_street AND held.id = of_deed FOR NO KEY UPDATE;
    DELETE FROM cases_shownphoto WHERE street_id = of_street AND shown_id = of_deed;
    IF NOT cases_may_show_deed(of_street, of_deed) THEN
        DELETE FROM cases_shown WHERE street_id = of_street AND id = of_deed;
        RETURN;
    END IF;
    INSERT INTO cases_shown (id, street_id, kind, code, case_type_id, node_id, title, state, lng, lat, quadkey, cover_id,
                             happened_at, ended_at, is_current)
    SELECT deed.id, deed.street_id, 'good_deed', deed.code, NULL, deed.node_id, deed.public_title, 'closed', deed.lng,
           deed.lat, cases_quadkey(deed.lng, deed.lat), NULL, deed.reported_at, deed.published_at,
           deed.published_at > now() - interval '30 days'
    FROM cases_gooddeed AS deed WHERE deed.street_id = of_street AND deed.id = of_deed
    ON CONFLICT (street_id, id) DO UPDATE SET title = excluded.title, node_id = excluded.node_id, cover_id = NULL,
        ended_at = excluded.ended_at, is_current = excluded.is_current;
    INSERT INTO cases_shownphoto (id, street_id, shown_id, photo_id, moment, round, position)
    SELECT part.photo_id, of_street, of_deed, part.photo_id, 'before', 1, part.position
    FROM cases_gooddeed AS deed
    JOIN cases_deedphoto AS part ON part.street_id = of_street AND part.deed_id = deed.id
    JOIN photos_photo AS photo ON photo.street_id = of_street AND photo.id = part.photo_id
    WHERE deed.street_id = of_street AND deed.id = of_deed AND deed.third_party IN ('nobody', 'consented')
      AND photo.released_at IS NOT NULL AND photo.erased_at IS NULL;
    UPDATE cases_shown AS one SET cover_id = (
        SELECT able.photo_id FROM cases_shownphoto AS able
        WHERE able.street_id = of_street AND able.shown_id = of_deed ORDER BY able.position LIMIT 1)
    WHERE one.street_id = of_street AND one.id = of_deed;
END $$;

CREATE FUNCTION cases_show_deed_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_show_deed(NEW.street_id, NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER cases_show_deed_again AFTER UPDATE ON cases_gooddeed FOR EACH ROW
    WHEN (NEW.state = 'published' OR OLD.state = 'published') EXECUTE FUNCTION cases_show_deed_again();

CREATE FUNCTION cases_show_deed_with_photo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_show_deed(part.street_id, part.deed_id) FROM cases_deedphoto AS part
        WHERE part.street_id = NEW.street_id AND part.photo_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_show_deed_with_photo AFTER UPDATE ON photos_photo FOR EACH ROW
    WHEN ((NEW.released_at, NEW.erased_at) IS DISTINCT FROM (OLD.released_at, OLD.erased_at))
    EXECUTE FUNCTION cases_show_deed_with_photo();

CREATE FUNCTION cases_show_deed_with_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_show_deed(deed.street_id, deed.id) FROM cases_gooddeed AS deed
        WHERE deed.street_id = NEW.street_id AND deed.state = 'published'
          AND (deed.reporter_id = NEW.id OR deed.doer_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER cases_show_deed_with_person AFTER UPDATE ON people_person FOR EACH ROW
    WHEN (NEW.birth_year IS DISTINCT FROM OLD.birth_year) EXECUTE FUNCTION cases_show_deed_with_person();

-- A photo belongs to one case or to one deed.
CREATE FUNCTION cases_a_photo_tells_of_one_thing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM cases_casephoto AS part WHERE part.street_id = NEW.street_id AND part.photo_id = NEW.photo_id)
    THEN
        RAISE EXCEPTION 'photo % is part of a case: cases_a_photo_belongs_to_one_deed', NEW.photo_id
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'cases_a_photo_belongs_to_one_deed', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_a_photo_tells_of_one_thing AFTER INSERT ON cases_deedphoto FOR EACH ROW
    EXECUTE FUNCTION cases_a_photo_tells_of_one_thing();
"""
GATE_BACK = """
DROP TRIGGER cases_a_photo_tells_of_one_thing ON cases_deedphoto; DROP FUNCTION cases_a_photo_tells_of_one_thing();
DROP TRIGGER cases_show_deed_with_person ON people_person; DROP FUNCTION cases_show_deed_with_person();
DROP TRIGGER cases_show_deed_with_photo ON photos_photo; DROP FUNCTION cases_show_deed_with_photo();
DROP TRIGGER cases_show_deed_again ON cases_gooddeed; DROP FUNCTION cases_show_deed_again();
DROP FUNCTION cases_show_deed(uuid, uuid); DROP FUNCTION cases_may_show_deed(uuid, uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_good_deed")]
    operations = [append_only("cases_deedstep"), migrations.RunSQL(GATE, GATE_BACK)]
