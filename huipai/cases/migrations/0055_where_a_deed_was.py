from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0054_who_spoke_for_an_elder")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="gooddeed", name="address", field=models.CharField(blank=True, db_default="", max_length=200)
        )
    ]
