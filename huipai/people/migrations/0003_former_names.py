from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("people", "0002_guardians_stand"),)

    operations = (
        migrations.AddField("person", "former_names", ArrayField(models.CharField(max_length=40), default=list)),
    )
