from django.db import migrations, models

from huipai.streets.operations import AddIndex

# What reporters are told of a joint task is about their case.
OF_THE_CASE = """
UPDATE notices_notice SET kind = CASE kind WHEN 'joint.for_reporters' THEN 'case.whistled'
    WHEN 'joint.result_for_reporters' THEN 'case.joint_result' ELSE 'case.joint_end' END
WHERE kind IN ('joint.for_reporters', 'joint.result_for_reporters', 'joint.end_for_reporters')
"""


class Migration(migrations.Migration):
    dependencies = (("notices", "0001_tables"),)

    operations = (
        migrations.RunSQL(OF_THE_CASE, migrations.RunSQL.noop),
        migrations.AddField("notice", "overtaken_at", models.DateTimeField(null=True)),
        AddIndex(
            "notice",
            models.Index(
                name="notices_may_ring",
                fields=["street", "subject"],
                condition=models.Q(read_at__isnull=True, sent_at__isnull=True, overtaken_at__isnull=True),
            ),
        ),
    )
