from typing import ClassVar

from django.db import migrations

# Accounts and slips are told in the words of the item: what somebody has exchanged for points keeps its name.
GUARD = """
CREATE FUNCTION shop_name_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM shop_reservation WHERE street_id = NEW.street_id AND item_id = NEW.id) THEN
        RAISE EXCEPTION 'what somebody has exchanged keeps its name'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shop_name_stands', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shop_name_stands BEFORE UPDATE OF name, unit ON shop_shopitem FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name OR OLD.unit IS DISTINCT FROM NEW.unit)
    EXECUTE FUNCTION shop_name_stands();
"""
BACK = """
DROP TRIGGER shop_name_stands ON shop_shopitem;
DROP FUNCTION shop_name_stands();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("shop", "0005_budgets_are_refused")]
    operations: ClassVar = [migrations.RunSQL(GUARD, BACK)]
