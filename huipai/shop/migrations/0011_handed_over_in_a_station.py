from typing import ClassVar

from django.db import migrations

# What was handed over before the ledger named stations. Lines are only added: for this one step alone the guard steps
# aside. The journal's entries of then name no station and stay as they are; `verify` compares these with the shop.
FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE points_line DISABLE TRIGGER points_line_append_only;
UPDATE points_line AS l SET station_id = r.station_id
FROM points_hold AS h JOIN shop_reservation AS r ON r.street_id = h.street_id AND r.hold_id = h.id
WHERE h.street_id = l.street_id AND h.posting_id = l.posting_id AND l.book = 'redemption' AND l.station_id IS NULL;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE points_line ENABLE TRIGGER points_line_append_only;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("shop", "0010_a_limit_is_counted_in_turn"),
        ("points", "0030_redeemed_in_a_station"),
    ]
    operations: ClassVar = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
