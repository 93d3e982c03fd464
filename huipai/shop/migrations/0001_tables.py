import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models

import huipai.kit.ids
import huipai.streets.keys
from huipai.shop.migrations._before import BEFORE
from huipai.shop.migrations._guards import GUARDS
from huipai.streets.operations import AddConstraint, AddIndex, CreateModel


class Migration(migrations.Migration):
    replaces = BEFORE
    dependencies = [
        ("grid", "0001_tables"),
        ("people", "0001_tables"),
        ("photos", "0001_tables"),
        ("points", "0001_tables"),
        ("stations", "0001_tables"),
        ("streets", "0001_tables"),
    ]

    operations = [
        CreateModel(
            name="ShopItem",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=40)),
                ("unit", models.CharField(max_length=4)),
                ("description", models.CharField(blank=True, max_length=300)),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("daily", "日用品"),
                            ("food", "粮油食品"),
                            ("study", "文具书本"),
                            ("health", "健康护理"),
                            ("safety", "安全用品"),
                            ("service", "上门和便民服务"),
                            ("outing", "活动和体验"),
                        ],
                        max_length=12,
                    ),
                ),
                ("points", models.PositiveIntegerField()),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("everybody", "大家都可以换"),
                            ("adults", "满 18 岁可以换"),
                            ("elders", "满 60 岁可以换"),
                        ],
                        default="everybody",
                        max_length=12,
                    ),
                ),
                ("limit_count", models.PositiveSmallIntegerField(null=True)),
                ("limit_days", models.PositiveSmallIntegerField(default=30)),
                ("opened_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
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
            name="Shelf",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("slot", models.PositiveSmallIntegerField()),
                ("free", models.IntegerField(default=0)),
                ("held", models.IntegerField(default=0)),
                (
                    "station",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
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
                    "item",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shelves",
                        to="shop.shopitem",
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
            name="Reservation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.CharField(max_length=8)),
                ("quantity", models.PositiveSmallIntegerField()),
                ("points", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reserved", "待领取"),
                            ("handed_over", "已领"),
                            ("cancelled", "不要了"),
                            ("lapsed", "过时没领"),
                        ],
                        default="reserved",
                        max_length=12,
                    ),
                ),
                ("reserved_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.UUIDField(null=True)),
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
                    "hold",
                    huipai.streets.keys.TenantKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="points.hold"
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "station",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
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
                    "shelf",
                    huipai.streets.keys.TenantKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="shop.shelf"
                    ),
                ),
                (
                    "item",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shop.shopitem",
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
            name="Movement",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("quantity", models.IntegerField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("delivery", "进货"),
                            ("donation", "捐赠"),
                            ("handed_over", "领走"),
                            ("transfer_out", "调出"),
                            ("transfer_in", "调入"),
                            ("count", "盘点"),
                            ("broken", "破损"),
                            ("expired", "过期"),
                            ("lost", "短少"),
                        ],
                        max_length=12,
                    ),
                ),
                ("cost_cents", models.PositiveBigIntegerField(null=True)),
                ("counted", models.PositiveIntegerField(null=True)),
                ("subject", models.CharField(blank=True, max_length=80)),
                ("actor_id", models.UUIDField(null=True)),
                ("moved_at", models.DateTimeField()),
                (
                    "station",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
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
                    "item",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shop.shopitem",
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
            name="ItemProposal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("is_new", models.BooleanField()),
                ("name", models.CharField(max_length=40)),
                ("unit", models.CharField(max_length=4)),
                ("description", models.CharField(blank=True, max_length=300)),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("daily", "日用品"),
                            ("food", "粮油食品"),
                            ("study", "文具书本"),
                            ("health", "健康护理"),
                            ("safety", "安全用品"),
                            ("service", "上门和便民服务"),
                            ("outing", "活动和体验"),
                        ],
                        max_length=12,
                    ),
                ),
                ("points", models.PositiveIntegerField()),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("everybody", "大家都可以换"),
                            ("adults", "满 18 岁可以换"),
                            ("elders", "满 60 岁可以换"),
                        ],
                        max_length=12,
                    ),
                ),
                ("limit_count", models.PositiveSmallIntegerField(null=True)),
                ("limit_days", models.PositiveSmallIntegerField()),
                ("quantity", models.PositiveIntegerField(null=True)),
                ("cost_cents", models.PositiveBigIntegerField(null=True)),
                ("proposed_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "等另一位定"),
                            ("opened", "同意了"),
                            ("refused", "没有同意"),
                            ("withdrawn", "提出的人撤回了"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
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
                (
                    "item",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="shop.shopitem",
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
            name="Budget",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("begins_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("amount_cents", models.PositiveBigIntegerField()),
                ("point_cents", models.PositiveIntegerField()),
                ("proposed_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=200)),
                ("last_on", models.DateField(null=True)),
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
                "constraints": [
                    models.UniqueConstraint(fields=("street", "id"), name="shop_budget_in_street"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved_at", None), ("approved_at__gte", models.F("proposed_at")), _connector="OR"
                            ),
                            models.Q(("ended_at", None), ("ended_at__gte", models.F("proposed_at")), _connector="OR"),
                        ),
                        name="shop_a_budget_is_decided_after_it_was_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("begins_on"))), name="shop_a_budget_has_days"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_cents__gt", 0), ("point_cents__gt", 0)),
                        name="shop_a_budget_has_money",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at", None), ("approved_by", None)),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("approved_by__isnull", False),
                                models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="shop_a_budget_has_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_reason", ""), ("ended_at", None), ("ended_by", None)),
                            models.Q(
                                ("approved_at", None),
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                models.Q(
                                    models.Q(("end_reason", ""), ("ended_by", models.F("proposed_by"))),
                                    models.Q(
                                        models.Q(("ended_by", models.F("proposed_by")), _negated=True),
                                        models.Q(("end_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="shop_a_budget_is_decided_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("approved_at", None), ("ended_at", None)),
                        fields=("street", "begins_on", "ends_on", "amount_cents", "point_cents"),
                        name="shop_a_budget_is_proposed_once",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("approved_at__isnull", False),
                            models.Q(("last_on", None), ("last_on__gte", models.F("begins_on")), _connector="OR"),
                        ),
                        expressions=[
                            ("street", "="),
                            (
                                models.Func(
                                    models.F("begins_on"),
                                    django.db.models.functions.comparison.Coalesce("last_on", "ends_on"),
                                    models.Value("[]"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="shop_one_budget_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_on", None),
                            models.Q(("approved_at__isnull", False), ("last_on__lt", models.F("ends_on"))),
                            _connector="OR",
                        ),
                        name="shop_a_budget_is_replaced_early",
                    ),
                ],
            },
        ),
        CreateModel(
            name="Card",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("digest", models.CharField(max_length=64)),
                ("issued_at", models.DateTimeField()),
                ("blocked_at", models.DateTimeField(null=True)),
                (
                    "issued_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
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
                "constraints": [
                    models.UniqueConstraint(fields=("street", "id"), name="shop_card_in_street"),
                    models.UniqueConstraint(fields=("street", "digest"), name="shop_a_card_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("blocked_at", None)), fields=("street", "person"), name="shop_one_card_each"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("issued_by")), _negated=True),
                        name="shop_nobody_issues_their_own",
                    ),
                ],
            },
        ),
        AddConstraint(
            model_name="shopitem",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="shop_shopitem_in_street"),
        ),
        AddConstraint(
            model_name="shopitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("category__in", ["daily", "food", "study", "health", "safety", "service", "outing"])
                ),
                name="shop_nothing_cash_like",
            ),
        ),
        AddConstraint(
            model_name="shopitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__range", (1, 10000))), name="shop_an_item_costs_points"
            ),
        ),
        AddConstraint(
            model_name="shopitem",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("unit", ""), _negated=True)),
                name="shop_an_item_has_a_name",
            ),
        ),
        AddConstraint(
            model_name="shopitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("audience__in", ["everybody", "adults", "elders"])), name="shop_audience_is_a_word"
            ),
        ),
        AddConstraint(
            model_name="shopitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("limit_count", None), ("limit_count__gt", 0), _connector="OR"), ("limit_days__gt", 0)
                ),
                name="shop_a_limit_leaves_one",
            ),
        ),
        AddConstraint(
            model_name="shopitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("street", "name"),
                name="shop_a_name_on_the_shelf_once",
            ),
        ),
        AddConstraint(
            model_name="shelf",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="shop_shelf_in_street"),
        ),
        AddConstraint(
            model_name="shelf",
            constraint=models.UniqueConstraint(fields=("street", "item", "station", "slot"), name="shop_a_slot_once"),
        ),
        AddConstraint(
            model_name="shelf",
            constraint=models.CheckConstraint(
                condition=models.Q(("free__gte", 0), ("held__gte", 0)), name="shop_stock_is_never_negative"
            ),
        ),
        AddConstraint(
            model_name="shelf",
            constraint=models.CheckConstraint(condition=models.Q(("slot__lt", 16)), name="shop_slots_are_few"),
        ),
        AddIndex(
            model_name="reservation",
            index=models.Index(fields=["street", "person", "item", "reserved_at"], name="shop_reservations_of"),
        ),
        AddIndex(
            model_name="reservation",
            index=models.Index(fields=["street", "asked_by", "reserved_at"], name="shop_asked_by"),
        ),
        AddIndex(
            model_name="reservation",
            index=models.Index(
                condition=models.Q(("state", "reserved")),
                fields=["street", "station", "expires_at"],
                name="shop_to_be_fetched",
            ),
        ),
        AddIndex(
            model_name="reservation",
            index=models.Index(fields=["street", "station", "settled_at"], name="shop_settled_today"),
        ),
        AddConstraint(
            model_name="reservation",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="shop_reservation_in_street"),
        ),
        AddConstraint(
            model_name="reservation",
            constraint=models.UniqueConstraint(fields=("street", "code"), name="shop_a_code_once"),
        ),
        AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[A-Z0-9]{8}$")), name="shop_a_code_can_be_read_out"
            ),
        ),
        AddConstraint(
            model_name="reservation",
            constraint=models.UniqueConstraint(fields=("street", "hold"), name="shop_one_reservation_a_hold"),
        ),
        AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__gt", 0), ("quantity__range", (1, 10))), name="shop_a_reservation_is_of_few"
            ),
        ),
        AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at", None), ("settled_by", None), ("state", "reserved")),
                    models.Q(
                        ("settled_at__lt", models.F("expires_at")),
                        ("settled_by__isnull", False),
                        ("state", "handed_over"),
                    ),
                    models.Q(("settled_at__lt", models.F("expires_at")), ("state", "cancelled")),
                    models.Q(("settled_at__gte", models.F("expires_at")), ("state", "lapsed")),
                    _connector="OR",
                ),
                name="shop_a_reservation_is_settled_once",
            ),
        ),
        AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "handed_over"), _negated=True),
                    models.Q(
                        models.Q(("settled_by", models.F("person")), _negated=True),
                        models.Q(("settled_by", models.F("asked_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="shop_nobody_hands_over_to_themselves",
            ),
        ),
        AddIndex(
            model_name="movement",
            index=models.Index(fields=["street", "item", "station", "moved_at"], name="shop_movements_of_an_item"),
        ),
        AddIndex(
            model_name="movement",
            index=models.Index(fields=["street", "station", "-moved_at"], name="shop_movements_of_a_station"),
        ),
        AddIndex(
            model_name="movement",
            index=models.Index(
                condition=models.Q(("cost_cents__isnull", False)), fields=["street", "moved_at"], name="shop_deliveries"
            ),
        ),
        AddConstraint(
            model_name="movement",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="shop_movement_in_street"),
        ),
        AddConstraint(
            model_name="movement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cost_cents__gt", 0), ("counted", None), ("quantity__gt", 0), ("reason", "delivery")),
                    models.Q(
                        ("cost_cents", None),
                        ("counted", None),
                        ("quantity__gt", 0),
                        ("reason__in", ["donation", "transfer_in"]),
                    ),
                    models.Q(
                        ("cost_cents", None),
                        ("counted", None),
                        ("quantity__lt", 0),
                        ("reason__in", ["handed_over", "transfer_out", "broken", "expired", "lost"]),
                    ),
                    models.Q(("cost_cents", None), ("counted__isnull", False), ("reason", "count")),
                    _connector="OR",
                ),
                name="shop_stock_moves_with_its_reason",
            ),
        ),
        AddConstraint(
            model_name="movement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reason", "handed_over")),
                fields=("street", "subject"),
                name="shop_handed_over_once",
            ),
        ),
        AddIndex(
            model_name="itemproposal",
            index=models.Index(fields=["street", "state", "-proposed_at"], name="shop_proposals_by_state"),
        ),
        AddIndex(
            model_name="itemproposal",
            index=models.Index(fields=["street", "item", "-decided_at"], name="shop_proposals_of_an_item"),
        ),
        AddConstraint(
            model_name="itemproposal",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="shop_itemproposal_in_street"),
        ),
        AddConstraint(
            model_name="itemproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_at", None), ("decided_at__gte", models.F("proposed_at")), _connector="OR"),
                name="shop_an_item_is_decided_after_it_was_asked",
            ),
        ),
        AddConstraint(
            model_name="itemproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="shop_nobody_opens_what_they_proposed",
            ),
        ),
        AddConstraint(
            model_name="itemproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("reason", ""), ("state", "proposed")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("reason", ""),
                        ("state", "opened"),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state", "refused"),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    models.Q(
                        ("decided_at__isnull", False), ("decided_by", None), ("reason", ""), ("state", "withdrawn")
                    ),
                    _connector="OR",
                ),
                name="shop_a_proposal_is_decided_once",
            ),
        ),
        AddConstraint(
            model_name="itemproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cost_cents__isnull", False), ("is_new", True), ("quantity__range", (1, 100000))),
                    models.Q(("cost_cents", None), ("is_new", False), ("item__isnull", False), ("quantity", None)),
                    _connector="OR",
                ),
                name="shop_what_is_new_says_how_many",
            ),
        ),
        AddConstraint(
            model_name="itemproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_new", False),
                    models.Q(("state", "opened"), ("item__isnull", False)),
                    models.Q(models.Q(("state", "opened"), _negated=True), ("item", None)),
                    _connector="OR",
                ),
                name="shop_what_was_opened_is_there",
            ),
        ),
        AddConstraint(
            model_name="itemproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_new", False), ("state", "proposed")),
                fields=("street", "item"),
                name="shop_one_change_at_a_time",
            ),
        ),
        AddConstraint(
            model_name="itemproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_new", True), ("state", "proposed")),
                fields=("street", "name"),
                name="shop_a_name_is_proposed_once",
            ),
        ),
        *GUARDS,
    ]
