"""What was said of a case, a deed or a finding stands as it was said, whoever writes; only its words can be wiped."""

from django.db import migrations

from huipai.streets.operations import append_only, never_emptied

# A row stands but for the columns that its trigger names: those that a command fills in later.
STANDS_BUT_FOR = """
CREATE FUNCTION cases_stands_but_for() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    later CONSTANT text[] := coalesce(TG_ARGV, '{}');
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - later <> to_jsonb(OLD) - later THEN
        RAISE EXCEPTION '% stands as it was written; % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_stands', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION cases_refuse_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% stands as it was written; % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_stands', TABLE = TG_TABLE_NAME;
END $$;
"""

# Ruling 9: who was drawn, out of which pool; a calendar may date an open look anew, a result is given once.
A_CHECK_STANDS = """
CREATE TRIGGER cases_check_stands BEFORE UPDATE OR DELETE ON cases_check
    FOR EACH ROW EXECUTE FUNCTION cases_stands_but_for('result', 'decided_at', 'due_at');
CREATE TRIGGER cases_check_result_stands BEFORE UPDATE ON cases_check
    FOR EACH ROW WHEN (OLD.result <> '') EXECUTE FUNCTION cases_stands_but_for();
"""

# Ruling 8: what a reporter answered, or that nothing was, and how many stars.
AN_ANSWER_STANDS = """
CREATE TRIGGER cases_confirmation_stands BEFORE UPDATE OR DELETE ON cases_confirmation
    FOR EACH ROW EXECUTE FUNCTION cases_stands_but_for('answer', 'answered_at', 'rating');
CREATE TRIGGER cases_confirmation_answer_stands BEFORE UPDATE ON cases_confirmation
    FOR EACH ROW WHEN (OLD.answer <> '') EXECUTE FUNCTION cases_stands_but_for();
"""

# Who reported, and when, is nobody's to change; words, place and type are corrected, a merge takes it along.
A_REPORT_STANDS = """
CREATE TRIGGER cases_report_stands BEFORE UPDATE ON cases_report FOR EACH ROW
    WHEN ((OLD.reporter_id, OLD.kind, OLD.received_at) IS DISTINCT FROM (NEW.reporter_id, NEW.kind, NEW.received_at))
    EXECUTE FUNCTION cases_refuse_another();
CREATE TRIGGER cases_report_is_kept BEFORE DELETE ON cases_report
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_another();
"""

# What has ended stays as it ended until a review takes it up again, which takes its end away: how, by whom, whether it
# was looked at, and until when it had been promised.
AN_END_STANDS = """
CREATE TRIGGER cases_case_stands BEFORE UPDATE ON cases_case FOR EACH ROW
    WHEN ((OLD.code, OLD.reporter_id, OLD.kind) IS DISTINCT FROM (NEW.code, NEW.reporter_id, NEW.kind))
    EXECUTE FUNCTION cases_refuse_another();
CREATE TRIGGER cases_end_stands BEFORE UPDATE ON cases_case FOR EACH ROW
    WHEN (OLD.ended_at IS NOT NULL AND NEW.ended_at IS NOT NULL
          AND (OLD.state, OLD.outcome, OLD.is_unchecked, OLD.round, OLD.handler_id, OLD.due_at, OLD.due_year)
              IS DISTINCT FROM
              (NEW.state, NEW.outcome, NEW.is_unchecked, NEW.round, NEW.handler_id, NEW.due_at, NEW.due_year))
    EXECUTE FUNCTION cases_refuse_another();
CREATE TRIGGER cases_workorder_stands BEFORE UPDATE ON cases_workorder FOR EACH ROW
    WHEN ((OLD.unit_id, OLD.sent_by_id, OLD.sent_at) IS DISTINCT FROM (NEW.unit_id, NEW.sent_by_id, NEW.sent_at)
          OR OLD.ended_at IS NOT NULL
          AND (OLD.state, OLD.handler_id, OLD.due_at, OLD.due_year, OLD.ended_at)
              IS DISTINCT FROM (NEW.state, NEW.handler_id, NEW.due_at, NEW.due_year, NEW.ended_at))
    EXECUTE FUNCTION cases_refuse_another();
"""

# Ruling 16: who told; and once it was decided, by whom, on what consent, for whose points. Public words are wiped only.
A_DEED_STANDS = """
CREATE TRIGGER cases_gooddeed_stands BEFORE UPDATE ON cases_gooddeed FOR EACH ROW
    WHEN ((OLD.code, OLD.reporter_id, OLD.content_hash) IS DISTINCT FROM (NEW.code, NEW.reporter_id, NEW.content_hash)
          OR OLD.state <> 'reported'
          AND ((OLD.doer_id, OLD.decided_by_id, OLD.published_at, OLD.third_party, OLD.consent_channel, OLD.point_item)
               IS DISTINCT FROM
               (NEW.doer_id, NEW.decided_by_id, NEW.published_at, NEW.third_party, NEW.consent_channel, NEW.point_item)
               OR NEW.public_title NOT IN (OLD.public_title, '—')
               OR NEW.public_text NOT IN (OLD.public_text, '')))
    EXECUTE FUNCTION cases_refuse_another();
"""

# Who found what of whose report, on which ground and until when it could be appealed against; an appeal and what came
# of it are written once.
A_FINDING_STANDS = """
CREATE TRIGGER cases_finding_stands BEFORE UPDATE ON cases_finding FOR EACH ROW
    WHEN ((OLD.report_id, OLD.reporter_id, OLD.ground, OLD.found_by_id, OLD.found_at, OLD.appeal_until)
          IS DISTINCT FROM
          (NEW.report_id, NEW.reporter_id, NEW.ground, NEW.found_by_id, NEW.found_at, NEW.appeal_until)
          OR NEW.grounds NOT IN (OLD.grounds, '—')
          OR OLD.state <> 'found'
          AND (NEW.hear_until IS DISTINCT FROM OLD.hear_until OR NEW.appeal NOT IN (OLD.appeal, ''))
          OR OLD.ended_at IS NOT NULL
          AND ((OLD.state, OLD.heard_by_id, OLD.ended_at) IS DISTINCT FROM (NEW.state, NEW.heard_by_id, NEW.ended_at)
               OR NEW.answer NOT IN (OLD.answer, '')))
    EXECUTE FUNCTION cases_refuse_another();
"""

STANDS = [
    migrations.RunSQL(
        STANDS_BUT_FOR,
        "DROP FUNCTION cases_refuse_another CASCADE; DROP FUNCTION cases_stands_but_for CASCADE;",
    ),
    *(
        migrations.RunSQL(statements, migrations.RunSQL.noop)  # they go with their functions
        for statements in (
            A_CHECK_STANDS, AN_ANSWER_STANDS, A_REPORT_STANDS, AN_END_STANDS, A_DEED_STANDS, A_FINDING_STANDS,
        )
    ),
    append_only("cases_response"),
    never_emptied("cases_check"),
    never_emptied("cases_confirmation"),
]  # fmt: skip
