import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import huipai.kit.ids
import huipai.streets.keys
from huipai.households.migrations._before import BEFORE
from huipai.households.migrations._guards import GUARDS
from huipai.streets.operations import AddConstraint, AddIndex, CreateModel


class Migration(migrations.Migration):
    replaces = BEFORE
    dependencies = [
        ("grid", "0001_tables"),
        ("people", "0001_tables"),
        ("points", "0001_tables"),
        ("streets", "0001_tables"),
    ]

    operations = [
        CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("item_code", models.CharField(max_length=13)),
                ("quarter", models.DateField()),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "等第二个人看"),
                            ("public", "公示中"),
                            ("posted", "已记分"),
                            ("unpaid", "没有记分"),
                            ("refused", "没有通过"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("public_until", models.DateTimeField(null=True)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_seen", "没有看到做过"),
                            ("wrong_item", "不属于这一条"),
                            ("wrong_period", "不是这一期的事"),
                            ("too_close", "提出的人和这一户太近"),
                            ("objection", "异议成立"),
                        ],
                        max_length=20,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=20)),
                ("posting_id", models.UUIDField(null=True)),
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
                    "household",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.gridnode",
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
            name="Group",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=40)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "lead",
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
            name="Link",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "等对方同意"),
                            ("standing", "已结对"),
                            ("declined", "没有同意"),
                            ("ended", "已结束"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                (
                    "asked_by_side",
                    models.CharField(choices=[("contact", "联户人"), ("household", "住户")], max_length=10),
                ),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ways",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("door", "上门"), ("phone", "打电话"), ("message", "发消息")], max_length=8
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("not_before", models.TimeField(null=True)),
                ("not_after", models.TimeField(null=True)),
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
                    "contact",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="household_links",
                        to="people.person",
                    ),
                ),
                (
                    "household",
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
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                (
                    "agreed_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "group",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="households.group",
                    ),
                ),
                (
                    "household",
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
            name="Need",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("repair", "修东西"),
                            ("meals", "吃饭送餐"),
                            ("medical", "看病陪护"),
                            ("paperwork", "办手续"),
                            ("company", "陪伴照看"),
                            ("children", "孩子的事"),
                            ("neighbours", "邻里的事"),
                            ("other", "别的事"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "等人来帮"),
                            ("taken", "有人在帮"),
                            ("met", "帮好了"),
                            ("unmet", "没能帮上"),
                            ("withdrawn", "不用了"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("raised_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
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
                    "household",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.gridnode",
                    ),
                ),
                (
                    "raised_by",
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
                        null=True,
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
            name="NeedStep",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("open", "等人来帮"),
                            ("taken", "有人在帮"),
                            ("met", "帮好了"),
                            ("unmet", "没能帮上"),
                            ("withdrawn", "不用了"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("open", "等人来帮"),
                            ("taken", "有人在帮"),
                            ("met", "帮好了"),
                            ("unmet", "没能帮上"),
                            ("withdrawn", "不用了"),
                        ],
                        max_length=10,
                    ),
                ),
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
                    "need",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="households.need",
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
            name="Objection",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("text", models.CharField(max_length=500)),
                ("raised_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("is_upheld", models.BooleanField(null=True)),
                ("answer", models.CharField(blank=True, max_length=500)),
                (
                    "assessment",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="households.assessment",
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
            name="Visit",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[("door", "上门"), ("phone", "打电话"), ("message", "发消息")], max_length=8
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("need", "为要帮的事"),
                            ("safety", "看看水电气和消防"),
                            ("inform", "告诉一件事"),
                            ("company", "陪着说说话"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                ("visited_on", models.DateField()),
                ("noted_at", models.DateTimeField()),
                ("denied_at", models.DateTimeField(null=True)),
                (
                    "denied_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "link",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="households.link",
                    ),
                ),
                (
                    "need",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="households.need",
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
            model_name="assessment",
            index=models.Index(fields=["street", "household", "-quarter"], name="households_assessed_home"),
        ),
        AddIndex(
            model_name="assessment",
            index=models.Index(
                condition=models.Q(("state", "proposed")),
                fields=["street", "proposed_at"],
                name="households_to_be_decided",
            ),
        ),
        AddIndex(
            model_name="assessment",
            index=models.Index(
                condition=models.Q(("state", "public")), fields=["street", "public_until"], name="households_in_public"
            ),
        ),
        AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="households_assessment_in_street"),
        ),
        AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_at", None), ("decided_at__gte", models.F("proposed_at")), _connector="OR"),
                name="households_assessed_before_it_is_decided",
            ),
        ),
        AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True), models.Q(("why", "moved_away"), _negated=True)
                ),
                fields=("street", "household", "item_code", "quarter"),
                name="households_assessed_once_a_quarter",
            ),
        ),
        AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="households_four_eyes_on_an_assessment",
            ),
        ),
        AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("state", "proposed")),
                    models.Q(("decided_at", None), ("decided_by", None), ("state", "unpaid"), ("why", "moved_away")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state__in", ("public", "posted", "unpaid", "refused")),
                    ),
                    _connector="OR",
                ),
                name="households_a_decision_is_somebodys",
            ),
        ),
        AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="households_a_refusal_has_a_reason",
            ),
        ),
        AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("posting_id__isnull", False), ("state", "posted")),
                    models.Q(models.Q(("state", "posted"), _negated=True), ("posting_id", None)),
                    _connector="OR",
                ),
                name="households_posted_means_a_posting",
            ),
        ),
        AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("public_until__isnull", False),
                    models.Q(("state", "unpaid"), ("why", "moved_away")),
                    ("state__in", ["proposed", "refused"]),
                    _connector="OR",
                ),
                name="households_nothing_is_posted_unseen",
            ),
        ),
        AddIndex(
            model_name="group",
            index=models.Index(fields=["street", "node", "name"], name="households_groups_of_a_node"),
        ),
        AddConstraint(
            model_name="group",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="households_group_in_street"),
        ),
        AddConstraint(
            model_name="group",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)),
                fields=("street", "node", "name"),
                name="households_one_open_group_a_name",
            ),
        ),
        AddConstraint(
            model_name="group",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_at", None), ("closed_at__gte", models.F("opened_at")), _connector="OR"),
                name="households_a_group_closes_after_it_opened",
            ),
        ),
        AddIndex(
            model_name="link",
            index=models.Index(fields=["street", "contact", "state"], name="households_links_of_a_contact"),
        ),
        AddIndex(
            model_name="link",
            index=models.Index(fields=["street", "household", "state"], name="households_links_of_a_home"),
        ),
        AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="households_link_in_street"),
        ),
        AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["proposed", "standing"])),
                fields=("street", "contact", "household"),
                name="households_one_link_of_a_pair",
            ),
        ),
        AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answered_by__isnull", True),
                    models.Q(("answered_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="households_nobody_answers_themselves",
            ),
        ),
        AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at", None), ("answered_by", None), ("ended_at", None), ("state", "proposed")),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        ("ended_at", None),
                        ("state__in", ("standing", "declined")),
                    ),
                    models.Q(("ended_at__isnull", False), ("state", "ended")),
                    _connector="OR",
                ),
                name="households_a_link_says_who_answered_and_when",
            ),
        ),
        AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("not_after", None), ("not_before", None)),
                    ("not_before__lt", models.F("not_after")),
                    _connector="OR",
                ),
                name="households_hours_are_a_span",
            ),
        ),
        AddIndex(
            model_name="membership",
            index=models.Index(fields=["street", "group"], name="households_members_of_a_group"),
        ),
        AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="households_membership_in_street"),
        ),
        AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="households_a_membership_ends_after_it_begins",
            ),
        ),
        AddConstraint(
            model_name="membership",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("street", "="),
                    ("household", "="),
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
                name="households_one_group_at_a_time",
            ),
        ),
        AddIndex(
            model_name="need",
            index=models.Index(fields=["street", "household", "-id"], name="households_needs_of_a_home"),
        ),
        AddIndex(
            model_name="need",
            index=models.Index(
                condition=models.Q(("state__in", ("met", "unmet", "withdrawn")), _negated=True),
                fields=["street", "raised_at"],
                name="households_open_needs",
            ),
        ),
        AddConstraint(
            model_name="need",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="households_need_in_street"),
        ),
        AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "taken"), _negated=True), ("taken_by__isnull", False), _connector="OR"
                ),
                name="households_a_need_in_hand_is_somebodys",
            ),
        ),
        AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state__in", ("met", "unmet", "withdrawn"))),
                    models.Q(
                        models.Q(("state__in", ("met", "unmet", "withdrawn")), _negated=True), ("closed_at", None)
                    ),
                    _connector="OR",
                ),
                name="households_a_need_that_is_over_is_dated",
            ),
        ),
        AddConstraint(
            model_name="needstep",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="households_needstep_in_street"),
        ),
        AddConstraint(
            model_name="needstep",
            constraint=models.UniqueConstraint(
                fields=("street", "need", "position"), name="households_one_need_step_a_position"
            ),
        ),
        AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="households_objection_in_street"),
        ),
        AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_at", None), ("decided_at__gte", models.F("raised_at")), _connector="OR"),
                name="households_objected_before_it_is_decided",
            ),
        ),
        AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_at", None)),
                fields=("street", "assessment"),
                name="households_one_open_objection",
            ),
        ),
        AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("objector")), _negated=True),
                    _connector="OR",
                ),
                name="households_nobody_decides_their_own_objection",
            ),
        ),
        AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("is_upheld", None)),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("is_upheld__isnull", False),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="households_an_objection_is_answered_with_words",
            ),
        ),
        AddIndex(
            model_name="visit",
            index=models.Index(fields=["street", "link", "-visited_on"], name="households_visits_of_a_link"),
        ),
        AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="households_visit_in_street"),
        ),
        AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("denied_at", None), ("denied_by", None)),
                    models.Q(("denied_at__isnull", False), ("denied_by__isnull", False)),
                    _connector="OR",
                ),
                name="households_a_denial_is_somebodys",
            ),
        ),
        AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                fields=("street", "link", "visited_on", "reason", "need"),
                name="households_one_visit_a_reason_and_day",
                nulls_distinct=False,
            ),
        ),
        *GUARDS,
    ]
