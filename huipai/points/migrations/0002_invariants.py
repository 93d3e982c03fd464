from django.db import migrations

from huipai.streets.operations import append_only

# Runs at COMMIT, for the ORM, a hot statement and psql alike. The trigger on the posting catches one without lines,
# the trigger on the lines catches a line slipped into an old posting.
BALANCED = """
CREATE FUNCTION points_check_posting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked uuid := CASE WHEN TG_TABLE_NAME = 'points_line' THEN (to_jsonb(NEW) ->> 'posting_id')::uuid ELSE NEW.id END;
    total bigint;
    personal bigint;
    said int;
BEGIN
    SELECT coalesce(sum(amount), 0), coalesce(sum(amount) FILTER (WHERE account_id IS NOT NULL), 0)
        INTO total, personal FROM points_line WHERE street_id = NEW.street_id AND posting_id = checked;
    IF total <> 0 THEN
        RAISE EXCEPTION 'the lines of posting % sum to %, not to zero', checked, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_lines_sum_to_zero', TABLE = TG_TABLE_NAME;
    END IF;
    SELECT points INTO said FROM points_posting WHERE street_id = NEW.street_id AND id = checked;
    IF personal <> said THEN
        RAISE EXCEPTION 'posting % says % points, its lines move %', checked, said, personal
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_posting_says_its_lines', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER points_posting_balanced AFTER INSERT ON points_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION points_check_posting();
CREATE CONSTRAINT TRIGGER points_line_balanced AFTER INSERT ON points_line
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION points_check_posting();
"""

GUARD_LOT = """
CREATE FUNCTION points_guard_lot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'remaining' <> to_jsonb(OLD) - 'remaining' THEN
        RAISE EXCEPTION 'a lot only gives; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_lot_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_lot_guard BEFORE UPDATE OR DELETE ON points_lot
    FOR EACH ROW EXECUTE FUNCTION points_guard_lot();
CREATE TRIGGER points_lot_no_truncate BEFORE TRUNCATE ON points_lot
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
"""

GUARD_ACCOUNT = """
CREATE FUNCTION points_guard_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'balance' <> to_jsonb(OLD) - 'balance' THEN
        RAISE EXCEPTION 'an account stays; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_account_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_account_guard BEFORE UPDATE OR DELETE ON points_account
    FOR EACH ROW EXECUTE FUNCTION points_guard_account();
CREATE TRIGGER points_account_no_truncate BEFORE TRUNCATE ON points_account
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0001_initial"), ("streets", "0002_invariants")]
    operations = [
        append_only("points_posting"),
        append_only("points_line"),
        append_only("points_allocation"),
        migrations.RunSQL(
            BALANCED,
            """
            DROP TRIGGER points_posting_balanced ON points_posting;
            DROP TRIGGER points_line_balanced ON points_line;
            DROP FUNCTION points_check_posting();
            """,
        ),
        migrations.RunSQL(
            GUARD_LOT,
            """
            DROP TRIGGER points_lot_guard ON points_lot;
            DROP TRIGGER points_lot_no_truncate ON points_lot;
            DROP FUNCTION points_guard_lot();
            """,
        ),
        migrations.RunSQL(
            GUARD_ACCOUNT,
            """
            DROP TRIGGER points_account_guard ON points_account;
            DROP TRIGGER points_account_no_truncate ON points_account;
            DROP FUNCTION points_guard_account();
            """,
        ),
    ]
