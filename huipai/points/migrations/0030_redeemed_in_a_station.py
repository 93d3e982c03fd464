"""A line of what is redeemed says in which station.

`shop` fills it in for what was handed over before (its migrations/0011): reservations are known there.
"""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import huipai.streets.keys
from huipai.streets.operations import AddConstraint

# At COMMIT: the hold that a posting used may be settled before or after its lines are written.
SOMEWHERE = """
CREATE FUNCTION points_redeemed_somewhere() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM points_hold AS h WHERE h.street_id = NEW.street_id AND h.posting_id = NEW.posting_id) THEN
        RAISE EXCEPTION 'posting % uses points that were set aside, and no line says in which station', NEW.posting_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_redeemed_somewhere', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER points_line_redeemed_somewhere AFTER INSERT ON points_line
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.book = 'redemption' AND NEW.station_id IS NULL) EXECUTE FUNCTION points_redeemed_somewhere();
"""
BACK = """
DROP TRIGGER points_line_redeemed_somewhere ON points_line;
DROP FUNCTION points_redeemed_somewhere();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("points", "0029_given_back_counts"),
        ("stations", "0001_initial"),
        ("streets", "0002_invariants"),
    ]
    operations: ClassVar = [
        migrations.AddField(
            model_name="line",
            name="station",
            field=huipai.streets.keys.TenantKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="stations.station",
            ),
        ),
        AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                name="points_a_station_is_of_what_is_redeemed",
                condition=models.Q(("station", None), ("book", "redemption"), _connector="OR"),
            ),
        ),
        migrations.RunSQL(SOMEWHERE, BACK),
    ]
