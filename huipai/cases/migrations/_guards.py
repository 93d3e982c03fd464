"""What holds of cases, deeds and orders, whoever writes them."""

from django.db import migrations

from huipai.streets.operations import append_only, never_emptied

# The whole is neither done nor over while a part of it is in hand. Whoever brings a part back to life holds the row of
# the whole, so that the two cannot pass each other; a part that comes back too late says that it goes alone.
A_PART_COMES_BACK = """
CREATE FUNCTION cases_a_part_comes_back() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_over boolean;
BEGIN
    SELECT whole.ended_at IS NOT NULL OR whole.state IN ('responded', 'checking', 'confirming') INTO is_over
    FROM cases_case AS whole WHERE whole.street_id = NEW.street_id AND whole.id = NEW.parent_id FOR NO KEY UPDATE;
    IF is_over THEN
        RAISE EXCEPTION 'the whole is done or over: a part in hand goes alone'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_a_part_in_hand_holds_its_whole';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_a_part_comes_back AFTER UPDATE ON cases_case FOR EACH ROW
    WHEN (NEW.parent_id IS NOT NULL AND NEW.ended_at IS NULL AND NOT NEW.goes_alone
          AND (OLD.ended_at IS NOT NULL OR OLD.goes_alone OR OLD.parent_id IS DISTINCT FROM NEW.parent_id
               OR OLD.state = 'confirming' AND NEW.state <> 'confirming'))
    EXECUTE FUNCTION cases_a_part_comes_back();
"""

# Ruling 9: who was drawn to check a case does not follow it, by whatever way the row came there.
NO_CHECKER_FOLLOWS = """
CREATE FUNCTION cases_no_checker_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM cases_check AS look WHERE look.street_id = NEW.street_id AND look.case_id = NEW.case_id
               AND look.checker_id = NEW.person_id) THEN
        RAISE EXCEPTION 'who checks a case does not follow it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_no_checker_follows';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_no_checker_follows AFTER INSERT OR UPDATE OF case_id, person_id ON cases_follow FOR EACH ROW
    EXECUTE FUNCTION cases_no_checker_follows();
"""

# What a type pays is asked by one home and agreed to by another, once; a type pays what was agreed to in its edition.
# What a street is opened with is the operator's: there is nobody yet to ask.
GUARD_PAYMENT = """
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
CREATE TRIGGER cases_payment_no_truncate BEFORE TRUNCATE ON cases_typepayment
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
"""

# The community's words on a unit go with the rest of a joint task; what it thought of it stands.
GUARD_RATING = """
CREATE FUNCTION cases_guard_rating() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.text <> '—' OR to_jsonb(NEW) - 'text' <> to_jsonb(OLD) - 'text' THEN
        RAISE EXCEPTION 'a rating stands as it was given, its words can only be wiped; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_unitrating_append_only', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_unitrating_append_only BEFORE UPDATE OR DELETE ON cases_unitrating
    FOR EACH ROW EXECUTE FUNCTION cases_guard_rating();
"""

# A photo is part of one thing, whichever came first: what lets go of the other took the picture of an open case.
A_PHOTO_TELLS_OF_ONE_THING = """
CREATE FUNCTION cases_a_photo_tells_of_one_thing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM photos_photo AS held WHERE held.street_id = NEW.street_id AND held.id = NEW.photo_id FOR NO KEY UPDATE;
    IF TG_TABLE_NAME <> 'cases_casephoto' AND EXISTS (SELECT FROM cases_casephoto AS part WHERE part.street_id = NEW.street_id AND part.photo_id = NEW.photo_id) OR TG_TABLE_NAME <> 'cases_deedphoto' AND EXISTS (SELECT FROM cases_deedphoto AS part WHERE part.street_id = NEW.street_id AND part.photo_id = NEW.photo_id) OR TG_TABLE_NAME <> 'cases_findphoto' AND EXISTS (SELECT FROM cases_findphoto AS part WHERE part.street_id = NEW.street_id AND part.photo_id = NEW.photo_id) OR TG_TABLE_NAME <> 'points_evidence' AND EXISTS (SELECT FROM points_evidence AS part WHERE part.street_id = NEW.street_id AND part.photo_id = NEW.photo_id) THEN
        RAISE EXCEPTION 'photo % is part of something else: %', NEW.photo_id, TG_ARGV[0]
            USING ERRCODE = 'unique_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_a_photo_tells_of_one_thing AFTER INSERT ON cases_casephoto FOR EACH ROW
    WHEN (NEW.photo_id IS NOT NULL)
    EXECUTE FUNCTION cases_a_photo_tells_of_one_thing('cases_a_photo_belongs_to_one_case');
CREATE TRIGGER cases_a_photo_tells_of_one_thing AFTER INSERT ON cases_deedphoto FOR EACH ROW
    WHEN (NEW.photo_id IS NOT NULL)
    EXECUTE FUNCTION cases_a_photo_tells_of_one_thing('cases_a_photo_belongs_to_one_deed');
CREATE TRIGGER cases_a_photo_tells_of_one_thing AFTER INSERT ON cases_findphoto FOR EACH ROW
    WHEN (NEW.photo_id IS NOT NULL)
    EXECUTE FUNCTION cases_a_photo_tells_of_one_thing('cases_a_photo_belongs_to_one_find');
CREATE TRIGGER cases_a_photo_tells_of_one_thing AFTER INSERT ON points_evidence FOR EACH ROW
    WHEN (NEW.photo_id IS NOT NULL)
    EXECUTE FUNCTION cases_a_photo_tells_of_one_thing('points_a_photo_shows_one_claim');
"""

# A part that is done and was found so waits in `confirming` for what is said of the whole and closes with it: the whole
# does not wait for such a part, and one that is disputed comes back to life like one whose review began.
A_WHOLE_WAITS = """
CREATE FUNCTION cases_a_whole_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM cases_case AS part WHERE part.street_id = NEW.street_id AND part.parent_id = NEW.id
               AND part.ended_at IS NULL AND NOT part.goes_alone AND part.state <> 'confirming') THEN
        RAISE EXCEPTION 'a part is in hand: the whole is neither done nor over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_a_whole_waits_for_its_parts';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_a_whole_waits AFTER UPDATE ON cases_case FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state
          AND (NEW.ended_at IS NOT NULL OR NEW.state IN ('responded', 'checking', 'confirming')))
    EXECUTE FUNCTION cases_a_whole_waits();
"""

# Ruling 9: reporter, handler and checker of a matter are three people, by whatever way a row came there. A matter is a
# case, its whole, its parts and what was merged into them (`queries/involved.py` has the same for the commands, which
# lock the case before they ask). Asked at COMMIT, because a merge or a split moves several rows.
THREE_PEOPLE = """
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
CREATE FUNCTION cases_row_three_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_three_people(NEW.street_id, NEW.case_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cases_three_people_of_a_report AFTER INSERT OR UPDATE OF case_id, reporter_id
    ON cases_report DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_row_three_people();
CREATE CONSTRAINT TRIGGER cases_three_people_of_a_response AFTER INSERT OR UPDATE OF case_id, handler_id
    ON cases_response DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_row_three_people();
CREATE CONSTRAINT TRIGGER cases_three_people_of_an_order AFTER INSERT OR UPDATE OF case_id, handler_id
    ON cases_workorder DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.handler_id IS NOT NULL)
    EXECUTE FUNCTION cases_row_three_people();
CREATE CONSTRAINT TRIGGER cases_three_people_of_a_joint_case AFTER INSERT ON cases_jointcase
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_row_three_people();
CREATE CONSTRAINT TRIGGER cases_three_people_of_a_look AFTER INSERT OR UPDATE OF case_id, checker_id
    ON cases_check DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_row_three_people();
CREATE FUNCTION cases_help_three_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_three_people(street_id, case_id) FROM cases_report
        WHERE street_id = NEW.street_id AND id = NEW.report_id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cases_three_people_of_a_help AFTER INSERT ON cases_reporthelp
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_help_three_people();
CREATE FUNCTION cases_call_three_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_three_people(street_id, case_id) FROM cases_jointcase
        WHERE street_id = NEW.street_id AND task_id = NEW.task_id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cases_three_people_of_a_call AFTER INSERT OR UPDATE OF envoy_id
    ON cases_unitcall DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.envoy_id IS NOT NULL)
    EXECUTE FUNCTION cases_call_three_people();
"""


GUARDS = [
    migrations.RunSQL(A_PART_COMES_BACK, "DROP FUNCTION cases_a_part_comes_back CASCADE;"),
    migrations.RunSQL(NO_CHECKER_FOLLOWS, "DROP FUNCTION cases_no_checker_follows CASCADE;"),
    migrations.RunSQL(
        GUARD_PAYMENT,
        "DROP FUNCTION cases_type_pays_what_was_agreed CASCADE; DROP FUNCTION cases_guard_payment CASCADE;",
    ),
    migrations.RunSQL(GUARD_RATING, "DROP FUNCTION cases_guard_rating CASCADE;"),
    migrations.RunSQL(A_PHOTO_TELLS_OF_ONE_THING, "DROP FUNCTION cases_a_photo_tells_of_one_thing CASCADE;"),
    migrations.RunSQL(A_WHOLE_WAITS, "DROP FUNCTION cases_a_whole_waits CASCADE;"),
    migrations.RunSQL(
        THREE_PEOPLE,
        "DROP FUNCTION cases_call_three_people CASCADE; "
        "DROP FUNCTION cases_help_three_people CASCADE; "
        "DROP FUNCTION cases_row_three_people CASCADE; "
        "DROP FUNCTION cases_case_three_people CASCADE; "
        "DROP FUNCTION cases_three_people CASCADE;",
    ),
    never_emptied("cases_unitrating"),
    append_only("cases_bundleresult"),
    append_only("cases_casetypeedition"),
    append_only("cases_deedstep"),
    append_only("cases_findingstep"),
    append_only("cases_holdrelease"),
    append_only("cases_jointstep"),
    append_only("cases_keptdeed"),
    append_only("cases_legalhold"),
    append_only("cases_letgo"),
    append_only("cases_orderstep"),
    append_only("cases_removal"),
    append_only("cases_reporthelp"),
    append_only("cases_retentionterm"),
    append_only("cases_stagemark"),
    append_only("cases_stagerecord"),
    append_only("cases_transition"),
]
