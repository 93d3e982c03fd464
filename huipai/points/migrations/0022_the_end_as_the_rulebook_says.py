from django.db import migrations

# An end is announced no sooner than the rulebook in force at that moment says.
GUARD = """
CREATE FUNCTION points_guard_closing_notice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE notice int; redeem int;
BEGIN
    SELECT book.end_notice_days, book.end_redeem_days INTO notice, redeem FROM rulebook_rulebookversion AS book
    WHERE book.street_id = NEW.street_id
        AND book.effective_from <= rulebook_calendar_at(NEW.street_id, NEW.approved_at)
        AND (book.effective_until IS NULL
             OR book.effective_until > rulebook_calendar_at(NEW.street_id, NEW.approved_at));
    IF NEW.awards_until < NEW.approved_at + make_interval(days => coalesce(notice, 30))
        OR NEW.redeem_until < NEW.awards_until + make_interval(days => coalesce(redeem, 90)) THEN
        RAISE EXCEPTION 'the end comes sooner than the rulebook says'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_closing_keeps_to_the_rulebook',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_closing_guard_notice BEFORE UPDATE ON points_closing
    FOR EACH ROW WHEN (OLD.approved_at IS NULL AND NEW.approved_at IS NOT NULL)
    EXECUTE FUNCTION points_guard_closing_notice();
"""
BACK = "DROP TRIGGER points_closing_guard_notice ON points_closing; DROP FUNCTION points_guard_closing_notice();"


class Migration(migrations.Migration):
    dependencies = [
        ("points", "0021_helpers_object"),
        ("rulebook", "0016_the_end_is_a_rule"),
        ("streets", "0002_invariants"),
    ]
    operations = [migrations.RunSQL(GUARD, BACK)]
