"""A photo is part of one thing, whichever came first: what lets go of the other took the picture of an open case."""

from django.db import migrations

# Each of what a photo can be part of, and what the refusal is called there. Of two at once the second waits for the
# first on the photo's own row, and sees it.
TABLES = (
    ("cases_casephoto", "cases_a_photo_belongs_to_one_case"),
    ("cases_deedphoto", "cases_a_photo_belongs_to_one_deed"),
    ("cases_findphoto", "cases_a_photo_belongs_to_one_find"),
    ("points_evidence", "points_a_photo_shows_one_claim"),
)
IN_ANOTHER = " OR ".join(
    f"TG_TABLE_NAME <> '{table}' AND EXISTS"
    f" (SELECT FROM {table} AS part WHERE part.street_id = NEW.street_id AND part.photo_id = NEW.photo_id)"
    for table, _name in TABLES
)
ONE_THING = f"""
CREATE OR REPLACE FUNCTION cases_a_photo_tells_of_one_thing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM photos_photo AS held WHERE held.street_id = NEW.street_id AND held.id = NEW.photo_id FOR NO KEY UPDATE;
    IF {IN_ANOTHER} THEN
        RAISE EXCEPTION 'photo % is part of something else: %', NEW.photo_id, TG_ARGV[0]
            USING ERRCODE = 'unique_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
""" + "".join(
    f"CREATE OR REPLACE TRIGGER cases_a_photo_tells_of_one_thing AFTER INSERT ON {table} FOR EACH ROW"
    f" WHEN (NEW.photo_id IS NOT NULL) EXECUTE FUNCTION cases_a_photo_tells_of_one_thing('{name}');\n"
    for table, name in TABLES
)
# As it was: only a photo of a case was no photo of a deed.
OF_DEEDS = """
DROP TRIGGER cases_a_photo_tells_of_one_thing ON cases_casephoto;
DROP TRIGGER cases_a_photo_tells_of_one_thing ON cases_findphoto;
DROP TRIGGER cases_a_photo_tells_of_one_thing ON points_evidence;
CREATE OR REPLACE FUNCTION cases_a_photo_tells_of_one_thing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM cases_casephoto AS part WHERE part.street_id = NEW.street_id AND part.photo_id = NEW.photo_id)
    THEN
        RAISE EXCEPTION 'photo % is part of a case: cases_a_photo_belongs_to_one_deed', NEW.photo_id
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'cases_a_photo_belongs_to_one_deed', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0052_decided_after_asked"), ("points", "0006_claims")]

    operations = [migrations.RunSQL(ONE_THING, OF_DEEDS)]
