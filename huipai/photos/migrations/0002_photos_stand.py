from django.db import migrations

from huipai.streets.operations import never_emptied

# What a photo is does not change: which bytes, whose, since when; where they lie and what they claim until it is erased.
# Its copies are named once, by developing; erased, it stays erased.
A_PHOTO_STANDS = """
CREATE FUNCTION photos_refuse_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'photo % stands as it was received; % refused', OLD.id, TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = 'photos_photo_stands', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER photos_photo_stands BEFORE UPDATE ON photos_photo FOR EACH ROW
    WHEN ((OLD.id, OLD.street_id, OLD.uploader_id, OLD.received_at, OLD.sha256, OLD.kind, OLD.size, OLD.width,
           OLD.height, OLD.opening_cost)
          IS DISTINCT FROM
          (NEW.id, NEW.street_id, NEW.uploader_id, NEW.received_at, NEW.sha256, NEW.kind, NEW.size, NEW.width,
           NEW.height, NEW.opening_cost)
          OR OLD.erased_at IS NOT NULL AND NEW.erased_at IS DISTINCT FROM OLD.erased_at)
    EXECUTE FUNCTION photos_refuse_another();
CREATE TRIGGER photos_claim_stands BEFORE UPDATE ON photos_photo FOR EACH ROW
    WHEN (NEW.erased_at IS NULL
          AND (OLD.original_key, OLD.claimed_lat, OLD.claimed_lng, OLD.claimed_taken_at, OLD.claim_source,
               OLD.exif_lat, OLD.exif_lng, OLD.exif_taken_at)
              IS DISTINCT FROM
              (NEW.original_key, NEW.claimed_lat, NEW.claimed_lng, NEW.claimed_taken_at, NEW.claim_source,
               NEW.exif_lat, NEW.exif_lng, NEW.exif_taken_at))
    EXECUTE FUNCTION photos_refuse_another();
CREATE TRIGGER photos_copies_stand BEFORE UPDATE ON photos_photo FOR EACH ROW
    WHEN (NEW.erased_at IS NULL AND (OLD.state <> 'received' OR NEW.state <> 'ready')
          AND (OLD.public_key, OLD.thumb_key, OLD.tiny_key, OLD.public_sha256)
              IS DISTINCT FROM (NEW.public_key, NEW.thumb_key, NEW.tiny_key, NEW.public_sha256)
          OR OLD.state <> 'received'
          AND (OLD.state, OLD.developed_at) IS DISTINCT FROM (NEW.state, NEW.developed_at))
    EXECUTE FUNCTION photos_refuse_another();
CREATE TRIGGER photos_photo_is_kept BEFORE DELETE ON photos_photo
    FOR EACH ROW EXECUTE FUNCTION photos_refuse_another();
"""


class Migration(migrations.Migration):
    dependencies = [("photos", "0001_tables")]

    operations = [
        migrations.RunSQL(A_PHOTO_STANDS, "DROP FUNCTION photos_refuse_another CASCADE;"),
        never_emptied("photos_photo"),
    ]
