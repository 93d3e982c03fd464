import django.db.models.deletion
from django.db import migrations, models

import huipai.kit.ids
import huipai.streets.keys
from huipai.streets.operations import AddConstraint, AddIndex


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_invariants"),
        ("grid", "0002_invariants"),
        ("people", "0002_invariants"),
        ("streets", "0002_invariants"),
    ]

    operations = [
        migrations.CreateModel(
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
        migrations.CreateModel(
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
        migrations.CreateModel(
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
        migrations.CreateModel(
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
        migrations.CreateModel(
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
        migrations.CreateModel(
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
            },
        ),
        migrations.CreateModel(
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
        migrations.CreateModel(
            name="StageLimit",
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
        migrations.CreateModel(
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
                    "ended_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.transition",
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
        migrations.RemoveIndex(
            model_name="case",
            name="cases_of_a_worker",
        ),
        migrations.AddField(
            model_name="case",
            name="parent",
            field=huipai.streets.keys.TenantKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="returns",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="case",
            name="supervised_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="unit",
            field=huipai.streets.keys.TenantKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.unit"
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="wait_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="casetype",
            name="max_returns",
            field=models.PositiveSmallIntegerField(db_default=2, default=2),
        ),
        migrations.AddField(
            model_name="casetype",
            name="unit",
            field=huipai.streets.keys.TenantKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.unit"
            ),
        ),
        migrations.AddField(
            model_name="transition",
            name="unit",
            field=huipai.streets.keys.TenantKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.unit"
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="outcome",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="transition",
            name="action",
            field=models.CharField(
                choices=[
                    ("report", "上报"),
                    ("accept", "受理"),
                    ("decline", "不予受理"),
                    ("respond", "办完反馈"),
                    ("handle_on_the_spot", "现场办完"),
                    ("draw_check", "抽到核查人"),
                    ("lapse_check", "核查超时，另抽一人"),
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
                    ("urge", "催办"),
                    ("supervise", "督办"),
                    ("split", "分出一件"),
                    ("close_part", "分出的一件办完"),
                ],
                max_length=24,
            ),
        ),
        migrations.AlterField(
            model_name="transition",
            name="clock",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="transition",
            name="part",
            field=models.CharField(
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
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["street", "due_at", "id"], name="cases_open"
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
                condition=models.Q(("parent__isnull", False)), fields=["street", "parent"], name="cases_parts"
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
        AddIndex(
            model_name="casetie",
            index=models.Index(fields=["street", "other"], name="cases_ties_the_other_way"),
        ),
        AddConstraint(
            model_name="casetie",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_casetie_in_street"),
        ),
        AddConstraint(
            model_name="casetie",
            constraint=models.UniqueConstraint(fields=("street", "case", "other"), name="cases_one_tie_a_pair"),
        ),
        AddConstraint(
            model_name="casetie",
            constraint=models.CheckConstraint(
                condition=models.Q(("case", models.F("other")), _negated=True), name="cases_tied_to_another"
            ),
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
        AddConstraint(
            model_name="stagelimit",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="cases_stagelimit_in_street"),
        ),
        AddConstraint(
            model_name="stagelimit",
            constraint=models.UniqueConstraint(fields=("street", "case_type", "stage"), name="cases_one_limit_a_stage"),
        ),
        AddConstraint(
            model_name="stagelimit",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="cases_a_stage_takes_time"),
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
    ]
