import django.db.models.deletion
from django.db import migrations, models

import huipai.kit.ids
import huipai.streets.keys
from huipai.streets.operations import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0020_guessing"),
        ("people", "0005_slip_tries"),
        ("streets", "0002_invariants"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptDeed",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("accept", "accept"), ("respond", "respond"), ("ask", "ask")], max_length=10
                    ),
                ),
                ("arrived_at", models.DateTimeField()),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "person",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "street",
                    huipai.streets.keys.StreetKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="streets.street",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("street", "id"), name="cases_keptdeed_in_street"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["accept", "respond", "ask"])),
                        name="cases_a_kept_deed_is_known",
                    ),
                ],
            },
        ),
        append_only("cases_keptdeed"),
    ]
