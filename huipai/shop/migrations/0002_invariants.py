from django.db import migrations

from huipai.streets.operations import append_only

# A reservation is settled once; of an open one only the outcome is added.
SETTLED_ONCE = """
CREATE FUNCTION shop_guard_reservation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'reserved' OR NEW.state = 'reserved'
        OR to_jsonb(NEW) - 'state' - 'settled_at' - 'settled_by' <> to_jsonb(OLD) - 'state' - 'settled_at' - 'settled_by'
    THEN
        RAISE EXCEPTION 'a reservation is settled once; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shop_reservation_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shop_reservation_guard BEFORE UPDATE OR DELETE ON shop_reservation
    FOR EACH ROW EXECUTE FUNCTION shop_guard_reservation();
CREATE TRIGGER shop_reservation_no_truncate BEFORE TRUNCATE ON shop_reservation
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial"), ("streets", "0002_invariants")]
    operations = [
        append_only("shop_movement"),
        migrations.RunSQL(
            SETTLED_ONCE,
            """
            DROP TRIGGER shop_reservation_guard ON shop_reservation;
            DROP TRIGGER shop_reservation_no_truncate ON shop_reservation;
            DROP FUNCTION shop_guard_reservation();
            """,
        ),
    ]
