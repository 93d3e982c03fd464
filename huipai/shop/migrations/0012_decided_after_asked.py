from typing import ClassVar

from django.db import migrations, models

from huipai.streets.operations import AddConstraint


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("people", "0011_numbers_on_their_way"),
        ("shop", "0011_handed_over_in_a_station"),
        ("streets", "0002_invariants"),
    ]

    operations: ClassVar = [
        AddConstraint(
            model_name="budget",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at", None), ("approved_at__gte", models.F("proposed_at")), _connector="OR"),
                    models.Q(("ended_at", None), ("ended_at__gte", models.F("proposed_at")), _connector="OR"),
                ),
                name="shop_a_budget_is_decided_after_it_was_asked",
            ),
        ),
        AddConstraint(
            model_name="itemproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_at", None), ("decided_at__gte", models.F("proposed_at")), _connector="OR"),
                name="shop_an_item_is_decided_after_it_was_asked",
            ),
        ),
    ]
