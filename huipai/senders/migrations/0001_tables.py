from django.db import migrations, models

import huipai.kit.ids
from huipai.senders.migrations._before import BEFORE
from huipai.streets.operations import CreateModel


class Migration(migrations.Migration):
    replaces = BEFORE
    dependencies = []

    operations = [
        CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("sms", "短信"), ("mail", "邮件"), ("wechat", "微信"), ("webpush", "浏览器推送")],
                        max_length=10,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("code", "验证码"), ("notice", "通知"), ("warning", "安全提醒")], max_length=10
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=254)),
                ("text", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                ("useful_until", models.DateTimeField(null=True)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_configured", "没有配置这个通道"),
                            ("too_late", "发出前已经过期"),
                            ("refused", "对方没有收下"),
                        ],
                        max_length=20,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-made_at"], name="senders_newest_first")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sent_at__isnull", True), ("failed_at__isnull", True), _connector="OR"),
                        name="senders_sent_or_failed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("failed_at__isnull", True), models.Q(("failure", ""), _negated=True), _connector="OR"
                        ),
                        name="senders_a_failure_has_a_reason",
                    ),
                ],
            },
        ),
    ]
