"""What holds of people, consents and guardians, whoever writes them."""

from django.db import migrations

from huipai.streets.operations import append_only, never_emptied

# Consent: a yes is never edited; its withdrawal is added once. Deleting is refused: the history is the proof.
CONSENT_ONLY_WITHDRAWN = """
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
"""

# Whoever answers for a child is grown up.
GUARDIAN_IS_GROWN_UP = """
CREATE FUNCTION people_guardian_is_grown_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM people_person AS person WHERE person.street_id = NEW.street_id
               AND person.id = NEW.guardian_id
               AND extract(year FROM NEW.valid_from AT TIME ZONE 'Asia/Shanghai') - person.birth_year <= 18) THEN
        RAISE EXCEPTION 'a guardian is 18'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'people_guardian_is_grown_up', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER people_guardian_is_grown_up BEFORE INSERT ON people_guardianship
    FOR EACH ROW EXECUTE FUNCTION people_guardian_is_grown_up();
"""


GUARDS = [
    migrations.RunSQL(CONSENT_ONLY_WITHDRAWN, "DROP FUNCTION people_consent_only_withdrawn CASCADE;"),
    migrations.RunSQL(GUARDIAN_IS_GROWN_UP, "DROP FUNCTION people_guardian_is_grown_up CASCADE;"),
    never_emptied("people_consent"),
    append_only("people_consenttext"),
]
