from typing import ClassVar

from django.db import migrations, models

from huipai.streets.operations import AddConstraint

# Who was right once may hear that another neighbour was right after that: they speak against each once. It is heard by
# somebody who has decided nothing of the claim before, neither an objection nor a contest.
EYES = """
CREATE OR REPLACE FUNCTION points_guard_contest() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""
EYES_BACK = """
CREATE OR REPLACE FUNCTION points_guard_contest() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("points", "0035_an_appeal_of_what_had_lapsed_is_upheld")]
    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="contest", name="points_a_claim_is_contested_once"),
        AddConstraint(
            model_name="contest",
            constraint=models.UniqueConstraint(
                fields=("street", "objection"), name="points_an_objection_is_contested_once"
            ),
        ),
        migrations.RunSQL(EYES, EYES_BACK),
    ]
