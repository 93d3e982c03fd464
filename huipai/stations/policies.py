"""Who keeps the stations."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.kit.verdict import YES, Verdict, no
from huipai.people.models import Person
from huipai.people.words import Role


def may_keep_station(person: Person, node: GridNode | None, at: datetime) -> Verdict:
    """May this person open, change or close a station that stands in `node`?"""
    if grid.has_role(person, Role.SYSTEM_ADMIN, at):
        return YES
    if node is not None and grid.has_role(person, Role.COORDINATOR, at, node):
        return YES
    return no("not_keeper_of_stations", _("驿站由系统管理员或本社区协调员维护"))


def may_show_code(person: Person, node: GridNode | None, at: datetime) -> Verdict:
    """May this person put the station's code on a screen?"""
    if grid.has_role(person, Role.STATION_HOST, at, node):
        return YES
    return may_keep_station(person, node, at)


def may_enter_desk(person: Person, at: datetime) -> Verdict:
    """May this person look at the desk of stations at all?"""
    if any(held.role in (Role.SYSTEM_ADMIN, Role.COORDINATOR) for held in grid.roles_of(person, at)):
        return YES
    return no("not_keeper_of_stations", _("驿站由系统管理员或本社区协调员维护"))
