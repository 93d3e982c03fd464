import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import huipai.kit.ids
import huipai.people.models.account
import huipai.streets.keys
from huipai.people.migrations._before import BEFORE
from huipai.people.migrations._guards import GUARDS
from huipai.streets.operations import AddConstraint, AddIndex, CreateModel

# No constraint of a model: what overlaps is asked of days, from the first to before the last.
ONE_AT_A_TIME = """
ALTER TABLE people_identity ADD CONSTRAINT people_one_identity_at_a_time
    EXCLUDE USING gist (street_id WITH =, person_id WITH =, kind WITH =, daterange(valid_from, valid_until) WITH &&);
"""


class Migration(migrations.Migration):
    replaces = BEFORE
    dependencies = [("streets", "0001_tables")]

    operations = [
        CreateModel(
            name="CodeBudget",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("sent", models.IntegerField()),
            ],
            options={
                "db_table": "people_signin_budget",
            },
        ),
        CreateModel(
            name="Account",
            fields=[
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("phone", models.CharField(max_length=16, null=True, unique=True)),
                ("phone_confirmed_at", models.DateTimeField(null=True)),
                ("given_up_at", models.DateTimeField(null=True)),
                ("password", models.CharField(default=huipai.people.models.account.no_password, max_length=128)),
                ("password_changed_at", models.DateTimeField(null=True)),
                ("must_change_password", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("employed_in", models.PositiveSmallIntegerField(default=0)),
                ("needs_second_factor", models.BooleanField(default=False)),
                ("second_factor_step", models.BigIntegerField(null=True)),
                ("failed_in_a_row", models.PositiveSmallIntegerField(db_default=0, default=0)),
                (
                    "session_mark",
                    models.CharField(default=huipai.people.models.account.new_session_mark, max_length=16),
                ),
                ("doubted_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "leaves_in",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="streets.street",
                    ),
                ),
            ],
        ),
        CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("privacy_notice", "隐私告知"),
                            ("report_on_behalf", "工作人员代为上报"),
                            ("sensitive_identity", "登记特定身份"),
                            ("proxy", "请人代办"),
                            ("guardianship", "监护人同意"),
                            ("thank_you_wall", "在感谢墙上出现"),
                            ("care", "登记需要的帮助"),
                            ("household_points", "一起用家庭积分"),
                            ("recognisable_photo", "照片里认得出本人"),
                        ],
                        max_length=30,
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
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
                ("paper_number", models.CharField(blank=True, max_length=40)),
                ("given_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
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
            name="Person",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(blank=True, max_length=40)),
                ("birth_year", models.SmallIntegerField(null=True)),
                ("said_under_14_at", models.DateTimeField(null=True)),
                ("is_staff", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            name="Identity",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("resident", "居民"),
                            ("deputy", "人大代表、政协委员"),
                            ("student", "学生"),
                            ("teacher", "教师"),
                            ("pensioner", "退休人员"),
                            ("courier", "快递、外卖骑手"),
                            ("driver", "司机"),
                            ("party_member", "党员"),
                            ("volunteer", "志愿者"),
                            ("merchant", "商户"),
                            ("property_staff", "物业人员"),
                        ],
                        max_length=20,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
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
                    "confirmed_by",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identities",
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
            name="Guardianship",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("child_mark", models.CharField(blank=True, max_length=32)),
                ("valid_from", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
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
                    "confirmed_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "guardian",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wards",
                        to="people.person",
                    ),
                ),
                (
                    "minor",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="guardianships",
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
            name="ConsentText",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("privacy_notice", "隐私告知"),
                            ("report_on_behalf", "工作人员代为上报"),
                            ("sensitive_identity", "登记特定身份"),
                            ("proxy", "请人代办"),
                            ("guardianship", "监护人同意"),
                            ("thank_you_wall", "在感谢墙上出现"),
                            ("care", "登记需要的帮助"),
                            ("household_points", "一起用家庭积分"),
                            ("recognisable_photo", "照片里认得出本人"),
                        ],
                        max_length=30,
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
                ("body", models.TextField()),
                ("legal_basis", models.CharField(max_length=200)),
                ("published_at", models.DateTimeField()),
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
                    "published_by",
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
        migrations.AddField(
            model_name="consent",
            name="given_by",
            field=huipai.streets.keys.TenantKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="noted_by",
            field=huipai.streets.keys.TenantKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="person",
            field=huipai.streets.keys.TenantKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="people.person"
            ),
        ),
        CreateModel(
            name="PhoneChange",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("old_phone", models.CharField(blank=True, max_length=16)),
                ("new_phone", models.CharField(blank=True, max_length=16)),
                (
                    "document",
                    models.CharField(
                        choices=[
                            ("id_card", "身份证"),
                            ("social_card", "社保卡"),
                            ("household_register", "户口簿"),
                            ("passport", "护照或通行证"),
                        ],
                        max_length=20,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("effective_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
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
                    "person",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="phone_changes",
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
            name="Proxy",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("invited_phone", models.CharField(blank=True, max_length=16)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("report", "上报和补充说明"),
                                ("answer", "看进度、确认结果"),
                                ("points", "看积分、兑换"),
                                ("claim", "申报积分、撤回、申诉"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                    ),
                ),
                ("invited_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
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
                    "elder",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="helpers",
                        to="people.person",
                    ),
                ),
                (
                    "helper",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="helped",
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
            name="SignInCode",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("sign_in", "登录"),
                            ("confirm_number", "确认手机号"),
                            ("leave_number", "换出手机号"),
                            ("enter_number", "换入手机号"),
                            ("reset_password", "重设密码"),
                            ("proxy", "请人代办"),
                        ],
                        max_length=20,
                    ),
                ),
                ("phone", models.CharField(max_length=16)),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("tries_left", models.SmallIntegerField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "people_signin_code",
            },
        ),
        CreateModel(
            name="SignInTry",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("code", "code"),
                            ("password", "password"),
                            ("password_at_home", "password_at_home"),
                            ("second_factor", "second_factor"),
                            ("name", "name"),
                            ("pickup", "pickup"),
                            ("slip", "slip"),
                            ("slip_at_counter", "slip_at_counter"),
                            ("invited", "invited"),
                            ("inviting", "inviting"),
                            ("person", "person"),
                        ],
                        max_length=20,
                    ),
                ),
                ("number", models.CharField(max_length=32)),
                ("address", models.CharField(max_length=32)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "people_signin_try",
                "indexes": [
                    models.Index(fields=["number", "kind", "made_at"], name="people_tries_of_a_number"),
                    models.Index(fields=["address", "kind", "made_at"], name="people_tries_of_an_address"),
                    models.Index(fields=["made_at"], name="people_tries_by_age"),
                ],
            },
        ),
        AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("leaves_in__isnull", False)),
                fields=["leaves_in"],
                name="people_numbers_on_their_way",
            ),
        ),
        AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("phone__isnull", True), ("phone__regex", "^\\+[1-9][0-9]{6,14}$"), _connector="OR"),
                name="people_a_phone_is_e164",
            ),
        ),
        AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at__isnull", True),
                    models.Q(("is_active", False), ("phone__isnull", True)),
                    _connector="OR",
                ),
                name="people_an_erased_account_is_empty",
            ),
        ),
        AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("given_up_at__isnull", True), ("phone__isnull", False)),
                    models.Q(
                        ("phone__isnull", True),
                        models.Q(("given_up_at__isnull", False), ("erased_at__isnull", False), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="people_a_number_given_up_is_dated",
            ),
        ),
        AddIndex(
            model_name="person",
            index=models.Index(fields=["account", "street"], name="people_of_an_account"),
        ),
        AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="people_person_in_street"),
        ),
        AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(fields=("street", "account"), name="people_one_person_an_account"),
        ),
        AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at__isnull", True),
                    models.Q(
                        ("account__isnull", True),
                        ("birth_year__isnull", True),
                        ("is_staff", False),
                        ("name", ""),
                        ("said_under_14_at", None),
                    ),
                    _connector="OR",
                ),
                name="people_an_erased_person_is_empty",
            ),
        ),
        AddIndex(
            model_name="identity",
            index=models.Index(fields=["street", "person", "kind"], name="people_identities_of"),
        ),
        AddConstraint(
            model_name="identity",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="people_identity_in_street"),
        ),
        AddConstraint(
            model_name="identity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="people_an_identity_ends_after_it_begins",
            ),
        ),
        AddConstraint(
            model_name="identity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by__isnull", True),
                    models.Q(("confirmed_by", models.F("person")), _negated=True),
                    _connector="OR",
                ),
                name="people_nobody_confirms_themselves",
            ),
        ),
        AddIndex(
            model_name="guardianship",
            index=models.Index(fields=["street", "guardian"], name="people_wards_of"),
        ),
        AddConstraint(
            model_name="guardianship",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="people_guardianship_in_street"),
        ),
        AddConstraint(
            model_name="guardianship",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), models.Q(("child_mark", ""), _negated=True)),
                fields=("street", "guardian", "child_mark"),
                name="people_a_child_of_a_paper_once",
            ),
        ),
        AddConstraint(
            model_name="guardianship",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("street", "minor", "guardian"),
                name="people_a_guardian_once",
            ),
        ),
        AddConstraint(
            model_name="guardianship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("minor", models.F("guardian")), _negated=True),
                    models.Q(("confirmed_by", models.F("guardian")), _negated=True),
                    models.Q(("confirmed_by", models.F("minor")), _negated=True),
                ),
                name="people_three_people_at_the_counter",
            ),
        ),
        AddConstraint(
            model_name="consenttext",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="people_consenttext_in_street"),
        ),
        AddConstraint(
            model_name="consenttext",
            constraint=models.UniqueConstraint(
                fields=("street", "purpose", "version"), name="people_one_text_a_version"
            ),
        ),
        AddConstraint(
            model_name="consenttext",
            constraint=models.CheckConstraint(
                condition=models.Q(("version__gte", 2)), name="people_version_one_is_ours"
            ),
        ),
        AddIndex(
            model_name="consent",
            index=models.Index(fields=["street", "person", "given_at"], name="people_consents_of_a_person"),
        ),
        AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="people_consent_in_street"),
        ),
        AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True), models.Q(("purpose", "guardianship"), _negated=True)
                ),
                fields=("street", "person", "purpose", "version"),
                name="people_one_yes_a_version",
            ),
        ),
        AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("purpose", "guardianship"), ("withdrawn_at__isnull", True)),
                fields=("street", "person", "version", "given_by", "paper_number"),
                name="people_one_yes_a_guardian_and_paper",
            ),
        ),
        AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True), ("withdrawn_at__gte", models.F("given_at")), _connector="OR"
                ),
                name="people_no_before_yes",
            ),
        ),
        AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["page", "code"]), ("noted_by__isnull", False), _connector="OR"),
                name="people_somebody_noted_it",
            ),
        ),
        AddConstraint(
            model_name="phonechange",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="people_phonechange_in_street"),
        ),
        AddConstraint(
            model_name="phonechange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at__isnull", True), ("done_at__isnull", True)),
                fields=("street", "person"),
                name="people_one_open_change",
            ),
        ),
        AddConstraint(
            model_name="phonechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_at__isnull", True), ("cancelled_at__isnull", True), _connector="OR"),
                name="people_done_or_cancelled",
            ),
        ),
        AddConstraint(
            model_name="phonechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked_by", models.F("person")), _negated=True),
                name="people_not_at_the_own_counter",
            ),
        ),
        AddConstraint(
            model_name="phonechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("effective_at__gt", models.F("asked_at"))), name="people_it_cools"
            ),
        ),
        AddIndex(
            model_name="proxy",
            index=models.Index(fields=["street", "helper"], name="people_helped_by"),
        ),
        AddIndex(
            model_name="proxy",
            index=models.Index(
                condition=models.Q(("invited_phone", ""), _negated=True),
                fields=["street", "invited_phone"],
                name="people_invited_numbers",
            ),
        ),
        AddConstraint(
            model_name="proxy",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="people_proxy_in_street"),
        ),
        AddConstraint(
            model_name="proxy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), ("helper__isnull", False)),
                fields=("street", "elder", "helper"),
                name="people_a_helper_once",
            ),
        ),
        AddConstraint(
            model_name="proxy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted_at__isnull", True), ("ended_at__isnull", True)),
                fields=("street", "elder", "invited_phone"),
                name="people_an_invitation_once",
            ),
        ),
        AddConstraint(
            model_name="proxy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("helper__isnull", True), models.Q(("helper", models.F("elder")), _negated=True), _connector="OR"
                ),
                name="people_nobody_helps_themselves",
            ),
        ),
        AddConstraint(
            model_name="proxy",
            constraint=models.CheckConstraint(
                condition=models.Q(("scopes__len__gte", 1), ("valid_until__gt", models.F("valid_from"))),
                name="people_a_proxy_ends",
            ),
        ),
        AddConstraint(
            model_name="proxy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted_at__isnull", True), ("helper__isnull", True)),
                    models.Q(("accepted_at__isnull", False), ("helper__isnull", False), ("invited_phone", "")),
                    _connector="OR",
                ),
                name="people_accepted_by_somebody",
            ),
        ),
        AddIndex(
            model_name="signincode",
            index=models.Index(fields=["made_at"], name="people_codes_by_age"),
        ),
        AddConstraint(
            model_name="signincode",
            constraint=models.CheckConstraint(condition=models.Q(("tries_left__gte", 0)), name="people_tries_run_out"),
        ),
        migrations.RunSQL(ONE_AT_A_TIME, "ALTER TABLE people_identity DROP CONSTRAINT people_one_identity_at_a_time;"),
        *GUARDS,
    ]
