from django.db import migrations

from huipai.points.migrations._ledger import GUARD_CLOSING_NOTICE

# An end is announced no sooner than any rulebook says that people have been shown: the one in force at that moment, and
# what is published and to come.
AS_PROMISED = """
CREATE OR REPLACE FUNCTION points_guard_closing_notice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE notice int; redeem int;
BEGIN
    SELECT max(book.end_notice_days), max(book.end_redeem_days) INTO notice, redeem
    FROM rulebook_rulebookversion AS book
    WHERE book.street_id = NEW.street_id AND book.published_at <= NEW.approved_at AND book.ended_at IS NULL
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
"""
# As the ledger's guard had it; its trigger stays.
IN_FORCE_ALONE = GUARD_CLOSING_NOTICE.partition("CREATE TRIGGER")[0].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


class Migration(migrations.Migration):
    dependencies = [("points", "0003_why_looked_at_again_stands")]

    operations = [migrations.RunSQL(AS_PROMISED, IN_FORCE_ALONE)]
