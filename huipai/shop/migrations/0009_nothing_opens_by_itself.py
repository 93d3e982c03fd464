from typing import ClassVar

from django.db import migrations

# What is proposed waits; another home decides, once. An item says what was opened, and nothing that nobody opened.
GUARD = """
CREATE FUNCTION shop_guard_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE decision CONSTANT text[] := '{state,decided_by_id,decided_at,reason}'
    || CASE WHEN TG_OP = 'UPDATE' AND OLD.is_new THEN ARRAY['item_id'] ELSE ARRAY[]::text[] END;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' THEN
            RAISE EXCEPTION 'what is proposed waits for another'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'shop_a_proposal_waits', TABLE = TG_TABLE_NAME;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.state <> 'proposed' OR NEW.state = 'proposed'
        OR to_jsonb(NEW) - decision <> to_jsonb(OLD) - decision THEN
        RAISE EXCEPTION 'a proposal is decided once; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shop_proposal_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.decided_by_id <> NEW.proposed_by_id
        AND points_too_close(NEW.street_id, NEW.decided_by_id, NEW.proposed_by_id, NEW.decided_at) THEN
        RAISE EXCEPTION 'proposal % is made and decided in one home', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shop_proposal_eyes_are_strangers', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shop_proposal_guard BEFORE INSERT OR UPDATE OR DELETE ON shop_itemproposal
    FOR EACH ROW EXECUTE FUNCTION shop_guard_proposal();
CREATE TRIGGER shop_proposal_no_truncate BEFORE TRUNCATE ON shop_itemproposal
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();

CREATE FUNCTION shop_item_was_opened() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE opened shop_itemproposal;
BEGIN
    SELECT p.* INTO opened FROM shop_itemproposal AS p
    WHERE p.street_id = NEW.street_id AND p.item_id = NEW.id AND p.state = 'opened'
    ORDER BY p.decided_at DESC, p.id DESC LIMIT 1;
    IF (opened.name, opened.unit, opened.description, opened.category, opened.points, opened.audience,
            opened.limit_count, opened.limit_days)
        IS DISTINCT FROM (NEW.name, NEW.unit, NEW.description, NEW.category, NEW.points, NEW.audience,
            NEW.limit_count, NEW.limit_days) THEN
        RAISE EXCEPTION 'item % says what nobody has opened', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shop_an_item_was_opened', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER shop_item_comes_opened AFTER INSERT ON shop_shopitem
    FOR EACH ROW EXECUTE FUNCTION shop_item_was_opened();
CREATE TRIGGER shop_item_changes_opened AFTER UPDATE ON shop_shopitem
    FOR EACH ROW WHEN ((OLD.name, OLD.unit, OLD.description, OLD.category, OLD.points, OLD.audience, OLD.limit_count,
                        OLD.limit_days)
        IS DISTINCT FROM (NEW.name, NEW.unit, NEW.description, NEW.category, NEW.points, NEW.audience,
                          NEW.limit_count, NEW.limit_days))
    EXECUTE FUNCTION shop_item_was_opened();
"""
BACK = """
DROP TRIGGER shop_item_changes_opened ON shop_shopitem;
DROP TRIGGER shop_item_comes_opened ON shop_shopitem;
DROP FUNCTION shop_item_was_opened();
DROP TRIGGER shop_proposal_no_truncate ON shop_itemproposal;
DROP TRIGGER shop_proposal_guard ON shop_itemproposal;
DROP FUNCTION shop_guard_proposal();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("shop", "0008_gifts_are_opened_by_two"),
        ("points", "0025_corrected_papers"),
        ("streets", "0002_invariants"),
    ]
    operations: ClassVar = [migrations.RunSQL(GUARD, BACK)]
