import datetime

import django.db.models.deletion
from django.db import migrations, models

import huipai.kit.ids
import huipai.streets.keys
from huipai.notices.migrations._before import BEFORE
from huipai.streets.operations import CreateModel


class Migration(migrations.Migration):
    replaces = BEFORE
    dependencies = [("people", "0001_tables"), ("streets", "0001_tables")]

    operations = [
        CreateModel(
            name="Digest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("day", models.DateField()),
                ("gathered_at", models.DateTimeField()),
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
                    models.UniqueConstraint(fields=("street", "id"), name="notices_digest_in_street"),
                    models.UniqueConstraint(fields=("street", "person", "day"), name="notices_one_digest_a_day"),
                ],
            },
        ),
        CreateModel(
            name="Muted",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("what", models.CharField(max_length=80)),
                ("muted_at", models.DateTimeField()),
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
                    models.UniqueConstraint(fields=("street", "id"), name="notices_muted_in_street"),
                    models.UniqueConstraint(fields=("street", "person", "what"), name="notices_muted_once"),
                ],
            },
        ),
        CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=80)),
                ("params", models.JSONField(default=dict)),
                ("cause", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
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
                "indexes": [
                    models.Index(fields=["street", "person", "-created_at", "-id"], name="notices_newest_first"),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["street", "person"],
                        name="notices_unread",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("street", "id"), name="notices_notice_in_street"),
                    models.UniqueConstraint(fields=("street", "person", "cause"), name="notices_a_cause_is_told_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__regex", "^[a-z_]+\\.[a-z_]+$")), name="notices_kind_is_a_word"
                    ),
                ],
            },
        ),
        CreateModel(
            name="Preference",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("by_sms", models.BooleanField(default=False)),
                ("quiet_from", models.TimeField(default=datetime.time(21, 30))),
                ("quiet_until", models.TimeField(default=datetime.time(7, 30))),
                ("digest_at", models.TimeField(null=True)),
                ("changed_at", models.DateTimeField()),
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
                    models.UniqueConstraint(fields=("street", "id"), name="notices_preference_in_street"),
                    models.UniqueConstraint(fields=("street", "person"), name="notices_one_preference_a_person"),
                ],
            },
        ),
    ]
