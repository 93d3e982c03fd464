from django.db import migrations

# Since when its clock runs is not moved, nor when what has ended did: until a review takes that end away. What is kept,
# and for how long, hangs on both.
BEGINNINGS_AND_ENDS_STAND = """
DROP TRIGGER cases_case_stands ON cases_case;
CREATE TRIGGER cases_case_stands BEFORE UPDATE ON cases_case FOR EACH ROW
    WHEN ((OLD.code, OLD.reporter_id, OLD.kind, OLD.reported_at, OLD.clock_started_at)
          IS DISTINCT FROM (NEW.code, NEW.reporter_id, NEW.kind, NEW.reported_at, NEW.clock_started_at))
    EXECUTE FUNCTION cases_refuse_another();
DROP TRIGGER cases_end_stands ON cases_case;
CREATE TRIGGER cases_end_stands BEFORE UPDATE ON cases_case FOR EACH ROW
    WHEN (OLD.ended_at IS NOT NULL AND NEW.ended_at IS NOT NULL
          AND (OLD.state, OLD.outcome, OLD.is_unchecked, OLD.round, OLD.handler_id, OLD.due_at, OLD.due_year,
               OLD.ended_at)
              IS DISTINCT FROM
              (NEW.state, NEW.outcome, NEW.is_unchecked, NEW.round, NEW.handler_id, NEW.due_at, NEW.due_year,
               NEW.ended_at))
    EXECUTE FUNCTION cases_refuse_another();
DROP TRIGGER cases_workorder_stands ON cases_workorder;
CREATE TRIGGER cases_workorder_stands BEFORE UPDATE ON cases_workorder FOR EACH ROW
    WHEN ((OLD.unit_id, OLD.sent_by_id, OLD.sent_at, OLD.clock_started_at)
          IS DISTINCT FROM (NEW.unit_id, NEW.sent_by_id, NEW.sent_at, NEW.clock_started_at)
          OR OLD.ended_at IS NOT NULL
          AND (OLD.state, OLD.handler_id, OLD.due_at, OLD.due_year, OLD.ended_at)
              IS DISTINCT FROM (NEW.state, NEW.handler_id, NEW.due_at, NEW.due_year, NEW.ended_at))
    EXECUTE FUNCTION cases_refuse_another();
CREATE TRIGGER cases_gooddeed_begin_stands BEFORE UPDATE ON cases_gooddeed FOR EACH ROW
    WHEN (OLD.reported_at IS DISTINCT FROM NEW.reported_at) EXECUTE FUNCTION cases_refuse_another();
"""

# Runs at COMMIT: a deed stands where its last step led, whoever wrote it.
A_DEED_STANDS_BY_ITS_STEPS = """
CREATE FUNCTION cases_deed_stands_by_its_steps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE led text; stands text;
BEGIN
    SELECT state INTO stands FROM cases_gooddeed WHERE street_id = NEW.street_id AND id = NEW.id;
    SELECT to_state INTO led FROM cases_deedstep
        WHERE street_id = NEW.street_id AND deed_id = NEW.id ORDER BY position DESC LIMIT 1;
    IF stands IS DISTINCT FROM led THEN
        RAISE EXCEPTION 'deed % stands at %, its last step led to %', NEW.id, stands, led
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_deed_stands_by_its_steps', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cases_deed_by_steps AFTER INSERT OR UPDATE OF state ON cases_gooddeed
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_deed_stands_by_its_steps();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_what_was_said_stands"),
    ]

    operations = [
        # What was there before goes with the functions of the step before.
        migrations.RunSQL(BEGINNINGS_AND_ENDS_STAND, "DROP TRIGGER cases_gooddeed_begin_stands ON cases_gooddeed;"),
        migrations.RunSQL(A_DEED_STANDS_BY_ITS_STEPS, "DROP FUNCTION cases_deed_stands_by_its_steps CASCADE;"),
    ]
