from django.db import migrations

# Who may decide is asked when a decision is added: a budget that came with one would pass that by.
COMES_UNDECIDED = """
CREATE FUNCTION shop_budget_comes_undecided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is proposed waits for another'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'shop_a_budget_waits', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER shop_budget_comes_undecided BEFORE INSERT ON shop_budget FOR EACH ROW
    WHEN (NEW.approved_at IS NOT NULL OR NEW.ended_at IS NOT NULL OR NEW.last_on IS NOT NULL)
    EXECUTE FUNCTION shop_budget_comes_undecided();
"""


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_recalled_goods")]

    operations = [migrations.RunSQL(COMES_UNDECIDED, "DROP FUNCTION shop_budget_comes_undecided CASCADE;")]
