import django.db.models.deletion
from django.db import migrations, models

import huipai.kit.ids
import huipai.streets.keys
from huipai.points.migrations._before import BEFORE
from huipai.points.migrations._claims import CLAIMS
from huipai.points.migrations._ledger import LEDGER
from huipai.streets.operations import AddConstraint, AddIndex, CreateModel


class Migration(migrations.Migration):
    replaces = BEFORE
    dependencies = [
        ("grid", "0001_tables"),
        ("journal", "0001_tables"),
        ("people", "0001_tables"),
        ("photos", "0001_tables"),
        ("rulebook", "0001_tables"),
        ("stations", "0001_tables"),
        ("streets", "0001_tables"),
    ]

    operations = [
        CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("purse", models.CharField(choices=[("spendable", "可用"), ("debt", "欠分")], max_length=10)),
                ("balance", models.BigIntegerField(default=0)),
                ("held", models.BigIntegerField(db_default=0, default=0)),
                (
                    "household",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.gridnode",
                    ),
                ),
                (
                    "person",
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
            name="Answered",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.UUIDField()),
                ("actor_id", models.UUIDField()),
                ("verb", models.CharField(max_length=40)),
                ("content_hash", models.CharField(max_length=64)),
                ("answer", models.JSONField()),
                ("answered_at", models.DateTimeField()),
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
            name="Claim",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("item_code", models.CharField(max_length=13)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "还没交"),
                            ("submitted", "已收到，正在核对"),
                            ("auto_checked", "等人审"),
                            ("second_review", "等第二位审"),
                            ("appealed", "申诉，等另一位审"),
                            ("reviewed", "审过了，马上生效"),
                            ("publicised", "公示中"),
                            ("posted", "已记分"),
                            ("objection", "有人提出异议"),
                            ("rejected", "没有通过"),
                            ("upheld", "异议成立"),
                            ("withdrawn", "已撤回"),
                            ("expired", "过期没交"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("self", "本人申报"), ("staff", "工作人员登记"), ("helper", "家人代为申报")],
                        default="self",
                        max_length=8,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("measured", models.JSONField(null=True)),
                ("content_hash", models.CharField(max_length=64)),
                ("local_date", models.DateField()),
                ("subject", models.CharField(max_length=40)),
                ("received_at", models.DateTimeField()),
                ("round", models.PositiveSmallIntegerField(default=0)),
                (
                    "second_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("manual", "工作人员登记的，要两个人审"),
                            ("large", "分数多，要两个人审"),
                            ("item", "这一条写明要两个人审"),
                            ("sampled", "抽到复审"),
                            ("referred", "前一位请另一位再看"),
                        ],
                        max_length=10,
                    ),
                ),
                ("leased_until", models.DateTimeField(null=True)),
                ("undo_until", models.DateTimeField(null=True)),
                ("public_until", models.DateTimeField(null=True)),
                ("object_until", models.DateTimeField(null=True)),
                ("appeal_until", models.DateTimeField(null=True)),
                ("evidence_until", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=20)),
                (
                    "claimant",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "entered_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "item",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rulebook.pointitem",
                    ),
                ),
                (
                    "leased_by",
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
            name="Appeal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("text", models.CharField(max_length=300)),
                ("filed_at", models.DateTimeField()),
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
                    "claim",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="points.claim",
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
            name="ClaimStep",
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
                            ("keep", "先存着"),
                            ("submit", "交上来"),
                            ("check", "自动核对"),
                            ("approve", "通过"),
                            ("refuse", "退回"),
                            ("refer", "请另一位再看"),
                            ("undo", "撤销刚才的决定"),
                            ("ask_second", "送第二位审"),
                            ("publicise", "开始公示"),
                            ("reject", "退回生效"),
                            ("post", "记分"),
                            ("leave_unpaid", "到了上限，没有记分"),
                            ("object", "提出异议"),
                            ("uphold", "异议成立"),
                            ("dismiss", "异议不成立，接着公示"),
                            ("dismiss_posted", "异议不成立，分不动"),
                            ("restore", "对异议的申诉成立，照旧记分"),
                            ("appeal", "申诉"),
                            ("check_appeal", "自动核对申诉"),
                            ("withdraw", "撤回"),
                            ("expire", "过期"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("draft", "还没交"),
                            ("submitted", "已收到，正在核对"),
                            ("auto_checked", "等人审"),
                            ("second_review", "等第二位审"),
                            ("appealed", "申诉，等另一位审"),
                            ("reviewed", "审过了，马上生效"),
                            ("publicised", "公示中"),
                            ("posted", "已记分"),
                            ("objection", "有人提出异议"),
                            ("rejected", "没有通过"),
                            ("upheld", "异议成立"),
                            ("withdrawn", "已撤回"),
                            ("expired", "过期没交"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("draft", "还没交"),
                            ("submitted", "已收到，正在核对"),
                            ("auto_checked", "等人审"),
                            ("second_review", "等第二位审"),
                            ("appealed", "申诉，等另一位审"),
                            ("reviewed", "审过了，马上生效"),
                            ("publicised", "公示中"),
                            ("posted", "已记分"),
                            ("objection", "有人提出异议"),
                            ("rejected", "没有通过"),
                            ("upheld", "异议成立"),
                            ("withdrawn", "已撤回"),
                            ("expired", "过期没交"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("claimant", "申报人"),
                            ("helper", "替本人申报的人"),
                            ("enterer", "代为登记的工作人员"),
                            ("reviewer", "审核员"),
                            ("neighbour", "提出异议的人"),
                            ("system", "系统"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=20)),
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
                    "claim",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="points.claim",
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
            name="Closing",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("awards_until", models.DateTimeField()),
                ("redeem_until", models.DateTimeField()),
                ("proposed_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
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
            name="Conflict",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("declared_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
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
                    "reviewer",
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
            name="Evidence",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("photo", "照片"),
                            ("screenshot", "截图"),
                            ("on_site_code", "现场扫码"),
                            ("note", "一句话"),
                        ],
                        max_length=12,
                    ),
                ),
                ("code_shown_at", models.DateTimeField(null=True)),
                ("round", models.PositiveSmallIntegerField(default=0)),
                (
                    "claim",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="points.claim",
                    ),
                ),
                (
                    "photo",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="photos.photo",
                    ),
                ),
                (
                    "station",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.station",
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
            name="Finding",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("round", models.PositiveSmallIntegerField(default=0)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("caps", "次数和上限"),
                            ("cooldown", "间隔"),
                            ("same", "是不是同一张"),
                            ("alike", "像不像别的图"),
                            ("words", "截图里的字"),
                            ("dated", "截图上的日期"),
                            ("time", "时间"),
                            ("place", "地点"),
                            ("code", "现场的码"),
                            ("evidence", "有没有凭据"),
                        ],
                        max_length=10,
                    ),
                ),
                ("result", models.CharField(choices=[("pass", "过"), ("doubt", "疑"), ("fail", "不符")], max_length=6)),
                ("code", models.CharField(max_length=24)),
                ("params", models.JSONField(default=dict)),
                (
                    "claim",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="points.claim",
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
            name="Hold",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("subject", models.CharField(max_length=80)),
                ("points", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "留着"),
                            ("captured", "用掉了"),
                            ("voided", "取消了"),
                            ("expired", "过时退回"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("actor_id", models.UUIDField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "account",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="points.account",
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
            name="Lot",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("points", models.PositiveIntegerField()),
                ("remaining", models.PositiveIntegerField()),
                ("held", models.PositiveIntegerField(db_default=0, default=0)),
                ("expires_at", models.DateTimeField(null=True)),
                (
                    "account",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="points.account",
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
            name="HoldDraw",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("points", models.PositiveIntegerField()),
                (
                    "hold",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draws",
                        to="points.hold",
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
                    "lot",
                    huipai.streets.keys.TenantKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="points.lot"
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
            name="Objection",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("not_done", "这件事没有做"),
                            ("by_somebody_else", "是别人做的"),
                            ("old", "用的是以前的照片或截图"),
                            ("twice", "同一件事报了两次"),
                            ("other", "别的原因"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=300)),
                ("filed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "result",
                    models.CharField(
                        blank=True, choices=[("upheld", "异议成立"), ("dismissed", "异议不成立")], max_length=10
                    ),
                ),
                (
                    "claim",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="points.claim",
                    ),
                ),
                (
                    "claimant",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
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
                    "objector",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "sent_by",
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
            name="Posting",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("award", "挣分"),
                            ("spend", "用分"),
                            ("expiry", "过期"),
                            ("reversal", "退回"),
                            ("grant", "人工补记"),
                            ("repayment", "补欠分"),
                            ("forgiven", "欠分了结"),
                        ],
                        max_length=10,
                    ),
                ),
                ("item_code", models.CharField(blank=True, max_length=13)),
                ("subject", models.CharField(max_length=80)),
                ("points", models.IntegerField()),
                ("received_at", models.DateTimeField()),
                ("posted_at", models.DateTimeField()),
                ("actor_id", models.UUIDField(null=True)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("recorded_twice", "重复记了一次"),
                            ("recorded_wrongly", "记错了人或条目"),
                            ("objection_upheld", "异议成立"),
                            ("deed_undone", "事情后来查明没有做成"),
                            ("missed", "做了的事当时没有记上"),
                            ("paper_slip", "纸质凭证补录"),
                            ("fault", "故障少记，补回来"),
                            ("appeal_upheld", "申诉成立，补记"),
                        ],
                        max_length=20,
                    ),
                ),
                ("measured", models.JSONField(null=True)),
                (
                    "household",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.gridnode",
                    ),
                ),
                (
                    "item",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rulebook.pointitem",
                    ),
                ),
                (
                    "person",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to="people.person",
                    ),
                ),
                (
                    "reverses",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="points.posting",
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
            model_name="lot",
            name="posting",
            field=huipai.streets.keys.TenantKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="lots", to="points.posting"
            ),
        ),
        CreateModel(
            name="Line",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "book",
                    models.CharField(
                        blank=True,
                        choices=[("issuance", "发放"), ("expiry", "过期"), ("redemption", "兑换")],
                        max_length=12,
                    ),
                ),
                ("amount", models.IntegerField()),
                (
                    "account",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="points.account",
                    ),
                ),
                (
                    "station",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.station",
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
                    "posting",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="points.posting",
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
            model_name="hold",
            name="posting",
            field=huipai.streets.keys.TenantKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="holds",
                to="points.posting",
            ),
        ),
        CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("points", models.PositiveIntegerField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("missed", "做了的事当时没有记上"),
                            ("paper_slip", "纸质凭证补录"),
                            ("fault", "故障少记，补回来"),
                            ("appeal_upheld", "申诉成立，补记"),
                        ],
                        max_length=20,
                    ),
                ),
                ("done_at", models.DateTimeField()),
                ("paper_number", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "等另一位审核"),
                            ("approved", "已记入"),
                            ("declined", "没有通过"),
                            ("withdrawn", "提出的人撤回了"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
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
                    "item",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rulebook.pointitem",
                    ),
                ),
                (
                    "person",
                    huipai.streets.keys.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
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
                (
                    "posting",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="points.posting",
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
            name="Correction",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("recorded_twice", "重复记了一次"),
                            ("recorded_wrongly", "记错了人或条目"),
                            ("deed_undone", "事情后来查明没有做成"),
                        ],
                        max_length=20,
                    ),
                ),
                ("note", models.CharField(max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "等另一位审核"),
                            ("approved", "已退回"),
                            ("declined", "没有退"),
                            ("withdrawn", "提出的人撤回了"),
                            ("appealed", "本人申诉了，等第三位看"),
                            ("upheld", "申诉成立，分补回来了"),
                            ("dismissed", "申诉看过了，照旧退回"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("appealed_at", models.DateTimeField(null=True)),
                ("appeal", models.CharField(blank=True, max_length=300)),
                ("heard_at", models.DateTimeField(null=True)),
                (
                    "appealed_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
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
                    "household",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.gridnode",
                    ),
                ),
                (
                    "person",
                    huipai.streets.keys.TenantKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
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
                (
                    "posting",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="points.posting",
                    ),
                ),
                (
                    "restored",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="points.posting",
                    ),
                ),
                (
                    "reversal",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="points.posting",
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
            name="Contest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("filed_at", models.DateTimeField()),
                ("text", models.CharField(max_length=300)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("granted", "申诉成立"), ("dismissed", "申诉看过了，异议照旧成立")],
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "claim",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contests",
                        to="points.claim",
                    ),
                ),
                (
                    "claimant",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
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
                    "filed_by",
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
                    "objection",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contests",
                        to="points.objection",
                    ),
                ),
                (
                    "restored",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="points.posting",
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
            model_name="claim",
            name="posting",
            field=huipai.streets.keys.TenantKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claims",
                to="points.posting",
            ),
        ),
        CreateModel(
            name="Allocation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("points", models.PositiveIntegerField()),
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
                    "lot",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="points.lot",
                    ),
                ),
                (
                    "posting",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="points.posting",
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
            name="Review",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("round", models.PositiveSmallIntegerField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[("approved", "通过"), ("refused", "退回"), ("referred", "请另一位再看")], max_length=8
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unclear", "看不清，请补一张看得清时间和内容的"),
                            ("counted", "这条同样的内容已经计过"),
                            ("other_item", "不属于这一条目，可以换一条再报"),
                            ("not_shown", "看不出这件事做了，请补一句或补一张"),
                            ("not_then", "照片或截图的时间和申报的对不上"),
                            ("not_theirs", "看起来是别人的或以前的图"),
                        ],
                        max_length=12,
                    ),
                ),
                ("decided_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "claim",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="points.claim",
                    ),
                ),
                (
                    "claimant",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "reviewer",
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
        AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_account_in_street"),
        ),
        AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(fields=("street", "person", "purse"), name="points_one_purse_each"),
        ),
        AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                fields=("street", "household", "purse"), name="points_one_purse_a_household"
            ),
        ),
        AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("household__isnull", True), ("person__isnull", False)),
                    models.Q(("household__isnull", False), ("person__isnull", True)),
                    _connector="OR",
                ),
                name="points_account_is_somebodys",
            ),
        ),
        AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("held", 0),
                    models.Q(("held__gt", 0), ("held__lte", models.F("balance")), ("purse", "spendable")),
                    _connector="OR",
                ),
                name="points_nothing_held_that_is_not_there",
            ),
        ),
        AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("balance__gte", 0), ("purse", "spendable")),
                    models.Q(("balance__lte", 0), ("purse", "debt")),
                    _connector="OR",
                ),
                name="points_nothing_spent_that_is_not_there",
            ),
        ),
        AddConstraint(
            model_name="answered",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_answered_in_street"),
        ),
        AddConstraint(
            model_name="answered",
            constraint=models.UniqueConstraint(fields=("street", "key"), name="points_a_key_is_answered_once"),
        ),
        AddConstraint(
            model_name="appeal",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_appeal_in_street"),
        ),
        AddConstraint(
            model_name="appeal",
            constraint=models.UniqueConstraint(fields=("street", "claim"), name="points_one_appeal_a_claim"),
        ),
        AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="points_an_appeal_says_something"
            ),
        ),
        AddConstraint(
            model_name="claimstep",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_claimstep_in_street"),
        ),
        AddConstraint(
            model_name="claimstep",
            constraint=models.UniqueConstraint(
                fields=("street", "claim", "position"), name="points_one_step_a_position"
            ),
        ),
        AddConstraint(
            model_name="closing",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_closing_in_street"),
        ),
        AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at", None), ("approved_at__gte", models.F("proposed_at")), _connector="OR"),
                    models.Q(("withdrawn_at", None), ("withdrawn_at__gte", models.F("proposed_at")), _connector="OR"),
                ),
                name="points_a_closing_is_decided_after_it_was_asked",
            ),
        ),
        AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("redeem_until__gt", models.F("awards_until")),
                    models.Q(("approved_at", None), ("approved_at__lt", models.F("awards_until")), _connector="OR"),
                ),
                name="points_a_closing_leaves_time",
            ),
        ),
        AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at", None), ("approved_by", None)),
                    models.Q(
                        ("approved_at__isnull", False),
                        ("approved_by__isnull", False),
                        ("withdrawn_at", None),
                        models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="points_a_closing_has_four_eyes",
            ),
        ),
        AddConstraint(
            model_name="closing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)), fields=("street",), name="points_one_closing_at_a_time"
            ),
        ),
        AddConstraint(
            model_name="conflict",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_conflict_in_street"),
        ),
        AddConstraint(
            model_name="conflict",
            constraint=models.CheckConstraint(
                condition=models.Q(("reviewer", models.F("person")), _negated=True),
                name="points_conflict_is_with_another",
            ),
        ),
        AddConstraint(
            model_name="conflict",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("street", "reviewer", "person"),
                name="points_a_conflict_is_declared_once",
            ),
        ),
        AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_evidence_in_street"),
        ),
        AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                fields=("street", "claim", "position"), name="points_one_evidence_a_position"
            ),
        ),
        AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("photo__isnull", False)),
                fields=("street", "photo"),
                name="points_a_photo_shows_one_claim",
            ),
        ),
        AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ["photo", "screenshot"]), ("photo__isnull", False), ("station__isnull", True)
                    ),
                    models.Q(
                        ("code_shown_at__isnull", False),
                        ("kind", "on_site_code"),
                        ("photo__isnull", True),
                        ("station__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="points_evidence_is_of_a_kind",
            ),
        ),
        AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_finding_in_street"),
        ),
        AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(
                fields=("street", "claim", "round", "kind"), name="points_one_finding_a_kind"
            ),
        ),
        AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("result__in", ["pass", "doubt", "fail"])), name="points_finding_is_a_word"
            ),
        ),
        AddIndex(
            model_name="holddraw",
            index=models.Index(fields=["street", "lot"], name="points_hold_draws_of_lot"),
        ),
        AddConstraint(
            model_name="holddraw",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_holddraw_in_street"),
        ),
        AddConstraint(
            model_name="holddraw",
            constraint=models.UniqueConstraint(fields=("street", "hold", "lot"), name="points_one_hold_draw_a_lot"),
        ),
        AddConstraint(
            model_name="holddraw",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__gt", 0)), name="points_hold_draw_takes_something"
            ),
        ),
        AddIndex(
            model_name="objection",
            index=models.Index(
                condition=models.Q(("result", "")), fields=["street", "filed_at"], name="points_open_objections"
            ),
        ),
        AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_objection_in_street"),
        ),
        AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_at", None), ("decided_at__gte", models.F("filed_at")), _connector="OR"),
                name="points_an_objection_is_decided_after_it_came",
            ),
        ),
        AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("objector", models.F("claimant")), _negated=True),
                    models.Q(
                        ("decided_by__isnull", True),
                        models.Q(
                            models.Q(("decided_by", models.F("claimant")), _negated=True),
                            models.Q(("decided_by", models.F("objector")), _negated=True),
                        ),
                        _connector="OR",
                    ),
                ),
                name="points_objector_claimant_and_judge_are_three",
            ),
        ),
        AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sent_by__isnull", True),
                    models.Q(
                        models.Q(("sent_by", models.F("objector")), _negated=True),
                        models.Q(("sent_by", models.F("claimant")), _negated=True),
                        models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("sent_by")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="points_whoever_objects_for_another_is_a_fourth",
            ),
        ),
        AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("result", "")), fields=("street", "claim"), name="points_one_open_objection_a_claim"
            ),
        ),
        AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                fields=("street", "claim", "objector"), name="points_an_objector_objects_once"
            ),
        ),
        AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("result", "")),
                    models.Q(
                        models.Q(("result", ""), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="points_a_decided_objection_is_dated",
            ),
        ),
        AddIndex(
            model_name="posting",
            index=models.Index(fields=["street", "person", "posted_at", "id"], name="points_by_person"),
        ),
        AddIndex(
            model_name="posting",
            index=models.Index(
                condition=models.Q(("kind__in", ("award", "grant"))),
                fields=["street", "person", "item_code", "received_at"],
                name="points_by_deed",
            ),
        ),
        AddIndex(
            model_name="posting",
            index=models.Index(
                condition=models.Q(("household__isnull", False)),
                fields=["street", "household", "posted_at", "id"],
                name="points_by_household",
            ),
        ),
        AddConstraint(
            model_name="posting",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_posting_in_street"),
        ),
        AddConstraint(
            model_name="posting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "award")),
                fields=("street", "item_code", "subject", "person"),
                name="points_a_deed_is_paid_once",
            ),
        ),
        AddConstraint(
            model_name="posting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("household__isnull", False), ("kind", "award")),
                fields=("street", "item_code", "subject", "household"),
                name="points_a_households_deed_is_paid_once",
            ),
        ),
        AddConstraint(
            model_name="posting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "spend")),
                fields=("street", "subject", "person"),
                name="points_spent_once_a_subject",
            ),
        ),
        AddConstraint(
            model_name="posting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("household__isnull", False), ("kind", "spend")),
                fields=("street", "subject", "household"),
                name="points_spent_once_by_a_household",
            ),
        ),
        AddConstraint(
            model_name="posting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "grant")), fields=("street", "subject"), name="points_granted_once"
            ),
        ),
        AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("household__isnull", True), ("person__isnull", False)),
                    models.Q(("household__isnull", False), ("person__isnull", True)),
                    _connector="OR",
                ),
                name="points_posting_is_somebodys",
            ),
        ),
        AddConstraint(
            model_name="posting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses__isnull", False)),
                fields=("street", "reverses"),
                name="points_reversed_once",
            ),
        ),
        AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("item__isnull", False),
                        ("kind", "award"),
                        ("points__gt", 0),
                        ("reverses__isnull", True),
                        models.Q(("item_code", ""), _negated=True),
                    ),
                    models.Q(("kind__in", ["spend", "expiry"]), ("points__lt", 0), ("reverses__isnull", True)),
                    models.Q(
                        ("kind", "reversal"),
                        ("points__lte", 0),
                        ("reverses__isnull", False),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    models.Q(
                        ("kind", "grant"),
                        ("points__gt", 0),
                        ("reverses__isnull", True),
                        models.Q(
                            models.Q(("person__isnull", False), models.Q(("reason", ""), _negated=True)),
                            ("reason", "appeal_upheld"),
                            _connector="OR",
                        ),
                    ),
                    models.Q(("kind", "repayment"), ("points", 0), ("reverses__isnull", True)),
                    models.Q(
                        ("household__isnull", False),
                        ("kind", "forgiven"),
                        ("points__gt", 0),
                        ("reverses__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="points_posting_is_of_a_kind",
            ),
        ),
        AddIndex(
            model_name="lot",
            index=models.Index(
                condition=models.Q(("remaining__gt", 0)),
                fields=["street", "account", "expires_at"],
                name="points_open_lots",
            ),
        ),
        AddIndex(
            model_name="lot",
            index=models.Index(
                condition=models.Q(("expires_at__isnull", False), ("remaining__gt", 0)),
                fields=["street", "expires_at"],
                name="points_lots_to_expire",
            ),
        ),
        AddConstraint(
            model_name="lot",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_lot_in_street"),
        ),
        AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("held__lte", models.F("remaining"))), name="points_lot_holds_what_remains"
            ),
        ),
        AddConstraint(
            model_name="lot",
            constraint=models.UniqueConstraint(fields=("street", "posting"), name="points_one_lot_a_posting"),
        ),
        AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__gt", 0), ("remaining__lte", models.F("points"))),
                name="points_lot_gives_what_it_holds",
            ),
        ),
        AddConstraint(
            model_name="line",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_line_in_street"),
        ),
        AddConstraint(
            model_name="line",
            constraint=models.UniqueConstraint(
                fields=("street", "posting", "account", "book"), name="points_one_line_a_side", nulls_distinct=False
            ),
        ),
        AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account__isnull", False), ("book", "")),
                    models.Q(("account__isnull", True), ("book__in", ["issuance", "expiry", "redemption"])),
                    _connector="OR",
                ),
                name="points_line_has_one_side",
            ),
        ),
        AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True), name="points_line_moves_something"
            ),
        ),
        AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("station", None), ("book", "redemption"), _connector="OR"),
                name="points_a_station_is_of_what_is_redeemed",
            ),
        ),
        AddIndex(
            model_name="hold",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["street", "account", "expires_at"],
                name="points_open_holds",
            ),
        ),
        AddIndex(
            model_name="hold",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["street", "expires_at"], name="points_holds_to_expire"
            ),
        ),
        AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_hold_in_street"),
        ),
        AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(fields=("street", "subject"), name="points_one_hold_a_subject"),
        ),
        AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("posting__isnull", False)),
                fields=("street", "posting"),
                name="points_one_hold_a_posting",
            ),
        ),
        AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("opened_at")), ("points__gt", 0)),
                name="points_hold_sets_something_aside",
            ),
        ),
        AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("posting", None), ("settled_at", None), ("state", "open")),
                    models.Q(
                        ("posting__isnull", False), ("settled_at__lt", models.F("expires_at")), ("state", "captured")
                    ),
                    models.Q(("posting", None), ("settled_at__lt", models.F("expires_at")), ("state", "voided")),
                    models.Q(("posting", None), ("settled_at__gte", models.F("expires_at")), ("state", "expired")),
                    _connector="OR",
                ),
                name="points_hold_is_settled_once",
            ),
        ),
        AddIndex(
            model_name="grant",
            index=models.Index(fields=["street", "state", "proposed_at"], name="points_grants_by_state"),
        ),
        AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_grant_in_street"),
        ),
        AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_at", None), ("decided_at__gte", models.F("proposed_at")), _connector="OR"),
                name="points_a_grant_is_decided_after_it_was_asked",
            ),
        ),
        AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="points_a_grant_has_four_eyes",
            ),
        ),
        AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("proposed_by", models.F("person")), _negated=True),
                    models.Q(
                        ("decided_by", None),
                        models.Q(("decided_by", models.F("person")), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="points_nobody_grants_themselves",
            ),
        ),
        AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__range", (1, 200))), name="points_a_grant_is_small"
            ),
        ),
        AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("paper_number__regex", "^[0-9A-Za-z-]{1,40}$")), name="points_a_grant_has_its_paper"
            ),
        ),
        AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["declined", "withdrawn"]), _negated=True),
                fields=("street", "person", "paper_number"),
                name="points_a_paper_is_granted_once",
            ),
        ),
        AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("posting", None), ("state", "proposed")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("posting__isnull", False),
                        ("state", "approved"),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("posting", None),
                        ("state", "declined"),
                    ),
                    models.Q(
                        ("decided_at__isnull", False), ("decided_by", None), ("posting", None), ("state", "withdrawn")
                    ),
                    _connector="OR",
                ),
                name="points_a_grant_is_decided_once",
            ),
        ),
        AddIndex(
            model_name="correction",
            index=models.Index(fields=["street", "state", "proposed_at"], name="points_corrections_by_state"),
        ),
        AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_correction_in_street"),
        ),
        AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_at__gte", models.F("proposed_at")), _connector="OR"),
                    models.Q(("appealed_at", None), ("appealed_at__gte", models.F("decided_at")), _connector="OR"),
                    models.Q(("heard_at", None), ("heard_at__gte", models.F("appealed_at")), _connector="OR"),
                ),
                name="points_a_correction_has_its_order",
            ),
        ),
        AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["declined", "withdrawn"]), _negated=True),
                fields=("street", "posting"),
                name="points_a_posting_is_corrected_once",
            ),
        ),
        AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("household", None), ("person__isnull", False)),
                    models.Q(("household__isnull", False), ("person", None)),
                    _connector="OR",
                ),
                name="points_a_correction_is_somebodys",
            ),
        ),
        AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(
                fields=("street", "reversal"), name="points_a_reversal_is_of_one_correction"
            ),
        ),
        AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(
                fields=("street", "restored"), name="points_restored_for_one_correction"
            ),
        ),
        AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("note", ""), _negated=True), name="points_a_correction_says_why"
            ),
        ),
        AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="points_a_correction_has_four_eyes",
            ),
        ),
        AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("heard_by", None),
                    models.Q(
                        models.Q(("heard_by", models.F("proposed_by")), _negated=True),
                        models.Q(("heard_by", models.F("decided_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="points_an_appeal_is_heard_by_a_third",
            ),
        ),
        AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("proposed_by", models.F("person")), _negated=True),
                    models.Q(
                        ("decided_by", None),
                        models.Q(("decided_by", models.F("person")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("heard_by", None), models.Q(("heard_by", models.F("person")), _negated=True), _connector="OR"
                    ),
                ),
                name="points_nobody_corrects_their_own",
            ),
        ),
        AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("state", "proposed")),
                            models.Q(("decided_at__isnull", False), ("decided_by", None), ("state", "withdrawn")),
                            models.Q(
                                models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                                ("state", "declined"),
                            ),
                            _connector="OR",
                        ),
                        ("reversal", None),
                        ("appeal", ""),
                        ("appealed_at", None),
                        ("appealed_by", None),
                        ("heard_at", None),
                        ("heard_by", None),
                        ("restored", None),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("reversal__isnull", False),
                        models.Q(
                            models.Q(
                                models.Q(("appeal", ""), ("appealed_at", None), ("appealed_by", None)),
                                models.Q(("heard_at", None), ("heard_by", None), ("restored", None)),
                                ("state", "approved"),
                            ),
                            models.Q(
                                models.Q(
                                    ("appealed_at__isnull", False),
                                    ("appealed_by__isnull", False),
                                    models.Q(("appeal", ""), _negated=True),
                                ),
                                models.Q(("heard_at", None), ("heard_by", None), ("restored", None)),
                                ("state", "appealed"),
                            ),
                            models.Q(
                                models.Q(
                                    ("appealed_at__isnull", False),
                                    ("appealed_by__isnull", False),
                                    models.Q(("appeal", ""), _negated=True),
                                ),
                                models.Q(("heard_at__isnull", False), ("heard_by__isnull", False)),
                                ("state", "upheld"),
                            ),
                            models.Q(
                                models.Q(
                                    ("appealed_at__isnull", False),
                                    ("appealed_by__isnull", False),
                                    models.Q(("appeal", ""), _negated=True),
                                ),
                                models.Q(("heard_at__isnull", False), ("heard_by__isnull", False)),
                                ("restored", None),
                                ("state", "dismissed"),
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="points_a_correction_goes_forward",
            ),
        ),
        AddIndex(
            model_name="contest",
            index=models.Index(
                condition=models.Q(("result", "")), fields=["street", "filed_at"], name="points_open_contests"
            ),
        ),
        AddConstraint(
            model_name="contest",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_contest_in_street"),
        ),
        AddConstraint(
            model_name="contest",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_at", None), ("decided_at__gte", models.F("filed_at")), _connector="OR"),
                name="points_a_contest_is_decided_after_it_came",
            ),
        ),
        AddConstraint(
            model_name="contest",
            constraint=models.UniqueConstraint(
                fields=("street", "objection"), name="points_an_objection_is_contested_once"
            ),
        ),
        AddConstraint(
            model_name="contest",
            constraint=models.UniqueConstraint(fields=("street", "restored"), name="points_restored_for_one_contest"),
        ),
        AddConstraint(
            model_name="contest",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="points_a_contest_says_something"
            ),
        ),
        AddConstraint(
            model_name="contest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    models.Q(
                        models.Q(("decided_by", models.F("claimant")), _negated=True),
                        models.Q(("decided_by", models.F("filed_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="points_nobody_hears_their_own_contest",
            ),
        ),
        AddConstraint(
            model_name="contest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("restored", None), ("result", "")),
                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False), ("result", "granted")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("restored", None),
                        ("result", "dismissed"),
                    ),
                    _connector="OR",
                ),
                name="points_a_contest_is_decided_once",
            ),
        ),
        AddIndex(
            model_name="claim",
            index=models.Index(fields=["street", "claimant", "-received_at"], name="points_claims_of"),
        ),
        AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("state__in", ["appealed", "auto_checked", "second_review"])),
                fields=["street", "received_at", "id"],
                name="points_claims_to_review",
            ),
        ),
        AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("state", "publicised")),
                fields=["street", "public_until", "id"],
                name="points_claims_in_public",
            ),
        ),
        AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("state", "posted")),
                fields=["street", "object_until", "id"],
                name="points_claims_objectable",
            ),
        ),
        AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("state", "reviewed")), fields=["street", "undo_until"], name="points_claims_decided"
            ),
        ),
        AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("evidence_until__isnull", False)),
                fields=["street", "evidence_until"],
                name="points_claims_evidence_ends",
            ),
        ),
        AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("entered_by__isnull", False)),
                fields=["street", "entered_by", "-received_at"],
                name="points_claims_entered_by",
            ),
        ),
        AddIndex(
            model_name="claim",
            index=models.Index(fields=["street", "item_code", "received_at"], name="points_claims_by_item"),
        ),
        AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_claim_in_street"),
        ),
        AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state__in", ["rejected", "withdrawn", "upheld", "expired", "draft"]), _negated=True
                ),
                fields=("street", "claimant", "item_code", "local_date", "subject"),
                name="points_one_claim_an_item_day_and_subject",
            ),
        ),
        AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("posting__isnull", False)),
                fields=("street", "posting"),
                name="points_one_claim_a_posting",
            ),
        ),
        AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "draft",
                            "submitted",
                            "auto_checked",
                            "second_review",
                            "appealed",
                            "reviewed",
                            "publicised",
                            "posted",
                            "objection",
                            "rejected",
                            "upheld",
                            "withdrawn",
                            "expired",
                        ],
                    )
                ),
                name="points_claim_state_is_a_word",
            ),
        ),
        AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("entered_by__isnull", True), ("source", "self")),
                    models.Q(
                        ("entered_by__isnull", False),
                        ("source__in", ["staff", "helper"]),
                        models.Q(("entered_by", models.F("claimant")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="points_nobody_enters_their_own_claim",
            ),
        ),
        AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("posting__isnull", False), ("state", "posted")),
                    ("state__in", ["objection", "upheld"]),
                    models.Q(
                        models.Q(("state__in", ["posted", "objection", "upheld"]), _negated=True),
                        ("posting__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="points_claim_has_its_posting_when_it_is_posted",
            ),
        ),
        AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("leased_by__isnull", True), ("leased_until__isnull", True)),
                    models.Q(
                        ("leased_by__isnull", False),
                        ("leased_until__isnull", False),
                        models.Q(("leased_by", models.F("claimant")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="points_claim_lease_has_an_end",
            ),
        ),
        AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("state", "reviewed"), ("undo_until__isnull", False)),
                        models.Q(("state", "reviewed"), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        models.Q(("public_until__isnull", False), ("state", "publicised")),
                        models.Q(("state", "publicised"), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="points_claim_waits_where_it_says",
            ),
        ),
        AddConstraint(
            model_name="allocation",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_allocation_in_street"),
        ),
        AddConstraint(
            model_name="allocation",
            constraint=models.UniqueConstraint(fields=("street", "lot", "posting"), name="points_one_draw_a_lot"),
        ),
        AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__gt", 0)), name="points_draw_takes_something"
            ),
        ),
        AddIndex(
            model_name="review",
            index=models.Index(fields=["street", "reviewer", "-decided_at"], name="points_reviews_by"),
        ),
        AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="points_review_in_street"),
        ),
        AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("reviewer", models.F("claimant")), _negated=True),
                name="points_nobody_reviews_their_own",
            ),
        ),
        AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)),
                fields=("street", "claim", "reviewer"),
                name="points_a_reviewer_judges_a_claim_once",
            ),
        ),
        AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verdict", "refused"), models.Q(("reason", ""), _negated=True)),
                    models.Q(models.Q(("verdict", "refused"), _negated=True), ("reason", "")),
                    _connector="OR",
                ),
                name="points_a_refusal_has_a_reason",
            ),
        ),
        *LEDGER,
        *CLAIMS,
    ]
