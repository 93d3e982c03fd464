from django.db import migrations

# A home or a group that was left makes nobody a stranger at once (points.words.TIES_LAST).
TOO_CLOSE = """
CREATE OR REPLACE FUNCTION points_too_close(of_street uuid, judge uuid, other uuid, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    WITH mine AS (
        SELECT lives.household_id FROM grid_residence AS lives
        WHERE lives.street_id = of_street AND lives.person_id = judge
            AND lives.valid_from <= at AND (lives.valid_until IS NULL OR lives.valid_until > {since})
    ), theirs AS (
        SELECT lives.household_id FROM grid_residence AS lives
        WHERE lives.street_id = of_street AND lives.person_id = other
            AND lives.valid_from <= at AND (lives.valid_until IS NULL OR lives.valid_until > {since})
    )
    SELECT judge = other
        OR EXISTS (SELECT FROM mine JOIN theirs USING (household_id))
        OR EXISTS (SELECT FROM households_membership AS one
                   JOIN households_membership AS another ON another.street_id = one.street_id
                       AND another.group_id = one.group_id
                   WHERE one.street_id = of_street AND one.household_id IN (SELECT household_id FROM mine)
                       AND another.household_id IN (SELECT household_id FROM theirs)
                       AND one.valid_from <= at AND (one.valid_until IS NULL OR one.valid_until > {since})
                       AND another.valid_from <= at AND (another.valid_until IS NULL OR another.valid_until > {since}))
        OR EXISTS (SELECT FROM points_conflict AS said
                   WHERE said.street_id = of_street AND said.reviewer_id = judge AND said.person_id = other
                       AND said.ended_at IS NULL)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0006_publicity_runs_its_time")]
    operations = [migrations.RunSQL(TOO_CLOSE.format(since="(at - interval '90 days')"), TOO_CLOSE.format(since="at"))]
