from django.db import migrations

# The days in which points that were posted are objected to stand still while one objection is open, as publicity does.
# Only its dismissal moves them, and only by what it took; what was dismissed before is given back its time.
_GUARD = """
CREATE OR REPLACE TRIGGER points_claim_guard_publicity BEFORE UPDATE ON points_claim
    FOR EACH ROW WHEN (OLD.state = NEW.state AND OLD.public_until IS DISTINCT FROM NEW.public_until
        OR OLD.object_until IS NOT NULL AND OLD.object_until IS DISTINCT FROM NEW.object_until
            AND (OLD.state <> 'objection' OR NEW.state <> 'posted' OR NEW.object_until IS NULL
                 OR NEW.object_until < OLD.object_until))
    EXECUTE FUNCTION points_guard_publicity();
"""
GIVE_BACK = """
ALTER TABLE points_claim DISABLE TRIGGER points_claim_guard_publicity;
UPDATE points_claim AS c
SET object_until = c.object_until + stood.still,
    evidence_until = CASE WHEN c.state = 'posted' AND c.evidence_until IS NOT NULL
                          THEN c.object_until + stood.still ELSE c.evidence_until END
FROM (SELECT claim_id, sum(went_on_at - happened_at) AS still
      FROM (SELECT claim_id, action, from_state, happened_at, lead(action) OVER life AS goes_on,
                   lead(happened_at) OVER life AS went_on_at
            FROM points_claimstep WINDOW life AS (PARTITION BY street_id, claim_id ORDER BY position)) AS step
      WHERE action = 'object' AND from_state = 'posted' AND goes_on = 'dismiss_posted'
      GROUP BY claim_id) AS stood
WHERE c.id = stood.claim_id AND c.object_until IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE points_claim ENABLE TRIGGER points_claim_guard_publicity;
SET CONSTRAINTS ALL DEFERRED;
"""
_BACK = """
CREATE OR REPLACE TRIGGER points_claim_guard_publicity BEFORE UPDATE ON points_claim
    FOR EACH ROW WHEN (OLD.state = NEW.state AND OLD.public_until IS DISTINCT FROM NEW.public_until
        OR OLD.object_until IS NOT NULL AND OLD.object_until IS DISTINCT FROM NEW.object_until)
    EXECUTE FUNCTION points_guard_publicity();
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0032_claims_counted_in_turn")]
    operations = [migrations.RunSQL(_GUARD, _BACK), migrations.RunSQL(GIVE_BACK, migrations.RunSQL.noop)]
