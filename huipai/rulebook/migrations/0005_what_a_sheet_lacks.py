from django.db import migrations, models


class Migration(migrations.Migration):
    """A workbook keeps which columns its file had not; those of before count as having had all."""

    dependencies = [("rulebook", "0004_writers_of_proposals")]

    operations = [migrations.AddField("sheet", "lacking", models.JSONField(default=list))]
