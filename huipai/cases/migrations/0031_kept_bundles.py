import django.db.models.deletion
from django.db import migrations, models

import huipai.kit.ids
import huipai.streets.keys
from huipai.streets.operations import AddConstraint, AddIndex, append_only


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0030_no_question_left_open"),
        ("people", "0005_slip_tries"),
        ("streets", "0002_invariants"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptBundle",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(choices=[("accept", "accept"), ("hand_up", "hand_up")], max_length=8)),
                ("content_hash", models.CharField(max_length=64)),
                ("left", models.PositiveSmallIntegerField(default=0)),
                ("arrived_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(null=True)),
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
            },
        ),
        migrations.CreateModel(
            name="BundleResult",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "became",
                    models.CharField(
                        choices=[("done", "done"), ("was_so", "was_so"), ("refused", "refused")], max_length=8
                    ),
                ),
                ("refusal", models.CharField(blank=True, max_length=40)),
                ("words", models.CharField(blank=True, max_length=200)),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
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
                (
                    "bundle",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="cases.keptbundle",
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
            model_name="keptbundle",
            index=models.Index(
                condition=models.Q(("seen_at", None)), fields=["street", "person"], name="cases_bundles_not_seen"
            ),
        ),
        AddConstraint(
            model_name="keptbundle",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_keptbundle_in_street"),
        ),
        AddConstraint(
            model_name="keptbundle",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["accept", "hand_up"])), name="cases_a_bundle_is_known"
            ),
        ),
        AddConstraint(
            model_name="keptbundle",
            constraint=models.CheckConstraint(
                condition=models.Q(("seen_at", None), ("seen_at__gte", models.F("arrived_at")), _connector="OR"),
                name="cases_a_bundle_is_seen_after_it_came",
            ),
        ),
        AddConstraint(
            model_name="bundleresult",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_bundleresult_in_street"),
        ),
        AddConstraint(
            model_name="bundleresult",
            constraint=models.UniqueConstraint(
                fields=("street", "bundle", "case"), name="cases_a_case_is_once_in_a_bundle"
            ),
        ),
        AddConstraint(
            model_name="bundleresult",
            constraint=models.CheckConstraint(
                condition=models.Q(("became__in", ["done", "was_so", "refused"])), name="cases_a_result_is_known"
            ),
        ),
        AddConstraint(
            model_name="bundleresult",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("became", "refused"), models.Q(("refusal", ""), _negated=True)),
                    models.Q(models.Q(("became", "refused"), _negated=True), ("refusal", "")),
                    _connector="OR",
                ),
                name="cases_what_is_refused_says_why",
            ),
        ),
        append_only("cases_bundleresult"),
    ]
