from django.db import migrations

# Of one person one objection a version holds it up: what they say after an answer is heard and answered like any other,
# and the calendar goes on meanwhile.
HOLDS_UP = """
CREATE FUNCTION rulebook_holds_up(one rulebook_remark) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM rulebook_remark AS before
                       WHERE before.street_id = one.street_id AND before.version_id = one.version_id
                         AND before.person_id = one.person_id AND before.kind = 'objection' AND before.id <> one.id
                         AND before.answered_at <= one.said_at)
$$;
CREATE OR REPLACE FUNCTION rulebook_held_from(of_street uuid) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT min(v.effective_from) FROM rulebook_remark AS r
    JOIN rulebook_rulebookversion AS v ON v.street_id = r.street_id AND v.id = r.version_id
    WHERE r.street_id = of_street AND r.kind = 'objection' AND r.answered_at IS NULL
      AND v.published_at IS NOT NULL AND v.ended_at IS NULL AND rulebook_waits(r.said_at, v.effective_from)
      AND rulebook_holds_up(r)
$$;
CREATE OR REPLACE FUNCTION rulebook_guard_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF rulebook_holds_up(NEW) AND EXISTS (
        SELECT FROM rulebook_rulebookversion AS v
        WHERE v.street_id = NEW.street_id AND v.id = NEW.version_id AND v.published_at IS NOT NULL
            AND v.ended_at IS NULL AND rulebook_waits(NEW.said_at, v.effective_from)
            AND NOT rulebook_waits(NEW.answered_at, v.effective_from)) THEN
        RAISE EXCEPTION 'the day of a version moves before what held it up is decided'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_moved_before_decided', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
"""
HOLDS_UP_BACK = """
CREATE OR REPLACE FUNCTION rulebook_held_from(of_street uuid) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT min(v.effective_from) FROM rulebook_remark AS r
    JOIN rulebook_rulebookversion AS v ON v.street_id = r.street_id AND v.id = r.version_id
    WHERE r.street_id = of_street AND r.kind = 'objection' AND r.answered_at IS NULL
      AND v.published_at IS NOT NULL AND v.ended_at IS NULL AND rulebook_waits(r.said_at, v.effective_from)
$$;
CREATE OR REPLACE FUNCTION rulebook_guard_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM rulebook_rulebookversion AS v
               WHERE v.street_id = NEW.street_id AND v.id = NEW.version_id AND v.published_at IS NOT NULL
                 AND v.ended_at IS NULL AND rulebook_waits(NEW.said_at, v.effective_from)
                 AND NOT rulebook_waits(NEW.answered_at, v.effective_from)) THEN
        RAISE EXCEPTION 'the day of a version moves before what held it up is decided'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_moved_before_decided', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
DROP FUNCTION rulebook_holds_up(rulebook_remark);
"""

# A version does not take effect with an item whose admission is over on its first day.
ADMITTED = """
CREATE FUNCTION rulebook_guard_admissions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM rulebook_pointitem AS item WHERE item.street_id = NEW.street_id AND item.version_id = NEW.id
               AND item.admitted_until < (NEW.effective_from AT TIME ZONE 'Asia/Shanghai')::date) THEN
        RAISE EXCEPTION 'an admission is over before the version begins'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_admitted_when_it_begins', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_version_admissions BEFORE UPDATE ON rulebook_rulebookversion
    FOR EACH ROW WHEN (OLD.published_at IS NULL AND NEW.published_at IS NOT NULL)
    EXECUTE FUNCTION rulebook_guard_admissions();
"""
ADMITTED_BACK = """
DROP TRIGGER rulebook_version_admissions ON rulebook_rulebookversion;
DROP FUNCTION rulebook_guard_admissions();
"""


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0017_fields_are_judged"), ("streets", "0002_invariants")]
    operations = [migrations.RunSQL(HOLDS_UP, HOLDS_UP_BACK), migrations.RunSQL(ADMITTED, ADMITTED_BACK)]
