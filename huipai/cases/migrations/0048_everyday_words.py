from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0047_one_national_code")]

    operations = [
        migrations.AddField(
            model_name="casetype",
            name="everyday",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
