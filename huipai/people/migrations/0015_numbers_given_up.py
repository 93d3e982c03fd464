from django.db import migrations, models

from huipai.streets.operations import AddConstraint

# When it was is not known of those before: they count from now on.
DATED = "UPDATE people_account SET given_up_at = now() WHERE phone IS NULL AND erased_at IS NULL;"


class Migration(migrations.Migration):
    dependencies = [("people", "0014_known_browsers")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="given_up_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(DATED, migrations.RunSQL.noop),
        AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("given_up_at__isnull", True), ("phone__isnull", False)),
                    models.Q(
                        ("phone__isnull", True),
                        models.Q(("given_up_at__isnull", False), ("erased_at__isnull", False), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="people_a_number_given_up_is_dated",
            ),
        ),
    ]
