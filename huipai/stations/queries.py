"""Which stations there are, where, and whether they are open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet

from huipai.grid import queries as grid
from huipai.grid.models import Assignment
from huipai.kit.coordinates import Point, distance_m
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.stations.models import OpeningHours, Station
from huipai.stations.rules import SHANGHAI, Opening, Span, opening
from huipai.stations.words import WEEKDAYS, StationKind


@dataclass(frozen=True)
class Listed:
    """A station as a list shows it."""

    station: Station
    opening: Opening
    today: tuple[Span, ...]
    week: tuple[Span, ...]
    distance_m: float | None


def in_service(at: datetime) -> QuerySet[Station]:
    """The stations that are not closed for good, with their hours."""
    hours = Prefetch("hours", queryset=OpeningHours.objects.order_by("weekday", "opens"))
    running = Q(closed_at=None) | Q(closed_at__gt=at)
    return Station.objects.filter(running, opened_at__lte=at).prefetch_related(hours).order_by("code")


def listed(at: datetime, *, weekday: int, kind: StationKind | None = None, near: Point | None = None) -> list[Listed]:
    """All stations of a kind: the nearest first, or, when no place is given, the open ones first."""
    stations = in_service(at).filter(kind=kind) if kind else in_service(at)
    found = [_listed(station, at, weekday, near) for station in stations]
    if near is not None:
        return sorted(found, key=lambda one: (one.distance_m, one.station.code))
    return sorted(found, key=lambda one: (not one.opening.is_open, one.station.code))


def _listed(station: Station, at: datetime, weekday: int, near: Point | None) -> Listed:
    week = tuple(hours.span for hours in station.hours.all())
    today = tuple(span for span in week if span.weekday == weekday)
    return Listed(station, opening(week, at), today, week, distance_m(near, station.point) if near else None)


def kept_by(person: Person, at: datetime) -> QuerySet[Station]:
    """The stations that somebody keeps, closed ones too, those last."""
    found = Station.objects.select_related("node").order_by(F("closed_at").asc(nulls_first=True), "code")
    if grid.has_role(person, Role.SYSTEM_ADMIN, at):
        return found
    within = Q(pk__in=[])
    for path in grid.areas_of(person, Role.COORDINATOR, at):
        within |= Q(node__path__startswith=path)
    return found.filter(within)


def hosts_of(station: Station, at: datetime) -> list[Assignment]:
    """Who keeps a station open: the hosts of the place it stands in, the nearest first."""
    if station.node is None:
        return []
    places = [*station.node.ids_above(), station.node.pk]
    held = Assignment.objects.in_force(at).with_absences(at).filter(role=Role.STATION_HOST, node__in=places)
    found = held.select_related("person", "node").order_by("valid_from", "pk")
    return sorted(found, key=lambda one: -len(one.node.path) if one.node else 0)


def hosted_by(person: Person, at: datetime) -> set[UUID]:
    """The stations in service whose code somebody may show as their host."""
    within = Q(pk__in=[])
    for path in grid.areas_of(person, Role.STATION_HOST, at):
        within |= Q(node__path__startswith=path)
    return set(Station.objects.filter(within, closed_at=None).values_list("pk", flat=True))


def local(at: datetime) -> datetime:
    """The same instant on a clock in China."""
    return at.astimezone(SHANGHAI)


def weekday_word(at: datetime) -> str:
    return str(WEEKDAYS[local(at).isoweekday() - 1])
