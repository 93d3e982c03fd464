import django.db.models.deletion
from django.db import migrations, models

import huipai.kit.ids
import huipai.streets.keys
from huipai.audit.migrations._before import BEFORE
from huipai.audit.migrations._guards import GUARDS
from huipai.streets.operations import CreateModel


class Migration(migrations.Migration):
    replaces = BEFORE
    dependencies = [("journal", "0001_tables"), ("people", "0001_tables"), ("streets", "0001_tables")]

    operations = [
        CreateModel(
            name="Disclosure",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("unmasked", "看了上报人"),
                            ("named", "看了留名的上报人"),
                            ("looked_up", "按人找案件"),
                            ("original", "打开原图"),
                            ("export", "导出表格"),
                            ("print", "打印案卷"),
                            ("held", "到期也先不删"),
                            ("released", "不用再保留"),
                            ("look", "翻看这份记录"),
                            ("record", "导出这份记录"),
                        ],
                        max_length=12,
                    ),
                ),
                ("subject", models.CharField(max_length=80)),
                ("about", models.CharField(blank=True, max_length=40)),
                (
                    "reason",
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
                ("words", models.TextField(blank=True)),
                ("number", models.CharField(blank=True, max_length=12)),
                ("count", models.PositiveIntegerField(null=True)),
                ("happened_at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "entry",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.entry",
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
                "indexes": [
                    models.Index(fields=["street", "-happened_at", "-id"], name="audit_latest"),
                    models.Index(fields=["street", "person", "-happened_at"], name="audit_of_a_person"),
                    models.Index(fields=["street", "subject", "person"], name="audit_of_a_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("street", "id"), name="audit_disclosure_in_street"),
                    models.UniqueConstraint(fields=("street", "entry"), name="audit_one_disclosure_an_entry"),
                    models.UniqueConstraint(
                        condition=models.Q(("number", ""), _negated=True),
                        fields=("street", "number"),
                        name="audit_one_disclosure_a_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "look"), models.Q(("words", ""), _negated=True), _connector="OR"),
                        name="audit_only_the_auditors_look_needs_no_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["export", "print", "record"]), models.Q(("number", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("kind__in", ["export", "print", "record"]), _negated=True), ("number", "")
                            ),
                            _connector="OR",
                        ),
                        name="audit_what_leaves_is_numbered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "unmasked"), _negated=True), ("until__isnull", False), _connector="OR"
                        ),
                        name="audit_who_was_unmasked_is_hidden_again",
                    ),
                ],
            },
        ),
        *GUARDS,
    ]
