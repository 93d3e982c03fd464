"""The doors of each kind of person, in their fixed order."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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

RAIL: tuple[Door, ...] = (
    Door("desk", "cases:desk", "inbox", _("工作台")),
    Door("today", "cases:today", "list-check", _("今天")),
    Door("deeds", "cases:deeds_desk", "heart-handshake", _("好人好事")),
    Door("releasing", "cases:releasing", "photo", _("照片")),
    Door("nearby", "cases:nearby", "map-search", _("地图")),
    Door("review", "points:review", "clipboard-check", _("审核")),
    Door("rulebook", "rulebook:home", "book", _("条目")),
    Door("shop", "shop:desk", "gift", _("商店")),
    Door("grid", "grid:home", "hierarchy", _("网格")),
)


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


def rail_items() -> list[OpenDoor]:
    return _open(RAIL)
