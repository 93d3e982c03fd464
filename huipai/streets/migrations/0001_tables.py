from django.db import migrations, models

import huipai.kit.ids
from huipai.streets.migrations._before import BEFORE
from huipai.streets.migrations._guards import GUARDS
from huipai.streets.operations import CreateModel


class Migration(migrations.Migration):
    replaces = BEFORE
    dependencies = []

    operations = [
        migrations.RunSQL(
            "CREATE EXTENSION IF NOT EXISTS btree_gist; CREATE EXTENSION IF NOT EXISTS pg_trgm;", migrations.RunSQL.noop
        ),
        CreateModel(
            name="Street",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("slug", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=40)),
                ("operator", models.CharField(max_length=80)),
                ("filing_number", models.CharField(blank=True, max_length=60)),
                ("complaint_phone", models.CharField(blank=True, max_length=20)),
                ("hotline_phone", models.CharField(blank=True, max_length=20)),
                ("map_approval", models.CharField(blank=True, max_length=40)),
                ("center_lng", models.FloatField()),
                ("center_lat", models.FloatField()),
                ("is_demo", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("slug__regex", "^[a-z][a-z0-9-]*$")), name="a_slug_is_lower_case"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("center_lat__range", (-90, 90)), ("center_lng__range", (-180, 180))),
                        name="a_street_lies_on_earth",
                    ),
                ],
            },
        ),
        *GUARDS,
    ]
