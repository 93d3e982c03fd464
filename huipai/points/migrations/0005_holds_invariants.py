from django.db import migrations

from huipai.streets.operations import append_only

# What a hold sets aside is what it draws from lots, at COMMIT and for whoever writes.
HOLD_DRAWN = """
CREATE FUNCTION points_check_hold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked uuid := CASE WHEN TG_TABLE_NAME = 'points_holddraw' THEN (to_jsonb(NEW) ->> 'hold_id')::uuid ELSE NEW.id END;
    drawn bigint;
    said int;
BEGIN
    SELECT coalesce(sum(points), 0) INTO drawn FROM points_holddraw
        WHERE street_id = NEW.street_id AND hold_id = checked;
    SELECT points INTO said FROM points_hold WHERE street_id = NEW.street_id AND id = checked;
    IF drawn <> said THEN
        RAISE EXCEPTION 'hold % says % points, its draws give %', checked, said, drawn
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_hold_says_its_draws', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER points_hold_drawn AFTER INSERT ON points_hold
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION points_check_hold();
CREATE CONSTRAINT TRIGGER points_holddraw_drawn AFTER INSERT ON points_holddraw
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION points_check_hold();
"""

# Settled holds and decided grants never change again; of open ones only the outcome is added.
SETTLED_ONCE = """
CREATE FUNCTION points_guard_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'open' OR NEW.state = 'open'
        OR to_jsonb(NEW) - 'state' - 'settled_at' - 'posting_id' <> to_jsonb(OLD) - 'state' - 'settled_at' - 'posting_id'
    THEN
        RAISE EXCEPTION 'a hold is settled once; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_hold_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_hold_guard BEFORE UPDATE OR DELETE ON points_hold
    FOR EACH ROW EXECUTE FUNCTION points_guard_hold();
CREATE TRIGGER points_hold_no_truncate BEFORE TRUNCATE ON points_hold
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();

CREATE FUNCTION points_guard_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'proposed' OR NEW.state = 'proposed'
        OR to_jsonb(NEW) - 'state' - 'decided_at' - 'decided_by_id' - 'posting_id'
            <> to_jsonb(OLD) - 'state' - 'decided_at' - 'decided_by_id' - 'posting_id'
    THEN
        RAISE EXCEPTION 'a grant is decided once; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_grant_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_grant_guard BEFORE UPDATE OR DELETE ON points_grant
    FOR EACH ROW EXECUTE FUNCTION points_guard_grant();
CREATE TRIGGER points_grant_no_truncate BEFORE TRUNCATE ON points_grant
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
"""

GUARDS = """
CREATE OR REPLACE FUNCTION points_guard_lot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW){kept} <> to_jsonb(OLD){kept} THEN
        RAISE EXCEPTION 'a lot only gives; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_lot_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION points_guard_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW){moved} <> to_jsonb(OLD){moved} THEN
        RAISE EXCEPTION 'an account stays; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_account_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0004_holds"), ("streets", "0002_invariants")]
    operations = [
        append_only("points_holddraw"),
        append_only("points_answered"),
        migrations.RunSQL(
            HOLD_DRAWN,
            """
            DROP TRIGGER points_hold_drawn ON points_hold;
            DROP TRIGGER points_holddraw_drawn ON points_holddraw;
            DROP FUNCTION points_check_hold();
            """,
        ),
        migrations.RunSQL(
            SETTLED_ONCE,
            """
            DROP TRIGGER points_hold_guard ON points_hold;
            DROP TRIGGER points_hold_no_truncate ON points_hold;
            DROP FUNCTION points_guard_hold();
            DROP TRIGGER points_grant_guard ON points_grant;
            DROP TRIGGER points_grant_no_truncate ON points_grant;
            DROP FUNCTION points_guard_grant();
            """,
        ),
        migrations.RunSQL(
            GUARDS.format(kept=" - 'remaining' - 'held'", moved=" - 'balance' - 'held'"),
            GUARDS.format(kept=" - 'remaining'", moved=" - 'balance'"),
        ),
    ]
