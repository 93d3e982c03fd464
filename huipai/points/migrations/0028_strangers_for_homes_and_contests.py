from typing import ClassVar

from django.db import migrations

# What a household earned is asked back like what a person got: by strangers to all who live there, or did of late.
# A contest comes undecided and is decided once, by a stranger to everybody who had a hand in the claim.
GUARD = """
CREATE FUNCTION points_owners(of_street uuid, person uuid, household uuid, at timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN person IS NOT NULL THEN ARRAY[person] ELSE coalesce((
        SELECT array_agg(DISTINCT lives.person_id) FROM grid_residence AS lives
        WHERE lives.street_id = of_street AND lives.household_id = household AND lives.valid_from <= at
            AND (lives.valid_until IS NULL OR lives.valid_until > at - interval '90 days')), ARRAY[]::uuid[]) END
$$;
CREATE OR REPLACE FUNCTION points_guard_correction_asked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'proposed' OR NOT EXISTS (
        SELECT FROM points_posting AS p WHERE p.street_id = NEW.street_id AND p.id = NEW.posting_id
            AND p.kind IN ('award', 'grant')
            AND (p.person_id, p.household_id) IS NOT DISTINCT FROM (NEW.person_id, NEW.household_id)
            AND NOT EXISTS (SELECT FROM points_posting AS r
                            WHERE r.street_id = p.street_id AND r.reverses_id = p.id)) THEN
        RAISE EXCEPTION 'only what its receiver got and still has is asked back'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_correction_is_of_a_posting', TABLE = TG_TABLE_NAME;
    END IF;
    PERFORM points_require_strangers(NEW.street_id, NEW.proposed_by_id, NEW.proposed_at, VARIADIC
        points_owners(NEW.street_id, NEW.person_id, NEW.household_id, NEW.proposed_at));
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION points_guard_correction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE steps text[];
BEGIN
    steps := CASE OLD.state || ' ' || NEW.state
        WHEN 'proposed approved' THEN '{state,decided_by_id,decided_at,reversal_id}'::text[]
        WHEN 'proposed declined' THEN '{state,decided_by_id,decided_at}'::text[]
        WHEN 'proposed withdrawn' THEN '{state,decided_at}'::text[]
        WHEN 'approved appealed' THEN '{state,appealed_by_id,appealed_at,appeal}'::text[]
        WHEN 'appealed upheld' THEN '{state,heard_by_id,heard_at,restored_id}'::text[]
        WHEN 'appealed dismissed' THEN '{state,heard_by_id,heard_at}'::text[] END;
    IF TG_OP = 'DELETE' OR steps IS NULL OR to_jsonb(NEW) - steps <> to_jsonb(OLD) - steps THEN
        RAISE EXCEPTION 'a correction goes forward only; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_correction_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.state IN ('approved', 'declined') THEN
        PERFORM points_require_strangers(NEW.street_id, NEW.decided_by_id, NEW.decided_at, VARIADIC
            points_owners(NEW.street_id, NEW.person_id, NEW.household_id, NEW.decided_at) || NEW.proposed_by_id);
    ELSIF NEW.state IN ('upheld', 'dismissed') THEN
        PERFORM points_require_strangers(NEW.street_id, NEW.heard_by_id, NEW.heard_at, VARIADIC
            points_owners(NEW.street_id, NEW.person_id, NEW.household_id, NEW.heard_at)
                || ARRAY[NEW.proposed_by_id, NEW.decided_by_id]);
    END IF;
    IF NEW.state = 'approved' AND NOT EXISTS (
            SELECT FROM points_posting AS r WHERE r.street_id = NEW.street_id AND r.id = NEW.reversal_id
                AND r.reverses_id = NEW.posting_id AND r.actor_id = NEW.decided_by_id)
        OR NEW.state = 'upheld' AND NOT EXISTS (
            SELECT FROM points_posting AS b
            JOIN points_posting AS r ON r.street_id = b.street_id AND r.id = NEW.reversal_id
            WHERE b.street_id = NEW.street_id AND b.id = NEW.restored_id AND b.kind = 'grant'
                AND b.subject = 'correction:' || NEW.id AND b.points = -r.points
                AND (b.person_id, b.household_id) IS NOT DISTINCT FROM (NEW.person_id, NEW.household_id)) THEN
        RAISE EXCEPTION 'a correction is decided with its posting'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_correction_has_its_posting', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION points_check_gift() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM points_grant AS given WHERE given.street_id = NEW.street_id
                   AND given.posting_id = NEW.id AND given.state = 'approved' AND NEW.subject = 'grant:' || given.id
                   AND given.person_id = NEW.person_id AND given.points = NEW.points)
        AND NOT EXISTS (SELECT FROM points_correction AS one WHERE one.street_id = NEW.street_id
                        AND one.restored_id = NEW.id AND NEW.subject = 'correction:' || one.id
                        AND (one.person_id, one.household_id)
                            IS NOT DISTINCT FROM (NEW.person_id, NEW.household_id))
        AND NOT EXISTS (SELECT FROM points_contest AS one WHERE one.street_id = NEW.street_id
                        AND one.restored_id = NEW.id AND NEW.subject = 'contest:' || one.id
                        AND one.result = 'granted' AND one.claimant_id = NEW.person_id) THEN
        RAISE EXCEPTION 'posting % was given by hand, and nobody has decided it', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_a_gift_is_decided', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION points_guard_contest() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    decision CONSTANT text[] := '{result,decided_by_id,decided_at,restored_id}';
    said points_objection;
    hand uuid;
BEGIN
    SELECT * INTO said FROM points_objection AS o WHERE o.street_id = NEW.street_id AND o.id = NEW.objection_id;
    IF TG_OP = 'INSERT' THEN
        IF NEW.result <> '' OR said.result IS DISTINCT FROM 'upheld' OR said.claim_id IS DISTINCT FROM NEW.claim_id
            OR said.claimant_id IS DISTINCT FROM NEW.claimant_id THEN
            RAISE EXCEPTION 'only an objection that was upheld is contested, and waits for somebody else'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'points_contest_waits', TABLE = TG_TABLE_NAME;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.result <> '' OR NEW.result = ''
        OR to_jsonb(NEW) - decision <> to_jsonb(OLD) - decision THEN
        RAISE EXCEPTION 'a contest is decided once; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_contest_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    FOR hand IN
        SELECT who FROM unnest(ARRAY[NEW.claimant_id, NEW.filed_by_id, said.objector_id, said.sent_by_id,
                                     said.decided_by_id]) AS who WHERE who IS NOT NULL
        UNION SELECT word.reviewer_id FROM points_review AS word
        WHERE word.street_id = NEW.street_id AND word.claim_id = NEW.claim_id AND word.undone_at IS NULL
        UNION SELECT claim.entered_by_id FROM points_claim AS claim
        WHERE claim.street_id = NEW.street_id AND claim.id = NEW.claim_id AND claim.entered_by_id IS NOT NULL
    LOOP
        IF points_too_close(NEW.street_id, NEW.decided_by_id, hand, NEW.decided_at) THEN
            RAISE EXCEPTION 'a contest is heard by somebody who had no hand in the claim'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'points_contest_by_other_eyes', TABLE = TG_TABLE_NAME;
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER points_contest_guard_asked BEFORE INSERT ON points_contest
    FOR EACH ROW EXECUTE FUNCTION points_guard_contest();
-- Only words can be wiped, when somebody is forgotten.
CREATE TRIGGER points_contest_guard BEFORE UPDATE ON points_contest FOR EACH ROW
    WHEN (NOT (to_jsonb(NEW) - 'text' = to_jsonb(OLD) - 'text' AND NEW.text IN (OLD.text, '—')))
    EXECUTE FUNCTION points_guard_contest();
CREATE TRIGGER points_contest_no_delete BEFORE DELETE ON points_contest
    FOR EACH ROW EXECUTE FUNCTION streets_refuse_change();
CREATE TRIGGER points_contest_no_truncate BEFORE TRUNCATE ON points_contest
    FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("points", "0027_households_and_contests"),
        ("grid", "0005_disputes"),
        ("streets", "0002_invariants"),
    ]
    operations: ClassVar = [migrations.RunSQL(GUARD, migrations.RunSQL.noop)]
