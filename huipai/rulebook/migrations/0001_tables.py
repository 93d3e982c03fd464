import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import huipai.kit.ids
import huipai.streets.keys
from huipai.rulebook.migrations._before import BEFORE
from huipai.rulebook.migrations._guards import GUARDS
from huipai.rulebook.migrations._readings import READINGS
from huipai.streets.operations import AddConstraint, AddIndex, CreateModel


class Migration(migrations.Migration):
    replaces = BEFORE
    dependencies = [("grid", "0001_tables"), ("people", "0001_tables"), ("streets", "0001_tables")]

    operations = [
        CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.CharField(max_length=13)),
                ("terms", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等准入审议"),
                            ("returned", "退回补充"),
                            ("admitted", "准予进网入格"),
                            ("entered", "写进了条目"),
                            ("refused", "条目检查没通过"),
                            ("declined", "没有准入"),
                            ("withdrawn", "单位自己撤回"),
                            ("lapsed", "过了时间没有办"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("findings", models.JSONField(default=list)),
                ("minutes_a_month", models.PositiveIntegerField(default=0)),
                ("is_grid_work", models.BooleanField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("known_reason", models.CharField(blank=True, max_length=200)),
                ("admitted_until", models.DateField(null=True)),
                ("warned_at", models.DateTimeField(null=True)),
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
                    "proposer",
                    huipai.streets.keys.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.unit"
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
            name="RulebookVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveIntegerField()),
                ("drafted_at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=400)),
                ("struck", models.JSONField(default=dict)),
                ("touched_at", models.DateTimeField(null=True)),
                ("consulted_from", models.DateTimeField(null=True)),
                ("consulted_until", models.DateTimeField(null=True)),
                ("consulted_hash", models.CharField(blank=True, max_length=64)),
                ("closing_told_at", models.DateTimeField(null=True)),
                ("content_hash", models.CharField(blank=True, max_length=64)),
                ("end_notice_days", models.PositiveSmallIntegerField(default=30)),
                ("end_redeem_days", models.PositiveSmallIntegerField(default=90)),
                ("form", models.PositiveSmallIntegerField(default=3)),
                ("published_at", models.DateTimeField(null=True)),
                ("publicity_until", models.DateTimeField(null=True)),
                ("effective_from", models.DateTimeField(null=True)),
                ("effective_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=200)),
                (
                    "author",
                    huipai.streets.keys.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "ended_by",
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
            name="Remark",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(choices=[("comment", "意见"), ("objection", "异议")], max_length=10)),
                ("code", models.CharField(blank=True, max_length=13)),
                ("text", models.CharField(max_length=400)),
                ("said_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("adopted", "采纳了"),
                            ("partly", "采纳了一部分"),
                            ("kept", "没有采纳"),
                            ("upheld", "异议成立"),
                            ("dismissed", "异议不成立"),
                        ],
                        max_length=10,
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=400)),
                ("answered_at", models.DateTimeField(null=True)),
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
                    "person",
                    huipai.streets.keys.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
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
                    "version",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="rulebook.rulebookversion",
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
            name="Postponement",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("was", models.DateTimeField()),
                ("becomes", models.DateTimeField()),
                ("decided_at", models.DateTimeField()),
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
                    "version",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postponements",
                        to="rulebook.rulebookversion",
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
            name="PointItem",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.CharField(max_length=13)),
                (
                    "port",
                    models.CharField(
                        choices=[("sunflower", "向日葵"), ("ox", "孺子牛"), ("woodpecker", "啄木鸟")], max_length=12
                    ),
                ),
                ("title", models.CharField(max_length=40)),
                ("description", models.CharField(max_length=400)),
                ("points", models.PositiveIntegerField()),
                ("formula", models.JSONField(null=True)),
                (
                    "earners",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("resident", "居民"),
                                ("part_time_member", "兼职网格员"),
                                ("household", "双联户家庭"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                (
                    "evidence",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("fact", "系统里已有记录"),
                                ("roll", "签到名册"),
                                ("photo", "照片"),
                                ("witness", "有人证实"),
                                ("note", "一句话说明"),
                                ("screenshot", "截图"),
                                ("on_site_code", "现场扫码"),
                                ("likes", "点赞数"),
                                ("reposts", "转发数"),
                                ("votes", "投票数"),
                                ("study_time", "学习时长"),
                                ("installs", "安装数"),
                                ("logins", "登录次数"),
                                ("check_ins", "签到次数"),
                                ("tracks", "行走轨迹"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                (
                    "keywords",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("day_cap", models.PositiveIntegerField(null=True)),
                ("month_cap", models.PositiveIntegerField(null=True)),
                ("household_day_cap", models.PositiveIntegerField(null=True)),
                ("household_month_cap", models.PositiveIntegerField(null=True)),
                ("cooldown_minutes", models.PositiveIntegerField(default=0)),
                ("duplicate_minutes", models.PositiveIntegerField(default=0)),
                ("duplicate_metres", models.PositiveIntegerField(default=0)),
                ("review_levels", models.PositiveSmallIntegerField(default=1)),
                ("lot_months", models.PositiveSmallIntegerField(null=True)),
                ("under_14", models.BooleanField(default=True)),
                ("owner", models.CharField(blank=True, max_length=40)),
                ("legal_ground", models.CharField(blank=True, max_length=200)),
                ("admitted_until", models.DateField(null=True)),
                ("assessable", models.BooleanField(default=False)),
                ("automatic", models.BooleanField(default=False)),
                (
                    "asked_fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("asked_people", models.PositiveIntegerField(default=0)),
                ("asked_times", models.PositiveIntegerField(default=0)),
                ("why", models.CharField(blank=True, max_length=200)),
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
                    "admission",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="rulebook.proposal",
                    ),
                ),
                (
                    "version",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="rulebook.rulebookversion",
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
            name="DryRun",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("content_hash", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("begins", models.DateTimeField()),
                ("ends", models.DateTimeField()),
                ("held", models.CharField(blank=True, default="", max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "排队中"), ("running", "正在算"), ("done", "算好了")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                ("result", models.JSONField(null=True)),
                ("told", models.JSONField(blank=True, default=dict)),
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
                    "version",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dry_runs",
                        to="rulebook.rulebookversion",
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
            name="Approval",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "seat",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("resident", "居民议事员"),
                            ("community", "社区代表"),
                            ("unit", "单位代表"),
                            ("street", "街道一方"),
                        ],
                        max_length=10,
                    ),
                ),
                ("content_hash", models.CharField(max_length=64)),
                ("approved_at", models.DateTimeField()),
                (
                    "approver",
                    huipai.streets.keys.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
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
                    "version",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="rulebook.rulebookversion",
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
            name="Sheet",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("items", models.JSONField()),
                ("struck", models.JSONField(default=dict)),
                ("end_rule", models.JSONField(null=True)),
                ("content_hash", models.CharField(max_length=64)),
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
                (
                    "version",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="rulebook.rulebookversion",
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
            name="Writer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("since", models.DateTimeField()),
                (
                    "person",
                    huipai.streets.keys.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
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
                    "version",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="writers",
                        to="rulebook.rulebookversion",
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
            name="KnownField",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("word", models.CharField(max_length=16)),
                ("is_known", models.BooleanField()),
                ("reason", models.CharField(max_length=200)),
                ("said_at", models.DateTimeField()),
                (
                    "said_by",
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
                    models.UniqueConstraint(fields=("street", "id"), name="rulebook_knownfield_in_street"),
                    models.UniqueConstraint(
                        fields=("street", "word", "said_at"), name="rulebook_a_field_is_told_in_turn"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("word", ""), _negated=True), models.Q(("reason", ""), _negated=True)
                        ),
                        name="rulebook_a_field_is_told_with_a_reason",
                    ),
                ],
            },
        ),
        AddIndex(
            model_name="proposal",
            index=models.Index(fields=["street", "state", "due_at"], name="rulebook_proposal_by_state"),
        ),
        AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="rulebook_proposal_in_street"),
        ),
        AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["waiting", "returned", "admitted"])),
                fields=("street", "code"),
                name="rulebook_one_open_review",
            ),
        ),
        AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_at", None), ("decided_at__gte", models.F("proposed_at")), _connector="OR"),
                name="rulebook_admitted_after_it_was_asked",
            ),
        ),
        AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^(sunflower|ox|woodpecker)-[0-9]{2}$")),
                name="rulebook_proposal_code_is_readable",
            ),
        ),
        AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["waiting", "returned", "admitted", "entered", "refused", "declined", "withdrawn", "lapsed"],
                    )
                ),
                name="rulebook_review_is_a_word",
            ),
        ),
        AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    ("state", "withdrawn"),
                    models.Q(("decided_by", models.F("proposer")), _negated=True),
                    _connector="OR",
                ),
                name="rulebook_nobody_admits_their_own",
            ),
        ),
        AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["admitted", "entered"]), _negated=True),
                    models.Q(
                        ("admitted_until__isnull", False),
                        ("decided_by__isnull", False),
                        ("is_grid_work", True),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="rulebook_admitted_is_grid_work_with_an_end",
            ),
        ),
        AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("admitted_until__isnull", True),
                    (
                        "admitted_until__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("decided_at"), "+", models.Value(datetime.timedelta(days=1098))
                        ),
                    ),
                    _connector="OR",
                ),
                name="rulebook_admission_is_no_life_sentence",
            ),
        ),
        AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["returned", "declined", "withdrawn"]), _negated=True),
                    models.Q(("decided_by__isnull", False), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="rulebook_declined_with_a_reason",
            ),
        ),
        AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("findings", []), _negated=True),
                    _connector="OR",
                ),
                name="rulebook_refused_with_findings",
            ),
        ),
        AddConstraint(
            model_name="rulebookversion",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="rulebook_rulebookversion_in_street"),
        ),
        AddConstraint(
            model_name="rulebookversion",
            constraint=models.UniqueConstraint(fields=("street", "number"), name="rulebook_number_is_given_once"),
        ),
        AddConstraint(
            model_name="rulebookversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("effective_from__isnull", True),
                        ("effective_until__isnull", True),
                        ("published_at__isnull", True),
                    ),
                    models.Q(
                        ("content_hash__regex", "^[0-9a-f]{64}$"),
                        ("effective_from__isnull", False),
                        ("published_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="rulebook_published_with_dates_and_hash",
            ),
        ),
        AddConstraint(
            model_name="rulebookversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("effective_from__gte", models.F("published_at"))), name="rulebook_never_retroactive"
            ),
        ),
        AddConstraint(
            model_name="rulebookversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("effective_until__gt", models.F("effective_from")), ("ended_at__isnull", True)),
                    models.Q(
                        ("effective_until", models.F("effective_from")),
                        ("ended_at__isnull", False),
                        ("ended_at__lt", models.F("effective_from")),
                    ),
                    ("effective_until__isnull", True),
                    _connector="OR",
                ),
                name="rulebook_ends_after_it_begins",
            ),
        ),
        AddConstraint(
            model_name="rulebookversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("end_notice_days__range", (30, 180)),
                    ("end_redeem_days__range", (90, 365)),
                    models.Q(
                        ("form__gte", 3), models.Q(("end_notice_days", 30), ("end_redeem_days", 90)), _connector="OR"
                    ),
                ),
                name="rulebook_end_leaves_time",
            ),
        ),
        AddConstraint(
            model_name="rulebookversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), ("published_at__isnull", True)),
                fields=("street",),
                name="rulebook_one_open_draft",
            ),
        ),
        AddConstraint(
            model_name="rulebookversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True), models.Q(("end_reason", ""), _negated=True), _connector="OR"
                ),
                name="rulebook_ends_with_a_reason",
            ),
        ),
        AddConstraint(
            model_name="rulebookversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("consulted_from__isnull", True), ("consulted_until__isnull", True)),
                    (
                        "consulted_until__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("consulted_from"), "+", models.Value(datetime.timedelta(days=7))
                        ),
                    ),
                    _connector="OR",
                ),
                name="rulebook_consulted_long_enough",
            ),
        ),
        AddConstraint(
            model_name="rulebookversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("published_at__isnull", True),
                    ("form", 1),
                    models.Q(("consulted_until__isnull", False), ("published_at__gte", models.F("consulted_until"))),
                    _connector="OR",
                ),
                name="rulebook_published_after_consultation",
            ),
        ),
        AddConstraint(
            model_name="rulebookversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("publicity_until__isnull", True), ("published_at__isnull", True)),
                    ("form", 1),
                    models.Q(
                        ("effective_from__gte", models.F("publicity_until")),
                        (
                            "publicity_until__gte",
                            django.db.models.expressions.CombinedExpression(
                                models.F("published_at"), "+", models.Value(datetime.timedelta(days=7))
                            ),
                        ),
                        ("publicity_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="rulebook_publicity_long_enough",
            ),
        ),
        AddConstraint(
            model_name="rulebookversion",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("published_at__isnull", False)),
                expressions=[
                    ("street", "="),
                    (
                        models.Func(
                            models.F("effective_from"),
                            models.F("effective_until"),
                            function="tstzrange",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="rulebook_one_in_force_at_a_time",
            ),
        ),
        AddIndex(
            model_name="remark",
            index=models.Index(fields=["street", "version", "said_at"], name="rulebook_remark_by_version"),
        ),
        AddIndex(
            model_name="remark",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", True), ("kind", "objection")),
                fields=["street", "version", "said_at"],
                name="rulebook_open_objections",
            ),
        ),
        AddConstraint(
            model_name="remark",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="rulebook_remark_in_street"),
        ),
        AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="rulebook_remark_says_something"
            ),
        ),
        AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer", ""), ("answered_at__isnull", True), ("answered_by__isnull", True), ("outcome", "")
                    ),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        models.Q(("answer", ""), _negated=True),
                        models.Q(
                            models.Q(("kind", "comment"), ("outcome__in", ["adopted", "partly", "kept"])),
                            models.Q(("kind", "objection"), ("outcome__in", ["upheld", "dismissed"])),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="rulebook_remark_is_answered_in_words",
            ),
        ),
        AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "comment"),
                    ("answered_by__isnull", True),
                    models.Q(("answered_by", models.F("person")), _negated=True),
                    _connector="OR",
                ),
                name="rulebook_nobody_decides_their_own_objection",
            ),
        ),
        AddConstraint(
            model_name="postponement",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="rulebook_postponement_in_street"),
        ),
        AddConstraint(
            model_name="postponement",
            constraint=models.UniqueConstraint(
                fields=("street", "version", "was"), name="rulebook_postponed_once_from_a_day"
            ),
        ),
        AddConstraint(
            model_name="postponement",
            constraint=models.CheckConstraint(
                condition=models.Q(("becomes__gt", models.F("was")), ("decided_at__lt", models.F("becomes"))),
                name="rulebook_postponed_before_it_begins",
            ),
        ),
        AddConstraint(
            model_name="pointitem",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="rulebook_pointitem_in_street"),
        ),
        AddConstraint(
            model_name="pointitem",
            constraint=models.UniqueConstraint(
                fields=("street", "version", "code"), name="rulebook_code_once_a_version"
            ),
        ),
        AddConstraint(
            model_name="pointitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^(sunflower|ox|woodpecker)-[0-9]{2}$")),
                name="rulebook_code_is_readable",
            ),
        ),
        AddConstraint(
            model_name="pointitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__range", (1, 1000))), name="rulebook_points_are_few"
            ),
        ),
        AddConstraint(
            model_name="pointitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("earners__len__gt", 0), ("evidence__len__gt", 0)), name="rulebook_somebody_may_earn"
            ),
        ),
        AddConstraint(
            model_name="pointitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("port", "sunflower"), _negated=True), ("assessable", False), _connector="OR"
                ),
                name="rulebook_sunflower_is_voluntary",
            ),
        ),
        AddConstraint(
            model_name="pointitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("assessable", False),
                    models.Q(
                        (
                            "evidence__overlap",
                            [
                                "likes",
                                "reposts",
                                "votes",
                                "study_time",
                                "installs",
                                "logins",
                                "check_ins",
                                "tracks",
                                "screenshot",
                                "on_site_code",
                                "roll",
                            ],
                        ),
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="rulebook_nobody_assessed_by_clicks",
            ),
        ),
        AddConstraint(
            model_name="pointitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("assessable", False),
                    models.Q(("automatic", True), ("evidence__contains", ["fact"])),
                    _connector="OR",
                ),
                name="rulebook_nobody_assessed_by_own_word",
            ),
        ),
        AddConstraint(
            model_name="pointitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("automatic", False),
                        ("formula__isnull", True),
                        models.Q(("earners__contains", ["household"]), _negated=True),
                    ),
                    models.Q(
                        (
                            "evidence__overlap",
                            ["likes", "reposts", "votes", "study_time", "installs", "logins", "check_ins", "tracks"],
                        ),
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="rulebook_clicks_are_never_counted",
            ),
        ),
        AddConstraint(
            model_name="pointitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("assessable", False),
                    models.Q(("earners__contains", ["household"]), _negated=True),
                    _connector="OR",
                ),
                name="rulebook_homes_are_not_assessed",
            ),
        ),
        AddConstraint(
            model_name="pointitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("day_cap", None), ("day_cap__gte", models.F("points")), _connector="OR"),
                    models.Q(("month_cap", None), ("month_cap__gte", models.F("points")), _connector="OR"),
                    models.Q(
                        ("household_month_cap", None), ("household_month_cap__gte", models.F("points")), _connector="OR"
                    ),
                    models.Q(
                        ("household_day_cap", None), ("household_day_cap__gte", models.F("points")), _connector="OR"
                    ),
                    models.Q(("lot_months", None), ("lot_months__gt", 0), _connector="OR"),
                ),
                name="rulebook_caps_leave_room",
            ),
        ),
        AddConstraint(
            model_name="pointitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("automatic", True), ("review_levels__range", (1, 2)), _connector="OR"),
                name="rulebook_claims_are_reviewed",
            ),
        ),
        AddConstraint(
            model_name="pointitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "evidence__contained_by",
                        ["likes", "reposts", "votes", "study_time", "installs", "logins", "check_ins", "tracks"],
                    ),
                    _negated=True,
                ),
                name="rulebook_evidence_shows_a_deed",
            ),
        ),
        AddConstraint(
            model_name="pointitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("automatic", True), ("lot_months__isnull", False), ("month_cap__isnull", False), _connector="OR"
                ),
                name="rulebook_points_lapse_or_are_capped",
            ),
        ),
        AddConstraint(
            model_name="pointitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__startswith", models.F("port"))), name="rulebook_code_is_of_its_port"
            ),
        ),
        AddConstraint(
            model_name="dryrun",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="rulebook_dryrun_in_street"),
        ),
        AddConstraint(
            model_name="dryrun",
            constraint=models.UniqueConstraint(
                fields=("street", "version", "content_hash", "held"), name="rulebook_one_dry_run_a_month_as_it_was"
            ),
        ),
        AddConstraint(
            model_name="dryrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at__isnull", False), ("result__isnull", False), ("state", "done")),
                    models.Q(
                        models.Q(("state", "done"), _negated=True),
                        ("finished_at__isnull", True),
                        ("result__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="rulebook_dry_run_is_done_with_a_result",
            ),
        ),
        AddConstraint(
            model_name="dryrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("done__lte", models.F("total"))), name="rulebook_dry_run_goes_forward"
            ),
        ),
        AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="rulebook_approval_in_street"),
        ),
        AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                fields=("street", "version", "content_hash", "approver"), name="rulebook_one_approval_each"
            ),
        ),
        AddConstraint(
            model_name="sheet",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="rulebook_sheet_in_street"),
        ),
        AddConstraint(
            model_name="sheet",
            constraint=models.CheckConstraint(
                condition=models.Q(("applied_at__isnull", True), ("items", []), _connector="OR"),
                name="rulebook_applied_sheet_is_emptied",
            ),
        ),
        AddConstraint(
            model_name="writer",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="rulebook_writer_in_street"),
        ),
        AddConstraint(
            model_name="writer",
            constraint=models.UniqueConstraint(fields=("street", "version", "person"), name="rulebook_a_writer_once"),
        ),
        *READINGS,
        *GUARDS,
    ]
