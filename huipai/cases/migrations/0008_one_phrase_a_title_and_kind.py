from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("cases", "0007_joint_tasks_and_papers_stand"),)

    operations = (
        migrations.RemoveConstraint("phrase", "cases_one_phrase_a_title"),
        migrations.AddConstraint(
            "phrase",
            models.UniqueConstraint(
                fields=("street", "use", "case_type", "title"), name="cases_one_phrase_a_title", nulls_distinct=False
            ),
        ),
    )
