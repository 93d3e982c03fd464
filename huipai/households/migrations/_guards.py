"""What holds of households and their incentives, whoever writes them; and what the ledger asks of them."""

from django.db import migrations

from huipai.streets.operations import append_only, never_emptied

# The ledger's floor knows homes and bonds of people; groups of households are added to its question here.
POINTS_TOO_CLOSE = """
CREATE OR REPLACE FUNCTION points_too_close(of_street uuid, judge uuid, other uuid, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    WITH mine AS (
        SELECT lives.household_id FROM grid_residence AS lives
        WHERE lives.street_id = of_street AND lives.person_id = judge
            AND lives.valid_from <= at AND (lives.valid_until IS NULL OR lives.valid_until > (at - interval '90 days'))
    ), theirs AS (
        SELECT lives.household_id FROM grid_residence AS lives
        WHERE lives.street_id = of_street AND lives.person_id = other
            AND lives.valid_from <= at AND (lives.valid_until IS NULL OR lives.valid_until > (at - interval '90 days'))
    )
    SELECT judge = other
        OR EXISTS (SELECT FROM mine JOIN theirs USING (household_id))
        OR EXISTS (SELECT FROM households_membership AS one
                   JOIN households_membership AS another ON another.street_id = one.street_id
                       AND another.group_id = one.group_id
                   WHERE one.street_id = of_street AND one.household_id IN (SELECT household_id FROM mine)
                       AND another.household_id IN (SELECT household_id FROM theirs)
                       AND one.valid_from <= at AND (one.valid_until IS NULL OR one.valid_until > (at - interval '90 days'))
                       AND another.valid_from <= at AND (another.valid_until IS NULL OR another.valid_until > (at - interval '90 days')))
        OR EXISTS (SELECT FROM points_conflict AS said
                   WHERE said.street_id = of_street AND said.reviewer_id = judge AND said.person_id = other
                       AND said.ended_at IS NULL)
        OR EXISTS (SELECT FROM people_guardianship AS bond
                   JOIN people_person AS minor ON minor.street_id = bond.street_id AND minor.id = bond.minor_id
                   WHERE bond.street_id = of_street AND bond.valid_from <= at
                       AND ((bond.guardian_id = judge AND bond.minor_id = other)
                            OR (bond.guardian_id = other AND bond.minor_id = judge))
                       AND (bond.ended_at IS NULL OR bond.ended_at > at - interval '90 days')
                       AND extract(year FROM (at - interval '90 days') AT TIME ZONE 'Asia/Shanghai')
                           - minor.birth_year <= 18)
        OR EXISTS (SELECT FROM people_proxy AS help
                   WHERE help.street_id = of_street AND help.valid_from <= at AND help.accepted_at IS NOT NULL
                       AND ((help.elder_id = judge AND help.helper_id = other)
                            OR (help.elder_id = other AND help.helper_id = judge))
                       AND (help.ended_at IS NULL OR help.ended_at > at - interval '90 days')
                       AND help.valid_until > at - interval '90 days')
$$;
"""

# The ledger's floor knows no incentives: by whose hands they came is added to its question.
POINTS_GIVERS = """
ALTER FUNCTION points_givers(uuid, uuid) RENAME TO points_givers_of_people;
CREATE FUNCTION points_givers(of_street uuid, of_posting uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT points_givers_of_people(of_street, of_posting)
    UNION SELECT hand FROM households_assessment AS a
    LEFT JOIN households_objection AS o ON o.street_id = a.street_id AND o.assessment_id = a.id
    CROSS JOIN LATERAL unnest(ARRAY[a.proposed_by_id, a.decided_by_id, o.decided_by_id]) AS hand
    WHERE a.street_id = of_street AND a.posting_id = of_posting AND hand IS NOT NULL
$$;
"""
POINTS_GIVERS_BACK = """
DROP FUNCTION points_givers(uuid, uuid);
ALTER FUNCTION points_givers_of_people(uuid, uuid) RENAME TO points_givers;
"""

# A posting of a household leads to its assessment, a visit or a membership to what was agreed: none of them goes.
REFUSE_CHANGE = """
CREATE FUNCTION households_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was said of a household stays; % refused', TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_stays', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER households_assessment_no_delete BEFORE DELETE ON households_assessment FOR EACH ROW
    EXECUTE FUNCTION households_refuse_change();
CREATE TRIGGER households_objection_no_delete BEFORE DELETE ON households_objection FOR EACH ROW
    EXECUTE FUNCTION households_refuse_change();
CREATE TRIGGER households_visit_no_delete BEFORE DELETE ON households_visit FOR EACH ROW
    EXECUTE FUNCTION households_refuse_change();
CREATE TRIGGER households_membership_no_delete BEFORE DELETE ON households_membership FOR EACH ROW
    EXECUTE FUNCTION households_refuse_change();
CREATE TRIGGER households_group_no_delete BEFORE DELETE ON households_group FOR EACH ROW
    EXECUTE FUNCTION households_refuse_change();
CREATE TRIGGER households_link_no_delete BEFORE DELETE ON households_link FOR EACH ROW
    EXECUTE FUNCTION households_refuse_change();
CREATE TRIGGER households_need_no_delete BEFORE DELETE ON households_need FOR EACH ROW
    EXECUTE FUNCTION households_refuse_change();
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
CREATE TRIGGER households_need_guard BEFORE UPDATE ON households_need FOR EACH ROW
    WHEN (NEW.text NOT IN (OLD.text, '')
        OR to_jsonb(NEW) - '{text,state,taken_by_id,closed_at}'::text[]
           <> to_jsonb(OLD) - '{text,state,taken_by_id,closed_at}'::text[])
    EXECUTE FUNCTION households_refuse_change();
"""

# The yes to an incentive comes from another home than its proposal, as points by hand do.
GUARD_ASSESSMENT_EYES = """
CREATE FUNCTION households_guard_assessment_eyes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF points_too_close(NEW.street_id, NEW.decided_by_id, NEW.proposed_by_id, NEW.decided_at) THEN
        RAISE EXCEPTION 'incentive % is proposed and approved in one home', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'households_eyes_are_strangers', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER households_assessment_guard_eyes BEFORE UPDATE ON households_assessment FOR EACH ROW
    WHEN (NEW.state = 'public' AND OLD.state = 'proposed' AND NEW.decided_by_id <> NEW.proposed_by_id)
    EXECUTE FUNCTION households_guard_assessment_eyes();
"""

# Whoever is a household's contact, or was until lately, does not say yes to its incentive (grid.words.TIES_LAST).
GUARD_CONTACT_EYES = """
CREATE FUNCTION households_guard_contact_eyes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM households_link AS link
               WHERE link.street_id = NEW.street_id AND link.household_id = NEW.household_id
                   AND link.contact_id = NEW.decided_by_id
                   AND (link.state = 'standing'
                        OR link.state = 'ended' AND link.answered_at IS NOT NULL
                            AND link.ended_at > NEW.decided_at - interval '90 days')) THEN
        RAISE EXCEPTION 'incentive % is approved by a contact of the household', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'households_contacts_do_not_judge', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER households_assessment_guard_contact BEFORE UPDATE ON households_assessment FOR EACH ROW
    WHEN (NEW.state = 'public' AND OLD.state = 'proposed')
    EXECUTE FUNCTION households_guard_contact_eyes();
"""

# A visit is of a day on which its link stood.
GUARD_VISIT_DAY = """
CREATE FUNCTION households_guard_visit_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM households_link AS link
                   WHERE link.street_id = NEW.street_id AND link.id = NEW.link_id
                       AND (link.answered_at AT TIME ZONE 'Asia/Shanghai')::date <= NEW.visited_on) THEN
        RAISE EXCEPTION 'visit % is of a day on which the link did not stand', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'households_visits_follow_the_link', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER households_visit_guard_day BEFORE INSERT ON households_visit FOR EACH ROW
    EXECUTE FUNCTION households_guard_visit_day();
"""

# The time in public goes on, after an objection that was not right, for what was left of it when it was raised; nothing
# else moves its end.
GUARD_PUBLICITY = """
CREATE FUNCTION households_guard_publicity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'public' AND NEW.state = 'public' AND EXISTS (
        SELECT FROM households_objection AS objection
        WHERE objection.street_id = NEW.street_id AND objection.assessment_id = NEW.id AND NOT objection.is_upheld
            AND NEW.public_until = OLD.public_until + (objection.decided_at - objection.raised_at)
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the time in public of incentive % goes on for what was left of it: what was said of a household stays', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'households_publicity_runs_its_time', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER households_assessment_guard_publicity BEFORE UPDATE ON households_assessment FOR EACH ROW
    WHEN (OLD.public_until IS NOT NULL AND NEW.public_until IS DISTINCT FROM OLD.public_until)
    EXECUTE FUNCTION households_guard_publicity();
"""

# What was objected twice before stays as it was said and decided; from now on nobody objects again. The incentive is
# held, so that of two at once the second sees the first.
OBJECTS_ONCE = """
CREATE FUNCTION households_objects_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM households_assessment AS held
    WHERE held.street_id = NEW.street_id AND held.id = NEW.assessment_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM households_objection AS earlier
               WHERE earlier.street_id = NEW.street_id AND earlier.assessment_id = NEW.assessment_id
                   AND earlier.objector_id = NEW.objector_id AND earlier.id <> NEW.id) THEN
        RAISE EXCEPTION 'whoever objected to incentive % objects again: households_an_objector_objects_once',
                NEW.assessment_id
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'households_an_objector_objects_once',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER households_objection_once AFTER INSERT OR UPDATE OF objector_id, assessment_id ON households_objection
    FOR EACH ROW EXECUTE FUNCTION households_objects_once();
"""


GUARDS = [
    migrations.RunSQL(POINTS_TOO_CLOSE, migrations.RunSQL.noop),
    migrations.RunSQL(POINTS_GIVERS, POINTS_GIVERS_BACK),
    migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION households_refuse_change CASCADE;"),
    migrations.RunSQL(GUARD_ASSESSMENT_EYES, "DROP FUNCTION households_guard_assessment_eyes CASCADE;"),
    migrations.RunSQL(GUARD_CONTACT_EYES, "DROP FUNCTION households_guard_contact_eyes CASCADE;"),
    migrations.RunSQL(GUARD_VISIT_DAY, "DROP FUNCTION households_guard_visit_day CASCADE;"),
    migrations.RunSQL(GUARD_PUBLICITY, "DROP FUNCTION households_guard_publicity CASCADE;"),
    migrations.RunSQL(OBJECTS_ONCE, "DROP FUNCTION households_objects_once CASCADE;"),
    never_emptied("households_assessment"),
    never_emptied("households_group"),
    never_emptied("households_link"),
    never_emptied("households_membership"),
    never_emptied("households_need"),
    never_emptied("households_objection"),
    never_emptied("households_visit"),
    append_only("households_needstep"),
]
