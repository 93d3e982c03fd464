import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import huipai.kit.ids
import huipai.streets.keys
from huipai.cases.migrations._before import BEFORE
from huipai.cases.migrations._gate import GATE
from huipai.cases.migrations._guards import GUARDS
from huipai.cases.migrations._search import SEARCH
from huipai.streets.operations import AddConstraint, AddIndex, CreateModel


class Migration(migrations.Migration):
    replaces = BEFORE
    dependencies = [
        ("audit", "0001_tables"),
        ("grid", "0001_tables"),
        ("people", "0001_tables"),
        ("photos", "0001_tables"),
        ("points", "0001_tables"),
        ("streets", "0001_tables"),
    ]

    operations = [
        CreateModel(
            name="CaseType",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.SlugField(max_length=40)),
                ("name", models.CharField(max_length=30)),
                ("hint", models.CharField(blank=True, max_length=60)),
                ("everyday", models.TextField(blank=True, db_default="", default="")),
                ("icon", models.CharField(default="camera", max_length=40)),
                ("group", models.CharField(blank=True, max_length=30)),
                ("national_code", models.CharField(blank=True, max_length=16)),
                ("filing_condition", models.TextField(blank=True)),
                ("closing_standard", models.TextField(blank=True)),
                ("limit_amount", models.PositiveSmallIntegerField()),
                (
                    "limit_unit",
                    models.CharField(
                        choices=[
                            ("workdays", "工作日"),
                            ("work_hours", "工作时"),
                            ("urgent_hours", "紧急工作时"),
                            ("calendar_days", "自然日"),
                        ],
                        max_length=16,
                    ),
                ),
                ("needs_after_photo", models.BooleanField(default=False)),
                ("radius_m", models.PositiveSmallIntegerField(default=50)),
                ("is_public", models.BooleanField(default=True)),
                ("check_share", models.DecimalField(decimal_places=2, default=1, max_digits=3)),
                ("point_item", models.CharField(blank=True, max_length=13)),
                ("unit_kind", models.CharField(blank=True, max_length=30)),
                ("max_returns", models.PositiveSmallIntegerField(db_default=2, default=2)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("questions", models.JSONField(default=list)),
                ("is_active", models.BooleanField(default=True)),
                ("edition", models.PositiveSmallIntegerField(db_default=1, default=1)),
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
                    "unit",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
            name="Case",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.CharField(editable=False, max_length=12)),
                ("number", models.PositiveIntegerField(editable=False, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("problem", "问题"), ("good_deed", "好人好事")], default="problem", max_length=16
                    ),
                ),
                ("edition", models.PositiveSmallIntegerField(db_default=1, default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reported", "已收到"),
                            ("verifying", "核实中"),
                            ("accepted", "已受理"),
                            ("declined", "不予受理"),
                            ("filed", "已立案"),
                            ("not_filed", "不予立案"),
                            ("dispatched", "已派单"),
                            ("in_progress", "处理中"),
                            ("responded", "等待核查"),
                            ("checking", "核查中"),
                            ("confirming", "待您确认"),
                            ("rework", "返工中"),
                            ("returned", "被退回"),
                            ("extension_pending", "申请延期"),
                            ("suspended", "已暂停"),
                            ("merged", "已合并"),
                            ("voided", "已作废"),
                            ("closed", "已办结"),
                            ("reopened", "重新办理"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "placed",
                    models.CharField(
                        choices=[("inside", "在网格里"), ("border", "在网格交界上"), ("guessed", "按地址估的")],
                        max_length=8,
                    ),
                ),
                ("lng", models.FloatField()),
                ("lat", models.FloatField()),
                ("address", models.CharField(blank=True, max_length=200)),
                ("is_public", models.BooleanField(default=False)),
                ("returns", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("wait_until", models.DateTimeField(null=True)),
                ("supervised_at", models.DateTimeField(null=True)),
                ("goes_alone", models.BooleanField(db_default=False, default=False)),
                ("reported_at", models.DateTimeField()),
                ("clock_started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("due_year", models.PositiveSmallIntegerField(null=True)),
                ("responded_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("confirmed", "上报人确认解决"),
                            ("no_answer", "上报人没有答复"),
                            ("declined", "没有受理"),
                            ("merged", "并入另一件"),
                            ("withdrawn", "上报人撤回"),
                            ("not_filed", "没有立案"),
                            ("voided", "工作人员作废"),
                            ("part_done", "分出的一件办完"),
                        ],
                        max_length=16,
                    ),
                ),
                ("is_unchecked", models.BooleanField(db_default=False, default=False)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "handler",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "merged_into",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="cases.case",
                    ),
                ),
                (
                    "node",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.gridnode",
                    ),
                ),
                (
                    "parent",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="cases.case",
                    ),
                ),
                (
                    "reporter",
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
                    "unit",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                    ),
                ),
                (
                    "worker",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "case_type",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.casetype",
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
            name="CaseTypeEdition",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("content", models.JSONField()),
                ("since", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "case_type",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="cases.casetype",
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
            name="Check",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("round", models.PositiveSmallIntegerField()),
                ("drawn_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("pool_hash", models.CharField(max_length=64)),
                ("pool_size", models.PositiveIntegerField()),
                ("drawn", models.PositiveIntegerField()),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("passed", "通过"), ("rework", "返工"), ("lapsed", "超时未查")],
                        max_length=8,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="cases.case",
                    ),
                ),
                (
                    "checker",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "handler",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "reporter",
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
        CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等社区看"),
                            ("shown", "邻居看得到"),
                            ("refused", "没有放出来"),
                            ("taken_down", "放出来后收回"),
                            ("withdrawn", "您收回了"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=200)),
                ("written_at", models.DateTimeField()),
                ("written_date", models.DateField()),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("personal", "写了姓名、电话、门牌或车牌"),
                            ("insult", "骂人或者针对一个人"),
                            ("advert", "是广告"),
                            ("off_topic", "和这件事没有关系"),
                            ("unlawful", "内容违法"),
                        ],
                        max_length=12,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "author",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="cases.case",
                    ),
                ),
                (
                    "decided_by",
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
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        CreateModel(
            name="CommentOpening",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "closed_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "node",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.gridnode",
                    ),
                ),
                (
                    "opened_by",
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
        CreateModel(
            name="CommentReport",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("personal", "写了姓名、电话、门牌或车牌"),
                            ("insult", "骂人或者针对一个人"),
                            ("advert", "是广告"),
                            ("off_topic", "和这件事没有关系"),
                            ("unlawful", "内容违法"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reported_at", models.DateTimeField()),
                ("looked_at", models.DateTimeField(null=True)),
                (
                    "comment",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="cases.comment",
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
            },
        ),
        CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(choices=[("queue", "工作台的案件"), ("orders", "本单位的工单")], max_length=8),
                ),
                ("number", models.CharField(max_length=12)),
                ("asked", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "正在做"), ("ready", "做好了"), ("gone", "过了一天，已删掉")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("total", models.PositiveIntegerField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("ready_at", models.DateTimeField(null=True)),
                (
                    "disclosure",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="audit.disclosure",
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
            },
        ),
        CreateModel(
            name="ExportFile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("content", models.BinaryField()),
                (
                    "export",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="cases.export",
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
            name="FilingCounter",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("last", models.PositiveIntegerField(default=0)),
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
            name="Finding",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("found", "认定了，可以申诉"),
                            ("appealed", "申诉了，等另一位看"),
                            ("upheld", "另一位看过，维持"),
                            ("lifted", "撤销了，已经划去"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("staged", "东西是特意摆出来拍的"),
                            ("other_picture", "照片是旧的、别处的或改过的"),
                            ("made_up", "明知没有这回事还报"),
                            ("against_somebody", "编造事情针对别人"),
                        ],
                        max_length=20,
                    ),
                ),
                ("grounds", models.TextField()),
                ("appeal", models.TextField(blank=True)),
                ("answer", models.TextField(blank=True)),
                ("found_at", models.DateTimeField()),
                ("appeal_until", models.DateTimeField()),
                ("hear_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="cases.case",
                    ),
                ),
                (
                    "found_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "heard_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "reporter",
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
        CreateModel(
            name="FindingStep",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("find", "认定不属实"),
                            ("appeal", "上报人申诉"),
                            ("uphold", "维持认定"),
                            ("lift", "申诉成立，撤销"),
                            ("retract", "认定的人自己撤回"),
                            ("lapse", "没有人按时看申诉，撤销"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("found", "认定了，可以申诉"),
                            ("appealed", "申诉了，等另一位看"),
                            ("upheld", "另一位看过，维持"),
                            ("lifted", "撤销了，已经划去"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("found", "认定了，可以申诉"),
                            ("appealed", "申诉了，等另一位看"),
                            ("upheld", "另一位看过，维持"),
                            ("lifted", "撤销了，已经划去"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("reporter", "上报人"),
                            ("worker", "网格员"),
                            ("coordinator", "社区"),
                            ("dispatcher", "联动中心"),
                            ("unit", "处置单位"),
                            ("checker", "核查人"),
                            ("system", "系统"),
                        ],
                        max_length=12,
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                (
                    "actor",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "finding",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="cases.finding",
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
            name="Follow",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("followed_at", models.DateTimeField()),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follows",
                        to="cases.case",
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
            },
        ),
        CreateModel(
            name="GoodDeed",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.CharField(editable=False, max_length=12)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reported", "等社区核实"),
                            ("published", "核实了，已公开"),
                            ("declined", "没有公开"),
                            ("withdrawn", "撤回了"),
                            ("taken_down", "公开后撤下"),
                        ],
                        max_length=12,
                    ),
                ),
                ("who", models.CharField(blank=True, max_length=60)),
                ("address", models.CharField(blank=True, db_default="", max_length=200)),
                ("title", models.CharField(max_length=40)),
                ("text", models.TextField(blank=True)),
                ("lng", models.FloatField()),
                ("lat", models.FloatField()),
                ("content_hash", models.CharField(max_length=64)),
                ("reported_at", models.DateTimeField()),
                ("public_title", models.CharField(blank=True, max_length=40)),
                ("public_text", models.TextField(blank=True)),
                (
                    "third_party",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("nobody", "照片里认不出人"),
                            ("consented", "认得出，本人同意公开"),
                            ("not_shown", "照片不放，只放文字"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "consent_channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("page", "本人在页面上"),
                            ("code", "念出短信验证码"),
                            ("counter", "在窗口"),
                            ("telephone", "通过电话"),
                            ("paper", "书面"),
                        ],
                        max_length=10,
                    ),
                ),
                ("published_at", models.DateTimeField(null=True)),
                ("point_item", models.CharField(blank=True, max_length=13)),
                ("said", models.CharField(blank=True, db_default="", max_length=300)),
                (
                    "decided_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "doer",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "node",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.gridnode",
                    ),
                ),
                (
                    "reporter",
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
        CreateModel(
            name="DeedStep",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("report", "讲了一件好事"),
                            ("publish", "核实并公开"),
                            ("decline", "不公开"),
                            ("withdraw", "本人撤回"),
                            ("take_down", "撤下"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reported", "等社区核实"),
                            ("published", "核实了，已公开"),
                            ("declined", "没有公开"),
                            ("withdrawn", "撤回了"),
                            ("taken_down", "公开后撤下"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("reported", "等社区核实"),
                            ("published", "核实了，已公开"),
                            ("declined", "没有公开"),
                            ("withdrawn", "撤回了"),
                            ("taken_down", "公开后撤下"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[("reporter", "讲的人"), ("doer", "做的人"), ("coordinator", "社区")], max_length=12
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("happened_at", models.DateTimeField()),
                (
                    "actor",
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
                    "deed",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="cases.gooddeed",
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
            name="DeedPhoto",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "photo",
                    huipai.streets.keys.TenantKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="photos.photo"
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
                    "deed",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="cases.gooddeed",
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
            name="JointTask",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("whistled", "等报到"),
                            ("mustering", "报到中"),
                            ("unanswered", "没人报到"),
                            ("on_site", "约好到场"),
                            ("resolved", "有结果了"),
                            ("rated", "评过了"),
                            ("unrated", "没有评"),
                            ("unresolved", "没有办成"),
                            ("called_off", "撤哨了"),
                        ],
                        default="whistled",
                        max_length=12,
                    ),
                ),
                ("matter", models.TextField()),
                ("whistled_at", models.DateTimeField()),
                ("muster_hours", models.PositiveSmallIntegerField()),
                ("visit_at", models.DateTimeField(null=True)),
                ("visit_place", models.CharField(blank=True, max_length=60)),
                ("visited_at", models.DateTimeField(null=True)),
                ("visit_note", models.TextField(blank=True)),
                ("result", models.TextField(blank=True)),
                ("resolved_at", models.DateTimeField(null=True)),
                ("ending", models.TextField(blank=True)),
                ("wait_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "node",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                    "whistled_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
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
            name="JointStep",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("whistle", "吹哨"),
                            ("muster", "报到"),
                            ("decline", "说来不了"),
                            ("mark_absent", "没按时报到，记下来"),
                            ("fall_back", "没人报到，联动中心接手"),
                            ("call", "再叫一家"),
                            ("urge", "催报到"),
                            ("convene", "约好时间和地点"),
                            ("visit", "到现场看过"),
                            ("report_part", "单位说办了什么"),
                            ("resolve", "有结果"),
                            ("rate", "社区评各家单位"),
                            ("lapse_rating", "没有评，收尾"),
                            ("give_up", "没有办成，收尾"),
                            ("lapse", "到时候没有动静，收尾"),
                            ("call_off", "撤哨"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("whistled", "等报到"),
                            ("mustering", "报到中"),
                            ("unanswered", "没人报到"),
                            ("on_site", "约好到场"),
                            ("resolved", "有结果了"),
                            ("rated", "评过了"),
                            ("unrated", "没有评"),
                            ("unresolved", "没有办成"),
                            ("called_off", "撤哨了"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("whistled", "等报到"),
                            ("mustering", "报到中"),
                            ("unanswered", "没人报到"),
                            ("on_site", "约好到场"),
                            ("resolved", "有结果了"),
                            ("rated", "评过了"),
                            ("unrated", "没有评"),
                            ("unresolved", "没有办成"),
                            ("called_off", "撤哨了"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("reporter", "上报人"),
                            ("worker", "网格员"),
                            ("coordinator", "社区"),
                            ("dispatcher", "联动中心"),
                            ("unit", "处置单位"),
                            ("checker", "核查人"),
                            ("system", "系统"),
                        ],
                        max_length=16,
                    ),
                ),
                ("meets_at", models.DateTimeField(null=True)),
                ("happened_at", models.DateTimeField()),
                (
                    "actor",
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
                    "unit",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                    ),
                ),
                (
                    "task",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="cases.jointtask",
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
            name="JointCase",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint",
                        to="cases.case",
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
                    "task",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="cases.jointtask",
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
            name="KeptBack",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("faces", "有人脸"),
                            ("plates", "有车牌"),
                            ("doors", "看得出是谁家"),
                            ("children", "有孩子"),
                            ("private", "有证件、单据等私人内容"),
                            ("unrelated", "和这件事没有关系"),
                        ],
                        max_length=16,
                    ),
                ),
                ("decided_at", models.DateTimeField()),
                (
                    "by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "photo",
                    huipai.streets.keys.TenantKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="photos.photo"
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
        CreateModel(
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
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
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
        CreateModel(
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
                ("content_hash", models.CharField(blank=True, db_default="", default="", max_length=64)),
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
            },
        ),
        CreateModel(
            name="LegalHold",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("contact", "要联系本人，系统里问不到"),
                            ("safety", "关系到人身安全"),
                            ("handling", "办理需要看清细节"),
                            ("checking", "核查需要看清细节"),
                            ("dispute", "处理投诉、异议"),
                            ("review", "复核、回访"),
                            ("upward", "开会、报上级"),
                            ("handover", "移交、归档"),
                            ("audit", "审计"),
                            ("owner", "本人查看自己的照片"),
                            ("legal", "依法调取"),
                            ("willing", "上报人愿意让社区知道"),
                            ("lawsuit", "有诉讼、仲裁"),
                            ("reconsideration", "有行政复议"),
                        ],
                        max_length=16,
                    ),
                ),
                ("held_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="cases.case",
                    ),
                ),
                (
                    "held_by",
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
        CreateModel(
            name="HoldRelease",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("released_at", models.DateTimeField()),
                (
                    "released_by",
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
                    "hold",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="cases.legalhold",
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
            name="Like",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("thing", models.UUIDField()),
                ("liked_at", models.DateTimeField()),
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
        CreateModel(
            name="OwnFind",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("lng", models.FloatField()),
                ("lat", models.FloatField()),
                ("address", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(blank=True)),
                ("content_hash", models.CharField(max_length=64)),
                ("found_at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(null=True)),
                (
                    "case_type",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.casetype",
                    ),
                ),
                (
                    "node",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                    "worker",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
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
            name="LetGo",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kept",
                    models.CharField(
                        choices=[
                            ("done", "办结的案件"),
                            ("refused", "没有受理、没有立案、作废的案件"),
                            ("withdrawn", "上报人自己撤回的案件"),
                            ("found", "网格员自己发现、当场办完的记录"),
                            ("deed", "没有公开或者撤下的好人好事"),
                        ],
                        max_length=12,
                    ),
                ),
                ("days", models.PositiveSmallIntegerField()),
                ("ended_at", models.DateTimeField()),
                ("photos", models.PositiveSmallIntegerField()),
                ("papers", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("gone_at", models.DateTimeField()),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="let_go",
                        to="cases.case",
                    ),
                ),
                (
                    "deed",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="let_go",
                        to="cases.gooddeed",
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
                    "find",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="let_go",
                        to="cases.ownfind",
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
            name="FindPhoto",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "moment",
                    models.CharField(
                        choices=[
                            ("before", "办理前"),
                            ("after", "办理后"),
                            ("check", "核查时"),
                            ("dispute", "上报人补充"),
                            ("visit", "一起到现场时"),
                        ],
                        max_length=8,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "photo",
                    huipai.streets.keys.TenantKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="photos.photo"
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
                    "find",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="cases.ownfind",
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
            name="Pause",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pauses",
                        to="cases.case",
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
            name="Phrase",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "use",
                    models.CharField(
                        choices=[
                            ("tell", "告诉上报人一句"),
                            ("done", "办好了"),
                            ("decline", "不归我们"),
                            ("not_filed", "不予立案"),
                        ],
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=20)),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField()),
                (
                    "case_type",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.casetype",
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
                    "written_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
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
            name="Removal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("photos", models.PositiveSmallIntegerField()),
                ("removed_at", models.DateTimeField()),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="removals",
                        to="cases.case",
                    ),
                ),
                (
                    "removed_by",
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
                    "voided_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
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
            name="Report",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("problem", "问题"), ("good_deed", "好人好事")], default="problem", max_length=16
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "已收到"),
                            ("joined", "已合并"),
                            ("declined", "不予受理"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="received",
                        max_length=12,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("lng", models.FloatField()),
                ("lat", models.FloatField()),
                (
                    "source_crs",
                    models.CharField(
                        choices=[("wgs84", "wgs84"), ("gcj02", "gcj02"), ("bd09", "bd09"), ("cgcs2000", "cgcs2000")],
                        max_length=8,
                    ),
                ),
                (
                    "position_source",
                    models.CharField(
                        choices=[
                            ("exif", "照片里的位置"),
                            ("device", "手机定位"),
                            ("pin", "自己在图上点的"),
                            ("address", "按地址查到的"),
                        ],
                        max_length=8,
                    ),
                ),
                ("is_name_hidden", models.BooleanField(default=True)),
                ("is_kept_private", models.BooleanField(db_default=False, default=False)),
                ("content_hash", models.CharField(max_length=64)),
                ("received_at", models.DateTimeField()),
                ("came_along_at", models.DateTimeField(null=True)),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="cases.case",
                    ),
                ),
                (
                    "case_type",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.casetype",
                    ),
                ),
                (
                    "reporter",
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
        migrations.AddField(
            model_name="finding",
            name="report",
            field=huipai.streets.keys.TenantKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.report"
            ),
        ),
        CreateModel(
            name="Confirmation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("round", models.PositiveSmallIntegerField()),
                ("asked_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("confirmed", "解决了"),
                            ("disputed", "还没有"),
                            ("no_answer", "没有答复"),
                            ("dropped", "不用再答"),
                        ],
                        max_length=12,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("rating", models.PositiveSmallIntegerField(null=True)),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="cases.case",
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
                    "report",
                    huipai.streets.keys.TenantKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.report"
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
            name="CasePhoto",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "moment",
                    models.CharField(
                        choices=[
                            ("before", "办理前"),
                            ("after", "办理后"),
                            ("check", "核查时"),
                            ("dispute", "上报人补充"),
                            ("visit", "一起到现场时"),
                        ],
                        max_length=8,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("added_at", models.DateTimeField(null=True)),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="cases.case",
                    ),
                ),
                (
                    "photo",
                    huipai.streets.keys.TenantKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="photos.photo"
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
                    "report",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="cases.report",
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
            name="Addition",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("text", models.TextField(blank=True)),
                ("photos", models.PositiveSmallIntegerField(default=0)),
                ("content_hash", models.CharField(blank=True, db_default="", default="", max_length=64)),
                ("added_at", models.DateTimeField()),
                ("added_date", models.DateField()),
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
                    "report",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="additions",
                        to="cases.report",
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
            name="ReportAllowance",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("day", models.DateField()),
                ("hour", models.PositiveSmallIntegerField()),
                ("in_day", models.PositiveIntegerField()),
                ("in_hour", models.PositiveIntegerField()),
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
        CreateModel(
            name="ReportAnswers",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("edition", models.PositiveSmallIntegerField()),
                ("answers", models.JSONField()),
                (
                    "case_type",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.casetype",
                    ),
                ),
                (
                    "report",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="cases.report",
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
            name="ReportHelp",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("has_sent", models.BooleanField(db_default=True, default=True)),
                ("helped_at", models.DateTimeField()),
                (
                    "helper",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "report",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="help",
                        to="cases.report",
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
            name="Response",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("round", models.PositiveSmallIntegerField()),
                ("is_on_the_spot", models.BooleanField(default=False)),
                ("responded_at", models.DateTimeField()),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="cases.case",
                    ),
                ),
                (
                    "handler",
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
        CreateModel(
            name="RetentionTerm",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kept",
                    models.CharField(
                        choices=[
                            ("done", "办结的案件"),
                            ("refused", "没有受理、没有立案、作废的案件"),
                            ("withdrawn", "上报人自己撤回的案件"),
                            ("found", "网格员自己发现、当场办完的记录"),
                            ("deed", "没有公开或者撤下的好人好事"),
                        ],
                        max_length=12,
                    ),
                ),
                ("days", models.PositiveSmallIntegerField()),
                ("ground", models.TextField()),
                ("set_at", models.DateTimeField()),
                ("since", models.DateTimeField()),
                (
                    "set_by",
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
        CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=16)),
                ("asked", models.JSONField()),
                ("saved_at", models.DateTimeField()),
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
        CreateModel(
            name="Searchable",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("text", models.TextField()),
                ("grams", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("reported_at", models.DateTimeField()),
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
            name="Shown",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(choices=[("problem", "问题"), ("good_deed", "好人好事")], max_length=16)),
                ("code", models.CharField(max_length=12)),
                ("title", models.CharField(blank=True, max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reported", "已收到"),
                            ("verifying", "核实中"),
                            ("accepted", "已受理"),
                            ("declined", "不予受理"),
                            ("filed", "已立案"),
                            ("not_filed", "不予立案"),
                            ("dispatched", "已派单"),
                            ("in_progress", "处理中"),
                            ("responded", "等待核查"),
                            ("checking", "核查中"),
                            ("confirming", "待您确认"),
                            ("rework", "返工中"),
                            ("returned", "被退回"),
                            ("extension_pending", "申请延期"),
                            ("suspended", "已暂停"),
                            ("merged", "已合并"),
                            ("voided", "已作废"),
                            ("closed", "已办结"),
                            ("reopened", "重新办理"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_unchecked", models.BooleanField(db_default=False, default=False)),
                ("lng", models.FloatField()),
                ("lat", models.FloatField()),
                ("quadkey", models.BigIntegerField()),
                ("happened_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("is_current", models.BooleanField()),
                (
                    "case_type",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.casetype",
                    ),
                ),
                (
                    "cover",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="photos.photo",
                    ),
                ),
                (
                    "node",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
            name="ShownPhoto",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "moment",
                    models.CharField(
                        choices=[
                            ("before", "办理前"),
                            ("after", "办理后"),
                            ("check", "核查时"),
                            ("dispute", "上报人补充"),
                            ("visit", "一起到现场时"),
                        ],
                        max_length=8,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "photo",
                    huipai.streets.keys.TenantKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="photos.photo"
                    ),
                ),
                (
                    "shown",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="cases.shown",
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
            name="Sighting",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("seen_date", models.DateField()),
                ("seen_at", models.DateTimeField()),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sightings",
                        to="cases.case",
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
            },
        ),
        CreateModel(
            name="Slip",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("page", "本人在页面上"),
                            ("code", "念出短信验证码"),
                            ("counter", "在窗口"),
                            ("telephone", "通过电话"),
                            ("paper", "书面"),
                        ],
                        max_length=10,
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("issued_at", models.DateTimeField()),
                (
                    "consent",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.consent",
                    ),
                ),
                (
                    "report",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slips",
                        to="cases.report",
                    ),
                ),
                (
                    "reporter",
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
                    "taken_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
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
            name="StageLimit",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("edition", models.PositiveSmallIntegerField(db_default=1, default=1)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("accept", "受理"),
                            ("file", "立案"),
                            ("dispatch", "派单"),
                            ("sign", "签收"),
                            ("arrive", "到现场"),
                            ("handle", "办完"),
                            ("answer", "答复居民"),
                        ],
                        max_length=12,
                    ),
                ),
                ("amount", models.PositiveSmallIntegerField()),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("workdays", "工作日"),
                            ("work_hours", "工作时"),
                            ("urgent_hours", "紧急工作时"),
                            ("calendar_days", "自然日"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "case_type",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stages",
                        to="cases.casetype",
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
            name="Transition",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("report", "上报"),
                            ("accept", "受理"),
                            ("decline", "不予受理"),
                            ("respond", "办完反馈"),
                            ("handle_on_the_spot", "现场办完"),
                            ("draw_check", "抽到核查人"),
                            ("lapse_check", "核查超时，另抽一人"),
                            ("skip_check", "这一次没有抽到核查"),
                            ("pass_check", "核查通过"),
                            ("fail_check", "核查不通过，返工"),
                            ("agree", "一位上报人说解决了，还等别人"),
                            ("confirm", "上报人确认解决"),
                            ("close_unanswered", "三天没有回音，按未答复结案"),
                            ("dispute", "上报人说还没解决"),
                            ("merge", "并入另一件"),
                            ("withdraw", "上报人撤回"),
                            ("pass_on", "换人办理"),
                            ("take_over", "从待领的里面接过来"),
                            ("hand_up", "网格办不了，转给联动中心"),
                            ("verify", "请网格员去核实"),
                            ("vouch", "核实属实"),
                            ("lapse_verify", "没按时核实，回到联动中心"),
                            ("file", "立案"),
                            ("not_file", "不予立案"),
                            ("void", "作废"),
                            ("ask_review", "上报人申请复核"),
                            ("dispatch", "派单"),
                            ("rule", "裁定"),
                            ("sign", "签收"),
                            ("return", "退单"),
                            ("recall", "收回"),
                            ("ask_extension", "申请延期"),
                            ("grant_extension", "同意延期"),
                            ("refuse_extension", "不同意延期"),
                            ("lapse_extension", "延期没有批，照原来的时限办"),
                            ("suspend", "挂账"),
                            ("unsuspend", "挂账到期，接着办"),
                            ("ask", "问上报人"),
                            ("answer", "上报人回答"),
                            ("lapse_question", "没有回答，接着办"),
                            ("take_back_question", "收回问的那一句"),
                            ("urge", "催办"),
                            ("supervise", "督办"),
                            ("split", "分出一件"),
                            ("retype", "改了类别"),
                            ("send_back_part", "分出的一件退回重办"),
                            ("close_part", "分出的一件办完"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reported", "已收到"),
                            ("verifying", "核实中"),
                            ("accepted", "已受理"),
                            ("declined", "不予受理"),
                            ("filed", "已立案"),
                            ("not_filed", "不予立案"),
                            ("dispatched", "已派单"),
                            ("in_progress", "处理中"),
                            ("responded", "等待核查"),
                            ("checking", "核查中"),
                            ("confirming", "待您确认"),
                            ("rework", "返工中"),
                            ("returned", "被退回"),
                            ("extension_pending", "申请延期"),
                            ("suspended", "已暂停"),
                            ("merged", "已合并"),
                            ("voided", "已作废"),
                            ("closed", "已办结"),
                            ("reopened", "重新办理"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("reported", "已收到"),
                            ("verifying", "核实中"),
                            ("accepted", "已受理"),
                            ("declined", "不予受理"),
                            ("filed", "已立案"),
                            ("not_filed", "不予立案"),
                            ("dispatched", "已派单"),
                            ("in_progress", "处理中"),
                            ("responded", "等待核查"),
                            ("checking", "核查中"),
                            ("confirming", "待您确认"),
                            ("rework", "返工中"),
                            ("returned", "被退回"),
                            ("extension_pending", "申请延期"),
                            ("suspended", "已暂停"),
                            ("merged", "已合并"),
                            ("voided", "已作废"),
                            ("closed", "已办结"),
                            ("reopened", "重新办理"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("reporter", "上报人"),
                            ("worker", "网格员"),
                            ("coordinator", "社区"),
                            ("dispatcher", "联动中心"),
                            ("unit", "处置单位"),
                            ("checker", "核查人"),
                            ("system", "系统"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=40)),
                (
                    "clock",
                    models.CharField(
                        choices=[
                            ("start", "开始计时"),
                            ("go_on", "照常计时"),
                            ("pause", "停表"),
                            ("resume", "接着计时"),
                            ("extend", "延长时限"),
                            ("end", "结束计时"),
                        ],
                        max_length=8,
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                (
                    "actor",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transitions",
                        to="cases.case",
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
                    "unit",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
            name="StageRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("accept", "受理"),
                            ("file", "立案"),
                            ("dispatch", "派单"),
                            ("sign", "签收"),
                            ("arrive", "到现场"),
                            ("handle", "办完"),
                            ("answer", "答复居民"),
                        ],
                        max_length=12,
                    ),
                ),
                ("began_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField()),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stage_records",
                        to="cases.case",
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
                    "ended_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.transition",
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
            name="Note",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "audience",
                    models.CharField(choices=[("public", "对上报人可见"), ("internal", "内部")], max_length=8),
                ),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField()),
                (
                    "author",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="cases.case",
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
                    "transition",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="cases.transition",
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
            name="TypeGuesser",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveIntegerField()),
                ("learnt_at", models.DateTimeField()),
                ("codes", models.JSONField()),
                ("weights", models.BinaryField()),
                ("history", models.PositiveIntegerField()),
                ("seeds", models.PositiveIntegerField()),
                ("held_out", models.PositiveIntegerField()),
                ("first", models.PositiveIntegerField()),
                ("among_three", models.PositiveIntegerField()),
                ("usual", models.PositiveIntegerField()),
                ("twins", models.PositiveIntegerField()),
                ("floor", models.FloatField(db_default=0, default=0)),
                ("unsure", models.PositiveIntegerField(db_default=0, default=0)),
                ("sure_hits", models.PositiveIntegerField(db_default=0, default=0)),
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
            name="TypePayment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("was", models.CharField(blank=True, max_length=13)),
                ("becomes", models.CharField(blank=True, max_length=13)),
                ("why", models.CharField(max_length=200)),
                ("proposed_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "等另一位定"),
                            ("agreed", "同意了"),
                            ("refused", "没有同意"),
                            ("withdrawn", "提出的人撤回了"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, max_length=200)),
                ("edition", models.PositiveSmallIntegerField(null=True)),
                (
                    "case_type",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="cases.casetype",
                    ),
                ),
                (
                    "decided_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "proposed_by",
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
        CreateModel(
            name="TypeSheet",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("wanted", models.JSONField()),
                ("before", models.JSONField()),
                ("uploaded_at", models.DateTimeField()),
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
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
            name="UnitCall",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("called", "等报到"),
                            ("mustered", "已报到"),
                            ("absent", "没有报到"),
                            ("declined", "说来不了"),
                            ("released", "不用来了"),
                        ],
                        default="called",
                        max_length=12,
                    ),
                ),
                ("called_at", models.DateTimeField()),
                ("answer_by", models.DateTimeField()),
                ("mustered_at", models.DateTimeField(null=True)),
                ("excuse", models.TextField(blank=True)),
                ("came", models.BooleanField(null=True)),
                ("part", models.TextField(blank=True)),
                ("part_at", models.DateTimeField(null=True)),
                (
                    "envoy",
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
                    "task",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="cases.jointtask",
                    ),
                ),
                (
                    "unit",
                    huipai.streets.keys.TenantKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.unit"
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
            name="UnitRating",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("stars", models.PositiveSmallIntegerField()),
                ("text", models.CharField(blank=True, max_length=200)),
                ("rated_at", models.DateTimeField()),
                (
                    "call",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ratings",
                        to="cases.unitcall",
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
            name="WallLink",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=40)),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("valid_until", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "revoked_by",
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
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        CreateModel(
            name="WorkOrder",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "part",
                    models.CharField(choices=[("lead", "主办"), ("helper", "协办")], default="lead", max_length=8),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "待签收"),
                            ("signed", "在办"),
                            ("responded", "已反馈"),
                            ("done", "已办结"),
                            ("returned", "已退回"),
                            ("recalled", "已收回"),
                        ],
                        default="sent",
                        max_length=12,
                    ),
                ),
                ("is_ruled", models.BooleanField(default=False)),
                ("brief", models.TextField(blank=True)),
                ("sent_at", models.DateTimeField()),
                ("clock_started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("due_year", models.PositiveSmallIntegerField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("alarm_at", models.DateTimeField(null=True)),
                ("signed_at", models.DateTimeField(null=True)),
                ("responded_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "return_ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_our_duty", "权责清单里不归本单位"),
                            ("not_our_area", "不在本单位的管辖范围"),
                            ("not_found", "到现场没有找到"),
                            ("needs_another", "要先由别的单位处理"),
                        ],
                        db_default="",
                        default="",
                        max_length=40,
                    ),
                ),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="cases.case",
                    ),
                ),
                (
                    "handler",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "named",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                    ),
                ),
                (
                    "sent_by",
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
                    "unit",
                    huipai.streets.keys.TenantKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.unit"
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
            name="UnitRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(choices=[("extension", "延期"), ("suspension", "挂账")], max_length=12)),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("lawful_procedure", "法定程序要走完，如催告、公告"),
                            ("weather", "天气等不可抗力"),
                            ("budget", "要立项，经费已经在申请"),
                            ("season", "要等季节，如补种"),
                            ("higher_level", "要上级部门决定"),
                        ],
                        max_length=40,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("amount", models.PositiveSmallIntegerField(null=True)),
                (
                    "amount_unit",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("workdays", "工作日"),
                            ("work_hours", "工作时"),
                            ("urgent_hours", "紧急工作时"),
                            ("calendar_days", "自然日"),
                        ],
                        max_length=16,
                    ),
                ),
                ("rests_until", models.DateTimeField(null=True)),
                ("asked_at", models.DateTimeField()),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("granted", "同意"),
                            ("refused", "不同意"),
                            ("lapsed", "没有批"),
                            ("dropped", "不用批了"),
                        ],
                        max_length=8,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("moves_the_promise", models.BooleanField(default=False)),
                (
                    "asked_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="cases.case",
                    ),
                ),
                (
                    "decided_by",
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
                    "order",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="cases.workorder",
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
            name="StageMark",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("accept", "受理"),
                            ("file", "立案"),
                            ("dispatch", "派单"),
                            ("sign", "签收"),
                            ("arrive", "到现场"),
                            ("handle", "办完"),
                            ("answer", "答复居民"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("reporter", "上报人"),
                            ("worker", "网格员"),
                            ("coordinator", "社区"),
                            ("dispatcher", "联动中心"),
                            ("unit", "处置单位"),
                            ("checker", "核查人"),
                            ("system", "系统"),
                        ],
                        max_length=16,
                    ),
                ),
                ("began_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField()),
                (
                    "actor",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stage_marks",
                        to="cases.case",
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
                    "order",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.workorder",
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
            name="Question",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("reporter", "上报人"),
                            ("worker", "网格员"),
                            ("coordinator", "社区"),
                            ("dispatcher", "联动中心"),
                            ("unit", "处置单位"),
                            ("checker", "核查人"),
                            ("system", "系统"),
                        ],
                        max_length=16,
                    ),
                ),
                ("text", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("closed_at", models.DateTimeField(null=True)),
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
                    "asked_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="cases.case",
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
                    "order",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.workorder",
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
            name="OrderStep",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("send", "发给单位"),
                            ("read", "单位看到了"),
                            ("alarm", "没人看，提醒负责人"),
                            ("sign", "签收"),
                            ("respond", "办完反馈"),
                            ("return", "退回"),
                            ("recall", "联动中心收回"),
                            ("redo", "没有解决，接着办"),
                            ("pass_on", "经办人不在，单位里换人办"),
                            ("finish", "办结"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sent", "待签收"),
                            ("signed", "在办"),
                            ("responded", "已反馈"),
                            ("done", "已办结"),
                            ("returned", "已退回"),
                            ("recalled", "已收回"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("sent", "待签收"),
                            ("signed", "在办"),
                            ("responded", "已反馈"),
                            ("done", "已办结"),
                            ("returned", "已退回"),
                            ("recalled", "已收回"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("reporter", "上报人"),
                            ("worker", "网格员"),
                            ("coordinator", "社区"),
                            ("dispatcher", "联动中心"),
                            ("unit", "处置单位"),
                            ("checker", "核查人"),
                            ("system", "系统"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("happened_at", models.DateTimeField()),
                (
                    "actor",
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
                    "order",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="cases.workorder",
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
            name="Attachment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("reporter", "上报人"),
                            ("worker", "网格员"),
                            ("coordinator", "社区"),
                            ("dispatcher", "联动中心"),
                            ("unit", "处置单位"),
                            ("checker", "核查人"),
                            ("system", "系统"),
                        ],
                        max_length=16,
                    ),
                ),
                ("added_at", models.DateTimeField()),
                (
                    "eyes",
                    models.CharField(
                        choices=[
                            ("inside", "只给网格、社区和联动中心"),
                            ("unit", "也给办这件事的单位"),
                            ("reporter", "也给上报人"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[("pdf", "PDF"), ("docx", "Word"), ("xlsx", "Excel"), ("jpeg", "JPEG"), ("png", "PNG")],
                        max_length=8,
                    ),
                ),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "added_by",
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
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="cases.case",
                    ),
                ),
                (
                    "order",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.workorder",
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
            name="CaseTie",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "tie",
                    models.CharField(
                        choices=[("same_cause", "同一个原因"), ("same_place", "同一个地方"), ("follows", "由它引起")],
                        max_length=12,
                    ),
                ),
                ("tied_at", models.DateTimeField()),
                (
                    "case",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ties",
                        to="cases.case",
                    ),
                ),
                (
                    "other",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tied_by",
                        to="cases.case",
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
                    "tied_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [models.Index(fields=["street", "other"], name="cases_ties_the_other_way")],
                "constraints": [
                    models.UniqueConstraint(fields=("street", "id"), name="cases_casetie_in_street"),
                    models.UniqueConstraint(fields=("street", "case", "other"), name="cases_one_tie_a_pair"),
                    models.CheckConstraint(
                        condition=models.Q(("case", models.F("other")), _negated=True), name="cases_tied_to_another"
                    ),
                ],
            },
        ),
        AddConstraint(
            model_name="casetype",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_casetype_in_street"),
        ),
        AddConstraint(
            model_name="casetype",
            constraint=models.UniqueConstraint(fields=("street", "code"), name="cases_one_type_a_code"),
        ),
        AddConstraint(
            model_name="casetype",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True), models.Q(("national_code", ""), _negated=True)),
                fields=("street", "national_code"),
                name="cases_one_type_a_national_code",
            ),
        ),
        AddConstraint(
            model_name="casetype",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True)), fields=("street", "name"), name="cases_one_type_a_name"
            ),
        ),
        AddConstraint(
            model_name="casetype",
            constraint=models.CheckConstraint(
                condition=models.Q(("limit_amount__gt", 0)), name="cases_type_has_a_limit"
            ),
        ),
        AddConstraint(
            model_name="casetype",
            constraint=models.CheckConstraint(
                condition=models.Q(("check_share__range", (0, 1))), name="cases_check_share_is_a_share"
            ),
        ),
        AddConstraint(
            model_name="casetype",
            constraint=models.CheckConstraint(condition=models.Q(("edition__gt", 0)), name="cases_type_has_an_edition"),
        ),
        AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("state__in", ("reported", "verifying", "accepted", "rework", "reopened"))),
                fields=["street", "worker", "due_at", "id"],
                name="cases_of_a_worker",
            ),
        ),
        AddIndex(
            model_name="case",
            index=models.Index(fields=["street", "node", "state", "id"], name="cases_of_a_node"),
        ),
        AddIndex(
            model_name="case",
            index=models.Index(fields=["street", "reporter", "-id"], name="cases_of_a_reporter"),
        ),
        AddIndex(
            model_name="case",
            index=models.Index(
                models.F("street"),
                models.ExpressionWrapper(
                    models.Q(("state__in", ("responded", "checking", "confirming", "suspended"))),
                    output_field=models.BooleanField(),
                ),
                models.F("due_at"),
                models.F("id"),
                condition=models.Q(("ended_at__isnull", True)),
                name="cases_open",
            ),
        ),
        AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False)), fields=["street", "-ended_at"], name="cases_ended"
            ),
        ),
        AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("wait_until__isnull", False)),
                fields=["street", "wait_until"],
                name="cases_waiting_for_the_clock",
            ),
        ),
        AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["street", "merged_into"],
                name="cases_merged_into",
            ),
        ),
        AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("parent__isnull", False)), fields=["street", "parent"], name="cases_parts"
            ),
        ),
        AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("due_year__isnull", False)), fields=["street", "due_year"], name="cases_undated"
            ),
        ),
        AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_case_in_street"),
        ),
        AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(fields=("street", "code"), name="cases_one_case_a_code"),
        ),
        AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number__isnull", False)),
                fields=("street", "number"),
                name="cases_one_case_a_number",
            ),
        ),
        AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("handler__isnull", True),
                    models.Q(("handler", models.F("reporter")), _negated=True),
                    _connector="OR",
                ),
                name="cases_nobody_handles_their_own_report",
            ),
        ),
        AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", False),
                        ("state__in", ("closed", "declined", "not_filed", "merged", "voided")),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("state__in", ("closed", "declined", "not_filed", "merged", "voided")), _negated=True),
                        ("ended_at__isnull", True),
                        ("outcome", ""),
                    ),
                    _connector="OR",
                ),
                name="cases_the_end_has_an_outcome",
            ),
        ),
        AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("state", "merged")),
                    models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into__isnull", True)),
                    _connector="OR",
                ),
                name="cases_a_merged_case_says_where",
            ),
        ),
        AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("worker__isnull", True), ("unit__isnull", True), _connector="OR"),
                name="cases_one_pair_of_hands",
            ),
        ),
        AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent__isnull", True), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"
                ),
                name="cases_a_part_has_another_whole",
            ),
        ),
        AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("goes_alone", False), ("parent__isnull", False), _connector="OR"),
                name="cases_only_a_part_goes_alone",
            ),
        ),
        AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__isnull", True), ("due_year__isnull", True), _connector="OR"),
                name="cases_a_limit_is_dated_or_pending",
            ),
        ),
        AddConstraint(
            model_name="casetypeedition",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_casetypeedition_in_street"),
        ),
        AddConstraint(
            model_name="casetypeedition",
            constraint=models.UniqueConstraint(
                fields=("street", "case_type", "number"), name="cases_one_edition_a_number"
            ),
        ),
        AddConstraint(
            model_name="casetypeedition",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gt", 0)), name="cases_editions_count_from_one"
            ),
        ),
        AddIndex(
            model_name="check",
            index=models.Index(
                condition=models.Q(("result", "")), fields=["street", "checker", "due_at"], name="cases_open_checks"
            ),
        ),
        AddIndex(
            model_name="check",
            index=models.Index(fields=["street", "case", "drawn_at"], name="cases_checks_of_a_case"),
        ),
        AddConstraint(
            model_name="check",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_check_in_street"),
        ),
        AddConstraint(
            model_name="check",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("checker", models.F("reporter")), _negated=True),
                    models.Q(("checker", models.F("handler")), _negated=True),
                    models.Q(("handler", models.F("reporter")), _negated=True),
                ),
                name="cases_reporter_handler_checker_are_three",
            ),
        ),
        AddConstraint(
            model_name="check",
            constraint=models.UniqueConstraint(
                condition=models.Q(("result", "")), fields=("street", "case"), name="cases_one_open_check"
            ),
        ),
        AddConstraint(
            model_name="check",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("result", "")),
                    models.Q(models.Q(("result", ""), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="cases_a_check_result_is_dated",
            ),
        ),
        AddConstraint(
            model_name="check",
            constraint=models.CheckConstraint(
                condition=models.Q(("drawn__lt", models.F("pool_size"))), name="cases_the_draw_is_in_the_pool"
            ),
        ),
        AddIndex(
            model_name="comment",
            index=models.Index(fields=["street", "case", "-id"], name="cases_comments_of_a_case"),
        ),
        AddIndex(
            model_name="comment",
            index=models.Index(fields=["street", "author", "-id"], name="cases_comments_of_an_author"),
        ),
        AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["street", "id"], name="cases_comments_waiting"
            ),
        ),
        AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_comment_in_street"),
        ),
        AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("text", ""), _negated=True), ("state", "withdrawn"), _connector="OR"),
                name="cases_a_comment_says_something",
            ),
        ),
        AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "withdrawn"), _negated=True), ("text", ""), _connector="OR"),
                name="cases_a_comment_taken_back_is_gone",
            ),
        ),
        AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("shown", "refused", "taken_down")), _negated=True),
                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="cases_a_comment_was_read",
            ),
        ),
        AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("author")), _negated=True),
                    _connector="OR",
                ),
                name="cases_nobody_releases_their_own_comment",
            ),
        ),
        AddConstraint(
            model_name="commentopening",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_commentopening_in_street"),
        ),
        AddConstraint(
            model_name="commentopening",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("street", "node"),
                name="cases_comments_open_once",
            ),
        ),
        AddConstraint(
            model_name="commentopening",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                    _connector="OR",
                ),
                name="cases_who_closed_comments",
            ),
        ),
        AddIndex(
            model_name="commentreport",
            index=models.Index(
                condition=models.Q(("looked_at__isnull", True)),
                fields=["street", "comment"],
                name="cases_comments_to_look_at",
            ),
        ),
        AddConstraint(
            model_name="commentreport",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_commentreport_in_street"),
        ),
        AddConstraint(
            model_name="commentreport",
            constraint=models.UniqueConstraint(
                fields=("street", "comment", "person"), name="cases_a_comment_reported_once"
            ),
        ),
        AddIndex(
            model_name="export",
            index=models.Index(fields=["street", "person", "-asked_at"], name="cases_exports_of_a_person"),
        ),
        AddIndex(
            model_name="export",
            index=models.Index(
                condition=models.Q(("state", "ready")), fields=["street", "ready_at"], name="cases_exports_to_let_go"
            ),
        ),
        AddConstraint(
            model_name="export",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_export_in_street"),
        ),
        AddConstraint(
            model_name="export",
            constraint=models.UniqueConstraint(fields=("street", "number"), name="cases_one_export_a_number"),
        ),
        AddConstraint(
            model_name="export",
            constraint=models.UniqueConstraint(fields=("street", "disclosure"), name="cases_one_export_a_disclosure"),
        ),
        AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(("done__lte", models.F("total"))), name="cases_an_export_is_done_by_parts"
            ),
        ),
        AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ready_at__isnull", True), ("state", "waiting")),
                    models.Q(models.Q(("state", "waiting"), _negated=True), ("ready_at__isnull", False)),
                    _connector="OR",
                ),
                name="cases_a_ready_export_is_dated",
            ),
        ),
        AddConstraint(
            model_name="exportfile",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_exportfile_in_street"),
        ),
        AddConstraint(
            model_name="exportfile",
            constraint=models.UniqueConstraint(fields=("street", "export"), name="cases_one_file_an_export"),
        ),
        AddConstraint(
            model_name="filingcounter",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_filingcounter_in_street"),
        ),
        AddConstraint(
            model_name="filingcounter",
            constraint=models.UniqueConstraint(fields=("street",), name="cases_one_filing_counter"),
        ),
        AddConstraint(
            model_name="findingstep",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_findingstep_in_street"),
        ),
        AddConstraint(
            model_name="findingstep",
            constraint=models.UniqueConstraint(
                fields=("street", "finding", "position"), name="cases_one_step_of_a_finding_a_position"
            ),
        ),
        AddIndex(
            model_name="follow",
            index=models.Index(fields=["street", "person", "-followed_at"], name="cases_follows_of_a_person"),
        ),
        AddConstraint(
            model_name="follow",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_follow_in_street"),
        ),
        AddConstraint(
            model_name="follow",
            constraint=models.UniqueConstraint(fields=("street", "case", "person"), name="cases_followed_once"),
        ),
        AddIndex(
            model_name="gooddeed",
            index=models.Index(
                condition=models.Q(("state", "reported")), fields=["street", "node", "id"], name="cases_deeds_waiting"
            ),
        ),
        AddIndex(
            model_name="gooddeed",
            index=models.Index(fields=["street", "reported_at"], name="cases_deeds_by_day"),
        ),
        AddIndex(
            model_name="gooddeed",
            index=models.Index(fields=["street", "reporter", "-id"], name="cases_deeds_of_a_reporter"),
        ),
        AddIndex(
            model_name="gooddeed",
            index=models.Index(
                condition=models.Q(("doer__isnull", False)),
                fields=["street", "doer", "-id"],
                name="cases_deeds_of_a_doer",
            ),
        ),
        AddConstraint(
            model_name="gooddeed",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_gooddeed_in_street"),
        ),
        AddConstraint(
            model_name="gooddeed",
            constraint=models.UniqueConstraint(fields=("street", "code"), name="cases_one_deed_a_code"),
        ),
        AddConstraint(
            model_name="gooddeed",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="cases_a_deed_has_a_title"
            ),
        ),
        AddConstraint(
            model_name="gooddeed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(
                        models.Q(("decided_by", models.F("reporter")), _negated=True),
                        models.Q(
                            ("doer__isnull", True),
                            models.Q(("decided_by", models.F("doer")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="cases_nobody_decides_on_their_own_deed",
            ),
        ),
        AddConstraint(
            model_name="gooddeed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    models.Q(
                        ("decided_by__isnull", False),
                        ("published_at__isnull", False),
                        models.Q(("third_party", ""), _negated=True),
                        models.Q(("public_title", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="cases_a_published_deed_was_verified",
            ),
        ),
        AddConstraint(
            model_name="gooddeed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("third_party", "consented"), models.Q(("consent_channel", ""), _negated=True)),
                    models.Q(models.Q(("third_party", "consented"), _negated=True), ("consent_channel", "")),
                    _connector="OR",
                ),
                name="cases_a_consent_says_how",
            ),
        ),
        AddConstraint(
            model_name="deedstep",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_deedstep_in_street"),
        ),
        AddConstraint(
            model_name="deedstep",
            constraint=models.UniqueConstraint(
                fields=("street", "deed", "position"), name="cases_one_step_of_a_deed_a_position"
            ),
        ),
        AddIndex(
            model_name="deedphoto",
            index=models.Index(fields=["street", "deed"], name="cases_photos_of_a_deed"),
        ),
        AddConstraint(
            model_name="deedphoto",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_deedphoto_in_street"),
        ),
        AddConstraint(
            model_name="deedphoto",
            constraint=models.UniqueConstraint(fields=("street", "photo"), name="cases_a_photo_belongs_to_one_deed"),
        ),
        AddIndex(
            model_name="jointtask",
            index=models.Index(
                condition=models.Q(("wait_until__isnull", False)),
                fields=["street", "wait_until"],
                name="cases_joint_waiting",
            ),
        ),
        AddIndex(
            model_name="jointtask",
            index=models.Index(fields=["street", "node", "-id"], name="cases_joint_of_a_node"),
        ),
        AddConstraint(
            model_name="jointtask",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_jointtask_in_street"),
        ),
        AddConstraint(
            model_name="jointtask",
            constraint=models.CheckConstraint(
                condition=models.Q(("matter", ""), _negated=True), name="cases_a_whistle_says_what"
            ),
        ),
        AddConstraint(
            model_name="jointtask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", False), ("state__in", ["called_off", "rated", "unrated", "unresolved"])
                    ),
                    models.Q(
                        models.Q(("state__in", ["called_off", "rated", "unrated", "unresolved"]), _negated=True),
                        ("ended_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="cases_a_joint_task_over_is_dated",
            ),
        ),
        AddConstraint(
            model_name="jointtask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["called_off", "rated", "unrated", "unresolved"]), ("wait_until__isnull", True)
                    ),
                    models.Q(
                        models.Q(("state__in", ["called_off", "rated", "unrated", "unresolved"]), _negated=True),
                        ("wait_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="cases_a_joint_task_waits_until",
            ),
        ),
        AddConstraint(
            model_name="jointtask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["on_site", "resolved", "rated", "unrated"]), _negated=True),
                    models.Q(("visit_at__isnull", False), models.Q(("visit_place", ""), _negated=True)),
                    _connector="OR",
                ),
                name="cases_a_joint_visit_has_day_and_place",
            ),
        ),
        AddConstraint(
            model_name="jointtask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("resolved_at__isnull", False),
                        ("state__in", ["resolved", "rated", "unrated"]),
                        ("visited_at__isnull", False),
                        models.Q(("result", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("state__in", ["resolved", "rated", "unrated"]), _negated=True),
                        ("resolved_at__isnull", True),
                        ("result", ""),
                    ),
                    _connector="OR",
                ),
                name="cases_a_joint_result_was_seen",
            ),
        ),
        AddConstraint(
            model_name="jointstep",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_jointstep_in_street"),
        ),
        AddConstraint(
            model_name="jointstep",
            constraint=models.UniqueConstraint(
                fields=("street", "task", "position"), name="cases_one_joint_step_a_position"
            ),
        ),
        AddIndex(
            model_name="jointcase",
            index=models.Index(fields=["street", "case"], name="cases_joint_of_a_case"),
        ),
        AddConstraint(
            model_name="jointcase",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_jointcase_in_street"),
        ),
        AddConstraint(
            model_name="jointcase",
            constraint=models.UniqueConstraint(
                fields=("street", "task", "case"), name="cases_a_case_once_a_joint_task"
            ),
        ),
        AddConstraint(
            model_name="jointcase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("street", "case"),
                name="cases_one_joint_task_at_a_time",
            ),
        ),
        AddIndex(
            model_name="keptback",
            index=models.Index(fields=["street", "-decided_at"], name="cases_kept_back_latest"),
        ),
        AddConstraint(
            model_name="keptback",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_keptback_in_street"),
        ),
        AddConstraint(
            model_name="keptback",
            constraint=models.UniqueConstraint(fields=("street", "photo"), name="cases_a_photo_is_kept_back_once"),
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
        AddConstraint(
            model_name="keptdeed",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_keptdeed_in_street"),
        ),
        AddConstraint(
            model_name="keptdeed",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["accept", "respond", "ask"])), name="cases_a_kept_deed_is_known"
            ),
        ),
        AddIndex(
            model_name="legalhold",
            index=models.Index(fields=["street", "case"], name="cases_holds_of_a_case"),
        ),
        AddIndex(
            model_name="legalhold",
            index=models.Index(fields=["street", "until"], name="cases_holds_standing"),
        ),
        AddConstraint(
            model_name="legalhold",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_legalhold_in_street"),
        ),
        AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(("ground__in", ["audit", "dispute", "lawsuit", "legal", "reconsideration"])),
                name="cases_a_hold_has_a_ground",
            ),
        ),
        AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gt", models.F("held_at"))), name="cases_a_hold_ends"
            ),
        ),
        AddConstraint(
            model_name="holdrelease",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_holdrelease_in_street"),
        ),
        AddConstraint(
            model_name="holdrelease",
            constraint=models.UniqueConstraint(fields=("street", "hold"), name="cases_a_hold_is_released_once"),
        ),
        AddConstraint(
            model_name="like",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_like_in_street"),
        ),
        AddConstraint(
            model_name="like",
            constraint=models.UniqueConstraint(fields=("street", "thing", "person"), name="cases_one_like_a_person"),
        ),
        AddIndex(
            model_name="ownfind",
            index=models.Index(fields=["street", "worker", "-id"], name="cases_finds_of_a_worker"),
        ),
        AddIndex(
            model_name="ownfind",
            index=models.Index(fields=["street", "node", "-id"], name="cases_finds_of_a_node"),
        ),
        AddConstraint(
            model_name="ownfind",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_ownfind_in_street"),
        ),
        AddConstraint(
            model_name="ownfind",
            constraint=models.CheckConstraint(
                condition=models.Q(("lat__range", (-90, 90)), ("lng__range", (-180, 180))),
                name="cases_a_find_lies_on_earth",
            ),
        ),
        AddIndex(
            model_name="letgo",
            index=models.Index(fields=["street", "-gone_at"], name="cases_let_go_lately"),
        ),
        AddConstraint(
            model_name="letgo",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_letgo_in_street"),
        ),
        AddConstraint(
            model_name="letgo",
            constraint=models.UniqueConstraint(fields=("street", "case"), name="cases_a_case_goes_once"),
        ),
        AddConstraint(
            model_name="letgo",
            constraint=models.UniqueConstraint(fields=("street", "find"), name="cases_a_find_goes_once"),
        ),
        AddConstraint(
            model_name="letgo",
            constraint=models.UniqueConstraint(fields=("street", "deed"), name="cases_a_deed_goes_once"),
        ),
        AddConstraint(
            model_name="letgo",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("case__isnull", False),
                        ("deed__isnull", True),
                        ("find__isnull", True),
                        ("kept__in", ["done", "refused", "withdrawn"]),
                    ),
                    models.Q(
                        ("case__isnull", True), ("deed__isnull", True), ("find__isnull", False), ("kept", "found")
                    ),
                    models.Q(("case__isnull", True), ("deed__isnull", False), ("find__isnull", True), ("kept", "deed")),
                    _connector="OR",
                ),
                name="cases_what_went_is_of_its_class",
            ),
        ),
        AddConstraint(
            model_name="letgo",
            constraint=models.CheckConstraint(
                condition=models.Q(("gone_at__gt", models.F("ended_at"))), name="cases_nothing_goes_before_its_end"
            ),
        ),
        AddIndex(
            model_name="findphoto",
            index=models.Index(fields=["street", "find", "position"], name="cases_photos_of_a_find"),
        ),
        AddConstraint(
            model_name="findphoto",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_findphoto_in_street"),
        ),
        AddConstraint(
            model_name="findphoto",
            constraint=models.UniqueConstraint(fields=("street", "photo"), name="cases_a_photo_belongs_to_one_find"),
        ),
        AddConstraint(
            model_name="findphoto",
            constraint=models.CheckConstraint(
                condition=models.Q(("moment__in", ("before", "after"))), name="cases_a_find_is_seen_before_or_after"
            ),
        ),
        AddIndex(
            model_name="pause",
            index=models.Index(fields=["street", "case", "began_at"], name="cases_pauses_of_a_case"),
        ),
        AddConstraint(
            model_name="pause",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_pause_in_street"),
        ),
        AddConstraint(
            model_name="pause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("street", "case"),
                name="cases_one_pause_at_a_time",
            ),
        ),
        AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True), ("ended_at__gte", models.F("began_at")), _connector="OR"
                ),
                name="cases_a_pause_ends_after_it_began",
            ),
        ),
        AddConstraint(
            model_name="phrase",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_phrase_in_street"),
        ),
        AddConstraint(
            model_name="phrase",
            constraint=models.UniqueConstraint(fields=("street", "use", "title"), name="cases_one_phrase_a_title"),
        ),
        AddConstraint(
            model_name="phrase",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("text", ""), _negated=True), models.Q(("title", ""), _negated=True)),
                name="cases_a_phrase_says_something",
            ),
        ),
        AddConstraint(
            model_name="removal",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_removal_in_street"),
        ),
        AddConstraint(
            model_name="removal",
            constraint=models.UniqueConstraint(fields=("street", "case"), name="cases_removed_once"),
        ),
        AddConstraint(
            model_name="removal",
            constraint=models.CheckConstraint(
                condition=models.Q(("voided_by", models.F("removed_by")), _negated=True), name="cases_two_people_remove"
            ),
        ),
        AddIndex(
            model_name="report",
            index=models.Index(fields=["street", "case"], name="cases_reports_of_a_case"),
        ),
        AddIndex(
            model_name="report",
            index=models.Index(fields=["street", "reporter", "-id"], name="cases_reports_of_a_person"),
        ),
        AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_report_in_street"),
        ),
        AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("lat__range", (-90, 90)), ("lng__range", (-180, 180))),
                name="cases_a_report_lies_on_earth",
            ),
        ),
        AddIndex(
            model_name="finding",
            index=models.Index(fields=["street", "case"], name="cases_findings_of_a_case"),
        ),
        AddIndex(
            model_name="finding",
            index=models.Index(fields=["street", "reporter", "-id"], name="cases_findings_of_a_reporter"),
        ),
        AddIndex(
            model_name="finding",
            index=models.Index(
                condition=models.Q(("state", "appealed")),
                fields=["street", "hear_until"],
                name="cases_findings_waiting",
            ),
        ),
        AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_finding_in_street"),
        ),
        AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(fields=("street", "report"), name="cases_found_false_once"),
        ),
        AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("grounds", ""), _negated=True), name="cases_a_finding_has_grounds"
            ),
        ),
        AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("found_by", models.F("reporter")), _negated=True),
                name="cases_nobody_finds_their_own_false",
            ),
        ),
        AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("heard_by__isnull", True),
                    models.Q(
                        models.Q(("heard_by", models.F("found_by")), _negated=True),
                        models.Q(("heard_by", models.F("reporter")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="cases_an_appeal_goes_to_another",
            ),
        ),
        AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("hear_until__isnull", False), ("state", "appealed")),
                    models.Q(("state", "appealed"), _negated=True),
                    _connector="OR",
                ),
                name="cases_an_appeal_waits_for_a_time",
            ),
        ),
        AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("state__in", ("upheld", "lifted"))),
                    models.Q(models.Q(("state__in", ("upheld", "lifted")), _negated=True), ("ended_at__isnull", True)),
                    _connector="OR",
                ),
                name="cases_a_finding_over_is_dated",
            ),
        ),
        AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "upheld"), _negated=True), ("heard_by__isnull", False), _connector="OR"
                ),
                name="cases_upheld_by_somebody",
            ),
        ),
        AddIndex(
            model_name="confirmation",
            index=models.Index(condition=models.Q(("answer", "")), fields=["street", "until"], name="cases_unanswered"),
        ),
        AddConstraint(
            model_name="confirmation",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_confirmation_in_street"),
        ),
        AddConstraint(
            model_name="confirmation",
            constraint=models.UniqueConstraint(
                fields=("street", "case", "report", "round"), name="cases_asked_once_a_round"
            ),
        ),
        AddConstraint(
            model_name="confirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(("rating__isnull", True), ("rating__range", (1, 5)), _connector="OR"),
                name="cases_a_rating_is_1_to_5",
            ),
        ),
        AddConstraint(
            model_name="confirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at__isnull", True)),
                    models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                    _connector="OR",
                ),
                name="cases_an_answer_is_dated",
            ),
        ),
        AddIndex(
            model_name="casephoto",
            index=models.Index(fields=["street", "case", "position"], name="cases_photos_of_a_case"),
        ),
        AddConstraint(
            model_name="casephoto",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_casephoto_in_street"),
        ),
        AddConstraint(
            model_name="casephoto",
            constraint=models.UniqueConstraint(fields=("street", "photo"), name="cases_a_photo_belongs_to_one_case"),
        ),
        AddConstraint(
            model_name="casephoto",
            constraint=models.CheckConstraint(
                condition=models.Q(("report__isnull", False), ("added_at__isnull", False), _connector="OR"),
                name="cases_a_photo_came_at_a_time",
            ),
        ),
        AddIndex(
            model_name="addition",
            index=models.Index(fields=["street", "report", "id"], name="cases_additions_of_a_report"),
        ),
        AddConstraint(
            model_name="addition",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_addition_in_street"),
        ),
        AddConstraint(
            model_name="addition",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("text", ""), _negated=True), ("photos__gt", 0), _connector="OR"),
                name="cases_an_addition_adds_something",
            ),
        ),
        AddConstraint(
            model_name="reportallowance",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_reportallowance_in_street"),
        ),
        AddConstraint(
            model_name="reportallowance",
            constraint=models.UniqueConstraint(fields=("street", "person"), name="cases_one_allowance_a_person"),
        ),
        AddConstraint(
            model_name="reportanswers",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_reportanswers_in_street"),
        ),
        AddConstraint(
            model_name="reportanswers",
            constraint=models.UniqueConstraint(fields=("street", "report"), name="cases_answers_once_a_report"),
        ),
        AddConstraint(
            model_name="reportanswers",
            constraint=models.CheckConstraint(
                condition=models.Q(("answers", {}), _negated=True), name="cases_answers_say_something"
            ),
        ),
        AddIndex(
            model_name="reporthelp",
            index=models.Index(fields=["street", "helper"], name="cases_reports_helped_with"),
        ),
        AddConstraint(
            model_name="reporthelp",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_reporthelp_in_street"),
        ),
        AddConstraint(
            model_name="reporthelp",
            constraint=models.UniqueConstraint(
                fields=("street", "report", "helper"), name="cases_helped_once_with_a_report"
            ),
        ),
        AddConstraint(
            model_name="response",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_response_in_street"),
        ),
        AddConstraint(
            model_name="response",
            constraint=models.UniqueConstraint(fields=("street", "case", "round"), name="cases_one_response_a_round"),
        ),
        AddIndex(
            model_name="retentionterm",
            index=models.Index(fields=["street", "kept", "-set_at"], name="cases_terms_of_a_class"),
        ),
        AddConstraint(
            model_name="retentionterm",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_retentionterm_in_street"),
        ),
        AddConstraint(
            model_name="retentionterm",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__range", (60, 3650))), name="cases_a_term_is_bounded"
            ),
        ),
        AddConstraint(
            model_name="retentionterm",
            constraint=models.CheckConstraint(
                condition=models.Q(("ground", ""), _negated=True), name="cases_a_term_has_its_ground"
            ),
        ),
        AddConstraint(
            model_name="retentionterm",
            constraint=models.CheckConstraint(
                condition=models.Q(("since__gte", models.F("set_at"))), name="cases_a_term_does_not_reach_back"
            ),
        ),
        AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_savedview_in_street"),
        ),
        AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("street", "person", "name"), name="cases_one_view_a_name"),
        ),
        AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="cases_a_view_has_a_name"
            ),
        ),
        AddIndex(
            model_name="searchable",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["grams"], gin_pending_list_limit=512, name="cases_searchable_by_grams"
            ),
        ),
        AddIndex(
            model_name="searchable",
            index=models.Index(fields=["street", "-reported_at", "-id"], name="cases_searchable_latest"),
        ),
        AddConstraint(
            model_name="searchable",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_searchable_in_street"),
        ),
        AddIndex(
            model_name="shown",
            index=models.Index(fields=["street", "-id"], name="cases_shown_latest"),
        ),
        AddIndex(
            model_name="shown",
            index=models.Index(
                condition=models.Q(("is_current", True)), fields=["street", "-id"], name="cases_shown_current"
            ),
        ),
        AddIndex(
            model_name="shown",
            index=models.Index(
                condition=models.Q(("is_current", True)),
                fields=["street", "quadkey"],
                include=("state", "is_unchecked", "lng", "lat", "id"),
                name="cases_shown_current_here",
            ),
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
        AddIndex(
            model_name="shown",
            index=models.Index(
                fields=["street", "quadkey"],
                include=("kind", "state", "is_unchecked", "lng", "lat", "id"),
                name="cases_shown_all_here",
            ),
        ),
        AddIndex(
            model_name="shown",
            index=django.contrib.postgres.indexes.GistIndex(
                fields=["street", "quadkey", "happened_at"],
                include=("kind", "state", "is_unchecked", "lng", "lat", "id"),
                name="cases_shown_here_since",
            ),
        ),
        AddIndex(
            model_name="shown",
            index=models.Index(fields=["street", "case_type", "-id"], name="cases_shown_of_a_type"),
        ),
        AddIndex(
            model_name="shown",
            index=models.Index(
                condition=models.Q(("kind", "good_deed")), fields=["street", "-id"], name="cases_shown_deeds"
            ),
        ),
        AddConstraint(
            model_name="shown",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_shown_in_street"),
        ),
        AddConstraint(
            model_name="shown",
            constraint=models.UniqueConstraint(fields=("street", "code"), name="cases_one_shown_a_code"),
        ),
        AddIndex(
            model_name="shownphoto",
            index=models.Index(fields=["street", "shown"], name="cases_shown_photos_of"),
        ),
        AddConstraint(
            model_name="shownphoto",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_shownphoto_in_street"),
        ),
        AddConstraint(
            model_name="shownphoto",
            constraint=models.UniqueConstraint(fields=("street", "photo"), name="cases_a_photo_is_shown_once"),
        ),
        AddConstraint(
            model_name="sighting",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_sighting_in_street"),
        ),
        AddConstraint(
            model_name="sighting",
            constraint=models.UniqueConstraint(
                fields=("street", "case", "person", "seen_date"), name="cases_seen_once_a_day"
            ),
        ),
        AddConstraint(
            model_name="slip",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_slip_in_street"),
        ),
        AddConstraint(
            model_name="slip",
            constraint=models.UniqueConstraint(fields=("street", "report"), name="cases_one_slip_a_report"),
        ),
        AddConstraint(
            model_name="slip",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken_by", models.F("reporter")), _negated=True),
                name="cases_nobody_serves_themselves",
            ),
        ),
        AddConstraint(
            model_name="slip",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["counter", "telephone"])), name="cases_taken_down_by_voice"
            ),
        ),
        AddConstraint(
            model_name="stagelimit",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_stagelimit_in_street"),
        ),
        AddConstraint(
            model_name="stagelimit",
            constraint=models.UniqueConstraint(
                fields=("street", "case_type", "edition", "stage"), name="cases_one_limit_a_stage_and_edition"
            ),
        ),
        AddConstraint(
            model_name="stagelimit",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="cases_a_stage_takes_time"),
        ),
        AddConstraint(
            model_name="transition",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_transition_in_street"),
        ),
        AddConstraint(
            model_name="transition",
            constraint=models.UniqueConstraint(fields=("street", "case", "position"), name="cases_one_step_a_position"),
        ),
        AddIndex(
            model_name="stagerecord",
            index=models.Index(fields=["street", "case", "began_at"], name="cases_stages_of_a_case"),
        ),
        AddConstraint(
            model_name="stagerecord",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_stagerecord_in_street"),
        ),
        AddConstraint(
            model_name="stagerecord",
            constraint=models.UniqueConstraint(
                fields=("street", "ended_by", "stage"), name="cases_one_record_a_stage_and_step"
            ),
        ),
        AddIndex(
            model_name="note",
            index=models.Index(fields=["street", "case", "id"], name="cases_notes_of_a_case"),
        ),
        AddIndex(
            model_name="note",
            index=models.Index(fields=["street", "transition"], name="cases_notes_of_a_step"),
        ),
        AddConstraint(
            model_name="note",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_note_in_street"),
        ),
        AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="cases_a_note_says_something"
            ),
        ),
        AddConstraint(
            model_name="typeguesser",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_typeguesser_in_street"),
        ),
        AddConstraint(
            model_name="typeguesser",
            constraint=models.UniqueConstraint(fields=("street", "number"), name="cases_one_learning_a_number"),
        ),
        AddConstraint(
            model_name="typeguesser",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("among_three__lte", models.F("held_out")),
                    ("first__lte", models.F("among_three")),
                    ("usual__lte", models.F("held_out")),
                ),
                name="cases_hits_are_of_what_was_held_out",
            ),
        ),
        AddConstraint(
            model_name="typeguesser",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("floor__gte", 0),
                    ("sure_hits__lte", models.F("among_three")),
                    ("unsure__lte", models.F("held_out")),
                    (
                        "sure_hits__lte",
                        django.db.models.expressions.CombinedExpression(models.F("held_out"), "-", models.F("unsure")),
                    ),
                ),
                name="cases_a_floor_parts_what_was_held_out",
            ),
        ),
        AddIndex(
            model_name="typepayment",
            index=models.Index(fields=["street", "case_type", "-proposed_at"], name="cases_payments_of_a_type"),
        ),
        AddConstraint(
            model_name="typepayment",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_typepayment_in_street"),
        ),
        AddConstraint(
            model_name="typepayment",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_at", None), ("decided_at__gte", models.F("proposed_at")), _connector="OR"),
                name="cases_a_payment_is_decided_after_it_was_asked",
            ),
        ),
        AddConstraint(
            model_name="typepayment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="cases_nobody_agrees_to_their_own_payment",
            ),
        ),
        AddConstraint(
            model_name="typepayment",
            constraint=models.CheckConstraint(
                condition=models.Q(("becomes", models.F("was")), _negated=True),
                name="cases_a_payment_changes_something",
            ),
        ),
        AddConstraint(
            model_name="typepayment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer", ""),
                        ("decided_at", None),
                        ("decided_by", None),
                        ("edition", None),
                        ("state", "proposed"),
                    ),
                    models.Q(
                        ("answer", ""),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("edition__isnull", False),
                        ("state", "agreed"),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("edition", None),
                        ("state", "refused"),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    models.Q(
                        ("answer", ""),
                        ("decided_at__isnull", False),
                        ("decided_by", None),
                        ("edition", None),
                        ("state", "withdrawn"),
                    ),
                    _connector="OR",
                ),
                name="cases_a_payment_is_decided_once",
            ),
        ),
        AddConstraint(
            model_name="typepayment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")),
                fields=("street", "case_type"),
                name="cases_one_payment_waits",
            ),
        ),
        AddConstraint(
            model_name="typesheet",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_typesheet_in_street"),
        ),
        AddConstraint(
            model_name="typesheet",
            constraint=models.CheckConstraint(
                condition=models.Q(("applied_at__isnull", True), ("wanted", {}), _connector="OR"),
                name="cases_applied_types_are_emptied",
            ),
        ),
        AddIndex(
            model_name="unitcall",
            index=models.Index(fields=["street", "unit", "-id"], name="cases_calls_of_a_unit"),
        ),
        AddIndex(
            model_name="unitcall",
            index=models.Index(
                condition=models.Q(("state", "called")), fields=["street", "answer_by"], name="cases_calls_waiting"
            ),
        ),
        AddConstraint(
            model_name="unitcall",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_unitcall_in_street"),
        ),
        AddConstraint(
            model_name="unitcall",
            constraint=models.UniqueConstraint(fields=("street", "task", "unit"), name="cases_a_unit_is_called_once"),
        ),
        AddConstraint(
            model_name="unitcall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("envoy__isnull", False), ("mustered_at__isnull", False), ("state", "mustered")),
                    models.Q(
                        models.Q(("state", "mustered"), _negated=True),
                        ("envoy__isnull", True),
                        ("mustered_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="cases_who_musters_is_named",
            ),
        ),
        AddConstraint(
            model_name="unitcall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "declined"), _negated=True),
                    models.Q(("excuse", ""), _negated=True),
                    _connector="OR",
                ),
                name="cases_who_declines_says_why",
            ),
        ),
        AddConstraint(
            model_name="unitcall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "mustered"),
                    models.Q(("came__isnull", True), ("part", ""), ("part_at__isnull", True)),
                    _connector="OR",
                ),
                name="cases_only_who_mustered_came",
            ),
        ),
        AddConstraint(
            model_name="unitrating",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_unitrating_in_street"),
        ),
        AddConstraint(
            model_name="unitrating",
            constraint=models.UniqueConstraint(fields=("street", "call"), name="cases_a_unit_is_rated_once"),
        ),
        AddConstraint(
            model_name="unitrating",
            constraint=models.CheckConstraint(
                condition=models.Q(("stars__range", (1, 5))), name="cases_stars_are_1_to_5"
            ),
        ),
        AddConstraint(
            model_name="walllink",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_walllink_in_street"),
        ),
        AddConstraint(
            model_name="walllink",
            constraint=models.UniqueConstraint(fields=("street", "digest"), name="cases_one_wall_a_digest"),
        ),
        AddConstraint(
            model_name="walllink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True)),
                fields=("street", "name"),
                name="cases_one_link_a_screen",
            ),
        ),
        AddConstraint(
            model_name="walllink",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="cases_a_wall_link_is_named"
            ),
        ),
        AddConstraint(
            model_name="walllink",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until__gt", models.F("made_at"))), name="cases_a_wall_link_ends"
            ),
        ),
        AddConstraint(
            model_name="walllink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                    models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                    _connector="OR",
                ),
                name="cases_who_revoked_a_wall_link",
            ),
        ),
        AddIndex(
            model_name="workorder",
            index=models.Index(
                condition=models.Q(("state__in", ["sent", "signed"])),
                fields=["street", "unit", "due_at", "id"],
                name="cases_orders_in_work",
            ),
        ),
        AddIndex(
            model_name="workorder",
            index=models.Index(fields=["street", "unit", "-id"], name="cases_orders_of_a_unit"),
        ),
        AddIndex(
            model_name="workorder",
            index=models.Index(fields=["street", "case", "id"], name="cases_orders_of_a_case"),
        ),
        AddIndex(
            model_name="workorder",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True), ("state", "sent")),
                fields=["street", "alarm_at"],
                name="cases_orders_unread",
            ),
        ),
        AddConstraint(
            model_name="workorder",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_workorder_in_street"),
        ),
        AddConstraint(
            model_name="workorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("part", "lead"), ("state__in", ["responded", "sent", "signed"])),
                fields=("street", "case"),
                name="cases_one_unit_leads",
            ),
        ),
        AddConstraint(
            model_name="workorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["responded", "sent", "signed"])),
                fields=("street", "case", "unit"),
                name="cases_one_live_order_a_unit",
            ),
        ),
        AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("state__in", ["done", "recalled", "returned"])),
                    models.Q(("ended_at__isnull", True), ("state__in", ["responded", "sent", "signed"])),
                    _connector="OR",
                ),
                name="cases_an_order_over_is_dated",
            ),
        ),
        AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_ruled", False), models.Q(("state", "returned"), _negated=True), _connector="OR"
                ),
                name="cases_a_ruled_order_is_not_returned",
            ),
        ),
        AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "returned"), models.Q(("named__isnull", True), ("return_ground", "")), _connector="OR"
                ),
                name="cases_only_what_came_back_names_another",
            ),
        ),
        AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("return_ground__in", ["needs_another", "not_our_duty"]), _negated=True),
                    models.Q(("named__isnull", False), models.Q(("named", models.F("unit")), _negated=True)),
                    _connector="OR",
                ),
                name="cases_a_return_names_whose_it_is",
            ),
        ),
        AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["signed", "responded", "done"]), _negated=True),
                    models.Q(("handler__isnull", False), ("signed_at__isnull", False)),
                    _connector="OR",
                ),
                name="cases_a_signed_order_has_a_handler",
            ),
        ),
        AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__isnull", True), ("due_year__isnull", True), _connector="OR"),
                name="cases_an_order_is_dated_or_pending",
            ),
        ),
        AddIndex(
            model_name="unitrequest",
            index=models.Index(fields=["street", "case", "asked_at"], name="cases_requests_of_a_case"),
        ),
        AddConstraint(
            model_name="unitrequest",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_unitrequest_in_street"),
        ),
        AddConstraint(
            model_name="unitrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decision", "")), fields=("street", "case"), name="cases_one_open_request"
            ),
        ),
        AddConstraint(
            model_name="unitrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decision", "")),
                    models.Q(models.Q(("decision", ""), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="cases_a_decision_is_dated",
            ),
        ),
        AddConstraint(
            model_name="unitrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gt", 0), ("kind", "extension")),
                    models.Q(("kind", "suspension"), ("rests_until__isnull", False)),
                    _connector="OR",
                ),
                name="cases_a_request_says_how_long",
            ),
        ),
        AddConstraint(
            model_name="stagemark",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_stagemark_in_street"),
        ),
        AddConstraint(
            model_name="stagemark",
            constraint=models.UniqueConstraint(
                fields=("street", "case", "stage", "order"),
                name="cases_one_mark_a_stage_and_order",
                nulls_distinct=False,
            ),
        ),
        AddConstraint(
            model_name="stagemark",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stage", "answer")), fields=("street", "case"), name="cases_one_first_word"
            ),
        ),
        AddConstraint(
            model_name="stagemark",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ("arrive", "answer"))), name="cases_marked_stages"
            ),
        ),
        AddConstraint(
            model_name="stagemark",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_at__gte", models.F("began_at"))), name="cases_marked_after_it_began"
            ),
        ),
        AddIndex(
            model_name="question",
            index=models.Index(fields=["street", "case", "asked_at"], name="cases_questions_of_a_case"),
        ),
        AddIndex(
            model_name="question",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)), fields=["street", "until"], name="cases_questions_open"
            ),
        ),
        AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_question_in_street"),
        ),
        AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("street", "case"),
                name="cases_one_open_question",
            ),
        ),
        AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="cases_a_question_asks_something"
            ),
        ),
        AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answer", ""),
                    models.Q(("answered_by__isnull", False), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="cases_an_answer_is_somebodys",
            ),
        ),
        AddConstraint(
            model_name="orderstep",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_orderstep_in_street"),
        ),
        AddConstraint(
            model_name="orderstep",
            constraint=models.UniqueConstraint(
                fields=("street", "order", "position"), name="cases_one_order_step_a_position"
            ),
        ),
        AddIndex(
            model_name="attachment",
            index=models.Index(fields=["street", "case", "id"], name="cases_attachments_of_a_case"),
        ),
        AddIndex(
            model_name="attachment",
            index=models.Index(fields=["street", "sha256"], name="cases_attachments_by_digest"),
        ),
        AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_attachment_in_street"),
        ),
        AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True), ("removed_at__isnull", False), _connector="OR"
                ),
                name="cases_an_attachment_has_a_name",
            ),
        ),
        AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$"), ("size__gt", 0)),
                name="cases_an_attachment_has_its_digest",
            ),
        ),
        AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("order__isnull", True),
                    models.Q(("part", "unit"), models.Q(("eyes", "inside"), _negated=True)),
                    _connector="OR",
                ),
                name="cases_a_units_attachment_is_the_units",
            ),
        ),
        AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at__isnull", True)),
                fields=("street", "case", "order", "sha256", "eyes"),
                name="cases_one_attachment_a_side",
                nulls_distinct=False,
            ),
        ),
        *GATE,
        *SEARCH,
        *GUARDS,
    ]
