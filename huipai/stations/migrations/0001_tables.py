import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import huipai.kit.ids
import huipai.streets.keys
from huipai.stations.migrations._before import BEFORE
from huipai.streets.operations import AddConstraint, AddIndex, CreateModel


class Migration(migrations.Migration):
    replaces = BEFORE
    dependencies = [("grid", "0001_tables"), ("streets", "0001_tables")]

    operations = [
        CreateModel(
            name="Station",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.CharField(max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("care_station", "爱心驿站"),
                            ("grid_stop", "网格小驻"),
                            ("energy_stop", "元气加油站"),
                            ("food_station", "食物驿站"),
                            ("law_corner", "法治小站"),
                            ("party_centre", "党群服务站"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("place", models.CharField(max_length=120)),
                ("lng", models.FloatField()),
                ("lat", models.FloatField()),
                (
                    "source_crs",
                    models.CharField(
                        choices=[("wgs84", "WGS84"), ("gcj02", "GCJ02"), ("bd09", "BD09"), ("cgcs2000", "CGCS2000")],
                        default="wgs84",
                        max_length=8,
                    ),
                ),
                (
                    "services",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("water", "热水"),
                                ("microwave", "热饭"),
                                ("charging", "充电"),
                                ("rest", "歇脚"),
                                ("toilet", "厕所"),
                                ("first_aid", "药箱"),
                                ("umbrella", "雨伞"),
                                ("reading", "看书"),
                                ("tools", "工具"),
                                ("counter", "代办"),
                            ],
                            max_length=12,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "node",
                    huipai.streets.keys.TenantKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stations",
                        to="grid.gridnode",
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
            name="OpeningHours",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("weekday", models.SmallIntegerField()),
                ("opens", models.SmallIntegerField()),
                ("closes", models.SmallIntegerField()),
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
                    "station",
                    huipai.streets.keys.TenantKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hours", to="stations.station"
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
            model_name="station",
            index=models.Index(fields=["street", "kind", "code"], name="stations_by_kind"),
        ),
        AddConstraint(
            model_name="station",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="stations_station_in_street"),
        ),
        AddConstraint(
            model_name="station",
            constraint=models.UniqueConstraint(fields=("street", "code"), name="stations_a_code_names_one"),
        ),
        AddConstraint(
            model_name="station",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["care_station", "grid_stop", "energy_stop", "food_station", "law_corner", "party_centre"],
                    )
                ),
                name="stations_kind_is_a_word",
            ),
        ),
        AddConstraint(
            model_name="station",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "services__contained_by",
                        [
                            "water",
                            "microwave",
                            "charging",
                            "rest",
                            "toilet",
                            "first_aid",
                            "umbrella",
                            "reading",
                            "tools",
                            "counter",
                        ],
                    )
                ),
                name="stations_services_are_words",
            ),
        ),
        AddConstraint(
            model_name="station",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("place", ""), _negated=True)),
                name="stations_have_a_name_and_a_place",
            ),
        ),
        AddConstraint(
            model_name="station",
            constraint=models.CheckConstraint(
                condition=models.Q(("lat__range", (-90, 90)), ("lng__range", (-180, 180))), name="stations_lie_on_earth"
            ),
        ),
        AddConstraint(
            model_name="station",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_at", None), ("closed_at__gte", models.F("opened_at")), _connector="OR"),
                name="stations_close_after_they_open",
            ),
        ),
        AddConstraint(
            model_name="openinghours",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="stations_openinghours_in_street"),
        ),
        AddConstraint(
            model_name="openinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closes__gt", models.F("opens")),
                    ("closes__lte", 1440),
                    ("opens__gte", 0),
                    ("weekday__range", (1, 7)),
                ),
                name="stations_hours_go_forwards",
            ),
        ),
        AddConstraint(
            model_name="openinghours",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("street", "="),
                    ("station", "="),
                    ("weekday", "="),
                    (
                        models.Func(
                            models.F("opens"),
                            models.F("closes"),
                            function="int4range",
                            output_field=django.contrib.postgres.fields.ranges.IntegerRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="stations_hours_do_not_overlap",
            ),
        ),
    ]
