from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_quiet_queue")]
    operations = [
        migrations.AddField("seal", "version", models.PositiveSmallIntegerField(default=1), preserve_default=False),
    ]
