from typing import ClassVar

from django.db import migrations

# How many claims somebody has sent or put aside since then, once whoever sends another for them is done. The lock is
# that of `hold_here("points.claims_of_claimant", …)`. Volatile, so that the count sees what was committed while it
# waited, which the statement that calls it does not.
COUNT = """
CREATE FUNCTION points_claims_in_turn(street uuid, claimant uuid, since timestamptz)
    RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('points.claims_of_claimant:' || street || ':' || claimant, 0));
    RETURN (SELECT count(*) FROM points_claim AS before
            WHERE before.street_id = street AND before.claimant_id = claimant AND before.received_at > since);
END $$;
"""
BACK = "DROP FUNCTION points_claims_in_turn(uuid, uuid, timestamptz);"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("points", "0031_decided_after_asked")]
    operations: ClassVar = [migrations.RunSQL(COUNT, BACK)]
