from django.db import migrations

from huipai.streets.operations import append_only

# Consent: a yes is never edited; its withdrawal is added once. Deleting is refused: the history is the proof.
CONSENT = """
CREATE FUNCTION people_consent_only_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL
        AND (to_jsonb(NEW) - 'withdrawn_at') = (to_jsonb(OLD) - 'withdrawn_at') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a consent is only ever withdrawn: % refused', TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = 'people_consent_append_only', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER people_consent_append_only BEFORE UPDATE OR DELETE ON people_consent
    FOR EACH ROW EXECUTE FUNCTION people_consent_only_withdrawn();
CREATE TRIGGER people_consent_no_truncate BEFORE TRUNCATE ON people_consent
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
"""
CONSENT_BACK = """
DROP TRIGGER people_consent_append_only ON people_consent;
DROP TRIGGER people_consent_no_truncate ON people_consent;
DROP FUNCTION people_consent_only_withdrawn();
"""
IDENTITY = """
ALTER TABLE people_identity ADD CONSTRAINT people_one_identity_at_a_time
    EXCLUDE USING gist (street_id WITH =, person_id WITH =, kind WITH =, daterange(valid_from, valid_until) WITH &&);
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("streets", "0002_invariants")]
    operations = [
        migrations.RunSQL(CONSENT, CONSENT_BACK),
        append_only("people_consenttext"),
        migrations.RunSQL(IDENTITY, "ALTER TABLE people_identity DROP CONSTRAINT people_one_identity_at_a_time;"),
    ]
