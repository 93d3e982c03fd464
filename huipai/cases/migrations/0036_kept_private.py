from django.db import migrations, models

# The gate of photos as before, which lets none through of a report that came in for no neighbour's eyes.
_GATE = """
CREATE OR REPLACE FUNCTION cases_showable_photos(of_street uuid, of_case uuid)
    RETURNS TABLE (photo_id uuid, moment varchar, round smallint, "position" smallint) LANGUAGE sql STABLE AS $$
    SELECT part.photo_id, part.moment, part.round, part.position
    FROM cases_case AS whole
    JOIN cases_casephoto AS part ON part.street_id = of_street AND part.case_id = whole.id
    JOIN photos_photo AS photo ON photo.street_id = of_street AND photo.id = part.photo_id
    JOIN people_person AS uploader ON uploader.street_id = of_street AND uploader.id = photo.uploader_id
    LEFT JOIN cases_report AS report ON report.street_id = of_street AND report.id = part.report_id
    WHERE whole.street_id = of_street AND whole.id = of_case
      AND whole.is_public AND whole.state NOT IN ('declined', 'not_filed', 'merged', 'voided')
      AND part.moment IN ('before', 'after')
      AND photo.released_at IS NOT NULL AND photo.erased_at IS NULL
      AND (report.id IS NULL OR report.state IN ('received', 'joined'){kept})
      AND (uploader.birth_year IS NULL
           OR extract(year FROM now() AT TIME ZONE 'Asia/Shanghai') - uploader.birth_year >= 15)
$$;
"""
_NOW, _BEFORE = _GATE.format(kept=" AND NOT report.is_kept_private"), _GATE.format(kept="")
# Who followed what was merged away, or is not shown to neighbours: the row hung on a case that they may not see.
_LOOSE = """
DELETE FROM cases_follow AS held USING cases_case AS one
WHERE one.street_id = held.street_id AND one.id = held.case_id AND (one.state = 'merged' OR NOT one.is_public);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0035_lead_to_what_goes_on")]
    operations = [
        migrations.AddField(
            model_name="report",
            name="is_kept_private",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(_NOW, _BEFORE),
        migrations.RunSQL(_LOOSE, migrations.RunSQL.noop),
    ]
