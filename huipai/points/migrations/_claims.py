"""What holds of claims, their reviews, objections and contests, whoever writes them."""

from django.db import migrations

from huipai.streets.operations import append_only, never_emptied

# One household, or a word of the reviewer's own: too close to judge. FOR SHARE would not help: people move slowly.
TOO_CLOSE = """
CREATE FUNCTION points_too_close(of_street uuid, judge uuid, other uuid, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT judge = other
        OR EXISTS (SELECT FROM grid_residence AS mine
                   JOIN grid_residence AS theirs ON theirs.street_id = mine.street_id
                       AND theirs.household_id = mine.household_id
                   WHERE mine.street_id = of_street AND mine.person_id = judge AND theirs.person_id = other
                       AND mine.valid_from <= at AND (mine.valid_until IS NULL OR mine.valid_until > at)
                       AND theirs.valid_from <= at AND (theirs.valid_until IS NULL OR theirs.valid_until > at))
        OR EXISTS (SELECT FROM points_conflict AS said
                   WHERE said.street_id = of_street AND said.reviewer_id = judge AND said.person_id = other
                       AND said.ended_at IS NULL)
$$;
"""

# A claim holds the amounts that its item counts, each a number, and nothing else; a draft's may be half typed. Of an
# item the measures are the names that stand in its formula; no operation is called as one.
OWN_AMOUNTS = """
CREATE FUNCTION points_own_amounts(measured jsonb, formula jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_object_agg(told.measure, told.amount)
    FROM jsonb_each(CASE jsonb_typeof(measured) WHEN 'object' THEN measured END) AS told(measure, amount)
    WHERE jsonb_typeof(told.amount) = 'string' AND told.amount #>> '{}' ~ '^[0-9.]{1,8}$'
        AND jsonb_path_exists(formula, '$.** ? (@ == $measure)', jsonb_build_object('measure', told.measure))
$$;
"""

# How many claims somebody has sent or put aside since then, once whoever sends another for them is done. The lock is
# that of `hold_here("points.claims_of_claimant", …)`. Volatile, so that the count sees what was committed while it
# waited, which the statement that calls it does not.
CLAIMS_IN_TURN = """
CREATE FUNCTION points_claims_in_turn(street uuid, claimant uuid, since timestamptz)
    RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('points.claims_of_claimant:' || street || ':' || claimant, 0));
    RETURN (SELECT count(*) FROM points_claim AS before
            WHERE before.street_id = street AND before.claimant_id = claimant AND before.received_at > since);
END $$;
"""

# Runs at COMMIT: a claim stands where its last step led, whoever wrote it.
CLAIM_STANDS_BY_ITS_STEPS = """
CREATE FUNCTION points_claim_stands_by_its_steps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE led text; stands text;
BEGIN
    SELECT state INTO stands FROM points_claim WHERE street_id = NEW.street_id AND id = NEW.id;
    SELECT to_state INTO led FROM points_claimstep
        WHERE street_id = NEW.street_id AND claim_id = NEW.id ORDER BY position DESC LIMIT 1;
    IF stands IS DISTINCT FROM led THEN
        RAISE EXCEPTION 'claim % stands at %, its last step led to %', NEW.id, stands, led
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_claim_stands_by_its_steps', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER points_claim_by_steps AFTER INSERT OR UPDATE OF state ON points_claim
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION points_claim_stands_by_its_steps();
"""

# What is about a claim's people never changes; a claim is never deleted.
GUARD_CLAIM = """
CREATE FUNCTION points_guard_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.id, NEW.street_id, NEW.claimant_id, NEW.source, NEW.entered_by_id)
        IS DISTINCT FROM (OLD.id, OLD.street_id, OLD.claimant_id, OLD.source, OLD.entered_by_id)
        OR (OLD.state <> 'draft' AND (NEW.item_id, NEW.item_code, NEW.received_at, NEW.local_date, NEW.subject,
            NEW.content_hash) IS DISTINCT FROM (OLD.item_id, OLD.item_code, OLD.received_at, OLD.local_date,
            OLD.subject, OLD.content_hash))
        OR (OLD.posting_id IS NOT NULL AND NEW.posting_id IS DISTINCT FROM OLD.posting_id) THEN
        RAISE EXCEPTION 'what was claimed, by whom and when stays; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_claim_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_claim_guard BEFORE UPDATE OR DELETE ON points_claim
    FOR EACH ROW EXECUTE FUNCTION points_guard_claim();
"""

# Who reviews has no part in the claim.
GUARD_REVIEW = """
CREATE FUNCTION points_guard_review() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE claim points_claim;
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (OLD.undone_at IS NOT NULL
        OR to_jsonb(NEW) - 'undone_at' <> to_jsonb(OLD) - 'undone_at')) THEN
        RAISE EXCEPTION 'a review is only ever undone as a whole; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_review_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    SELECT * INTO claim FROM points_claim WHERE street_id = NEW.street_id AND id = NEW.claim_id FOR UPDATE;
    IF claim.state NOT IN ('auto_checked', 'second_review', 'appealed') THEN
        RAISE EXCEPTION 'claim % does not wait for a review', claim.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_review_is_waited_for', TABLE = TG_TABLE_NAME;
    END IF;
    IF claim.claimant_id <> NEW.claimant_id OR NEW.reviewer_id = claim.entered_by_id
        OR points_too_close(NEW.street_id, NEW.reviewer_id, claim.claimant_id, NEW.decided_at) THEN
        RAISE EXCEPTION 'reviewer % is too close to claim %', NEW.reviewer_id, claim.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_reviewer_is_a_stranger', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_review_guard BEFORE INSERT OR UPDATE OR DELETE ON points_review
    FOR EACH ROW EXECUTE FUNCTION points_guard_review();
"""

# Whoever decides has not judged the claim, is close to neither side, and decides once.
GUARD_OBJECTION = """
CREATE FUNCTION points_guard_objection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (OLD.result <> ''
        OR to_jsonb(NEW) - 'result' - 'decided_by_id' - 'decided_at'
           <> to_jsonb(OLD) - 'result' - 'decided_by_id' - 'decided_at')) THEN
        RAISE EXCEPTION 'an objection is decided once; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_objection_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.claimant_id <> (SELECT claimant_id FROM points_claim
                           WHERE street_id = NEW.street_id AND id = NEW.claim_id) THEN
        RAISE EXCEPTION 'the claimant is not that of the claim'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_objection_is_of_its_claim', TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.decided_by_id IS NOT NULL AND (
        EXISTS (SELECT FROM points_review AS word WHERE word.street_id = NEW.street_id
                AND word.claim_id = NEW.claim_id AND word.reviewer_id = NEW.decided_by_id AND word.undone_at IS NULL)
        OR EXISTS (SELECT FROM points_claim AS claim WHERE claim.street_id = NEW.street_id
                   AND claim.id = NEW.claim_id AND claim.entered_by_id = NEW.decided_by_id)
        OR points_too_close(NEW.street_id, NEW.decided_by_id, NEW.claimant_id, NEW.decided_at)
        OR points_too_close(NEW.street_id, NEW.decided_by_id, NEW.objector_id, NEW.decided_at)) THEN
        RAISE EXCEPTION 'objection % is decided by somebody else', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_objection_judge_is_a_stranger',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_objection_guard BEFORE INSERT OR DELETE ON points_objection
    FOR EACH ROW EXECUTE FUNCTION points_guard_objection();
CREATE TRIGGER points_objection_guard_change BEFORE UPDATE ON points_objection
    FOR EACH ROW WHEN (to_jsonb(NEW) - 'text' <> to_jsonb(OLD) - 'text' OR NEW.text = OLD.text)
    EXECUTE FUNCTION points_guard_objection();
"""

# An appeal and an objection are evidence of what happened, but their words are somebody's: they can be wiped, never
# changed.
GUARD_APPEAL = """
CREATE FUNCTION points_guard_appeal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.text <> '—' OR to_jsonb(NEW) - 'text' <> to_jsonb(OLD) - 'text' THEN
        RAISE EXCEPTION 'an appeal stands as it was made, its words can only be wiped; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_appeal_append_only', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_appeal_guard BEFORE UPDATE OR DELETE ON points_appeal
    FOR EACH ROW EXECUTE FUNCTION points_guard_appeal();
"""

# Words are wiped and never changed; what was decided stays.
ONLY_WIPES_WORDS = """
CREATE FUNCTION points_only_wipes_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.text <> '—' THEN
        RAISE EXCEPTION 'the words of an objection can only be wiped'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_objection_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_objection_guard_words BEFORE UPDATE ON points_objection
    FOR EACH ROW WHEN (NEW.text <> OLD.text) EXECUTE FUNCTION points_only_wipes_words();
"""

# Of a claim that was sent only its words can be wiped: what it counts stays, as its item, its date and its people do.
GUARD_SENT_CLAIM = """
CREATE FUNCTION points_guard_sent_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was sent stays as it was sent, its words can only be wiped'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'points_claim_is_frozen', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER points_claim_guard_sent BEFORE UPDATE ON points_claim
    FOR EACH ROW WHEN (OLD.state <> 'draft' AND (NEW.measured IS DISTINCT FROM OLD.measured
        OR NEW.note NOT IN (OLD.note, '') OR NEW.round < OLD.round))
    EXECUTE FUNCTION points_guard_sent_claim();
"""

# What shows a claim goes only with a draft that is filled in anew.
GUARD_EVIDENCE = """
CREATE FUNCTION points_guard_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR EXISTS (SELECT FROM points_claim AS claim WHERE claim.street_id = OLD.street_id
                                   AND claim.id = OLD.claim_id AND claim.state <> 'draft') THEN
        RAISE EXCEPTION 'what shows a claim that was sent stays; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_evidence_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER points_evidence_guard BEFORE UPDATE OR DELETE ON points_evidence
    FOR EACH ROW EXECUTE FUNCTION points_guard_evidence();
"""

# Two looks are two homes' looks: whoever judges second is a stranger to whoever judged first.
GUARD_SECOND_REVIEW = """
CREATE FUNCTION points_guard_second_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM points_review AS word WHERE word.street_id = NEW.street_id AND word.claim_id = NEW.claim_id
               AND word.undone_at IS NULL AND word.reviewer_id <> NEW.reviewer_id
               AND points_too_close(NEW.street_id, NEW.reviewer_id, word.reviewer_id, NEW.decided_at)) THEN
        RAISE EXCEPTION 'reviewer % is too close to another reviewer of claim %', NEW.reviewer_id, NEW.claim_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_reviewers_are_strangers', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_review_guard_second BEFORE INSERT ON points_review
    FOR EACH ROW EXECUTE FUNCTION points_guard_second_review();
"""

# Until when a claim is in public, and until when it may be objected to, is said by the step that leads there; nothing
# but another step says anything else.
GUARD_PUBLICITY = """
CREATE FUNCTION points_guard_publicity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'publicity runs its time'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'points_publicity_runs_its_time', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER points_claim_guard_publicity BEFORE UPDATE ON points_claim
    FOR EACH ROW WHEN (OLD.state = NEW.state AND OLD.public_until IS DISTINCT FROM NEW.public_until
        OR OLD.object_until IS NOT NULL AND OLD.object_until IS DISTINCT FROM NEW.object_until
            AND (OLD.state NOT IN ('objection', 'upheld') OR NEW.state <> 'posted' OR NEW.object_until IS NULL
                 OR NEW.object_until < OLD.object_until))
    EXECUTE FUNCTION points_guard_publicity();
"""

# Whoever claimed for somebody took part: nobody of that home judges it, and nobody of it decides an objection.
GUARD_HELPER_REVIEW = """
CREATE FUNCTION points_guard_helper_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM points_refuse_close_to_helper(NEW.street_id, NEW.claim_id, NEW.reviewer_id, NEW.decided_at);
    RETURN NEW;
END $$;
CREATE TRIGGER points_review_guard_helper BEFORE INSERT ON points_review
    FOR EACH ROW EXECUTE FUNCTION points_guard_helper_review();
CREATE FUNCTION points_guard_helper_objection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM points_refuse_close_to_helper(NEW.street_id, NEW.claim_id, NEW.decided_by_id, NEW.decided_at);
    RETURN NEW;
END $$;
CREATE TRIGGER points_objection_guard_helper BEFORE UPDATE ON points_objection
    FOR EACH ROW WHEN (NEW.decided_by_id IS NOT NULL) EXECUTE FUNCTION points_guard_helper_objection();
"""

# What a claim counts is numbers: the journal keeps them, and nothing in it can be wiped when somebody is forgotten.
GUARD_AMOUNTS = r"""
CREATE FUNCTION points_guard_amounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM jsonb_each_text(NEW.measured) AS told(measure, amount)
               WHERE measure !~ '^[a-z_]{1,20}$' OR amount !~ '^[0-9]{1,3}(\.[0-9]?)?$') THEN
        RAISE EXCEPTION 'an amount is a number'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_amounts_are_numbers', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_claim_guard_amounts BEFORE INSERT OR UPDATE OF measured, state ON points_claim FOR EACH ROW
    WHEN (NEW.state = 'submitted' AND NEW.measured IS NOT NULL AND NEW.measured <> 'null'::jsonb)
    EXECUTE FUNCTION points_guard_amounts();
"""

# What a claim counts is what its item counts.
GUARD_OWN_AMOUNTS = """
CREATE FUNCTION points_guard_own_amounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.measured IS DISTINCT FROM (SELECT points_own_amounts(NEW.measured, item.formula)
                                      FROM rulebook_pointitem AS item
                                      WHERE item.street_id = NEW.street_id AND item.id = NEW.item_id) THEN
        RAISE EXCEPTION 'a claim holds the amounts that its item counts, and nothing else'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_amounts_are_the_items', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_claim_guard_own_amounts BEFORE INSERT OR UPDATE OF measured, item_id ON points_claim FOR EACH ROW
    WHEN (NEW.measured IS NOT NULL) EXECUTE FUNCTION points_guard_own_amounts();
"""

# The same of what the journal is told, whoever writes it: nothing in it can ever be wiped.
GUARD_TOLD_AMOUNTS = """
CREATE FUNCTION points_guard_told_amounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.facts -> 'measured' IS DISTINCT FROM (
        SELECT points_own_amounts(NEW.facts -> 'measured', item.formula)
        FROM rulebook_pointitem AS item
        WHERE item.street_id = NEW.street_id AND item.id::text = NEW.facts ->> 'item'
    ) THEN
        RAISE EXCEPTION 'the journal keeps the amounts that the item counts, and nothing else'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_amounts_are_the_items', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_entry_guard_told_amounts BEFORE INSERT ON journal_entry FOR EACH ROW
    WHEN (NEW.what IN ('claim.kept', 'claim.submitted', 'claim.entered', 'claim.helped')
          AND NEW.facts ? 'measured' AND NEW.facts -> 'measured' <> 'null'::jsonb)
    EXECUTE FUNCTION points_guard_told_amounts();
"""

# Whoever objected for another took part: nobody of that home decides it.
GUARD_OBJECTION_HELPER = """
CREATE FUNCTION points_guard_objection_helper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF points_too_close(NEW.street_id, NEW.decided_by_id, NEW.sent_by_id, NEW.decided_at) THEN
        RAISE EXCEPTION 'judge % is too close to who objected for another in %', NEW.decided_by_id, NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_objection_judge_is_a_stranger',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_objection_guard_sender BEFORE UPDATE ON points_objection
    FOR EACH ROW WHEN (NEW.decided_by_id IS NOT NULL AND NEW.sent_by_id IS NOT NULL)
    EXECUTE FUNCTION points_guard_objection_helper();
"""

# Whoever enters a claim takes part in it, at the counter as for an elder; and an objection is decided by a home that
# has not judged the claim. What is asked back of a claim is looked at by others than those who let it pass.
REFUSE_CLOSE_TO_HELPER = """
CREATE FUNCTION points_refuse_close_to_helper(
    of_street uuid, of_claim uuid, judge uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM points_claim AS claim WHERE claim.street_id = of_street AND claim.id = of_claim
               AND claim.entered_by_id IS NOT NULL
               AND points_too_close(of_street, judge, claim.entered_by_id, at)) THEN
        RAISE EXCEPTION 'judge % is too close to the helper of claim %', judge, of_claim
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_judge_is_a_stranger_to_the_helper';
    END IF;
END $$;
CREATE FUNCTION points_guard_objection_reviewers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM points_review AS word WHERE word.street_id = NEW.street_id AND word.claim_id = NEW.claim_id
               AND word.undone_at IS NULL
               AND points_too_close(NEW.street_id, NEW.decided_by_id, word.reviewer_id, NEW.decided_at)) THEN
        RAISE EXCEPTION 'judge % lives with whoever judged the claim before', NEW.decided_by_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_objection_judge_is_a_stranger',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_objection_guard_reviewers BEFORE UPDATE ON points_objection
    FOR EACH ROW WHEN (OLD.decided_by_id IS NULL AND NEW.decided_by_id IS NOT NULL)
    EXECUTE FUNCTION points_guard_objection_reviewers();
"""

# Whoever reviews is a stranger at the date that the review itself tells: it cannot be older than what it looks at.
GUARD_REVIEW_DATE = """
CREATE FUNCTION points_guard_review_date() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM points_claim AS claim WHERE claim.street_id = NEW.street_id AND claim.id = NEW.claim_id
               AND claim.received_at > NEW.decided_at) THEN
        RAISE EXCEPTION 'claim % came after this review of it', NEW.claim_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_a_review_comes_after_its_claim',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_review_guard_date BEFORE INSERT ON points_review
    FOR EACH ROW EXECUTE FUNCTION points_guard_review_date();
"""

# Who was right once may hear that another neighbour was right after that: they speak against each once. It is heard by
# somebody who has decided nothing of the claim before, neither an objection nor a contest.
GUARD_CONTEST = """
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
        UNION SELECT o.decided_by_id FROM points_objection AS o
        WHERE o.street_id = NEW.street_id AND o.claim_id = NEW.claim_id AND o.decided_by_id IS NOT NULL
        UNION SELECT t.decided_by_id FROM points_contest AS t
        WHERE t.street_id = NEW.street_id AND t.claim_id = NEW.claim_id AND t.id <> NEW.id AND t.decided_by_id IS NOT NULL
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
"""

# Points of a claim are taken back one way, and so come back one way: as long as they are asked back nobody objects, and
# as long as somebody objects they are not asked back. Both wait for the claim's row, so that each sees the other.
GUARD_ONE_WAY_BACK = """
CREATE FUNCTION points_guard_one_way_back() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_taken boolean;
BEGIN
    IF TG_TABLE_NAME = 'points_objection' THEN
        PERFORM FROM points_claim AS k WHERE k.street_id = NEW.street_id AND k.id = NEW.claim_id FOR NO KEY UPDATE;
        is_taken := EXISTS (
            SELECT FROM points_claim AS k
            JOIN points_correction AS c ON c.street_id = k.street_id AND c.posting_id = k.posting_id
            WHERE k.street_id = NEW.street_id AND k.id = NEW.claim_id AND c.state NOT IN ('declined', 'withdrawn'));
    ELSE
        PERFORM FROM points_claim AS k
        WHERE k.street_id = NEW.street_id AND k.posting_id = NEW.posting_id FOR NO KEY UPDATE;
        is_taken := EXISTS (
            SELECT FROM points_claim AS k
            JOIN points_objection AS o ON o.street_id = k.street_id AND o.claim_id = k.id
            WHERE k.street_id = NEW.street_id AND k.posting_id = NEW.posting_id AND o.result = '');
    END IF;
    IF is_taken THEN
        RAISE EXCEPTION 'points of a claim are objected to or asked back, not both'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_taken_back_one_way', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_objection_guard_one_way BEFORE INSERT ON points_objection
    FOR EACH ROW EXECUTE FUNCTION points_guard_one_way_back();
CREATE TRIGGER points_correction_guard_one_way BEFORE INSERT ON points_correction
    FOR EACH ROW EXECUTE FUNCTION points_guard_one_way_back();
"""


CLAIMS = [
    migrations.RunSQL(TOO_CLOSE, "DROP FUNCTION points_too_close CASCADE;"),
    migrations.RunSQL(OWN_AMOUNTS, "DROP FUNCTION points_own_amounts CASCADE;"),
    migrations.RunSQL(CLAIMS_IN_TURN, "DROP FUNCTION points_claims_in_turn CASCADE;"),
    migrations.RunSQL(CLAIM_STANDS_BY_ITS_STEPS, "DROP FUNCTION points_claim_stands_by_its_steps CASCADE;"),
    migrations.RunSQL(GUARD_CLAIM, "DROP FUNCTION points_guard_claim CASCADE;"),
    migrations.RunSQL(GUARD_REVIEW, "DROP FUNCTION points_guard_review CASCADE;"),
    migrations.RunSQL(GUARD_OBJECTION, "DROP FUNCTION points_guard_objection CASCADE;"),
    migrations.RunSQL(GUARD_APPEAL, "DROP FUNCTION points_guard_appeal CASCADE;"),
    migrations.RunSQL(ONLY_WIPES_WORDS, "DROP FUNCTION points_only_wipes_words CASCADE;"),
    migrations.RunSQL(GUARD_SENT_CLAIM, "DROP FUNCTION points_guard_sent_claim CASCADE;"),
    migrations.RunSQL(GUARD_EVIDENCE, "DROP FUNCTION points_guard_evidence CASCADE;"),
    migrations.RunSQL(GUARD_SECOND_REVIEW, "DROP FUNCTION points_guard_second_review CASCADE;"),
    migrations.RunSQL(GUARD_PUBLICITY, "DROP FUNCTION points_guard_publicity CASCADE;"),
    migrations.RunSQL(
        GUARD_HELPER_REVIEW,
        "DROP FUNCTION points_guard_helper_objection CASCADE; DROP FUNCTION points_guard_helper_review CASCADE;",
    ),
    migrations.RunSQL(GUARD_AMOUNTS, "DROP FUNCTION points_guard_amounts CASCADE;"),
    migrations.RunSQL(GUARD_OWN_AMOUNTS, "DROP FUNCTION points_guard_own_amounts CASCADE;"),
    migrations.RunSQL(GUARD_TOLD_AMOUNTS, "DROP FUNCTION points_guard_told_amounts CASCADE;"),
    migrations.RunSQL(GUARD_OBJECTION_HELPER, "DROP FUNCTION points_guard_objection_helper CASCADE;"),
    migrations.RunSQL(
        REFUSE_CLOSE_TO_HELPER,
        "DROP FUNCTION points_guard_objection_reviewers CASCADE; DROP FUNCTION points_refuse_close_to_helper CASCADE;",
    ),
    migrations.RunSQL(GUARD_REVIEW_DATE, "DROP FUNCTION points_guard_review_date CASCADE;"),
    migrations.RunSQL(GUARD_CONTEST, "DROP FUNCTION points_guard_contest CASCADE;"),
    migrations.RunSQL(GUARD_ONE_WAY_BACK, "DROP FUNCTION points_guard_one_way_back CASCADE;"),
    never_emptied("points_account"),
    never_emptied("points_appeal"),
    never_emptied("points_claim"),
    never_emptied("points_closing"),
    never_emptied("points_contest"),
    never_emptied("points_correction"),
    never_emptied("points_evidence"),
    never_emptied("points_grant"),
    never_emptied("points_hold"),
    never_emptied("points_lot"),
    never_emptied("points_objection"),
    never_emptied("points_review"),
    append_only("points_allocation"),
    append_only("points_answered"),
    append_only("points_claimstep"),
    append_only("points_finding"),
    append_only("points_holddraw"),
    append_only("points_line"),
    append_only("points_posting"),
]
