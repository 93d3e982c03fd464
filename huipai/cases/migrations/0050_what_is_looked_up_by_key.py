"""What a case page and merging look up gets an index: steps' notes and merged cases were found by reading all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0049_one_name_a_type"),
        ("grid", "0005_disputes"),
        ("people", "0011_numbers_on_their_way"),
        ("streets", "0002_invariants"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["street", "merged_into"],
                name="cases_merged_into",
            ),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["street", "transition"], name="cases_notes_of_a_step"),
        ),
    ]
