from django.db import migrations

from huipai.streets.operations import append_only

# One reading of a version's content, in the database, so that approval, publication and `verify` cannot differ.
CONTENT_HASH = """
CREATE FUNCTION rulebook_content_hash(of_street uuid, of_version uuid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to('1' || coalesce(string_agg(E'\\n' || jsonb_build_array(
               code, port, title, description, points, earners, evidence, day_cap, month_cap,
               household_month_cap, cooldown_minutes, lot_months, under_14, owner, legal_ground,
               assessable, automatic, why)::text, '' ORDER BY code COLLATE "C"), ''), 'UTF8')), 'hex')
    FROM rulebook_pointitem WHERE street_id = of_street AND version_id = of_version
$$;
"""

# A version is born a draft, is published once, with two approvals of exactly this content by others than its author,
# and afterwards only gets an end.
GUARD_VERSION = """
CREATE FUNCTION rulebook_guard_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE approvers int;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.published_at IS NOT NULL THEN
            RAISE EXCEPTION 'a version begins as a draft'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_two_approvals', TABLE = TG_TABLE_NAME;
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.published_at IS NOT NULL THEN
        IF TG_OP = 'UPDATE' AND OLD.effective_until IS NULL AND NEW.effective_until IS NOT NULL
            AND to_jsonb(NEW) - 'effective_until' = to_jsonb(OLD) - 'effective_until' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a published version does not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_version_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.published_at IS NOT NULL THEN
        IF NEW.content_hash IS DISTINCT FROM rulebook_content_hash(NEW.street_id, NEW.id) THEN
            RAISE EXCEPTION 'the hash is not that of the items'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_hash_is_of_the_items', TABLE = TG_TABLE_NAME;
        END IF;
        SELECT count(DISTINCT approver_id) INTO approvers FROM rulebook_approval
            WHERE street_id = NEW.street_id AND version_id = NEW.id AND content_hash = NEW.content_hash
              AND approver_id <> NEW.author_id;
        IF approvers < 2 OR NEW.author_id <> OLD.author_id THEN
            RAISE EXCEPTION 'two people other than the author must approve exactly this content'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_two_approvals', TABLE = TG_TABLE_NAME;
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_version_guard BEFORE INSERT OR UPDATE OR DELETE ON rulebook_rulebookversion
    FOR EACH ROW EXECUTE FUNCTION rulebook_guard_version();
CREATE TRIGGER rulebook_rulebookversion_no_truncate BEFORE TRUNCATE ON rulebook_rulebookversion
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
"""

# FOR SHARE makes an edit and a publication wait for each other.
GUARD_ITEM = """
CREATE FUNCTION rulebook_guard_item() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    item rulebook_pointitem := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    published timestamptz;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.version_id, NEW.street_id) IS DISTINCT FROM (OLD.version_id, OLD.street_id) THEN
        RAISE EXCEPTION 'an item stays in its version'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_version_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    SELECT published_at INTO published FROM rulebook_rulebookversion
        WHERE street_id = item.street_id AND id = item.version_id FOR SHARE;
    IF published IS NOT NULL THEN
        RAISE EXCEPTION 'the items of a published version do not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_version_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN item;
END $$;
CREATE TRIGGER rulebook_item_guard BEFORE INSERT OR UPDATE OR DELETE ON rulebook_pointitem
    FOR EACH ROW EXECUTE FUNCTION rulebook_guard_item();
CREATE TRIGGER rulebook_pointitem_no_truncate BEFORE TRUNCATE ON rulebook_pointitem
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
"""

GUARD_APPROVAL = """
CREATE FUNCTION rulebook_guard_approval() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE version rulebook_rulebookversion;
BEGIN
    SELECT * INTO version FROM rulebook_rulebookversion
        WHERE street_id = NEW.street_id AND id = NEW.version_id FOR UPDATE;
    IF version.author_id = NEW.approver_id THEN
        RAISE EXCEPTION 'nobody approves what they drafted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_author_never_approves', TABLE = TG_TABLE_NAME;
    END IF;
    IF version.published_at IS NOT NULL
        OR NEW.content_hash IS DISTINCT FROM rulebook_content_hash(NEW.street_id, NEW.version_id) THEN
        RAISE EXCEPTION 'what is approved is the content as it stands'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_hash_is_of_the_items', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_approval_guard BEFORE INSERT ON rulebook_approval
    FOR EACH ROW EXECUTE FUNCTION rulebook_guard_approval();
"""


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0001_initial"), ("streets", "0002_invariants")]
    operations = [
        migrations.RunSQL(CONTENT_HASH, "DROP FUNCTION rulebook_content_hash(uuid, uuid);"),
        migrations.RunSQL(
            GUARD_VERSION,
            """
            DROP TRIGGER rulebook_version_guard ON rulebook_rulebookversion;
            DROP TRIGGER rulebook_rulebookversion_no_truncate ON rulebook_rulebookversion;
            DROP FUNCTION rulebook_guard_version();
            """,
        ),
        migrations.RunSQL(
            GUARD_ITEM,
            """
            DROP TRIGGER rulebook_item_guard ON rulebook_pointitem;
            DROP TRIGGER rulebook_pointitem_no_truncate ON rulebook_pointitem;
            DROP FUNCTION rulebook_guard_item();
            """,
        ),
        migrations.RunSQL(
            GUARD_APPROVAL,
            "DROP TRIGGER rulebook_approval_guard ON rulebook_approval; DROP FUNCTION rulebook_guard_approval();",
        ),
        append_only("rulebook_approval"),
    ]
