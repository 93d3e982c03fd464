"""The list beside the map of a form: where no map draws, a place is chosen by its name."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from huipai.grid import queries as grid
from huipai.grid.queries.addresses import Choice
from huipai.kit import clock
from huipai.kit.coordinates import NotAPlace, Point
from huipai.stations import queries as stations
from huipai.streets.models import Street
from huipai.web import whereabouts

# (what they have in common, (lng,lat as it is sent and of an area its node, name)).
Groups = list[tuple[str, list[tuple[str, str]]]]


def spots(address: str = "") -> Groups:
    """What the address may mean, then the stations, then every micro-grid by its community."""
    return _spots(address, clock.now())


def nowhere() -> str:
    """The last choice: somewhere in the street; empty where it has no tree yet."""
    street = grid.root(clock.now())
    found = grid.choice_of(street.id, clock.now()) if street is not None else None
    return _sent(found) if found is not None else ""


def whereabouts_of(lng: object, lat: object, street: Street) -> str:
    """Where a place that stands in the form lies, in words; empty for what is none."""
    try:
        point = Point(float(str(lng)), float(str(lat)))
    except (NotAPlace, ValueError):
        return ""
    return whereabouts.of(point, street, clock.now())[1]


def _spots(address: str, at: datetime) -> Groups:
    called = [_option(one) for one in grid.at_address(address, at)]
    known = [(f"{one.lng:.7f},{one.lat:.7f}", f"{one.name} · {one.place}") for one in stations.in_service(at)]
    groups = [(_("和您写的像的"), called), (_("驿站和服务点"), known)]
    for community in grid.areas_to_choose(at):
        whole = (_sent(community.whole), _("%(place)s，说不准哪一块") % {"place": community.whole.name})
        groups.append((community.whole.name, [*map(_option, community.inside), whole]))
    return [(title, options) for title, options in groups if options]


def _option(choice: Choice) -> tuple[str, str]:
    return _sent(choice), choice.name


def _sent(choice: Choice) -> str:
    at = f"{choice.point.lng:.7f},{choice.point.lat:.7f}"
    return at if choice.is_exact else f"{at},{choice.id}"
