"""The words of tables that are taken along."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# So many rows a table, so many at once, so long it can be fetched.
MOST_ROWS = 20_000
BATCH = 500
KEPT_FOR = timedelta(hours=24)
# A table that is not made by then will not be.
GIVEN_UP_AFTER = timedelta(minutes=30)


class TableKind(TextChoices):
    QUEUE = "queue", _("工作台的案件")
    ORDERS = "orders", _("本单位的工单")


class TableState(TextChoices):
    WAITING = "waiting", _("正在做")
    READY = "ready", _("做好了")
    GONE = "gone", _("过了一天，已删掉")
