import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import huipai.kit.ids
import huipai.streets.keys
from huipai.streets.operations import AddIndex

TENANT = {"abstract": False, "base_manager_name": "objects", "default_manager_name": "objects"}


def key(to: str, related_name: str) -> huipai.streets.keys.TenantKey:
    return huipai.streets.keys.TenantKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=to
    )


def own_id() -> models.UUIDField:
    return models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False)


def street() -> huipai.streets.keys.StreetKey:
    return huipai.streets.keys.StreetKey(
        db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
        to="streets.street",
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_good_deed_gate"), ("people", "0004_pickup_codes")]

    operations = [
        migrations.CreateModel(
            name="Follow",
            fields=[
                ("id", own_id()),
                ("followed_at", models.DateTimeField()),
                ("case", key("cases.case", "follows")),
                ("person", key("people.person", "+")),
                ("street", street()),
            ],
            options={
                **TENANT,
                "indexes": [
                    models.Index(fields=["street", "person", "-followed_at"], name="cases_follows_of_a_person")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("street", "id"), name="cases_follow_in_street"),
                    models.UniqueConstraint(fields=("street", "case", "person"), name="cases_followed_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sighting",
            fields=[
                ("id", own_id()),
                ("seen_date", models.DateField()),
                ("seen_at", models.DateTimeField()),
                ("case", key("cases.case", "sightings")),
                ("person", key("people.person", "+")),
                ("street", street()),
            ],
            options={
                **TENANT,
                "constraints": [
                    models.UniqueConstraint(fields=("street", "id"), name="cases_sighting_in_street"),
                    models.UniqueConstraint(
                        fields=("street", "case", "person", "seen_date"), name="cases_seen_once_a_day"
                    ),
                ],
            },
        ),
        AddIndex(
            model_name="shown",
            index=django.contrib.postgres.indexes.GistIndex(
                models.F("street"),
                models.F("case_type"),
                models.Func(models.F("lng"), models.F("lat"), function="point"),
                condition=models.Q(("ended_at__isnull", True)),
                name="cases_shown_by_place",
            ),
        ),
    ]
