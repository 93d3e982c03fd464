"""Tables of special days that an operator brought in: each stays as it was, a new one is a new version.

They are the same in every street. What was imported, by whom and from which notice is answered by the rows themselves.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huipai.kit.ids import new_id
from huipai.workdays.words import LONGEST_SOURCE, YEARS, DayKind


class CalendarYear(models.Model):
    """One announced year, in one version. The highest version holds, and takes the place of the built-in table."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    # Where it was announced, in the words of the notice.
    source = models.CharField(max_length=LONGEST_SOURCE)
    # The same table brought in twice makes no second version.
    content_hash = models.CharField(max_length=64)
    imported_at = models.DateTimeField()
    # The id of a Person, not a key: people stand above. Empty from the command line.
    # Of tables that came over a street's page once; None: the operator's (decision 0070).
    imported_by = models.UUIDField(null=True)

    days: "models.Manager[SpecialDay]"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="workdays_one_row_a_version", fields=["year", "version"]),
            models.CheckConstraint(name="workdays_versions_begin_at_one", condition=Q(version__gte=1)),
            models.CheckConstraint(name="workdays_year_is_one_of_ours", condition=Q(year__range=(YEARS[0], YEARS[-1]))),
        ]


class SpecialDay(models.Model):
    """A day that is not what its weekday says, by the notice of one year."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    calendar_year = models.ForeignKey(CalendarYear, on_delete=models.PROTECT, related_name="days", db_index=False)
    day = models.DateField()
    kind = models.CharField(max_length=8, choices=DayKind)
    name = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="workdays_a_day_is_said_once", fields=["calendar_year", "day"]),
            models.CheckConstraint(name="workdays_kind_is_known", condition=Q(kind__in=DayKind.values)),
        ]
