"""Who spoke as an elder's reporter neither handles nor checks it: until now only who had sent the report was kept."""

from django.db import migrations, models

# The journal has it of every such act; the reports of what was merged or split off lie with the whole.
FROM_THE_JOURNAL = """
INSERT INTO cases_reporthelp (id, street_id, report_id, helper_id, has_sent, helped_at)
SELECT gen_random_uuid(), told.street_id, told.id, said.actor_id, false, min(said.happened_at)
FROM journal_entry AS said
JOIN cases_case AS one ON one.street_id = said.street_id AND said.subject = 'case:' || one.id
JOIN cases_report AS told ON told.street_id = one.street_id
  AND told.case_id = coalesce(one.merged_into_id, one.parent_id, one.id)
  AND told.reporter_id::text = said.facts ->> 'elder'
WHERE said.what = 'case.acted_for' AND said.facts ->> 'scope' <> 'counter' AND said.actor_id IS NOT NULL
GROUP BY told.street_id, told.id, said.actor_id
ON CONFLICT (street_id, report_id, helper_id) DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0053_a_photo_tells_of_one_thing"), ("journal", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="reporthelp", name="has_sent", field=models.BooleanField(db_default=True, default=True)
        ),
        migrations.RemoveConstraint(model_name="reporthelp", name="cases_one_helper_a_report"),
        migrations.AddConstraint(
            model_name="reporthelp",
            constraint=models.UniqueConstraint(
                fields=("street", "report", "helper"), name="cases_helped_once_with_a_report"
            ),
        ),
        migrations.RunSQL(FROM_THE_JOURNAL, migrations.RunSQL.noop),
    ]
