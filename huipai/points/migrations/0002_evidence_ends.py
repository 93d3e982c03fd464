from django.db import migrations

# What is put aside goes on its day, and so does what shows a settled claim. Of a settled one that day is let go of
# when nothing is left that goes: no picture of an item that takes screenshots, and none that was sent as one.
GUARD_EVIDENCE = """
CREATE FUNCTION points_guard_evidence_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'draft' OR EXISTS (
        SELECT FROM points_evidence AS shown
        JOIN photos_photo AS photo ON photo.street_id = shown.street_id AND photo.id = shown.photo_id
        JOIN rulebook_pointitem AS item ON item.street_id = NEW.street_id AND item.id = NEW.item_id
        WHERE shown.street_id = NEW.street_id AND shown.claim_id = NEW.id AND photo.erased_at IS NULL
            AND 'screenshot' = ANY(item.evidence || shown.kind)) THEN
        RAISE EXCEPTION 'what shows a claim is to go on a day' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'points_evidence_has_its_end', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_claim_evidence_end BEFORE UPDATE OF evidence_until ON points_claim FOR EACH ROW
    WHEN (OLD.evidence_until IS NOT NULL AND NEW.evidence_until IS NULL AND OLD.state = NEW.state
          AND NEW.state IN ('draft', 'rejected', 'posted', 'withdrawn', 'expired'))
    EXECUTE FUNCTION points_guard_evidence_end();
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0001_tables"), ("photos", "0001_tables"), ("rulebook", "0001_tables")]

    operations = [
        migrations.RunSQL(GUARD_EVIDENCE, "DROP FUNCTION points_guard_evidence_end CASCADE;"),
    ]
