from django.db import migrations

# Of a claim that was sent only its words can be wiped: what it counts stays, as its item, its date and its people do.
CLAIM = """
CREATE FUNCTION points_guard_sent_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was sent stays as it was sent, its words can only be wiped'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'points_claim_is_frozen', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER points_claim_guard_sent BEFORE UPDATE ON points_claim
    FOR EACH ROW WHEN (OLD.state <> 'draft' AND (NEW.measured IS DISTINCT FROM OLD.measured
        OR NEW.note NOT IN (OLD.note, '') OR NEW.round < OLD.round))
    EXECUTE FUNCTION points_guard_sent_claim();
"""
CLAIM_BACK = "DROP TRIGGER points_claim_guard_sent ON points_claim; DROP FUNCTION points_guard_sent_claim();"

# What shows a claim goes only with a draft that is filled in anew.
EVIDENCE = """
CREATE FUNCTION points_guard_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR EXISTS (SELECT FROM points_claim AS claim WHERE claim.street_id = OLD.street_id
                                   AND claim.id = OLD.claim_id AND claim.state <> 'draft') THEN
        RAISE EXCEPTION 'what shows a claim that was sent stays; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_evidence_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER points_evidence_guard BEFORE UPDATE OR DELETE ON points_evidence
    FOR EACH ROW EXECUTE FUNCTION points_guard_evidence();
CREATE TRIGGER points_evidence_no_truncate BEFORE TRUNCATE ON points_evidence
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
"""
EVIDENCE_BACK = """
DROP TRIGGER points_evidence_no_truncate ON points_evidence;
DROP TRIGGER points_evidence_guard ON points_evidence;
DROP FUNCTION points_guard_evidence();
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0010_words_can_be_erased"), ("streets", "0002_invariants")]
    operations = [migrations.RunSQL(CLAIM, CLAIM_BACK), migrations.RunSQL(EVIDENCE, EVIDENCE_BACK)]
