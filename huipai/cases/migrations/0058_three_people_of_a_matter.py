from typing import ClassVar

from django.db import migrations

# Ruling 9: reporter, handler and checker of a matter are three people, by whatever way a row came there. A matter is a
# case, its whole, its parts and what was merged into them (`queries/involved.py` has the same for the commands, which
# lock the case before they ask). Asked at COMMIT, because a merge or a split moves several rows.
GUARD = """
CREATE FUNCTION cases_three_people(street uuid, of_case uuid) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
    root uuid;
BEGIN
    SELECT COALESCE(merged_into_id, parent_id, id) INTO root FROM cases_case WHERE street_id = street AND id = of_case;
    IF EXISTS (
        WITH matter AS MATERIALIZED (
            SELECT id, reporter_id, handler_id FROM cases_case
            WHERE street_id = street AND (id = root OR parent_id = root OR merged_into_id = root)
        ), taking_part (person, part) AS (
            SELECT reporter_id, 'reporter' FROM matter
            UNION ALL SELECT handler_id, 'handler' FROM matter WHERE handler_id IS NOT NULL
            UNION ALL SELECT report.reporter_id, 'reporter'
                FROM matter JOIN cases_report AS report ON report.street_id = street AND report.case_id = matter.id
            UNION ALL SELECT help.helper_id, 'reporter'
                FROM matter JOIN cases_report AS report ON report.street_id = street AND report.case_id = matter.id
                JOIN cases_reporthelp AS help ON help.street_id = street AND help.report_id = report.id
            UNION ALL SELECT response.handler_id, 'handler'
                FROM matter JOIN cases_response AS response
                    ON response.street_id = street AND response.case_id = matter.id
            UNION ALL SELECT held.handler_id, 'handler'
                FROM matter JOIN cases_workorder AS held ON held.street_id = street AND held.case_id = matter.id
                WHERE held.handler_id IS NOT NULL
            UNION ALL SELECT call.envoy_id, 'handler'
                FROM matter JOIN cases_jointcase AS joint ON joint.street_id = street AND joint.case_id = matter.id
                JOIN cases_unitcall AS call ON call.street_id = street AND call.task_id = joint.task_id
                WHERE call.envoy_id IS NOT NULL
            UNION ALL SELECT look.checker_id, 'checker'
                FROM matter JOIN cases_check AS look ON look.street_id = street AND look.case_id = matter.id
        )
        SELECT FROM taking_part GROUP BY person HAVING min(part) <> max(part)
    ) THEN
        RAISE EXCEPTION 'reporter, handler and checker of a matter are three people'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_three_people';
    END IF;
END $$;

CREATE FUNCTION cases_case_three_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_three_people(NEW.street_id, NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION cases_row_three_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_three_people(NEW.street_id, NEW.case_id);
    RETURN NULL;
END $$;
CREATE FUNCTION cases_help_three_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_three_people(street_id, case_id) FROM cases_report
        WHERE street_id = NEW.street_id AND id = NEW.report_id;
    RETURN NULL;
END $$;
CREATE FUNCTION cases_call_three_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_three_people(street_id, case_id) FROM cases_jointcase
        WHERE street_id = NEW.street_id AND task_id = NEW.task_id;
    RETURN NULL;
END $$;

-- A case is filed before anybody has it in hand: what its own report says of it is asked there.
CREATE CONSTRAINT TRIGGER cases_three_people_of_a_new_case AFTER INSERT ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.handler_id IS NOT NULL OR NEW.parent_id IS NOT NULL OR NEW.merged_into_id IS NOT NULL)
    EXECUTE FUNCTION cases_case_three_people();
CREATE CONSTRAINT TRIGGER cases_three_people_of_a_case AFTER UPDATE ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.reporter_id, OLD.handler_id, OLD.parent_id, OLD.merged_into_id)
          IS DISTINCT FROM (NEW.reporter_id, NEW.handler_id, NEW.parent_id, NEW.merged_into_id))
    EXECUTE FUNCTION cases_case_three_people();
CREATE CONSTRAINT TRIGGER cases_three_people_of_a_report AFTER INSERT OR UPDATE OF case_id, reporter_id
    ON cases_report DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_row_three_people();
CREATE CONSTRAINT TRIGGER cases_three_people_of_a_help AFTER INSERT ON cases_reporthelp
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_help_three_people();
CREATE CONSTRAINT TRIGGER cases_three_people_of_a_response AFTER INSERT OR UPDATE OF case_id, handler_id
    ON cases_response DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_row_three_people();
CREATE CONSTRAINT TRIGGER cases_three_people_of_an_order AFTER INSERT OR UPDATE OF case_id, handler_id
    ON cases_workorder DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.handler_id IS NOT NULL)
    EXECUTE FUNCTION cases_row_three_people();
CREATE CONSTRAINT TRIGGER cases_three_people_of_a_joint_case AFTER INSERT ON cases_jointcase
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_row_three_people();
CREATE CONSTRAINT TRIGGER cases_three_people_of_a_call AFTER INSERT OR UPDATE OF envoy_id
    ON cases_unitcall DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.envoy_id IS NOT NULL)
    EXECUTE FUNCTION cases_call_three_people();
CREATE CONSTRAINT TRIGGER cases_three_people_of_a_look AFTER INSERT OR UPDATE OF case_id, checker_id
    ON cases_check DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_row_three_people();
"""
GUARD_BACK = """
DROP TRIGGER cases_three_people_of_a_new_case ON cases_case;
DROP TRIGGER cases_three_people_of_a_case ON cases_case;
DROP TRIGGER cases_three_people_of_a_report ON cases_report;
DROP TRIGGER cases_three_people_of_a_help ON cases_reporthelp;
DROP TRIGGER cases_three_people_of_a_response ON cases_response;
DROP TRIGGER cases_three_people_of_an_order ON cases_workorder;
DROP TRIGGER cases_three_people_of_a_joint_case ON cases_jointcase;
DROP TRIGGER cases_three_people_of_a_call ON cases_unitcall;
DROP TRIGGER cases_three_people_of_a_look ON cases_check;
DROP FUNCTION cases_case_three_people();
DROP FUNCTION cases_row_three_people();
DROP FUNCTION cases_help_three_people();
DROP FUNCTION cases_call_three_people();
DROP FUNCTION cases_three_people(uuid, uuid);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0057_parts_are_found")]

    operations: ClassVar = [migrations.RunSQL(GUARD, GUARD_BACK)]
