"""What can happen to a station. `actor` None is the system itself: the command line, the demo."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.journal import commands as journal
from huipai.kit.coordinates import Crs, Point
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person
from huipai.stations import policies
from huipai.stations.models import OpeningHours, Station
from huipai.stations.rules import Span, is_sound
from huipai.stations.words import Fact, Service, StationKind


class NotSoundHours(Invalid):
    code = "not_sound_hours"
    default_reason = _("同一天的开放时间不能重叠，结束要晚于开始")


class CodeTaken(Invalid):
    code = "station_code_taken"
    default_reason = _("这个编码已经有驿站用了")


class StationOutside(Invalid):
    code = "station_outside"
    default_reason = _("位置在街道以外")


@transaction.atomic
def open_station(
    *,
    code: str,
    kind: StationKind,
    name: str,
    place: str,
    point: Point,
    hours: Iterable[Span],
    actor: Person | None,
    now: datetime,
    services: Iterable[Service] = (),
    phone: str = "",
    source_crs: Crs = Crs.WGS84,
) -> Station:
    """A station that people find in the list from now on. Refuses a code in use, bad hours and a place outside."""
    where = grid.locate(point, now)
    node = GridNode.objects.get(pk=where.node.pk) if where.node else None
    if actor is not None:
        policies.may_keep_station(actor, node, now).require()
    if node is None:
        raise StationOutside(field="place")
    station, is_new = Station.objects.get_or_create(
        code=code,
        defaults={
            "kind": kind, "name": name, "place": place, "node": node, "lng": point.lng, "lat": point.lat,
            "source_crs": source_crs, "services": sorted(services), "phone": phone, "opened_at": now,
        },
    )  # fmt: skip
    if not is_new:
        raise CodeTaken(field="code")
    _put_hours(station, hours)
    _tell(Fact.STATION_OPENED, station, actor, now, node=str(node.pk))
    return station


@transaction.atomic
def change_station(
    *,
    station_id: UUID,
    name: str,
    place: str,
    services: Iterable[Service],
    phone: str,
    hours: Iterable[Span],
    actor: Person | None,
    now: datetime,
) -> Station:
    """New words and hours for a station in service; where it stands does not change."""
    station = _for_change(station_id, actor, now)
    station.name, station.place, station.phone, station.services = name, place, phone, sorted(services)
    station.save(update_fields=["name", "place", "phone", "services"])
    OpeningHours.objects.filter(station=station).delete()
    _put_hours(station, hours)
    _tell(Fact.STATION_CHANGED, station, actor, now)
    return station


@transaction.atomic
def close_station(*, station_id: UUID, actor: Person | None, now: datetime) -> Station:
    """Gone from the list; what happened in it stays."""
    station = _for_change(station_id, actor, now)
    station.closed_at = now
    station.save(update_fields=["closed_at"])
    _tell(Fact.STATION_CLOSED, station, actor, now)
    return station


def _for_change(station_id: UUID, actor: Person | None, now: datetime) -> Station:
    station = (
        Station.objects.select_for_update(of=("self",), no_key=True)
        .select_related("node")
        .filter(pk=station_id)
        .first()
    )
    if station is None:
        raise NotVisible
    if actor is not None:
        policies.may_keep_station(actor, station.node, now).require()
    if station.closed_at is not None:
        raise Moved(_("这个驿站已经关了"), code="station_is_closed")
    return station


def _put_hours(station: Station, hours: Iterable[Span]) -> None:
    spans = list(hours)
    if not is_sound(spans):
        raise NotSoundHours(field="hours")
    OpeningHours.objects.bulk_create(
        OpeningHours(station=station, weekday=span.weekday, opens=span.opens, closes=span.closes) for span in spans
    )


def _tell(fact: Fact, station: Station, actor: Person | None, now: datetime, **facts: object) -> None:
    journal.record(
        what=fact, subject=f"station:{station.pk}", actor_id=actor.pk if actor else None, now=now, facts=facts
    )
