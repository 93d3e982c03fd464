import django.db.models.deletion
from django.db import migrations, models

import huipai.kit.ids
import huipai.streets.keys
from huipai.streets.operations import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0003_a_unit_of_the_territory"),
        ("people", "0009_helpers_claim"),
        ("streets", "0002_invariants"),
    ]

    operations = [
        migrations.CreateModel(
            name="Family",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("began_at", models.DateTimeField()),
                (
                    "household",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="families",
                        to="grid.gridnode",
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
                    models.UniqueConstraint(fields=("street", "id"), name="grid_family_in_street"),
                    models.UniqueConstraint(
                        fields=("street", "household", "began_at"), name="grid_a_family_begins_once"
                    ),
                ],
            },
        ),
        append_only("grid_family"),
    ]
