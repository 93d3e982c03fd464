from django.db import migrations, models

# Nothing comes back, and need not, where everything had lapsed before it was asked back.
_GUARD = """
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
"""
_BACK = """
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
"""


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0005_disputes"),
        ("people", "0012_said_under_14"),
        ("points", "0034_contested_claims_stand_again"),
        ("streets", "0002_invariants"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="correction",
            name="points_a_correction_goes_forward",
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("state", "proposed")),
                            models.Q(("decided_at__isnull", False), ("decided_by", None), ("state", "withdrawn")),
                            models.Q(
                                models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                                ("state", "declined"),
                            ),
                            _connector="OR",
                        ),
                        ("reversal", None),
                        ("appeal", ""),
                        ("appealed_at", None),
                        ("appealed_by", None),
                        ("heard_at", None),
                        ("heard_by", None),
                        ("restored", None),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("reversal__isnull", False),
                        models.Q(
                            models.Q(
                                models.Q(("appeal", ""), ("appealed_at", None), ("appealed_by", None)),
                                models.Q(("heard_at", None), ("heard_by", None), ("restored", None)),
                                ("state", "approved"),
                            ),
                            models.Q(
                                models.Q(
                                    ("appealed_at__isnull", False),
                                    ("appealed_by__isnull", False),
                                    models.Q(("appeal", ""), _negated=True),
                                ),
                                models.Q(("heard_at", None), ("heard_by", None), ("restored", None)),
                                ("state", "appealed"),
                            ),
                            models.Q(
                                models.Q(
                                    ("appealed_at__isnull", False),
                                    ("appealed_by__isnull", False),
                                    models.Q(("appeal", ""), _negated=True),
                                ),
                                models.Q(("heard_at__isnull", False), ("heard_by__isnull", False)),
                                ("state", "upheld"),
                            ),
                            models.Q(
                                models.Q(
                                    ("appealed_at__isnull", False),
                                    ("appealed_by__isnull", False),
                                    models.Q(("appeal", ""), _negated=True),
                                ),
                                models.Q(("heard_at__isnull", False), ("heard_by__isnull", False)),
                                ("restored", None),
                                ("state", "dismissed"),
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="points_a_correction_goes_forward",
            ),
        ),
        migrations.RunSQL(_GUARD, _BACK),
    ]
