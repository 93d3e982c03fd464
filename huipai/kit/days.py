"""Days as people say them: Chinese counts its months, English names them."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_MONTHS = (
    gettext_noop("1 月"), gettext_noop("2 月"), gettext_noop("3 月"), gettext_noop("4 月"),
    gettext_noop("5 月"), gettext_noop("6 月"), gettext_noop("7 月"), gettext_noop("8 月"),
    gettext_noop("9 月"), gettext_noop("10 月"), gettext_noop("11 月"), gettext_noop("12 月"),
)  # fmt: skip


def month(day: date) -> str:
    """11 月; November is "Nov" in English."""
    return _(_MONTHS[day.month - 1])


def of_the_year(day: date) -> str:
    """11 月 23 日."""
    return _("%(month)s %(day)s 日") % {"month": month(day), "day": day.day}


def near(day: date, today: date) -> str:
    """11 月 23 日; of another year than today's with its year."""
    return of_the_year(day) if day.year == today.year else in_full(day)


def in_full(day: date) -> str:
    """2026 年 11 月 23 日."""
    return _("%(year)s 年 %(month)s %(day)s 日") % {"year": day.year, "month": month(day), "day": day.day}
