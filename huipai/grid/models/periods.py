"""Periods: from an instant until another, or open; the first belongs to it, the last does not."""

from datetime import datetime

from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db.models import CheckConstraint, F, Func, Q

OVERLAPS = RangeOperators.OVERLAPS
EQUAL = RangeOperators.EQUAL
DIFFERS = RangeOperators.NOT_EQUAL


def in_force(at: datetime, prefix: str = "") -> Q:
    """Rows whose period holds `at`."""
    begun = Q(**{f"{prefix}valid_from__lte": at})
    return begun & (Q(**{f"{prefix}valid_until": None}) | Q(**{f"{prefix}valid_until__gt": at}))


def period() -> Func:
    """The period as a range, for exclusion constraints. A period of no length overlaps nothing."""
    return Func(F("valid_from"), F("valid_until"), function="tstzrange", output_field=DateTimeRangeField())


def forwards(name: str) -> CheckConstraint:
    """No period ends before it begins."""
    return CheckConstraint(name=name, condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")))
