from typing import ClassVar

from django.db import migrations

# What a type pays is asked by one home and agreed to by another, once; a type pays what was agreed to in its edition.
# What a street is opened with is the operator's: there is nobody yet to ask.
GUARD = """
CREATE FUNCTION cases_guard_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE decision CONSTANT text[] := '{state,decided_by_id,decided_at,answer,edition}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' THEN
            RAISE EXCEPTION 'what is asked waits for another'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_a_payment_waits', TABLE = TG_TABLE_NAME;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.state <> 'proposed' OR NEW.state = 'proposed'
        OR to_jsonb(NEW) - decision <> to_jsonb(OLD) - decision THEN
        RAISE EXCEPTION 'a payment is decided once; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_payment_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.decided_by_id <> NEW.proposed_by_id
        AND points_too_close(NEW.street_id, NEW.decided_by_id, NEW.proposed_by_id, NEW.decided_at) THEN
        RAISE EXCEPTION 'payment % is asked and agreed to in one home', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_payment_eyes_are_strangers', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_payment_guard BEFORE INSERT OR UPDATE OR DELETE ON cases_typepayment
    FOR EACH ROW EXECUTE FUNCTION cases_guard_payment();
CREATE TRIGGER cases_payment_no_truncate BEFORE TRUNCATE ON cases_typepayment
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();

CREATE FUNCTION cases_type_pays_what_was_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM cases_typepayment AS agreed
        WHERE agreed.street_id = NEW.street_id AND agreed.case_type_id = NEW.id AND agreed.state = 'agreed'
            AND agreed.edition = NEW.edition AND agreed.was = OLD.point_item AND agreed.becomes = NEW.point_item) THEN
        RAISE EXCEPTION 'type % pays what nobody else agreed to', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_a_type_pays_what_was_agreed',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_type_pays_what_was_agreed AFTER UPDATE OF point_item ON cases_casetype FOR EACH ROW
    WHEN (OLD.point_item IS DISTINCT FROM NEW.point_item) EXECUTE FUNCTION cases_type_pays_what_was_agreed();
"""
BACK = """
DROP TRIGGER cases_type_pays_what_was_agreed ON cases_casetype;
DROP FUNCTION cases_type_pays_what_was_agreed();
DROP TRIGGER cases_payment_no_truncate ON cases_typepayment;
DROP TRIGGER cases_payment_guard ON cases_typepayment;
DROP FUNCTION cases_guard_payment();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("cases", "0043_what_a_type_pays"),
        ("points", "0025_corrected_papers"),
        ("streets", "0002_invariants"),
    ]
    operations: ClassVar = [migrations.RunSQL(GUARD, BACK)]
