from django.db import migrations

# Whom the database keeps apart when a claim is judged: one household, one household group, or the judge's own word.
# The ledger's floor knows no groups; this one adds them to its question.
TOO_CLOSE = """
CREATE OR REPLACE FUNCTION points_too_close(of_street uuid, judge uuid, other uuid, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    WITH mine AS (
        SELECT lives.household_id FROM grid_residence AS lives
        WHERE lives.street_id = of_street AND lives.person_id = judge
            AND lives.valid_from <= at AND (lives.valid_until IS NULL OR lives.valid_until > at)
    ), theirs AS (
        SELECT lives.household_id FROM grid_residence AS lives
        WHERE lives.street_id = of_street AND lives.person_id = other
            AND lives.valid_from <= at AND (lives.valid_until IS NULL OR lives.valid_until > at)
    )
    SELECT judge = other
        OR EXISTS (SELECT FROM mine JOIN theirs USING (household_id))
        {groups}OR EXISTS (SELECT FROM points_conflict AS said
                   WHERE said.street_id = of_street AND said.reviewer_id = judge AND said.person_id = other
                       AND said.ended_at IS NULL)
$$;
"""
GROUPS = """OR EXISTS (SELECT FROM households_membership AS one
                   JOIN households_membership AS another ON another.street_id = one.street_id
                       AND another.group_id = one.group_id
                   WHERE one.street_id = of_street AND one.household_id IN (SELECT household_id FROM mine)
                       AND another.household_id IN (SELECT household_id FROM theirs)
                       AND one.valid_from <= at AND (one.valid_until IS NULL OR one.valid_until > at)
                       AND another.valid_from <= at AND (another.valid_until IS NULL OR another.valid_until > at))
        """


class Migration(migrations.Migration):
    dependencies = [("households", "0002_invariants"), ("points", "0007_claim_invariants")]
    operations = [migrations.RunSQL(TOO_CLOSE.format(groups=GROUPS), TOO_CLOSE.format(groups=""))]
