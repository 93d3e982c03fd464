"""What neighbours may see, and where it lies on the map."""

from django.db import migrations

# The square of the map in which a place lies, at level 22: `huipai.cases.rules.tiles` says the same in Python.
SPREAD = """
CREATE FUNCTION cases_spread(bits bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    bits := (bits | (bits << 16)) & 281470681808895;
    bits := (bits | (bits << 8)) & 71777214294589695;
    bits := (bits | (bits << 4)) & 1085102592571150095;
    bits := (bits | (bits << 2)) & 3689348814741910323;
    RETURN (bits | (bits << 1)) & 6148914691236517205;
END $$;
CREATE FUNCTION cases_quadkey(lng double precision, lat double precision) RETURNS bigint
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    north double precision := radians(least(greatest(lat, -85.05), 85.05));
    across bigint := least(greatest(floor((lng + 180) / 360 * 4194304), 0), 4194303);
    down bigint := least(greatest(floor((1 - ln(tan(north) + 1 / cos(north)) / pi()) / 2 * 4194304), 0), 4194303);
BEGIN
    RETURN cases_spread(across) | (cases_spread(down) << 1);
END $$;
"""

# The one gate. What it lets through, neighbours see; nothing else decides that anywhere. The row of the case is locked
# first: a release and a refusal at the same time come one after the other.
SHOW = """
CREATE FUNCTION cases_show(of_street uuid, of_case uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    first_photo uuid;
BEGIN
    PERFORM FROM cases_case AS held WHERE held.street_id = of_street AND held.id = of_case FOR NO KEY UPDATE;
    DELETE FROM cases_shownphoto WHERE street_id = of_street AND shown_id = of_case;
    SELECT able.photo_id INTO first_photo FROM cases_showable_photos(of_street, of_case) AS able
        ORDER BY able.moment DESC, able.round, able.position LIMIT 1;
    IF first_photo IS NULL THEN
        DELETE FROM cases_shown WHERE street_id = of_street AND id = of_case;
        RETURN;
    END IF;
    INSERT INTO cases_shown (id, street_id, kind, code, case_type_id, node_id, title, state, lng, lat, quadkey, cover_id,
                             happened_at, ended_at, is_current, is_unchecked)
    SELECT one.id, one.street_id, one.kind, one.code, one.case_type_id, one.node_id, '', one.state, one.lng, one.lat,
           cases_quadkey(one.lng, one.lat), first_photo, one.reported_at, one.ended_at,
           one.ended_at IS NULL OR one.ended_at > now() - interval '30 days', one.is_unchecked
    FROM cases_case AS one WHERE one.street_id = of_street AND one.id = of_case
    ON CONFLICT (street_id, id) DO UPDATE SET
        case_type_id = excluded.case_type_id, node_id = excluded.node_id, state = excluded.state, lng = excluded.lng,
        lat = excluded.lat, quadkey = excluded.quadkey, cover_id = excluded.cover_id, ended_at = excluded.ended_at,
        is_current = excluded.is_current, is_unchecked = excluded.is_unchecked;
    INSERT INTO cases_shownphoto (id, street_id, shown_id, photo_id, moment, round, position)
    SELECT able.photo_id, of_street, of_case, able.photo_id, able.moment, able.round, able.position
    FROM cases_showable_photos(of_street, of_case) AS able;
END $$;
"""

# What of a case is shown: the gate for its photos.
SHOWABLE_PHOTOS = """
CREATE FUNCTION cases_showable_photos(of_street uuid, of_case uuid)
    RETURNS TABLE (photo_id uuid, moment varchar, round smallint, "position" smallint) LANGUAGE sql STABLE AS $$
    SELECT part.photo_id, part.moment, part.round, part.position
    FROM cases_case AS whole
    JOIN cases_casephoto AS part ON part.street_id = of_street AND part.case_id = whole.id
    JOIN photos_photo AS photo ON photo.street_id = of_street AND photo.id = part.photo_id
    JOIN people_person AS uploader ON uploader.street_id = of_street AND uploader.id = photo.uploader_id
    LEFT JOIN cases_report AS report ON report.street_id = of_street AND report.id = part.report_id
    WHERE whole.street_id = of_street AND whole.id = of_case
      AND whole.is_public AND whole.state NOT IN ('declined', 'not_filed', 'merged', 'voided')
      AND whole.placed <> 'guessed'
      AND part.moment IN ('before', 'after')
      AND photo.released_at IS NOT NULL AND photo.erased_at IS NULL
      AND (report.id IS NULL OR report.state IN ('received', 'joined') AND NOT report.is_kept_private)
      AND (uploader.birth_year IS NULL
           OR extract(year FROM now() AT TIME ZONE 'Asia/Shanghai') - uploader.birth_year >= 15)
$$;
"""

# Whatever the gate reads has changed: it is asked again.
SHOW_AGAIN = """
CREATE FUNCTION cases_show_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_show(NEW.street_id, NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER cases_show_again AFTER UPDATE ON cases_case FOR EACH ROW
    WHEN ((NEW.is_public OR OLD.is_public) AND
          (NEW.is_public, NEW.state, NEW.case_type_id, NEW.node_id, NEW.lng, NEW.lat, NEW.ended_at, NEW.placed) IS DISTINCT FROM
          (OLD.is_public, OLD.state, OLD.case_type_id, OLD.node_id, OLD.lng, OLD.lat, OLD.ended_at, OLD.placed))
    EXECUTE FUNCTION cases_show_again();
CREATE FUNCTION cases_show_with_photo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_show(part.street_id, part.case_id) FROM cases_casephoto AS part
        WHERE part.street_id = NEW.street_id AND part.photo_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_show_with_photo AFTER UPDATE ON photos_photo FOR EACH ROW
    WHEN ((NEW.released_at, NEW.erased_at) IS DISTINCT FROM (OLD.released_at, OLD.erased_at))
    EXECUTE FUNCTION cases_show_with_photo();
CREATE FUNCTION cases_show_with_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_show(NEW.street_id, NEW.case_id);
    RETURN NULL;
END $$;
CREATE TRIGGER cases_show_with_report AFTER UPDATE ON cases_report FOR EACH ROW
    WHEN ((NEW.state, NEW.case_id) IS DISTINCT FROM (OLD.state, OLD.case_id))
    EXECUTE FUNCTION cases_show_with_report();
CREATE FUNCTION cases_show_with_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND (TG_OP = 'DELETE' OR OLD.case_id <> NEW.case_id) THEN
        PERFORM cases_show(OLD.street_id, OLD.case_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM cases_show(NEW.street_id, NEW.case_id);
    END IF;
    RETURN NULL;
END $$;
-- Not after an INSERT: a photo that is new to a case has not been looked at yet.
CREATE TRIGGER cases_show_with_part AFTER UPDATE OR DELETE ON cases_casephoto FOR EACH ROW
    EXECUTE FUNCTION cases_show_with_part();
CREATE FUNCTION cases_show_with_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_show(part.street_id, part.case_id)
    FROM photos_photo AS photo
    JOIN cases_casephoto AS part ON part.street_id = NEW.street_id AND part.photo_id = photo.id
    WHERE photo.street_id = NEW.street_id AND photo.uploader_id = NEW.id AND photo.released_at IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_show_with_person AFTER UPDATE ON people_person FOR EACH ROW
    WHEN (NEW.birth_year IS DISTINCT FROM OLD.birth_year)
    EXECUTE FUNCTION cases_show_with_person();
"""

# The gate for good deeds, of the same make as that for cases: locked first, decided here and nowhere else.
MAY_SHOW_DEED = """
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
"""


GATE = [
    migrations.RunSQL(SPREAD, "DROP FUNCTION cases_quadkey CASCADE;DROP FUNCTION cases_spread CASCADE;"),
    migrations.RunSQL(SHOW, "DROP FUNCTION cases_show CASCADE;"),
    migrations.RunSQL(SHOWABLE_PHOTOS, "DROP FUNCTION cases_showable_photos CASCADE;"),
    migrations.RunSQL(
        SHOW_AGAIN,
        "DROP FUNCTION cases_show_with_person CASCADE; "
        "DROP FUNCTION cases_show_with_part CASCADE; "
        "DROP FUNCTION cases_show_with_report CASCADE; "
        "DROP FUNCTION cases_show_with_photo CASCADE; "
        "DROP FUNCTION cases_show_again CASCADE;",
    ),
    migrations.RunSQL(
        MAY_SHOW_DEED,
        "DROP FUNCTION cases_show_deed_with_person CASCADE; "
        "DROP FUNCTION cases_show_deed_with_photo CASCADE; "
        "DROP FUNCTION cases_show_deed_again CASCADE; "
        "DROP FUNCTION cases_show_deed CASCADE; "
        "DROP FUNCTION cases_may_show_deed CASCADE;",
    ),
]
