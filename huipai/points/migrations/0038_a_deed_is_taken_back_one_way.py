from typing import ClassVar

from django.db import migrations

# Points of a claim are taken back one way, and so come back one way: as long as they are asked back nobody objects, and
# as long as somebody objects they are not asked back. Both wait for the claim's row, so that each sees the other.
GUARD = """
CREATE FUNCTION points_guard_one_way_back() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_taken boolean;
BEGIN
    IF TG_TABLE_NAME = 'points_objection' THEN
        PERFORM FROM points_claim AS k WHERE k.street_id = NEW.street_id AND k.id = NEW.claim_id FOR NO KEY UPDATE;
        is_taken := EXISTS (
            SELECT FROM points_claim AS k
            JOIN points_correction AS c ON c.street_id = k.street_id AND c.posting_id = k.posting_id
            WHERE k.street_id = NEW.street_id AND k.id = NEW.claim_id AND c.state NOT IN ('declined', 'withdrawn'));
    ELSE
        PERFORM FROM points_claim AS k
        WHERE k.street_id = NEW.street_id AND k.posting_id = NEW.posting_id FOR NO KEY UPDATE;
        is_taken := EXISTS (
            SELECT FROM points_claim AS k
            JOIN points_objection AS o ON o.street_id = k.street_id AND o.claim_id = k.id
            WHERE k.street_id = NEW.street_id AND k.posting_id = NEW.posting_id AND o.result = '');
    END IF;
    IF is_taken THEN
        RAISE EXCEPTION 'points of a claim are objected to or asked back, not both'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_taken_back_one_way', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_objection_guard_one_way BEFORE INSERT ON points_objection
    FOR EACH ROW EXECUTE FUNCTION points_guard_one_way_back();
CREATE TRIGGER points_correction_guard_one_way BEFORE INSERT ON points_correction
    FOR EACH ROW EXECUTE FUNCTION points_guard_one_way_back();
"""
BACK = """
DROP TRIGGER points_objection_guard_one_way ON points_objection;
DROP TRIGGER points_correction_guard_one_way ON points_correction;
DROP FUNCTION points_guard_one_way_back();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("points", "0037_who_gave_does_not_take_back"), ("streets", "0002_invariants")]
    operations: ClassVar = [migrations.RunSQL(GUARD, BACK)]
