"""What holds of the shop, whoever writes it."""

from django.db import migrations

from huipai.streets.operations import append_only, never_emptied

# How many of a thing somebody has had or has kept for them, once whoever asks for the same thing for the same person is
# done: two purses may pay for it. The lock is that of `hold_here("shop.limit", …)`. Volatile, so that the count sees
# what was committed while it waited, which the statement that calls it does not.
COUNTED_IN_TURN = """
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

# A reservation is settled once; of an open one only the outcome is added.
GUARD_RESERVATION = """
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
"""

# A no is said by another home too, and what is decided stays as it is.
GUARD_BUDGET_EYES = """
CREATE FUNCTION shop_guard_budget_eyes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE who uuid := coalesce(NEW.approved_by_id, NEW.ended_by_id);
BEGIN
    IF who <> NEW.proposed_by_id
        AND points_too_close(NEW.street_id, who, NEW.proposed_by_id, coalesce(NEW.approved_at, NEW.ended_at)) THEN
        RAISE EXCEPTION 'budget % is proposed and decided in one home', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shop_budget_eyes_are_strangers', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shop_budget_guard_eyes BEFORE UPDATE ON shop_budget FOR EACH ROW
    EXECUTE FUNCTION shop_guard_budget_eyes();
"""

# Accounts and slips are told in the words of the item: what somebody has exchanged for points keeps its name.
NAME_STANDS = """
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

# What is proposed waits; another home decides, once. An item says what was opened, and nothing that nobody opened.
GUARD_PROPOSAL = """
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
CREATE TRIGGER shop_proposal_no_truncate BEFORE TRUNCATE ON shop_itemproposal
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
"""

# What is published stays as it is; only its last day may come earlier, where another takes its place.
GUARD_BUDGET = """
CREATE FUNCTION shop_guard_budget() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE decision CONSTANT text[] := '{approved_by_id,approved_at,ended_by_id,ended_at,end_reason}';
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.approved_at IS NOT NULL AND to_jsonb(NEW) - 'last_on' = to_jsonb(OLD) - 'last_on'
        AND NEW.last_on < coalesce(OLD.last_on, OLD.ends_on) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.approved_at IS NOT NULL OR OLD.ended_at IS NOT NULL
        OR to_jsonb(NEW) - decision <> to_jsonb(OLD) - decision THEN
        RAISE EXCEPTION 'a budget is decided once; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shop_budget_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shop_budget_guard BEFORE UPDATE OR DELETE ON shop_budget
    FOR EACH ROW EXECUTE FUNCTION shop_guard_budget();
"""


GUARDS = [
    migrations.RunSQL(COUNTED_IN_TURN, "DROP FUNCTION shop_counted_in_turn CASCADE;"),
    migrations.RunSQL(GUARD_RESERVATION, "DROP FUNCTION shop_guard_reservation CASCADE;"),
    migrations.RunSQL(GUARD_BUDGET_EYES, "DROP FUNCTION shop_guard_budget_eyes CASCADE;"),
    migrations.RunSQL(NAME_STANDS, "DROP FUNCTION shop_name_stands CASCADE;"),
    migrations.RunSQL(
        GUARD_PROPOSAL,
        "DROP FUNCTION shop_item_was_opened CASCADE; DROP FUNCTION shop_guard_proposal CASCADE;",
    ),
    migrations.RunSQL(GUARD_BUDGET, "DROP FUNCTION shop_guard_budget CASCADE;"),
    never_emptied("shop_reservation"),
    append_only("shop_movement"),
]
