from django.db import migrations, models
from django.db.models.functions import Greatest, Least

# The one that was said first stays: of a pair that was tied from both sides the later says the same.
LATER_OF_TWO = """
DELETE FROM cases_casetie later USING cases_casetie first
WHERE first.street_id = later.street_id AND first.case_id = later.other_id AND first.other_id = later.case_id
  AND (first.tied_at, first.id) < (later.tied_at, later.id)
"""


class Migration(migrations.Migration):
    dependencies = (("cases", "0004_beginnings_and_ends_stand"),)

    operations = (
        migrations.RunSQL(LATER_OF_TWO, migrations.RunSQL.noop),
        migrations.RemoveConstraint("casetie", "cases_one_tie_a_pair"),
        migrations.AddConstraint(
            "casetie",
            models.UniqueConstraint(
                models.F("street"), Least("case", "other"), Greatest("case", "other"), name="cases_one_tie_a_pair"
            ),
        ),
    )
