from typing import ClassVar

from django.db import migrations, models

from huipai.streets.operations import AddConstraint


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("rulebook", "0022_known_fields"),
    ]

    operations: ClassVar = [
        AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_at", None), ("decided_at__gte", models.F("proposed_at")), _connector="OR"),
                name="rulebook_admitted_after_it_was_asked",
            ),
        ),
    ]
