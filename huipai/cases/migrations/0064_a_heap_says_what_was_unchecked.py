from typing import ClassVar

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    """What the map counts is read from these indexes alone; a heap says what in it was closed without a check."""

    dependencies: ClassVar = [("cases", "0063_what_a_unit_had")]

    operations: ClassVar = [
        migrations.RemoveIndex(model_name="shown", name="cases_shown_current_here"),
        migrations.RemoveIndex(model_name="shown", name="cases_shown_all_here"),
        migrations.RemoveIndex(model_name="shown", name="cases_shown_here_since"),
        migrations.AddIndex(
            model_name="shown",
            index=models.Index(
                name="cases_shown_current_here", fields=["street", "quadkey"],
                include=["state", "is_unchecked", "lng", "lat", "id"], condition=models.Q(is_current=True),
            ),
        ),
        migrations.AddIndex(
            model_name="shown",
            index=models.Index(
                name="cases_shown_all_here", fields=["street", "quadkey"],
                include=["kind", "state", "is_unchecked", "lng", "lat", "id"],
            ),
        ),
        migrations.AddIndex(
            model_name="shown",
            index=django.contrib.postgres.indexes.GistIndex(
                name="cases_shown_here_since", fields=["street", "quadkey", "happened_at"],
                include=["kind", "state", "is_unchecked", "lng", "lat", "id"],
            ),
        ),
    ]  # fmt: skip
