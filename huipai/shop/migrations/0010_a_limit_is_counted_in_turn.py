from typing import ClassVar

from django.db import migrations

# How many of a thing somebody has had or has kept for them, once whoever asks for the same thing for the same person
# is done: two purses may pay for it. The lock is that of `hold_here("shop.limit", …)`. Volatile, so that the count
# sees what was committed while it waited, which the statement that calls it does not.
COUNT = """
CREATE FUNCTION shop_counted_in_turn(street uuid, person uuid, item uuid, days integer, at timestamptz)
    RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('shop.limit:' || street || ':' || person || ':' || item, 0));
    RETURN (SELECT coalesce(sum(r.quantity), 0) FROM shop_reservation AS r
            WHERE r.street_id = street AND r.person_id = person AND r.item_id = item
                AND r.reserved_at > at - days * interval '24 hours'
                AND (r.state = 'handed_over' OR r.state = 'reserved' AND r.expires_at > at));
END $$;
"""
BACK = "DROP FUNCTION shop_counted_in_turn(uuid, uuid, uuid, integer, timestamptz);"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("shop", "0009_nothing_opens_by_itself")]
    operations: ClassVar = [migrations.RunSQL(COUNT, BACK)]
