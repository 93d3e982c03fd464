import django.db.models.deletion
from django.db import migrations, models

import huipai.streets.keys
from huipai.streets.operations import AddConstraint, AddIndex

# A photo of a visit is of a joint task that its case was in, or one that was merged into its case: a merge takes the
# photo along and leaves the link of a task that has its result. Of several it is the one that was whistled last before
# the photo came, and of those that went on at one time the one in which its uploader had a part.
NAME_THE_VISIT = """
UPDATE cases_casephoto AS part SET joint_task_id = (
    SELECT task.id FROM cases_jointcase AS link
    JOIN cases_jointtask AS task ON task.street_id = link.street_id AND task.id = link.task_id
    JOIN cases_case AS linked ON linked.street_id = link.street_id AND linked.id = link.case_id
    WHERE link.street_id = part.street_id AND part.case_id IN (linked.id, linked.merged_into_id)
    ORDER BY task.whistled_at <= photo.received_at DESC, task.visited_at IS NOT NULL DESC,
        (task.whistled_by_id = photo.uploader_id OR EXISTS (
            SELECT FROM cases_unitcall AS call WHERE call.street_id = task.street_id AND call.task_id = task.id
            AND call.envoy_id = photo.uploader_id)) DESC,
        task.whistled_at DESC, task.id DESC LIMIT 1)
FROM photos_photo AS photo
WHERE part.moment = 'visit' AND photo.street_id = part.street_id AND photo.id = part.photo_id;
SET CONSTRAINTS ALL IMMEDIATE
"""


class Migration(migrations.Migration):
    dependencies = (("cases", "0008_one_phrase_a_title_and_kind"),)

    operations = (
        migrations.AddField(
            "casephoto",
            "joint_task",
            huipai.streets.keys.TenantKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visit_photos",
                to="cases.jointtask",
            ),
        ),
        AddIndex(
            "casephoto",
            models.Index(
                name="cases_photos_of_a_visit",
                fields=["street", "joint_task"],
                condition=models.Q(joint_task__isnull=False),
            ),
        ),
        migrations.RunSQL(NAME_THE_VISIT, migrations.RunSQL.noop),
        AddConstraint(
            "casephoto",
            models.CheckConstraint(
                name="cases_a_visits_photo_names_its_visit",
                condition=models.Q(moment="visit", joint_task__isnull=False)
                | (~models.Q(moment="visit") & models.Q(joint_task__isnull=True)),
            ),
        ),
    )
