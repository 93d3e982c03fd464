from typing import ClassVar

from django.db import migrations, models

from huipai.streets.operations import AddConstraint


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("cases", "0051_said_of_a_deed"),
        ("people", "0011_numbers_on_their_way"),
        ("streets", "0002_invariants"),
    ]

    operations: ClassVar = [
        AddConstraint(
            model_name="typepayment",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_at", None), ("decided_at__gte", models.F("proposed_at")), _connector="OR"),
                name="cases_a_payment_is_decided_after_it_was_asked",
            ),
        ),
    ]
