import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import huipai.kit.ids
import huipai.streets.keys
from huipai.journal.migrations._before import BEFORE
from huipai.journal.migrations._guards import GUARDS
from huipai.streets.operations import AddConstraint, AddIndex, CreateModel


class Migration(migrations.Migration):
    replaces = BEFORE
    dependencies = [("streets", "0001_tables"), ("procrastinate", "0041_post_retry_failed_job")]

    operations = [
        CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("what", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=80)),
                ("actor_id", models.UUIDField(null=True)),
                ("happened_at", models.DateTimeField()),
                ("facts", models.JSONField(default=dict)),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=django.db.models.expressions.RawSQL("(pg_current_xact_id()::text)::bigint", ()),
                        editable=False,
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
            },
        ),
        CreateModel(
            name="Seal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField()),
                ("version", models.PositiveSmallIntegerField()),
                (
                    "entry",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.entry",
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
            },
        ),
        AddIndex(
            model_name="entry",
            index=models.Index(fields=["street", "subject", "id"], name="journal_by_subject"),
        ),
        AddIndex(
            model_name="entry",
            index=django.contrib.postgres.indexes.BrinIndex(fields=["transaction"], name="journal_by_transaction"),
        ),
        AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="journal_entry_in_street"),
        ),
        AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("what__regex", "^[a-z_]+\\.[a-z_]+$")), name="journal_fact_is_a_word"
            ),
        ),
        AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="journal_seal_in_street"),
        ),
        AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(fields=("street", "position"), name="journal_one_seal_a_position"),
        ),
        AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(fields=("street", "entry"), name="journal_an_entry_is_sealed_once"),
        ),
        *GUARDS,
    ]
