from typing import ClassVar

from django.db import migrations, models

from huipai.streets.operations import AddConstraint

# Whoever reviews is a stranger at the date that the review itself tells: it cannot be older than what it looks at.
REVIEWS = """
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
REVIEWS_BACK = "DROP TRIGGER points_review_guard_date ON points_review; DROP FUNCTION points_guard_review_date();"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("grid", "0005_disputes"),
        ("people", "0011_numbers_on_their_way"),
        ("points", "0030_redeemed_in_a_station"),
        ("rulebook", "0022_known_fields"),
        ("streets", "0002_invariants"),
    ]

    operations: ClassVar = [
        AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at", None), ("approved_at__gte", models.F("proposed_at")), _connector="OR"),
                    models.Q(("withdrawn_at", None), ("withdrawn_at__gte", models.F("proposed_at")), _connector="OR"),
                ),
                name="points_a_closing_is_decided_after_it_was_asked",
            ),
        ),
        AddConstraint(
            model_name="contest",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_at", None), ("decided_at__gte", models.F("filed_at")), _connector="OR"),
                name="points_a_contest_is_decided_after_it_came",
            ),
        ),
        AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_at__gte", models.F("proposed_at")), _connector="OR"),
                    models.Q(("appealed_at", None), ("appealed_at__gte", models.F("decided_at")), _connector="OR"),
                    models.Q(("heard_at", None), ("heard_at__gte", models.F("appealed_at")), _connector="OR"),
                ),
                name="points_a_correction_has_its_order",
            ),
        ),
        AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_at", None), ("decided_at__gte", models.F("proposed_at")), _connector="OR"),
                name="points_a_grant_is_decided_after_it_was_asked",
            ),
        ),
        AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_at", None), ("decided_at__gte", models.F("filed_at")), _connector="OR"),
                name="points_an_objection_is_decided_after_it_came",
            ),
        ),
        migrations.RunSQL(REVIEWS, REVIEWS_BACK),
    ]
