from typing import ClassVar

from django.db import migrations

# Whoever is a household's contact, or was until lately, does not say yes to its incentive (grid.words.TIES_LAST).
EYES = """
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
EYES_BACK = """
DROP TRIGGER households_assessment_guard_contact ON households_assessment;
DROP FUNCTION households_guard_contact_eyes();
"""
# A visit is of a day on which its link stood.
DAYS = """
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
DAYS_BACK = """
DROP TRIGGER households_visit_guard_day ON households_visit;
DROP FUNCTION households_guard_visit_day();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("households", "0011_decided_after_asked")]
    operations: ClassVar = [migrations.RunSQL(EYES, EYES_BACK), migrations.RunSQL(DAYS, DAYS_BACK)]
