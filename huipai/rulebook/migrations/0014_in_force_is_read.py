from django.db import migrations, models
from django.db.models import F, Q

from huipai.streets.operations import AddConstraint, AddIndex

# What is in force is a question of dates and of open objections, answered when it is asked: from the day of a version
# that waits for a decision on, the calendar stands still just before that day. Whatever asks what is in force asks here.
CALENDAR = """
CREATE FUNCTION rulebook_waits(said_at timestamptz, effective_from timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT said_at <= effective_from - interval '1 minute'
$$;
CREATE FUNCTION rulebook_held_from(of_street uuid) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT min(v.effective_from) FROM rulebook_remark AS r
    JOIN rulebook_rulebookversion AS v ON v.street_id = r.street_id AND v.id = r.version_id
    WHERE r.street_id = of_street AND r.kind = 'objection' AND r.answered_at IS NULL
      AND v.published_at IS NOT NULL AND v.ended_at IS NULL AND rulebook_waits(r.said_at, v.effective_from)
$$;
CREATE FUNCTION rulebook_counts_at(at timestamptz, held timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT least(at, held - interval '1 microsecond')
$$;
CREATE FUNCTION rulebook_calendar_at(of_street uuid, at timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT rulebook_counts_at(at, rulebook_held_from(of_street))
$$;
"""
NO_CALENDAR = """
DROP FUNCTION rulebook_calendar_at(uuid, timestamptz);
DROP FUNCTION rulebook_counts_at(timestamptz, timestamptz);
DROP FUNCTION rulebook_held_from(uuid);
DROP FUNCTION rulebook_waits(timestamptz, timestamptz);
"""

# A day moves as long as its version, or one before it, has not begun: also when the day itself went by meanwhile.
GUARD_POSTPONEMENT = """
CREATE OR REPLACE FUNCTION rulebook_guard_postponement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM rulebook_rulebookversion
                   WHERE street_id = NEW.street_id AND id = NEW.version_id AND published_at IS NOT NULL
                     AND ended_at IS NULL AND effective_from = NEW.was)
        OR NOT EXISTS (SELECT FROM rulebook_rulebookversion AS v
                       JOIN rulebook_remark AS r ON r.street_id = v.street_id AND r.version_id = v.id
                       WHERE v.street_id = NEW.street_id AND v.published_at IS NOT NULL AND v.ended_at IS NULL
                         AND v.effective_from <= NEW.was AND r.kind = 'objection' AND r.answered_at IS NULL
                         AND r.said_at <= NEW.decided_at AND rulebook_waits(r.said_at, v.effective_from)) THEN
        RAISE EXCEPTION 'only an objection without a decision moves the day of a version'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_postponed_by_an_objection', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
"""

# With its decision an objection holds nothing up any more: what it did hold up must lie ahead by then, or it would
# have been in force all the while.
MOVED_FIRST = """
CREATE FUNCTION rulebook_guard_decision() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER rulebook_remark_decision BEFORE UPDATE ON rulebook_remark FOR EACH ROW
    WHEN (NEW.kind = 'objection' AND OLD.answered_at IS NULL AND NEW.answered_at IS NOT NULL)
    EXECUTE FUNCTION rulebook_guard_decision();
"""


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0013_objections_come_first")]

    operations = [
        AddIndex(
            "remark",
            models.Index(
                name="rulebook_open_objections",
                fields=["street", "version", "said_at"],
                condition=Q(kind="objection", answered_at__isnull=True),
            ),
        ),
        migrations.RemoveConstraint("postponement", "rulebook_postponed_before_it_begins"),
        AddConstraint(
            "postponement",
            models.CheckConstraint(
                name="rulebook_postponed_before_it_begins",
                condition=Q(becomes__gt=F("was"), decided_at__lt=F("becomes")),
            ),
        ),
        migrations.RunSQL(CALENDAR, NO_CALENDAR),
        migrations.RunSQL(GUARD_POSTPONEMENT, migrations.RunSQL.noop),
        migrations.RunSQL(
            MOVED_FIRST,
            "DROP TRIGGER rulebook_remark_decision ON rulebook_remark; DROP FUNCTION rulebook_guard_decision();",
        ),
    ]
