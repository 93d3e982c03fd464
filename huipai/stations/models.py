"""Places of the street that are open to people: rest stops, grid corners, food stations."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, IntegerRangeField
from django.db import models
from django.db.models import F, Func, Q

from huipai.grid.models import GridNode
from huipai.grid.models.periods import EQUAL, OVERLAPS
from huipai.kit.coordinates import Crs, Point
from huipai.stations.rules import Span
from huipai.stations.words import MINUTES_A_DAY, Service, StationKind
from huipai.streets.models import TenantKey, TenantModel


class Station(TenantModel):
    """A place with a name, an address and hours; closed ones stay for what happened in them."""

    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=StationKind.choices)
    name = models.CharField(max_length=60)
    # The address as people say it.
    place = models.CharField(max_length=120)
    node = TenantKey(GridNode, null=True, on_delete=models.PROTECT, related_name="stations")
    lng = models.FloatField()
    lat = models.FloatField()
    source_crs = models.CharField(max_length=8, choices=[(crs.value, crs.name) for crs in Crs], default=Crs.WGS84.value)
    services: ArrayField[Any, Any] = ArrayField(models.CharField(max_length=12, choices=Service.choices), default=list)
    phone = models.CharField(max_length=20, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="stations_a_code_names_one", fields=["street", "code"]),
            models.CheckConstraint(name="stations_kind_is_a_word", condition=Q(kind__in=StationKind.values)),
            models.CheckConstraint(
                name="stations_services_are_words", condition=Q(services__contained_by=Service.values)
            ),
            models.CheckConstraint(name="stations_have_a_name_and_a_place", condition=~Q(name="") & ~Q(place="")),
            models.CheckConstraint(
                name="stations_lie_on_earth", condition=Q(lng__range=(-180, 180), lat__range=(-90, 90))
            ),
            models.CheckConstraint(
                name="stations_close_after_they_open", condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at"))
            ),
        ]
        indexes: ClassVar = [models.Index(name="stations_by_kind", fields=["street", "kind", "code"])]

    @property
    def point(self) -> Point:
        return Point(self.lng, self.lat)

    @property
    def service_words(self) -> list[str]:
        return [str(Service(service).label) for service in self.services]

    @property
    def kind_word(self) -> str:
        return str(StationKind(self.kind).label)


class OpeningHours(TenantModel):
    """Open on a weekday from a minute of the day until another. Over midnight takes two rows."""

    station = TenantKey(Station, on_delete=models.CASCADE, related_name="hours")
    weekday = models.SmallIntegerField()
    opens = models.SmallIntegerField()
    closes = models.SmallIntegerField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="stations_hours_go_forwards",
                condition=Q(weekday__range=(1, 7), opens__gte=0, closes__gt=F("opens"), closes__lte=MINUTES_A_DAY),
            ),
            ExclusionConstraint(
                name="stations_hours_do_not_overlap",
                expressions=[
                    ("street", EQUAL),
                    ("station", EQUAL),
                    ("weekday", EQUAL),
                    (
                        Func(F("opens"), F("closes"), function="int4range", output_field=IntegerRangeField()),
                        OVERLAPS,
                    ),
                ],
            ),
        ]

    @property
    def span(self) -> Span:
        return Span(self.weekday, self.opens, self.closes)
