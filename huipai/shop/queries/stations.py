"""What a station host sees: code, thing and a masked name; never points, history or who else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from huipai.grid import queries as grid
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.shop.models import Reservation
from huipai.shop.words import State
from huipai.stations import queries as stations
from huipai.stations.models import Station


def hosted_by(person: Person, at: datetime) -> list[Station]:
    """The stations in which somebody may hand over."""
    paths = [path for role in (Role.STATION_HOST, Role.COORDINATOR) for path in grid.areas_of(person, role, at)]
    found = stations.in_service(at).select_related("node")
    return (
        [station for station in found if station.node and station.node.path.startswith(tuple(paths))] if paths else []
    )


def by_code(code: str) -> Reservation | None:
    found = Reservation.objects.filter(code=code).select_related("item__photo", "station__node", "person")
    return found.first()


def to_be_fetched(station: Station, at: datetime) -> QuerySet[Reservation]:
    """What is kept in a station and has still time, soonest first."""
    waiting = Reservation.objects.filter(station=station, state=State.RESERVED, expires_at__gt=at)
    return waiting.select_related("item", "person").order_by("expires_at", "id")


def kept_of(item_id: UUID, station_id: UUID) -> QuerySet[Reservation]:
    """What of an item is kept in a station, also what nobody fetched in time."""
    return Reservation.objects.filter(item_id=item_id, station_id=station_id, state=State.RESERVED)


def is_kept(item_id: UUID) -> bool:
    """Whether somebody may still come for an item."""
    return Reservation.objects.filter(item_id=item_id, state=State.RESERVED).exists()


def today(station: Station, since: datetime, until: datetime) -> QuerySet[Reservation]:
    """What was handed over in a station within these hours, newest first."""
    handed = Reservation.objects.filter(
        station=station, state=State.HANDED_OVER, settled_at__gte=since, settled_at__lt=until
    )
    return handed.select_related("item", "person").order_by("-settled_at", "-id")


def is_fetched_at(reservation_id: UUID, station: Station) -> bool:
    """Whether this station is the one where a reservation is fetched."""
    return Reservation.objects.filter(pk=reservation_id, station=station).exists()
