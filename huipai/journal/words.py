"""The journal's own words."""

import re

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# A fact is a noun and what happened to it: "case.accepted".
FACT = re.compile(r"^[a-z_]+\.[a-z_]+$")
# A subject is a kind and an id: "case:0190…".
SUBJECT = re.compile(r"^[a-z_]+:[0-9a-zA-Z-]+$")

GENESIS = "0" * 64


class Fact(TextChoices):
    """What the journal says of the jobs that follow it, and of the calendar, which stands below it."""

    CALENDAR_CHANGED = "calendar.changed", _("改工作日的表")
    JOB_RETRIED = "job.retried", _("重跑失败的任务")
