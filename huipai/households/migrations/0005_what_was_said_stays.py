from django.db import migrations

# A posting of a household leads to its assessment, a visit or a membership to what was agreed: none of them goes.
REFUSE = """
CREATE FUNCTION households_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was said of a household stays; % refused', TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_stays', TABLE = TG_TABLE_NAME;
END $$;
"""
STAYS = """
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION households_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
"""
STAYS_BACK = "DROP TRIGGER {table}_no_delete ON {table}; DROP TRIGGER {table}_no_truncate ON {table};"
TABLES = (
    "households_assessment", "households_objection", "households_visit", "households_membership", "households_group",
    "households_link", "households_need",
)  # fmt: skip

# Of an assessment its words can be wiped, and once it has ended nothing else; a membership only ends; a visit is only
# denied or wiped.
FROZEN = """
CREATE TRIGGER households_assessment_guard BEFORE UPDATE ON households_assessment FOR EACH ROW
    WHEN (NEW.note NOT IN (OLD.note, '')
        OR to_jsonb(NEW) - '{note,state,decided_by_id,decided_at,public_until,reason,why,posting_id}'::text[]
           <> to_jsonb(OLD) - '{note,state,decided_by_id,decided_at,public_until,reason,why,posting_id}'::text[]
        OR OLD.state IN ('posted', 'unpaid', 'refused') AND to_jsonb(NEW) - 'note' <> to_jsonb(OLD) - 'note')
    EXECUTE FUNCTION households_refuse_change();
CREATE TRIGGER households_membership_guard BEFORE UPDATE ON households_membership FOR EACH ROW
    WHEN (to_jsonb(NEW) - 'valid_until' <> to_jsonb(OLD) - 'valid_until'
        OR OLD.valid_until IS NOT NULL AND NEW.valid_until IS DISTINCT FROM OLD.valid_until)
    EXECUTE FUNCTION households_refuse_change();
CREATE TRIGGER households_visit_guard BEFORE UPDATE ON households_visit FOR EACH ROW
    WHEN (NEW.note NOT IN (OLD.note, '')
        OR to_jsonb(NEW) - '{note,denied_by_id,denied_at}'::text[]
           <> to_jsonb(OLD) - '{note,denied_by_id,denied_at}'::text[]
        OR OLD.denied_at IS NOT NULL AND NEW.denied_at IS DISTINCT FROM OLD.denied_at)
    EXECUTE FUNCTION households_refuse_change();
"""
FROZEN_BACK = """
DROP TRIGGER households_assessment_guard ON households_assessment;
DROP TRIGGER households_membership_guard ON households_membership;
DROP TRIGGER households_visit_guard ON households_visit;
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0004_ways_in_words"), ("streets", "0002_invariants")]
    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION households_refuse_change();"),
        *(migrations.RunSQL(STAYS.format(table=one), STAYS_BACK.format(table=one)) for one in TABLES),
        migrations.RunSQL(FROZEN, FROZEN_BACK),
    ]
