"""What a coordinator said of a deed goes with it: in its steps, to which rows are only added, it stayed for ever."""

from django.db import migrations, models

# A deed is declined or taken down once; its step is the only one with words.
MOVE = """
UPDATE cases_gooddeed AS deed SET said = step.text FROM cases_deedstep AS step
WHERE step.street_id = deed.street_id AND step.deed_id = deed.id AND step.text <> ''
  AND NOT EXISTS (SELECT FROM cases_letgo AS gone
                  WHERE gone.street_id = deed.street_id AND gone.deed_id = deed.id);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0050_what_is_looked_up_by_key")]

    operations = [
        migrations.AddField(
            model_name="gooddeed", name="said", field=models.CharField(blank=True, db_default="", max_length=300)
        ),
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="deedstep", name="text"),
    ]
