"""Which stations there are, where, and whether they are open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Prefetch, Q, QuerySet

from huipai.kit.coordinates import Point, distance_m
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


def with_node() -> QuerySet[Station]:
    """All stations, closed ones too, for those who keep them."""
    return Station.objects.select_related("node").order_by(F("closed_at").asc(nulls_first=True), "code")


def local(at: datetime) -> datetime:
    """The same instant on a clock in China."""
    return at.astimezone(SHANGHAI)


def weekday_word(at: datetime) -> str:
    return str(WEEKDAYS[local(at).isoweekday() - 1])
