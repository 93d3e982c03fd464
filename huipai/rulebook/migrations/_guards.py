"""What holds of versions, votes and objections, whoever writes them."""

from django.db import migrations

from huipai.streets.operations import append_only, never_emptied

# A version is born a draft, is published once, with two approvals of exactly this content by others than its author,
# and afterwards only gets an end.
GUARD_VERSION = """
CREATE FUNCTION rulebook_guard_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.published_at IS NOT NULL OR NEW.ended_at IS NOT NULL THEN
            RAISE EXCEPTION 'a version begins as a draft'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_two_approvals', TABLE = TG_TABLE_NAME;
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.published_at IS NOT NULL OR OLD.ended_at IS NOT NULL THEN
        IF TG_OP = 'UPDATE' AND rulebook_only_its_end(OLD, NEW) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a published version does not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_version_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.published_at IS NOT NULL THEN
        PERFORM rulebook_check_publication(OLD, NEW);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_version_guard BEFORE INSERT OR UPDATE OR DELETE ON rulebook_rulebookversion
    FOR EACH ROW EXECUTE FUNCTION rulebook_guard_version();
"""

# FOR SHARE makes an edit wait for an approval or a publication, and they for it.
GUARD_ITEM = """
CREATE FUNCTION rulebook_guard_item() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    item rulebook_pointitem := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    version rulebook_rulebookversion;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.version_id, NEW.street_id) IS DISTINCT FROM (OLD.version_id, OLD.street_id) THEN
        RAISE EXCEPTION 'an item stays in its version'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_version_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    SELECT * INTO version FROM rulebook_rulebookversion
        WHERE street_id = item.street_id AND id = item.version_id FOR SHARE;
    IF version.published_at IS NOT NULL OR version.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'the items of a published version do not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_version_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM rulebook_check_admission(item);
    END IF;
    RETURN item;
END $$;
CREATE TRIGGER rulebook_item_guard BEFORE INSERT OR UPDATE OR DELETE ON rulebook_pointitem
    FOR EACH ROW EXECUTE FUNCTION rulebook_guard_item();
"""

# What was said stays; only its words can be wiped, when whoever said it is forgotten.
GUARD_REMARK = """
CREATE FUNCTION rulebook_guard_remark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.answered_at IS NOT NULL
        OR to_jsonb(NEW) - '{outcome,answer,answered_by_id,answered_at}'::text[]
        <> to_jsonb(OLD) - '{outcome,answer,answered_by_id,answered_at}'::text[] THEN
        RAISE EXCEPTION 'what was said stays, and is answered once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_remark_stays', TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.kind = 'objection' AND rulebook_is_author(NEW.street_id, NEW.version_id, NEW.answered_by_id) THEN
        RAISE EXCEPTION 'an objection is not decided by the author' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'rulebook_author_decides_no_objection', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_remark_guard BEFORE UPDATE ON rulebook_remark FOR EACH ROW
    WHEN (NOT (NEW.text = '—' AND to_jsonb(NEW) - 'text' = to_jsonb(OLD) - 'text'))
    EXECUTE FUNCTION rulebook_guard_remark();
CREATE TRIGGER rulebook_remark_no_delete BEFORE DELETE ON rulebook_remark
    FOR EACH ROW EXECUTE FUNCTION rulebook_guard_remark();
"""

# A day moves as long as its version, or one before it, has not begun: also when the day itself went by meanwhile.
GUARD_POSTPONEMENT = """
CREATE FUNCTION rulebook_guard_postponement() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER rulebook_postponement_guard BEFORE INSERT ON rulebook_postponement
    FOR EACH ROW EXECUTE FUNCTION rulebook_guard_postponement();
"""

# Who approves sits on the board themselves: a deputy does not vote, else one seat could be both of the two that approve
# (ruling 21).
GUARD_APPROVAL = """
CREATE FUNCTION rulebook_guard_approval() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE version rulebook_rulebookversion;
BEGIN
    SELECT * INTO version FROM rulebook_rulebookversion
        WHERE street_id = NEW.street_id AND id = NEW.version_id FOR UPDATE;
    IF rulebook_is_author(NEW.street_id, NEW.version_id, NEW.approver_id) THEN
        RAISE EXCEPTION 'nobody approves what they have written'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_author_never_approves', TABLE = TG_TABLE_NAME;
    END IF;
    IF version.published_at IS NOT NULL OR version.ended_at IS NOT NULL
        OR NEW.content_hash IS DISTINCT FROM rulebook_content_hash(NEW.street_id, NEW.version_id) THEN
        RAISE EXCEPTION 'what is approved is the content as it stands'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_hash_is_of_the_items', TABLE = TG_TABLE_NAME;
    END IF;
    IF NOT EXISTS (SELECT FROM grid_assignment AS held
                   WHERE held.street_id = NEW.street_id AND held.role = 'board_member'
                     AND NEW.approver_id = held.person_id
                     AND held.valid_from <= NEW.approved_at
                     AND (held.valid_until IS NULL OR held.valid_until > NEW.approved_at)) THEN
        RAISE EXCEPTION 'only the board approves'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_only_the_board_approves', TABLE = TG_TABLE_NAME;
    END IF;
    NEW.seat := rulebook_seat(NEW.street_id, NEW.approver_id, NEW.approved_at);
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_approval_guard BEFORE INSERT ON rulebook_approval
    FOR EACH ROW EXECUTE FUNCTION rulebook_guard_approval();
"""

GUARD_DECISION = """
CREATE FUNCTION rulebook_guard_decision() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER rulebook_remark_decision BEFORE UPDATE ON rulebook_remark FOR EACH ROW
    WHEN (NEW.kind = 'objection' AND OLD.answered_at IS NULL AND NEW.answered_at IS NOT NULL)
    EXECUTE FUNCTION rulebook_guard_decision();
"""

# A version does not take effect with an item whose admission is over on its first day.
GUARD_ADMISSIONS = """
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

GUARD_CARRIED = """
CREATE FUNCTION rulebook_guard_carried() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM rulebook_carried_otherwise(NEW.street_id, NEW.id, NEW.published_at)) THEN
        RAISE EXCEPTION 'what is carried over is not what the version before says' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'rulebook_carried_over_as_it_was', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_version_carried BEFORE UPDATE ON rulebook_rulebookversion FOR EACH ROW
    WHEN (OLD.published_at IS NULL AND NEW.published_at IS NOT NULL) EXECUTE FUNCTION rulebook_guard_carried();
"""

# A dry run stays as it came out.
GUARD_DRY_RUN = """
CREATE FUNCTION rulebook_guard_dry_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state = 'done' OR NEW.content_hash <> OLD.content_hash
        OR NEW.version_id <> OLD.version_id OR NEW.held <> OLD.held THEN
        RAISE EXCEPTION 'a dry run that is done stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_dry_run_stays', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_dry_run_guard BEFORE UPDATE OR DELETE ON rulebook_dryrun
    FOR EACH ROW EXECUTE FUNCTION rulebook_guard_dry_run();
"""

# What is published from now on says of each item who answers for it and on what it rests; what was published before
# stays as it was.
GUARD_NAMED = r"""
CREATE FUNCTION rulebook_guard_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM rulebook_pointitem WHERE street_id = NEW.street_id AND version_id = NEW.id
               AND (owner !~ '\S' OR legal_ground !~ '\S')) THEN
        RAISE EXCEPTION 'an item says not who answers for it, or not on what it rests'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_items_say_who_and_on_what', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_version_answered_for BEFORE UPDATE ON rulebook_rulebookversion FOR EACH ROW
    WHEN (OLD.published_at IS NULL AND NEW.published_at IS NOT NULL) EXECUTE FUNCTION rulebook_guard_named();
"""

# A proposal is what was admitted, and is decided once.
GUARD_PROPOSAL = """
CREATE FUNCTION rulebook_guard_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state IN ('declined', 'withdrawn', 'lapsed', 'refused')
        OR (OLD.state = 'entered' AND NEW.state <> 'entered'
            AND (NEW.state <> 'admitted' OR EXISTS (
                SELECT FROM rulebook_pointitem AS i
                JOIN rulebook_rulebookversion AS v ON v.street_id = i.street_id AND v.id = i.version_id
                WHERE i.street_id = NEW.street_id AND i.admission_id = NEW.id
                    AND v.published_at IS NOT NULL AND v.ended_at IS NULL)))
        OR (NEW.street_id, NEW.unit_id, NEW.proposer_id, NEW.code) IS DISTINCT FROM
           (OLD.street_id, OLD.unit_id, OLD.proposer_id, OLD.code)
        OR (OLD.state IN ('admitted', 'entered') AND (NEW.state NOT IN ('admitted', 'entered', 'lapsed', 'withdrawn')
            OR to_jsonb(NEW) - '{state,due_at,warned_at,decided_by_id,decided_at,reason}'::text[]
            <> to_jsonb(OLD) - '{state,due_at,warned_at,decided_by_id,decided_at,reason}'::text[])) THEN
        RAISE EXCEPTION 'what was decided of a proposal stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_decided_stays', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_proposal_guard BEFORE UPDATE OR DELETE ON rulebook_proposal
    FOR EACH ROW EXECUTE FUNCTION rulebook_guard_proposal();
"""

# A vote of a home counts once, and none of the authors' home: said when it is given, and asked again at publication.
GUARD_APPROVERS_HOME = """
CREATE FUNCTION rulebook_guard_approvers_home() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF rulebook_is_near_an_author(NEW.street_id, NEW.version_id, NEW.approver_id, NEW.approved_at) THEN
        RAISE EXCEPTION 'nobody approves what their home has written'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_approver_is_no_authors_home',
                  TABLE = TG_TABLE_NAME;
    END IF;
    IF EXISTS (SELECT FROM rulebook_approval AS said
               JOIN grid_assignment AS held ON held.street_id = said.street_id AND held.person_id = said.approver_id
                   AND held.role = 'board_member' AND held.valid_from <= NEW.approved_at
                   AND (held.valid_until IS NULL OR held.valid_until > NEW.approved_at)
               WHERE said.street_id = NEW.street_id AND said.version_id = NEW.version_id
                   AND said.content_hash = NEW.content_hash AND said.approver_id <> NEW.approver_id
                   AND rulebook_is_near(NEW.street_id, NEW.approver_id, said.approver_id, NEW.approved_at)) THEN
        RAISE EXCEPTION 'two of one home do not approve the same'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_approvers_are_two_homes', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_approval_guard_home BEFORE INSERT ON rulebook_approval
    FOR EACH ROW EXECUTE FUNCTION rulebook_guard_approvers_home();
CREATE FUNCTION rulebook_guard_objections_home() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF rulebook_is_near(NEW.street_id, NEW.answered_by_id, NEW.person_id, NEW.answered_at)
        OR rulebook_is_near_an_author(NEW.street_id, NEW.version_id, NEW.answered_by_id, NEW.answered_at) THEN
        RAISE EXCEPTION 'an objection is decided by another home than the authors'' and the objector''s'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_objection_by_another_home',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_remark_guard_home BEFORE UPDATE ON rulebook_remark FOR EACH ROW
    WHEN (NEW.kind = 'objection' AND OLD.answered_by_id IS NULL AND NEW.answered_by_id IS NOT NULL)
    EXECUTE FUNCTION rulebook_guard_objections_home();
CREATE FUNCTION rulebook_guard_admissions_home() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF rulebook_is_near(NEW.street_id, NEW.decided_by_id, NEW.proposer_id, NEW.decided_at) THEN
        RAISE EXCEPTION 'an admission is decided by another home than the proposer''s'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_admission_by_another_home',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_proposal_guard_home BEFORE UPDATE ON rulebook_proposal FOR EACH ROW
    WHEN (NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id AND NEW.decided_by_id IS NOT NULL
          AND NEW.state IN ('admitted', 'returned', 'declined'))
    EXECUTE FUNCTION rulebook_guard_admissions_home();
"""


GUARDS = [
    migrations.RunSQL(GUARD_VERSION, "DROP FUNCTION rulebook_guard_version CASCADE;"),
    migrations.RunSQL(GUARD_ITEM, "DROP FUNCTION rulebook_guard_item CASCADE;"),
    migrations.RunSQL(GUARD_REMARK, "DROP FUNCTION rulebook_guard_remark CASCADE;"),
    migrations.RunSQL(GUARD_POSTPONEMENT, "DROP FUNCTION rulebook_guard_postponement CASCADE;"),
    migrations.RunSQL(GUARD_APPROVAL, "DROP FUNCTION rulebook_guard_approval CASCADE;"),
    migrations.RunSQL(GUARD_DECISION, "DROP FUNCTION rulebook_guard_decision CASCADE;"),
    migrations.RunSQL(GUARD_ADMISSIONS, "DROP FUNCTION rulebook_guard_admissions CASCADE;"),
    migrations.RunSQL(GUARD_CARRIED, "DROP FUNCTION rulebook_guard_carried CASCADE;"),
    migrations.RunSQL(GUARD_DRY_RUN, "DROP FUNCTION rulebook_guard_dry_run CASCADE;"),
    migrations.RunSQL(GUARD_NAMED, "DROP FUNCTION rulebook_guard_named CASCADE;"),
    migrations.RunSQL(GUARD_PROPOSAL, "DROP FUNCTION rulebook_guard_proposal CASCADE;"),
    migrations.RunSQL(
        GUARD_APPROVERS_HOME,
        "DROP FUNCTION rulebook_guard_admissions_home CASCADE; "
        "DROP FUNCTION rulebook_guard_objections_home CASCADE; "
        "DROP FUNCTION rulebook_guard_approvers_home CASCADE;",
    ),
    never_emptied("rulebook_dryrun"),
    never_emptied("rulebook_pointitem"),
    never_emptied("rulebook_proposal"),
    never_emptied("rulebook_remark"),
    never_emptied("rulebook_rulebookversion"),
    append_only("rulebook_approval"),
    append_only("rulebook_knownfield"),
    append_only("rulebook_postponement"),
    append_only("rulebook_writer"),
]
