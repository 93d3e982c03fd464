import django.db.models.deletion
from django.db import migrations

import huipai.streets.keys

# Whoever speaks for a claimant took part, whoever it was: nobody of their home reviews the claim after that, decides on
# an objection to it or hears a contest. As to an appeal against what was asked back, whoever made it or wrote it down
# does not hear it.
SPEAKER_JUDGES_NOTHING = """
-- Appeals of before do not know who filed them; a new one does.
CREATE FUNCTION points_guard_appeal_has_its_hand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an appeal says who filed it'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'points_an_appeal_has_its_hand', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER points_appeal_guard_hand BEFORE INSERT ON points_appeal
    FOR EACH ROW WHEN (NEW.filed_by_id IS NULL) EXECUTE FUNCTION points_guard_appeal_has_its_hand();
CREATE FUNCTION points_spoke_for(of_street uuid, of_claim uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT a.filed_by_id FROM points_appeal AS a
    WHERE a.street_id = of_street AND a.claim_id = of_claim AND a.filed_by_id IS NOT NULL
    UNION SELECT t.filed_by_id FROM points_contest AS t WHERE t.street_id = of_street AND t.claim_id = of_claim
$$;
CREATE FUNCTION points_guard_speaker() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    judge uuid := CASE TG_TABLE_NAME WHEN 'points_review' THEN (to_jsonb(NEW) ->> 'reviewer_id')::uuid
                                     ELSE (to_jsonb(NEW) ->> 'decided_by_id')::uuid END;
BEGIN
    IF EXISTS (SELECT FROM points_spoke_for(NEW.street_id, NEW.claim_id) AS speaker
               WHERE points_too_close(NEW.street_id, judge, speaker, NEW.decided_at)) THEN
        RAISE EXCEPTION 'judge % is too close to whoever spoke for the claimant of %', judge, NEW.claim_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_judge_is_a_stranger_to_the_speaker',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_review_guard_speaker BEFORE INSERT ON points_review
    FOR EACH ROW EXECUTE FUNCTION points_guard_speaker();
CREATE TRIGGER points_objection_guard_speaker BEFORE UPDATE ON points_objection FOR EACH ROW
    WHEN (OLD.decided_by_id IS NULL AND NEW.decided_by_id IS NOT NULL) EXECUTE FUNCTION points_guard_speaker();
CREATE TRIGGER points_contest_guard_speaker BEFORE UPDATE ON points_contest FOR EACH ROW
    WHEN (OLD.decided_by_id IS NULL AND NEW.decided_by_id IS NOT NULL) EXECUTE FUNCTION points_guard_speaker();
CREATE FUNCTION points_guard_correction_speaker() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_heard CONSTANT boolean := OLD.heard_by_id IS NULL AND NEW.heard_by_id IS NOT NULL;
    judge CONSTANT uuid := CASE WHEN is_heard THEN NEW.heard_by_id ELSE NEW.decided_by_id END;
BEGIN
    IF is_heard AND points_too_close(NEW.street_id, judge, NEW.appealed_by_id, NEW.heard_at) THEN
        RAISE EXCEPTION 'whoever appealed in correction % does not hear it', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_correction_by_other_eyes', TABLE = TG_TABLE_NAME;
    END IF;
    IF EXISTS (SELECT FROM points_claim AS claim CROSS JOIN points_spoke_for(claim.street_id, claim.id) AS speaker
               WHERE claim.street_id = NEW.street_id AND claim.posting_id = NEW.posting_id AND speaker = judge) THEN
        RAISE EXCEPTION 'whoever spoke for a claimant does not decide whether the points are asked back'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_correction_by_other_eyes', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_correction_guard_speaker BEFORE UPDATE ON points_correction FOR EACH ROW
    WHEN (OLD.decided_by_id IS NULL AND NEW.decided_by_id IS NOT NULL
          OR OLD.heard_by_id IS NULL AND NEW.heard_by_id IS NOT NULL)
    EXECUTE FUNCTION points_guard_correction_speaker();
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
            "DROP FUNCTION points_guard_speaker CASCADE; DROP FUNCTION points_spoke_for; "
            "DROP FUNCTION points_guard_appeal_has_its_hand CASCADE;",
        ),
    ]
