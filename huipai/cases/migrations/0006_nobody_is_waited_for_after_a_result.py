from django.db import migrations

BEFORE_A_RESULT = "('whistled', 'mustering', 'unanswered', 'on_site')"
# Whoever was waited for beside a result could neither come nor was told not to.
RELEASE = f"""
UPDATE cases_unitcall AS waiting SET state = 'released' FROM cases_jointtask AS task
WHERE task.street_id = waiting.street_id AND task.id = waiting.task_id AND waiting.state = 'called'
  AND task.state NOT IN {BEFORE_A_RESULT};
"""

# Asked at commit: a result and the release of who was waited for are one step, in whatever order they are written.
# Whoever calls a unit or writes a result holds the row of the task, so that the two cannot pass each other.
GUARD = f"""
CREATE FUNCTION cases_nobody_is_waited_for_after_a_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM cases_unitcall AS waiting
               JOIN cases_jointtask AS task ON task.street_id = waiting.street_id AND task.id = waiting.task_id
               WHERE waiting.street_id = NEW.street_id
                 AND waiting.task_id = (to_jsonb(NEW) ->> TG_ARGV[0])::uuid
                 AND waiting.state = 'called' AND task.state NOT IN {BEFORE_A_RESULT}) THEN
        RAISE EXCEPTION 'there is a result or an end: nobody is waited for'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_nobody_is_waited_for_after_a_result',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cases_nobody_is_waited_for_after_a_result AFTER UPDATE OF state ON cases_jointtask
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state NOT IN {BEFORE_A_RESULT})
    EXECUTE FUNCTION cases_nobody_is_waited_for_after_a_result('id');
CREATE CONSTRAINT TRIGGER cases_nobody_is_waited_for_after_a_result AFTER INSERT OR UPDATE OF state ON cases_unitcall
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'called')
    EXECUTE FUNCTION cases_nobody_is_waited_for_after_a_result('task_id');
"""


class Migration(migrations.Migration):
    dependencies = (("cases", "0005_one_tie_a_pair_whichever_way"),)

    operations = (
        migrations.RunSQL(RELEASE, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, "DROP FUNCTION cases_nobody_is_waited_for_after_a_result CASCADE;"),
    )
