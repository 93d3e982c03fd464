from typing import ClassVar

from django.db import migrations, models

# What was reported by an address alone is drawn nowhere and offered to nobody until its place is set: the gate of
# `0036_kept_private`, with one more condition.
SHOWABLE = """
CREATE OR REPLACE FUNCTION cases_showable_photos(of_street uuid, of_case uuid)
    RETURNS TABLE (photo_id uuid, moment varchar, round smallint, "position" smallint) LANGUAGE sql STABLE AS $$
    SELECT part.photo_id, part.moment, part.round, part.position
    FROM cases_case AS whole
    JOIN cases_casephoto AS part ON part.street_id = of_street AND part.case_id = whole.id
    JOIN photos_photo AS photo ON photo.street_id = of_street AND photo.id = part.photo_id
    JOIN people_person AS uploader ON uploader.street_id = of_street AND uploader.id = photo.uploader_id
    LEFT JOIN cases_report AS report ON report.street_id = of_street AND report.id = part.report_id
    WHERE whole.street_id = of_street AND whole.id = of_case
      AND whole.is_public AND whole.state NOT IN ('declined', 'not_filed', 'merged', 'voided'){condition}
      AND part.moment IN ('before', 'after')
      AND photo.released_at IS NOT NULL AND photo.erased_at IS NULL
      AND (report.id IS NULL OR report.state IN ('received', 'joined') AND NOT report.is_kept_private)
      AND (uploader.birth_year IS NULL
           OR extract(year FROM now() AT TIME ZONE 'Asia/Shanghai') - uploader.birth_year >= 15)
$$;
DROP TRIGGER cases_show_again ON cases_case;
CREATE TRIGGER cases_show_again AFTER UPDATE ON cases_case FOR EACH ROW
    WHEN ((NEW.is_public OR OLD.is_public) AND
          (NEW.is_public, NEW.state, NEW.case_type_id, NEW.node_id, NEW.lng, NEW.lat, NEW.ended_at{new}) IS DISTINCT FROM
          (OLD.is_public, OLD.state, OLD.case_type_id, OLD.node_id, OLD.lng, OLD.lat, OLD.ended_at{old}))
    EXECUTE FUNCTION cases_show_again();
"""
NOW = {"condition": "\n      AND whole.placed <> 'guessed'", "new": ", NEW.placed", "old": ", OLD.placed"}
BEFORE = {"condition": "", "new": "", "old": ""}


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0037_additions")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="case",
            name="placed",
            field=models.CharField(
                choices=[("inside", "在网格里"), ("border", "在网格交界上"), ("guessed", "按地址估的")], max_length=8
            ),
        ),
        migrations.RunSQL(SHOWABLE.format(**NOW), SHOWABLE.format(**BEFORE)),
    ]
