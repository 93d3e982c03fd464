from django.db import migrations

# A budget is decided by two homes, as points by hand are.
GUARD = """
CREATE FUNCTION shop_guard_budget_eyes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF points_too_close(NEW.street_id, NEW.approved_by_id, NEW.proposed_by_id, NEW.approved_at) THEN
        RAISE EXCEPTION 'budget % is proposed and approved in one home', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shop_budget_eyes_are_strangers', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shop_budget_guard_eyes BEFORE UPDATE ON shop_budget FOR EACH ROW
    WHEN (NEW.approved_by_id IS NOT NULL AND OLD.approved_by_id IS NULL AND NEW.approved_by_id <> NEW.proposed_by_id)
    EXECUTE FUNCTION shop_guard_budget_eyes();
"""
BACK = "DROP TRIGGER shop_budget_guard_eyes ON shop_budget; DROP FUNCTION shop_guard_budget_eyes();"


class Migration(migrations.Migration):
    dependencies = [("shop", "0003_a_budget_is_proposed_once"), ("points", "0016_closings_take_two_homes")]
    operations = [migrations.RunSQL(GUARD, BACK)]
