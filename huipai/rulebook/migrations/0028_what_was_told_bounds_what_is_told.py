from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rulebook", "0027_an_admission_outlives_what_was_withdrawn")]

    operations: ClassVar = [migrations.AddField("dryrun", "told", models.JSONField(blank=True, default=dict))]
