"""What several units did together, and a paper of a case, stand as they were written; only their words can be wiped."""

from django.db import migrations

from huipai.streets.operations import never_emptied

# Who whistled, for whom and with how much time. A day can be moved until they were there, a result is written once, an
# end is one. Words are wiped with the last case that it was about.
A_JOINT_TASK_STANDS = """
CREATE TRIGGER cases_jointtask_stands BEFORE UPDATE OR DELETE ON cases_jointtask
    FOR EACH ROW EXECUTE FUNCTION cases_stands_but_for(
        'state', 'matter', 'visit_at', 'visit_place', 'visited_at', 'visit_note', 'result', 'resolved_at', 'ending',
        'wait_until', 'ended_at');
CREATE TRIGGER cases_jointtask_words_stand BEFORE UPDATE ON cases_jointtask FOR EACH ROW
    WHEN (NEW.matter NOT IN (OLD.matter, '—')
          OR OLD.visited_at IS NOT NULL
          AND ((OLD.visit_at, OLD.visited_at) IS DISTINCT FROM (NEW.visit_at, NEW.visited_at)
               OR NEW.visit_place NOT IN (OLD.visit_place, '—') OR NEW.visit_note NOT IN (OLD.visit_note, ''))
          OR OLD.resolved_at IS NOT NULL
          AND (OLD.resolved_at IS DISTINCT FROM NEW.resolved_at OR NEW.result NOT IN (OLD.result, '—'))
          OR OLD.ended_at IS NOT NULL
          AND ((OLD.state, OLD.ended_at) IS DISTINCT FROM (NEW.state, NEW.ended_at)
               OR NEW.ending NOT IN (OLD.ending, '')))
    EXECUTE FUNCTION cases_refuse_another();
CREATE TRIGGER cases_jointcase_stands BEFORE UPDATE OR DELETE ON cases_jointcase
    FOR EACH ROW EXECUTE FUNCTION cases_stands_but_for('ended_at');
CREATE TRIGGER cases_jointcase_end_stands BEFORE UPDATE ON cases_jointcase FOR EACH ROW
    WHEN (OLD.ended_at <> NEW.ended_at) EXECUTE FUNCTION cases_refuse_another();
"""

# Whoever came is not called again, nor did they come at another time; another is named until they were there, and that
# they were is said once. Time to answer is given with a call, a reason with its answer.
A_CALL_STANDS = """
CREATE TRIGGER cases_unitcall_stands BEFORE UPDATE OR DELETE ON cases_unitcall
    FOR EACH ROW EXECUTE FUNCTION cases_stands_but_for(
        'state', 'called_at', 'answer_by', 'envoy_id', 'mustered_at', 'excuse', 'came', 'part', 'part_at');
CREATE TRIGGER cases_unitcall_answer_stands BEFORE UPDATE ON cases_unitcall FOR EACH ROW
    WHEN (OLD.mustered_at IS NOT NULL
          AND (OLD.state, OLD.mustered_at) IS DISTINCT FROM (NEW.state, NEW.mustered_at)
          OR OLD.came IS NOT NULL AND (OLD.came, OLD.envoy_id) IS DISTINCT FROM (NEW.came, NEW.envoy_id)
          OR (OLD.called_at, OLD.answer_by) IS DISTINCT FROM (NEW.called_at, NEW.answer_by)
          AND (OLD.state = 'called' OR NEW.state <> 'called')
          OR NEW.excuse NOT IN (OLD.excuse, '—')
          AND (OLD.state = NEW.state OR NEW.state NOT IN ('declined', 'mustered')))
    EXECUTE FUNCTION cases_refuse_another();
"""

# For whose eyes, by whom and of which case: a paper is only taken away, and its name with it.
A_PAPER_STANDS = """
CREATE TRIGGER cases_attachment_stands BEFORE UPDATE OR DELETE ON cases_attachment
    FOR EACH ROW EXECUTE FUNCTION cases_stands_but_for('name', 'removed_at');
CREATE TRIGGER cases_attachment_end_stands BEFORE UPDATE ON cases_attachment FOR EACH ROW
    WHEN (OLD.removed_at IS NOT NULL AND OLD.removed_at IS DISTINCT FROM NEW.removed_at
          OR NEW.name NOT IN (OLD.name, '') OR (NEW.name = '') <> (NEW.removed_at IS NOT NULL))
    EXECUTE FUNCTION cases_refuse_another();
"""

TABLES = ("cases_jointtask", "cases_jointcase", "cases_unitcall", "cases_attachment")
TAKEN_BACK = """
DROP TRIGGER cases_jointtask_stands ON cases_jointtask;
DROP TRIGGER cases_jointtask_words_stand ON cases_jointtask;
DROP TRIGGER cases_jointcase_stands ON cases_jointcase;
DROP TRIGGER cases_jointcase_end_stands ON cases_jointcase;
DROP TRIGGER cases_unitcall_stands ON cases_unitcall;
DROP TRIGGER cases_unitcall_answer_stands ON cases_unitcall;
DROP TRIGGER cases_attachment_stands ON cases_attachment;
DROP TRIGGER cases_attachment_end_stands ON cases_attachment;
"""


class Migration(migrations.Migration):
    dependencies = (("cases", "0006_nobody_is_waited_for_after_a_result"),)

    operations = (
        migrations.RunSQL(A_JOINT_TASK_STANDS + A_CALL_STANDS + A_PAPER_STANDS, TAKEN_BACK),
        *(never_emptied(table) for table in TABLES),
    )
