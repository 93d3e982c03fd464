import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import huipai.kit.ids
import huipai.streets.keys
from huipai.grid.migrations._before import BEFORE
from huipai.grid.migrations._guards import GUARDS
from huipai.streets.operations import AddConstraint, AddIndex, CreateModel


class Migration(migrations.Migration):
    replaces = BEFORE
    dependencies = [("people", "0001_tables"), ("streets", "0001_tables")]

    operations = [
        CreateModel(
            name="GridNode",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("street", "街道"),
                            ("community", "社区"),
                            ("grid", "网格"),
                            ("micro_grid", "微网格"),
                            ("building", "楼栋"),
                            ("entrance", "单元"),
                            ("household", "户"),
                        ],
                        max_length=12,
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("boundary", models.JSONField(null=True)),
                (
                    "source_crs",
                    models.CharField(
                        choices=[("wgs84", "WGS84"), ("gcj02", "GCJ02"), ("bd09", "BD09"), ("cgcs2000", "CGCS2000")],
                        default="wgs84",
                        max_length=8,
                    ),
                ),
                ("lng", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("path", models.TextField()),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                (
                    "parent",
                    huipai.streets.keys.TenantKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
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
                (
                    "succeeds",
                    huipai.streets.keys.TenantKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successors",
                        to="grid.gridnode",
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
            name="Family",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("began_at", models.DateTimeField()),
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
                (
                    "household",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="families",
                        to="grid.gridnode",
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
            name="Residence",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                (
                    "household",
                    huipai.streets.keys.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="residences", to="grid.gridnode"
                    ),
                ),
                (
                    "person",
                    huipai.streets.keys.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="residences", to="people.person"
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
            name="Dispute",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("raised_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("lives_there", models.BooleanField(null=True)),
                (
                    "answered_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
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
                (
                    "residence",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="grid.residence",
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
            name="TreeVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("stamp", models.UUIDField()),
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
            name="Unit",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("property", "物业"),
                            ("city_management", "城管"),
                            ("police", "派出所"),
                            ("sanitation", "环卫"),
                            ("greenery", "绿化"),
                            ("utility", "水电气"),
                            ("market", "市场监管"),
                            ("department", "科室"),
                            ("community", "社区居委会"),
                            ("partner", "共建单位"),
                            ("other", "其他单位"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                (
                    "node",
                    huipai.streets.keys.TenantKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="units", to="grid.gridnode"
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
            name="Assignment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("resident", "居民"),
                            ("part_time_member", "兼职网格员"),
                            ("grid_worker", "专职网格员"),
                            ("coordinator", "社区协调员"),
                            ("dispatcher", "分拨员"),
                            ("unit_handler", "处置单位经办"),
                            ("unit_lead", "处置单位负责人"),
                            ("checker", "核查员"),
                            ("rulebook_editor", "条款编辑"),
                            ("board_member", "准入小组成员"),
                            ("reviewer", "积分审核员"),
                            ("station_host", "驿站值守"),
                            ("leader", "街道负责人"),
                            ("auditor", "审计管理员"),
                            ("security_admin", "安全管理员"),
                            ("system_admin", "系统管理员"),
                        ],
                        max_length=20,
                    ),
                ),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                ("end_told_at", models.DateTimeField(null=True)),
                (
                    "deputy",
                    huipai.streets.keys.TenantKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deputised",
                        to="people.person",
                    ),
                ),
                (
                    "person",
                    huipai.streets.keys.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="people.person"
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
                    "takes_over",
                    huipai.streets.keys.TenantKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handed_to",
                        to="grid.assignment",
                    ),
                ),
                (
                    "node",
                    huipai.streets.keys.TenantKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="grid.gridnode",
                    ),
                ),
                (
                    "unit",
                    huipai.streets.keys.TenantKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="grid.unit",
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
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(choices=[("boundaries", "边界"), ("tree", "网格与人员")], max_length=12)),
                ("file_name", models.CharField(max_length=200)),
                ("content", models.BinaryField()),
                (
                    "crs",
                    models.CharField(
                        choices=[("wgs84", "WGS84"), ("gcj02", "GCJ02"), ("bd09", "BD09"), ("cgcs2000", "CGCS2000")],
                        default="wgs84",
                        max_length=8,
                    ),
                ),
                ("uploaded_at", models.DateTimeField()),
                ("findings", models.CharField(blank=True, max_length=64)),
                ("applied_at", models.DateTimeField(null=True)),
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
                    "uploaded_by",
                    huipai.streets.keys.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
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
            name="Absence",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("leave", "休假"),
                            ("illness", "病假"),
                            ("training", "培训"),
                            ("secondment", "借调"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                    ),
                ),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                ("begin_told_at", models.DateTimeField(null=True)),
                ("end_told_at", models.DateTimeField(null=True)),
                (
                    "person",
                    huipai.streets.keys.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="absences", to="people.person"
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
                    models.Index(
                        condition=models.Q(("begin_told_at", None)),
                        fields=["street", "valid_from"],
                        name="grid_absence_to_tell",
                    ),
                    models.Index(
                        condition=models.Q(("end_told_at", None)),
                        fields=["street", "valid_until"],
                        name="grid_absence_end_to_tell",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("street", "id"), name="grid_absence_in_street"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="grid_absence_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["leave", "illness", "training", "secondment", "other"])),
                        name="grid_absence_kind_is_a_word",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("street", "="),
                            ("person", "="),
                            (
                                models.Func(
                                    models.F("valid_from"),
                                    models.F("valid_until"),
                                    function="tstzrange",
                                    output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="grid_nobody_is_away_twice",
                    ),
                ],
            },
        ),
        CreateModel(
            name="BaseMapLayer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("road", "道路"),
                            ("main_road", "主干道"),
                            ("water", "水面"),
                            ("block", "街区"),
                            ("park", "绿地"),
                            ("building", "建筑"),
                            ("place", "地名"),
                        ],
                        max_length=12,
                    ),
                ),
                ("features", models.JSONField()),
                ("replaced_at", models.DateTimeField()),
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
                    models.UniqueConstraint(fields=("street", "id"), name="grid_basemaplayer_in_street"),
                    models.UniqueConstraint(fields=("street", "kind"), name="grid_one_layer_a_kind"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["road", "main_road", "water", "block", "park", "building", "place"])
                        ),
                        name="grid_layer_kind_is_a_word",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("features__type", "FeatureCollection")), name="grid_layer_is_a_collection"
                    ),
                ],
            },
        ),
        AddIndex(
            model_name="gridnode",
            index=models.Index(
                fields=["street", "path"], name="grid_node_by_path", opclasses=["uuid_ops", "text_pattern_ops"]
            ),
        ),
        AddIndex(
            model_name="gridnode",
            index=models.Index(fields=["street", "level", "code"], name="grid_node_by_level"),
        ),
        AddIndex(
            model_name="gridnode",
            index=models.Index(fields=["street", "parent", "code"], name="grid_node_by_parent"),
        ),
        AddConstraint(
            model_name="gridnode",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="grid_gridnode_in_street"),
        ),
        AddConstraint(
            model_name="gridnode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="grid_node_ends_after_it_begins",
            ),
        ),
        AddConstraint(
            model_name="gridnode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level", "street"), ("parent", None)),
                    models.Q(models.Q(("level", "street"), _negated=True), ("parent__isnull", False)),
                    _connector="OR",
                ),
                name="grid_only_the_street_has_no_parent",
            ),
        ),
        AddConstraint(
            model_name="gridnode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("level__in", ["street", "community", "grid", "micro_grid", "building", "entrance", "household"])
                ),
                name="grid_level_is_a_word",
            ),
        ),
        AddConstraint(
            model_name="gridnode",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[0-9A-Za-z][0-9A-Za-z-]{0,39}$")), name="grid_code_is_plain"
            ),
        ),
        AddConstraint(
            model_name="gridnode",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="grid_name_is_not_empty"
            ),
        ),
        AddConstraint(
            model_name="gridnode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("boundary", None),
                    models.Q(
                        ("boundary__type__in", ["Polygon", "MultiPolygon"]),
                        ("level__in", ["street", "community", "grid", "micro_grid"]),
                    ),
                    _connector="OR",
                ),
                name="grid_boundary_is_an_area",
            ),
        ),
        AddConstraint(
            model_name="gridnode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lat", None), ("lng", None)),
                    models.Q(("lat__range", (-90, 90)), ("lng__range", (-180, 180))),
                    _connector="OR",
                ),
                name="grid_point_lies_on_earth",
            ),
        ),
        AddConstraint(
            model_name="gridnode",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("street", "="),
                    ("code", "="),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_until"),
                            function="tstzrange",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="grid_a_code_names_one_node_at_a_time",
            ),
        ),
        AddConstraint(
            model_name="gridnode",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("level", "street")),
                expressions=[
                    ("street", "="),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_until"),
                            function="tstzrange",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="grid_one_street_at_a_time",
            ),
        ),
        AddConstraint(
            model_name="family",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="grid_family_in_street"),
        ),
        AddConstraint(
            model_name="family",
            constraint=models.UniqueConstraint(
                fields=("street", "household", "began_at"), name="grid_a_family_begins_once"
            ),
        ),
        AddIndex(
            model_name="residence",
            index=models.Index(fields=["street", "household"], name="grid_residence_by_household"),
        ),
        AddConstraint(
            model_name="residence",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="grid_residence_in_street"),
        ),
        AddConstraint(
            model_name="residence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="grid_residence_ends_after_it_begins",
            ),
        ),
        AddConstraint(
            model_name="residence",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("street", "="),
                    ("person", "="),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_until"),
                            function="tstzrange",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="grid_one_household_at_a_time",
            ),
        ),
        AddIndex(
            model_name="dispute",
            index=models.Index(
                condition=models.Q(("answered_at", None)), fields=["street", "raised_at"], name="grid_dispute_to_answer"
            ),
        ),
        AddConstraint(
            model_name="dispute",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="grid_dispute_in_street"),
        ),
        AddConstraint(
            model_name="dispute",
            constraint=models.UniqueConstraint(fields=("street", "residence"), name="grid_an_end_is_disputed_once"),
        ),
        AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at", None), ("answered_by", None), ("lives_there", None)),
                    models.Q(("answered_at__gte", models.F("raised_at")), ("lives_there__isnull", False)),
                    _connector="OR",
                ),
                name="grid_dispute_is_answered_whole",
            ),
        ),
        AddConstraint(
            model_name="treeversion",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="grid_treeversion_in_street"),
        ),
        AddConstraint(
            model_name="treeversion",
            constraint=models.UniqueConstraint(fields=("street",), name="grid_one_version_a_street"),
        ),
        AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="grid_unit_in_street"),
        ),
        AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(fields=("street", "code"), name="grid_a_code_names_one_unit"),
        ),
        AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[0-9A-Za-z][0-9A-Za-z-]{0,39}$")), name="grid_unit_code_is_plain"
            ),
        ),
        AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "property",
                            "city_management",
                            "police",
                            "sanitation",
                            "greenery",
                            "utility",
                            "market",
                            "department",
                            "community",
                            "partner",
                            "other",
                        ],
                    )
                ),
                name="grid_unit_kind_is_a_word",
            ),
        ),
        AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="grid_unit_name_is_not_empty"
            ),
        ),
        AddIndex(
            model_name="assignment",
            index=models.Index(fields=["street", "person", "role"], name="grid_assignment_by_person"),
        ),
        AddIndex(
            model_name="assignment",
            index=models.Index(fields=["street", "node", "role"], name="grid_assignment_by_node"),
        ),
        AddIndex(
            model_name="assignment",
            index=models.Index(fields=["street", "unit", "role"], name="grid_assignment_by_unit"),
        ),
        AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("deputy__isnull", False)),
                fields=["street", "deputy"],
                name="grid_assignment_by_deputy",
            ),
        ),
        AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("end_told_at", None), ("valid_until__isnull", False)),
                fields=["street", "valid_until"],
                name="grid_assignment_end_to_tell",
            ),
        ),
        AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="grid_assignment_in_street"),
        ),
        AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="grid_assignment_ends_after_it_begins",
            ),
        ),
        AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("node", None), ("role__in", ["unit_handler", "unit_lead"]), ("unit__isnull", False)),
                    models.Q(
                        models.Q(("role__in", ["unit_handler", "unit_lead"]), _negated=True),
                        ("node__isnull", False),
                        ("unit", None),
                    ),
                    _connector="OR",
                ),
                name="grid_assignment_has_one_scope",
            ),
        ),
        AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "part_time_member",
                            "grid_worker",
                            "coordinator",
                            "dispatcher",
                            "unit_handler",
                            "unit_lead",
                            "checker",
                            "rulebook_editor",
                            "board_member",
                            "reviewer",
                            "station_host",
                            "leader",
                            "auditor",
                            "security_admin",
                            "system_admin",
                        ],
                    )
                ),
                name="grid_role_can_be_assigned",
            ),
        ),
        AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deputy", None), models.Q(("deputy", models.F("person")), _negated=True), _connector="OR"
                ),
                name="grid_nobody_deputises_himself",
            ),
        ),
        AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deputy", None),
                    models.Q(("role__in", ["auditor", "security_admin", "system_admin"]), _negated=True),
                    _connector="OR",
                ),
                name="grid_admins_have_no_deputy",
            ),
        ),
        AddConstraint(
            model_name="assignment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("street", "="),
                    ("person", "="),
                    ("role", "="),
                    ("node", "="),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_until"),
                            function="tstzrange",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="grid_a_role_in_a_node_is_held_once",
            ),
        ),
        AddConstraint(
            model_name="assignment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("street", "="),
                    ("person", "="),
                    ("role", "="),
                    ("unit", "="),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_until"),
                            function="tstzrange",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="grid_a_role_in_a_unit_is_held_once",
            ),
        ),
        AddConstraint(
            model_name="assignment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("role__in", ["auditor", "security_admin", "system_admin"])),
                expressions=[
                    ("street", "="),
                    ("person", "="),
                    ("role", "<>"),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_until"),
                            function="tstzrange",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="grid_three_admins_are_three_people",
            ),
        ),
        AddConstraint(
            model_name="upload",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="grid_upload_in_street"),
        ),
        AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["boundaries", "tree"])), name="grid_upload_kind_is_a_word"
            ),
        ),
        *GUARDS,
    ]
