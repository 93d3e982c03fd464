from typing import ClassVar

from django.db import migrations, models

from huipai.streets.operations import AddConstraint


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("grid", "0005_disputes"),
        ("households", "0010_families_end_incentives"),
        ("people", "0011_numbers_on_their_way"),
        ("streets", "0002_invariants"),
    ]

    operations: ClassVar = [
        AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_at", None), ("decided_at__gte", models.F("proposed_at")), _connector="OR"),
                name="households_assessed_before_it_is_decided",
            ),
        ),
        AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_at", None), ("decided_at__gte", models.F("raised_at")), _connector="OR"),
                name="households_objected_before_it_is_decided",
            ),
        ),
    ]
