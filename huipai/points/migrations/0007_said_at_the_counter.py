import django.db.models.deletion
from django.db import migrations

import huipai.streets.keys

# Whoever speaks against a refusal, for whomever, took part: nobody of their home judges the claim after that. As to an
# appeal against what was asked back, whoever made it or wrote it down does not hear it.
SPEAKER_JUDGES_NOTHING = """
CREATE FUNCTION points_guard_review_of_appeal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM points_appeal AS a WHERE a.street_id = NEW.street_id AND a.claim_id = NEW.claim_id
               AND a.filed_by_id IS NOT NULL
               AND points_too_close(NEW.street_id, NEW.reviewer_id, a.filed_by_id, NEW.decided_at)) THEN
        RAISE EXCEPTION 'reviewer % is too close to whoever appealed in claim %', NEW.reviewer_id, NEW.claim_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_reviewer_is_a_stranger_to_the_appeal',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_review_guard_appeal BEFORE INSERT ON points_review
    FOR EACH ROW EXECUTE FUNCTION points_guard_review_of_appeal();
CREATE FUNCTION points_guard_correction_speaker() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF points_too_close(NEW.street_id, NEW.heard_by_id, NEW.appealed_by_id, NEW.heard_at) THEN
        RAISE EXCEPTION 'whoever appealed in correction % does not hear it', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_correction_by_other_eyes', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_correction_guard_speaker BEFORE UPDATE ON points_correction FOR EACH ROW
    WHEN (OLD.heard_by_id IS NULL AND NEW.heard_by_id IS NOT NULL) EXECUTE FUNCTION points_guard_correction_speaker();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_tables"), ("points", "0006_both_purses")]

    operations = [
        migrations.AddField(
            model_name="appeal",
            name="filed_by",
            field=huipai.streets.keys.TenantKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.RunSQL(
            SPEAKER_JUDGES_NOTHING,
            "DROP FUNCTION points_guard_correction_speaker CASCADE; "
            "DROP FUNCTION points_guard_review_of_appeal CASCADE;",
        ),
    ]
