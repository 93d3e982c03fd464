from django.db import migrations, models

# What came with a merge, the last one where there were several: the journal names the reports.
_REPORTS = """
UPDATE cases_report AS report SET came_along_at = moved.at
FROM (SELECT said.street_id, id.value::uuid AS report_id, max(said.happened_at) AS at
      FROM journal_entry AS said, jsonb_array_elements_text(said.facts -> 'reports') AS id(value)
      WHERE said.what = 'case.merged' AND jsonb_typeof(said.facts -> 'reports') = 'array'
      GROUP BY said.street_id, id.value) AS moved
WHERE report.street_id = moved.street_id AND report.id = moved.report_id;
"""
# With its report, or what was sent later and by whom ever works on it: as near as is known, when it was received.
_PHOTOS = """
UPDATE cases_casephoto AS part SET added_at = photo.received_at
FROM photos_photo AS photo
WHERE photo.street_id = part.street_id AND photo.id = part.photo_id
  AND NOT EXISTS (SELECT FROM cases_report AS report
                  WHERE report.street_id = part.street_id AND report.id = part.report_id
                    AND coalesce(report.came_along_at, report.received_at) >= photo.received_at);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0062_an_addition_says_what_it_was"),
        ("journal", "0004_spelling_of_a_seal"),
        ("photos", "0004_marks_of_a_picture"),
    ]

    operations = [
        migrations.AddField(model_name="casephoto", name="added_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="report", name="came_along_at", field=models.DateTimeField(null=True)),
        migrations.RunSQL(_REPORTS, migrations.RunSQL.noop),
        migrations.RunSQL(_PHOTOS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="casephoto",
            constraint=models.CheckConstraint(
                condition=models.Q(report__isnull=False) | models.Q(added_at__isnull=False),
                name="cases_a_photo_came_at_a_time",
            ),
        ),
    ]
