from django.db import migrations, models

from huipai.streets.operations import AddConstraint


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0011_numbers_on_their_way"),
        ("streets", "0002_invariants"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="person",
            name="people_an_erased_person_is_empty",
        ),
        migrations.AddField(
            model_name="person",
            name="said_under_14_at",
            field=models.DateTimeField(null=True),
        ),
        AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at__isnull", True),
                    models.Q(
                        ("account__isnull", True),
                        ("birth_year__isnull", True),
                        ("is_staff", False),
                        ("name", ""),
                        ("said_under_14_at", None),
                    ),
                    _connector="OR",
                ),
                name="people_an_erased_person_is_empty",
            ),
        ),
    ]
