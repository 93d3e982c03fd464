"""The doors of each kind of person, in their fixed order."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.grid import queries as grid
from huipai.people.models import Person
from huipai.people.words import ADMIN_ROLES, Role


@dataclass(frozen=True)
class Door:
    key: str
    page: str
    icon: str
    label: str | Promise


@dataclass(frozen=True)
class OpenDoor:
    key: str
    href: str
    icon: str
    label: str | Promise


DOCKS: dict[str, tuple[Door, ...]] = {
    "resident": (
        Door("home", "web:home", "home", _("首页")),
        Door("nearby", "cases:nearby", "map-search", _("附近")),
        Door("activities", "web:activities", "calendar", _("活动")),
        Door("points", "points:home", "coins", _("积分")),
        Door("me", "people:me", "user", _("我的")),
    ),
    "worker": (
        Door("today", "cases:today", "list-check", _("今天")),
        Door("report", "cases:report", "camera-plus", _("上报")),
        Door("nearby", "cases:nearby", "search", _("附近")),
        Door("me", "people:me", "user", _("我的")),
    ),
    "unit": (
        Door("orders", "cases:orders", "list-check", _("工单")),
        Door("report", "cases:report", "camera-plus", _("上报")),
        Door("nearby", "cases:nearby", "map-search", _("附近")),
        Door("me", "people:me", "user", _("我的")),
    ),
}

# Behind the one door of the rail that administrators have; which of them each is for.
ADMIN: tuple[tuple[frozenset[Role], Door], ...] = (
    (ADMIN_ROLES, Door("staff", "grid:staff", "users", _("人员"))),
    (ADMIN_ROLES, Door("texts", "grid:texts", "file-text", _("告知文本"))),
    (frozenset({Role.SYSTEM_ADMIN, Role.COORDINATOR}), Door("stations", "stations:desk", "building-store", _("驿站"))),
    (frozenset({Role.SYSTEM_ADMIN}), Door("workdays", "web:workdays", "calendar", _("工作日"))),
    (frozenset({Role.SYSTEM_ADMIN}), Door("jobs", "web:jobs", "refresh", _("没跑成的任务"))),
)

RAIL: tuple[Door, ...] = (
    Door("desk", "cases:desk", "inbox", _("工作台")),
    Door("today", "cases:today", "list-check", _("今天")),
    Door("deeds", "cases:deeds_desk", "heart-handshake", _("好人好事")),
    Door("releasing", "cases:releasing", "photo", _("照片")),
    Door("nearby", "cases:nearby", "map-search", _("地图")),
    Door("review", "points:review", "clipboard-check", _("审核")),
    Door("linked", "households:groups", "home-heart", _("联户")),
    Door("rulebook", "rulebook:home", "book", _("条目")),
    Door("shop", "shop:desk", "gift", _("商店")),
    Door("grid", "grid:home", "hierarchy", _("网格")),
)
ADMINISTRATION = Door("admin", "grid:staff", "settings", _("管理"))


def address_of(page: str) -> str | None:
    """The address of `page`, or none where this installation has no such page."""
    try:
        return reverse(page)
    except NoReverseMatch:
        return None


def _open(doors: tuple[Door, ...]) -> list[OpenDoor]:
    found = [(door, address_of(door.page)) for door in doors]
    return [OpenDoor(door.key, href, door.icon, door.label) for door, href in found if href]


def dock_items(kind: str) -> list[OpenDoor]:
    return _open(DOCKS[kind])


def rail_items(user: object) -> list[OpenDoor]:
    """The doors of a desk. Who has to have a second factor is an administrator: no question to the database."""
    return _open((*RAIL, ADMINISTRATION) if getattr(user, "needs_second_factor", False) else RAIL)


def admin_items(person: Person, at: datetime) -> list[OpenDoor]:
    """The pages of administration that are for the roles of `person`."""
    held = {Role(one.role) for one in grid.roles_of(person, at)}
    return _open(tuple(door for roles, door in ADMIN if roles & held))
