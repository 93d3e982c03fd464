"""What holds of postings, lots, holds, points by hand and points asked back, whoever writes them."""

from django.db import migrations

# Runs at COMMIT, for the ORM, a hot statement and psql alike. The trigger on the posting catches one without lines, the
# trigger on the lines catches a line slipped into an old posting.
CHECK_POSTING = """
CREATE FUNCTION points_check_posting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked uuid := CASE WHEN TG_TABLE_NAME = 'points_line' THEN (to_jsonb(NEW) ->> 'posting_id')::uuid ELSE NEW.id END;
    total bigint;
    personal bigint;
    said int;
BEGIN
    SELECT coalesce(sum(amount), 0), coalesce(sum(amount) FILTER (WHERE account_id IS NOT NULL), 0)
        INTO total, personal FROM points_line WHERE street_id = NEW.street_id AND posting_id = checked;
    IF total <> 0 THEN
        RAISE EXCEPTION 'the lines of posting % sum to %, not to zero', checked, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_lines_sum_to_zero', TABLE = TG_TABLE_NAME;
    END IF;
    SELECT points INTO said FROM points_posting WHERE street_id = NEW.street_id AND id = checked;
    IF personal <> said THEN
        RAISE EXCEPTION 'posting % says % points, its lines move %', checked, said, personal
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_posting_says_its_lines', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER points_posting_balanced AFTER INSERT ON points_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION points_check_posting();
CREATE CONSTRAINT TRIGGER points_line_balanced AFTER INSERT ON points_line
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION points_check_posting();
"""

# Lots and accounts: what they are never changes, only what is left.
GUARD_LOT = """
CREATE FUNCTION points_guard_lot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'remaining' - 'held' <> to_jsonb(OLD) - 'remaining' - 'held' THEN
        RAISE EXCEPTION 'a lot only gives; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_lot_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_lot_guard BEFORE UPDATE OR DELETE ON points_lot
    FOR EACH ROW EXECUTE FUNCTION points_guard_lot();
CREATE FUNCTION points_guard_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'balance' - 'held' <> to_jsonb(OLD) - 'balance' - 'held' THEN
        RAISE EXCEPTION 'an account stays; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_account_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_account_guard BEFORE UPDATE OR DELETE ON points_account
    FOR EACH ROW EXECUTE FUNCTION points_guard_account();
"""

# What a hold sets aside is what it draws from lots, at COMMIT and for whoever writes.
CHECK_HOLD = """
CREATE FUNCTION points_check_hold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked uuid := CASE WHEN TG_TABLE_NAME = 'points_holddraw' THEN (to_jsonb(NEW) ->> 'hold_id')::uuid ELSE NEW.id END;
    drawn bigint;
    said int;
BEGIN
    SELECT coalesce(sum(points), 0) INTO drawn FROM points_holddraw
        WHERE street_id = NEW.street_id AND hold_id = checked;
    SELECT points INTO said FROM points_hold WHERE street_id = NEW.street_id AND id = checked;
    IF drawn <> said THEN
        RAISE EXCEPTION 'hold % says % points, its draws give %', checked, said, drawn
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_hold_says_its_draws', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER points_hold_drawn AFTER INSERT ON points_hold
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION points_check_hold();
CREATE CONSTRAINT TRIGGER points_holddraw_drawn AFTER INSERT ON points_holddraw
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION points_check_hold();
"""

# Settled holds and decided grants never change again; of open ones only the outcome is added.
GUARD_HOLD = """
CREATE FUNCTION points_guard_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'open' OR NEW.state = 'open'
        OR to_jsonb(NEW) - 'state' - 'settled_at' - 'posting_id' <> to_jsonb(OLD) - 'state' - 'settled_at' - 'posting_id'
    THEN
        RAISE EXCEPTION 'a hold is settled once; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_hold_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_hold_guard BEFORE UPDATE OR DELETE ON points_hold
    FOR EACH ROW EXECUTE FUNCTION points_guard_hold();
CREATE FUNCTION points_guard_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'proposed' OR NEW.state = 'proposed'
        OR to_jsonb(NEW) - 'state' - 'decided_at' - 'decided_by_id' - 'posting_id'
            <> to_jsonb(OLD) - 'state' - 'decided_at' - 'decided_by_id' - 'posting_id'
    THEN
        RAISE EXCEPTION 'a grant is decided once; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_grant_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_grant_guard BEFORE UPDATE OR DELETE ON points_grant
    FOR EACH ROW EXECUTE FUNCTION points_guard_grant();
"""

# The end of the scheme is decided once.
GUARD_CLOSING = """
CREATE FUNCTION points_guard_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.approved_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL
        OR to_jsonb(NEW) - 'approved_by_id' - 'approved_at' - 'withdrawn_at'
            <> to_jsonb(OLD) - 'approved_by_id' - 'approved_at' - 'withdrawn_at'
    THEN
        RAISE EXCEPTION 'what was announced stands; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_closing_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_closing_guard BEFORE UPDATE OR DELETE ON points_closing
    FOR EACH ROW EXECUTE FUNCTION points_guard_closing();
"""

# Points by hand are approved by somebody who could review a claim of the receiver.
GUARD_GRANT_JUDGE = """
CREATE FUNCTION points_guard_grant_judge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF points_too_close(NEW.street_id, NEW.decided_by_id, NEW.person_id, NEW.decided_at) THEN
        RAISE EXCEPTION 'grant % is decided by somebody else', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_grant_judge_is_a_stranger', TABLE = TG_TABLE_NAME;
    END IF;
    IF points_too_close(NEW.street_id, NEW.decided_by_id, NEW.proposed_by_id, NEW.decided_at) THEN
        RAISE EXCEPTION 'grant % is proposed and decided in one home', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_grant_eyes_are_strangers', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_grant_guard_judge BEFORE UPDATE ON points_grant FOR EACH ROW
    WHEN (NEW.state = 'approved' AND OLD.state <> 'approved') EXECUTE FUNCTION points_guard_grant_judge();
"""

# What was written before stays as it was; nothing new is written in small letters.
GUARD_GRANT_PAPER = """
CREATE FUNCTION points_guard_grant_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.paper_number <> upper(NEW.paper_number) THEN
        RAISE EXCEPTION 'the number of a paper is written in capitals'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_a_paper_has_one_number', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_grant_guard_paper BEFORE INSERT ON points_grant
    FOR EACH ROW EXECUTE FUNCTION points_guard_grant_paper();
"""

# The end of the scheme is decided by two homes, as points by hand are.
GUARD_CLOSING_EYES = """
CREATE FUNCTION points_guard_closing_eyes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF points_too_close(NEW.street_id, NEW.approved_by_id, NEW.proposed_by_id, NEW.approved_at) THEN
        RAISE EXCEPTION 'closing % is proposed and decided in one home', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_closing_eyes_are_strangers', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_closing_guard_eyes BEFORE UPDATE ON points_closing FOR EACH ROW
    WHEN (NEW.approved_by_id IS NOT NULL AND OLD.approved_by_id IS NULL AND NEW.approved_by_id <> NEW.proposed_by_id)
    EXECUTE FUNCTION points_guard_closing_eyes();
"""

# A correction goes forward only, each step by somebody who is a stranger to its receiver and to the hands before.
REQUIRE_STRANGERS = """
CREATE FUNCTION points_require_strangers(of_street uuid, judge uuid, at timestamptz, VARIADIC others uuid[])
RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF EXISTS (SELECT FROM unnest(others) AS other WHERE points_too_close(of_street, judge, other, at)) THEN
        RAISE EXCEPTION 'points are asked back, decided and heard by strangers'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_correction_eyes_are_strangers',
                  TABLE = 'points_correction';
    END IF;
END $$;
CREATE TRIGGER points_correction_no_delete BEFORE DELETE ON points_correction
    FOR EACH ROW EXECUTE FUNCTION streets_refuse_change();
"""

# An end is announced no sooner than the rulebook in force at that moment says.
GUARD_CLOSING_NOTICE = """
CREATE FUNCTION points_guard_closing_notice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE notice int; redeem int;
BEGIN
    SELECT book.end_notice_days, book.end_redeem_days INTO notice, redeem FROM rulebook_rulebookversion AS book
    WHERE book.street_id = NEW.street_id
        AND book.effective_from <= rulebook_calendar_at(NEW.street_id, NEW.approved_at)
        AND (book.effective_until IS NULL
             OR book.effective_until > rulebook_calendar_at(NEW.street_id, NEW.approved_at));
    IF NEW.awards_until < NEW.approved_at + make_interval(days => coalesce(notice, 30))
        OR NEW.redeem_until < NEW.awards_until + make_interval(days => coalesce(redeem, 90)) THEN
        RAISE EXCEPTION 'the end comes sooner than the rulebook says'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_closing_keeps_to_the_rulebook',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_closing_guard_notice BEFORE UPDATE ON points_closing
    FOR EACH ROW WHEN (OLD.approved_at IS NULL AND NEW.approved_at IS NOT NULL)
    EXECUTE FUNCTION points_guard_closing_notice();
"""

# The number of a paper that is entered anew says which correction it is, and only after the points of before went back.
GUARD_CORRECTED_PAPER = """
CREATE FUNCTION points_guard_corrected_paper() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    turn int := substring(NEW.paper_number FROM '-C([0-9]{1,4})$')::int;
    number text := regexp_replace(NEW.paper_number, '-C[0-9]+$', '');
BEGIN
    IF NOT EXISTS (
        SELECT FROM points_grant AS given
        JOIN points_correction AS one ON one.street_id = given.street_id AND one.posting_id = given.posting_id
            AND one.state IN ('approved', 'dismissed')
        WHERE given.street_id = NEW.street_id AND given.person_id = NEW.person_id
            AND upper(given.paper_number) = CASE turn WHEN 1 THEN number ELSE number || '-C' || turn - 1 END) THEN
        RAISE EXCEPTION 'the points of paper % have not been asked back', number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_a_corrected_paper_follows', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_grant_guard_corrected BEFORE INSERT ON points_grant
    FOR EACH ROW WHEN (NEW.paper_number ~ '-C[0-9]+$') EXECUTE FUNCTION points_guard_corrected_paper();
"""

# What a household earned is asked back like what a person got: by strangers to all who live there, or did of late. A
# contest comes undecided and is decided once, by a stranger to everybody who had a hand in the claim.
OWNERS = """
CREATE FUNCTION points_owners(of_street uuid, person uuid, household uuid, at timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN person IS NOT NULL THEN ARRAY[person] ELSE coalesce((
        SELECT array_agg(DISTINCT lives.person_id) FROM grid_residence AS lives
        WHERE lives.street_id = of_street AND lives.household_id = household AND lives.valid_from <= at
            AND (lives.valid_until IS NULL OR lives.valid_until > at - interval '90 days')), ARRAY[]::uuid[]) END
$$;
CREATE FUNCTION points_guard_correction_asked() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER points_correction_guard_asked BEFORE INSERT ON points_correction
    FOR EACH ROW EXECUTE FUNCTION points_guard_correction_asked();
CREATE FUNCTION points_check_gift() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE CONSTRAINT TRIGGER points_posting_gift_is_decided AFTER INSERT ON points_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'grant') EXECUTE FUNCTION points_check_gift();
CREATE TRIGGER points_contest_no_delete BEFORE DELETE ON points_contest
    FOR EACH ROW EXECUTE FUNCTION streets_refuse_change();
"""

# At COMMIT: the hold that a posting used may be settled before or after its lines are written.
REDEEMED_SOMEWHERE = """
CREATE FUNCTION points_redeemed_somewhere() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM points_hold AS h WHERE h.street_id = NEW.street_id AND h.posting_id = NEW.posting_id) THEN
        RAISE EXCEPTION 'posting % uses points that were set aside, and no line says in which station', NEW.posting_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_redeemed_somewhere', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER points_line_redeemed_somewhere AFTER INSERT ON points_line
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.book = 'redemption' AND NEW.station_id IS NULL) EXECUTE FUNCTION points_redeemed_somewhere();
"""

# Nothing comes back, and need not, where everything had lapsed before it was asked back.
GUARD_CORRECTION = """
CREATE FUNCTION points_guard_correction() RETURNS trigger LANGUAGE plpgsql AS $$
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
        OR NEW.state = 'upheld' AND NOT (NEW.restored_id IS NULL AND EXISTS (
            SELECT FROM points_posting AS r
            WHERE r.street_id = NEW.street_id AND r.id = NEW.reversal_id AND r.points = 0))
        AND NOT EXISTS (
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
-- Only words can be wiped, when somebody is forgotten.
CREATE TRIGGER points_correction_guard BEFORE UPDATE ON points_correction FOR EACH ROW
    WHEN (NOT (to_jsonb(NEW) - '{note,appeal}'::text[] = to_jsonb(OLD) - '{note,appeal}'::text[]
               AND NEW.note IN (OLD.note, '—') AND NEW.appeal IN (OLD.appeal, '—')))
    EXECUTE FUNCTION points_guard_correction();
"""

# Whoever had a hand in how points came decides nothing of their going back; the ledger's floor knows grants and claims,
# the packages above add what they know. Asked of each hand when it comes: what was decided before stays, and goes on.
GIVERS = """
CREATE FUNCTION points_givers(of_street uuid, of_posting uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT p.actor_id FROM points_posting AS p
    WHERE p.street_id = of_street AND p.id = of_posting AND p.actor_id IS NOT NULL
    UNION SELECT given.proposed_by_id FROM points_grant AS given
    WHERE given.street_id = of_street AND given.posting_id = of_posting
    UNION SELECT hand FROM points_claim AS claim
    CROSS JOIN LATERAL (
        SELECT claim.entered_by_id AS hand
        UNION SELECT word.reviewer_id FROM points_review AS word
        WHERE word.street_id = claim.street_id AND word.claim_id = claim.id AND word.undone_at IS NULL
        UNION SELECT said.decided_by_id FROM points_objection AS said
        WHERE said.street_id = claim.street_id AND said.claim_id = claim.id
        UNION SELECT said.decided_by_id FROM points_contest AS said
        WHERE said.street_id = claim.street_id AND said.claim_id = claim.id) AS hands
    WHERE claim.street_id = of_street AND claim.posting_id = of_posting AND hand IS NOT NULL
$$;
CREATE FUNCTION points_guard_correction_givers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (CASE WHEN OLD.decided_by_id IS NULL THEN NEW.decided_by_id ELSE NEW.heard_by_id END)
            IN (SELECT points_givers(NEW.street_id, NEW.posting_id)) THEN
        RAISE EXCEPTION 'whoever gave points does not decide whether they are asked back'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_correction_by_other_eyes', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_correction_guard_givers BEFORE UPDATE ON points_correction FOR EACH ROW
    WHEN (OLD.decided_by_id IS NULL AND NEW.decided_by_id IS NOT NULL
          OR OLD.heard_by_id IS NULL AND NEW.heard_by_id IS NOT NULL)
    EXECUTE FUNCTION points_guard_correction_givers();
"""


LEDGER = [
    migrations.RunSQL(CHECK_POSTING, "DROP FUNCTION points_check_posting CASCADE;"),
    migrations.RunSQL(
        GUARD_LOT,
        "DROP FUNCTION points_guard_account CASCADE; DROP FUNCTION points_guard_lot CASCADE;",
    ),
    migrations.RunSQL(CHECK_HOLD, "DROP FUNCTION points_check_hold CASCADE;"),
    migrations.RunSQL(
        GUARD_HOLD,
        "DROP FUNCTION points_guard_grant CASCADE; DROP FUNCTION points_guard_hold CASCADE;",
    ),
    migrations.RunSQL(GUARD_CLOSING, "DROP FUNCTION points_guard_closing CASCADE;"),
    migrations.RunSQL(GUARD_GRANT_JUDGE, "DROP FUNCTION points_guard_grant_judge CASCADE;"),
    migrations.RunSQL(GUARD_GRANT_PAPER, "DROP FUNCTION points_guard_grant_paper CASCADE;"),
    migrations.RunSQL(GUARD_CLOSING_EYES, "DROP FUNCTION points_guard_closing_eyes CASCADE;"),
    migrations.RunSQL(REQUIRE_STRANGERS, "DROP FUNCTION points_require_strangers CASCADE;"),
    migrations.RunSQL(GUARD_CLOSING_NOTICE, "DROP FUNCTION points_guard_closing_notice CASCADE;"),
    migrations.RunSQL(GUARD_CORRECTED_PAPER, "DROP FUNCTION points_guard_corrected_paper CASCADE;"),
    migrations.RunSQL(
        OWNERS,
        "DROP FUNCTION points_check_gift CASCADE; "
        "DROP FUNCTION points_guard_correction_asked CASCADE; "
        "DROP FUNCTION points_owners CASCADE;",
    ),
    migrations.RunSQL(REDEEMED_SOMEWHERE, "DROP FUNCTION points_redeemed_somewhere CASCADE;"),
    migrations.RunSQL(GUARD_CORRECTION, "DROP FUNCTION points_guard_correction CASCADE;"),
    migrations.RunSQL(
        GIVERS,
        "DROP FUNCTION points_guard_correction_givers CASCADE; DROP FUNCTION points_givers CASCADE;",
    ),
]
