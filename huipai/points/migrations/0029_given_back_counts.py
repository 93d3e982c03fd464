"""What is given by hand or given back counts for the caps: the index of deeds holds it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0005_disputes"),
        ("people", "0011_numbers_on_their_way"),
        ("points", "0028_strangers_for_homes_and_contests"),
        ("rulebook", "0021_carried_over_as_it_was"),
        ("streets", "0002_invariants"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="posting",
            name="points_by_deed",
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                condition=models.Q(("kind__in", ("award", "grant"))),
                fields=["street", "person", "item_code", "received_at"],
                name="points_by_deed",
            ),
        ),
    ]
