from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0016_the_end_is_a_rule")]
    operations = [
        migrations.AddField(
            model_name="proposal",
            name="known_reason",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
