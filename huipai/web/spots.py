"""The list beside the map of a form: where no map draws, a place is chosen by its name."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext as _

from huipai.grid import queries as grid
from huipai.grid.queries.places import Spot
from huipai.kit import clock
from huipai.kit.coordinates import NotAPlace, Point
from huipai.stations import queries as stations
from huipai.streets.models import Street
from huipai.web import whereabouts

MOST_CALLED = 12
# (what they have in common, (lng,lat as it is sent, name)).
Groups = list[tuple[str, list[tuple[str, str]]]]


def spots(address: str = "") -> Groups:
    """What the address may mean, then the stations, then every micro-grid by its community."""
    return _spots(address, clock.now())


def whereabouts_of(lng: object, lat: object, street: Street) -> str:
    """Where a place that stands in the form lies, in words; empty for what is none."""
    try:
        point = Point(float(str(lng)), float(str(lat)))
    except (NotAPlace, ValueError):
        return ""
    return whereabouts.of(point, street, clock.now())[1]


def _spots(address: str, at: datetime) -> Groups:
    called = [_option(one) for one in grid.buildings_called(address, at, most=MOST_CALLED)]
    known = [(_sent(one.lng, one.lat), f"{one.name} · {one.place}") for one in stations.in_service(at)]
    groups = [(_("和您写的像的"), called), (_("驿站和服务点"), known)]
    for community, within in groupby(grid.micro_grids(at), key=lambda one: one.over):
        groups.append((community, [_option(one) for one in within]))
    return [(title, options) for title, options in groups if options]


def _option(spot: Spot) -> tuple[str, str]:
    return _sent(spot.lng, spot.lat), spot.name


def _sent(lng: float, lat: float) -> str:
    return f"{lng:.7f},{lat:.7f}"
