"""The doors of each kind of person, in their fixed order, each with the question that opens it.

The questions are the policies that the pages behind the doors ask themselves: nobody is shown a door that is shut.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from huipai.audit import policies as audit
from huipai.cases import policies as cases
from huipai.cases.policies import entering, retention
from huipai.grid import policies as grid
from huipai.grid.queries import roles_at_hand, roles_of
from huipai.households import policies as households
from huipai.kit.addresses import plain_address
from huipai.people import policies as people
from huipai.people.models import Person
from huipai.points import policies as points
from huipai.rulebook import policies as rulebook
from huipai.shop import policies as shop
from huipai.stations import policies as stations
from huipai.web import dead_letters, workday_pages

Question = Callable[[Person, datetime], object]


def everybody(person: Person, at: datetime) -> bool:
    """The question of a door that stands open."""
    return True


@dataclass(frozen=True)
class Door:
    key: str
    page: str
    icon: str
    label: str | Promise
    opens: Question = everybody


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

# What is done here besides being a neighbour: the rail of a desk, and the same on the home page.
WORK: tuple[Door, ...] = (
    Door("desk", "cases:desk", "inbox", _("工作台"), entering.may_enter_desk),
    Door("today", "cases:today", "list-check", _("今天"), cases.is_worker),
    Door("orders", "cases:orders", "send", _("工单"), entering.may_enter_orders),
    Door("joint", "cases:joint_tasks", "bell-ringing", _("吹哨"), entering.may_enter_joint),
    Door("wall", "cases:wall", "device-tv", _("大屏"), entering.may_open_wall),
    Door("deeds", "cases:deeds_desk", "heart-handshake", _("好人好事"), entering.may_enter_deeds),
    Door("releasing", "cases:releasing", "photo", _("照片"), entering.may_enter_releasing),
    Door("review", "points:review", "clipboard-check", _("审核"), points.may_enter_reviews),
    Door("enter", "points:enter", "user-plus", _("代登记"), points.may_enter_claims),
    Door("grants", "points:grants", "coins", _("补记"), points.may_enter_grants),
    Door("rulebook", "rulebook:desk", "pencil", _("改条目"), rulebook.may_enter_desk),
    Door("linked", "households:groups", "home-heart", _("联户"), households.may_enter_desk),
    Door("shop", "shop:desk", "gift", _("商店"), shop.may_enter_desk),
    Door("handing", "shop:counter", "shopping-bag", _("领取"), shop.may_enter_counter),
    Door("grid", "grid:home", "hierarchy", _("网格"), grid.may_enter_desk),
    Door("audit", "audit:record", "eye-check", _("查阅记录"), audit.may_audit),
    Door("counter", "people:counter", "id", _("窗口"), people.may_enter_counter),
    Door("taking", "cases:counter_report", "note", _("接报"), people.may_enter_counter),
)
# Behind the one door of administration.
ADMIN: tuple[Door, ...] = (
    Door("staff", "grid:staff", "users", _("人员"), grid.may_see_staff),
    Door("texts", "grid:texts", "file-text", _("告知文本"), grid.may_see_staff),
    Door("types", "cases:types", "adjustments-horizontal", _("案件类别"), entering.may_see_types),
    Door("stations", "stations:desk", "building-store", _("驿站"), stations.may_enter_desk),
    Door("workdays", "web:workdays", "calendar", _("工作日"), workday_pages.may_read_calendar),
    Door("walls", "cases:wall_links", "device-tv", _("大屏链接"), entering.may_keep_walls),
    Door("retention", "cases:retention", "clock", _("保存与删除"), retention.may_read_retention),
    Door("jobs", "web:jobs", "refresh", _("没跑成的任务"), dead_letters.may_look_after_jobs),
)
# The pages of the desk of the rulebook.
RULEBOOK: tuple[Door, ...] = (
    Door("desk", "rulebook:desk", "pencil", _("草稿"), rulebook.may_enter_desk),
    Door("proposals", "rulebook:proposals", "inbox", _("准入"), rulebook.may_enter_desk),
    Door("remarks", "rulebook:remarks", "message", _("意见"), rulebook.may_read_draft),
    Door("admissions", "rulebook:admissions", "list-check", _("准入清单"), rulebook.may_enter_desk),
    Door("exchange", "rulebook:exchange", "table", _("Excel"), rulebook.may_write),
    Door("home", "rulebook:home", "book", _("居民看到的")),
)
ADMINISTRATION = Door("admin", "", "settings", _("管理"))
# Open to every neighbour too, so that a desk leads out of itself.
OUTSIDE: tuple[Door, ...] = (
    Door("nearby", "cases:nearby", "map-search", _("地图")),
    Door("book", "rulebook:home", "book", _("条目")),
)


def address_of(page: str, *args: object) -> str | None:
    """The address of `page`, or none where this installation has no such page."""
    try:
        return reverse(page, args=args) if args else plain_address(page)
    except NoReverseMatch:
        return None


def _open(doors: tuple[Door, ...]) -> list[OpenDoor]:
    found = [(door, address_of(door.page)) for door in doors]
    return [OpenDoor(door.key, href, door.icon, door.label) for door, href in found if href]


def _opened(doors: tuple[Door, ...], person: Person, at: datetime) -> list[OpenDoor]:
    with roles_at_hand(person, at):
        # Who holds nothing opens nothing: a neighbour's page asks no more than that.
        return _open(tuple(door for door in doors if door.opens(person, at))) if roles_of(person, at) else []


def dock_items(kind: str) -> list[OpenDoor]:
    return _open(DOCKS[kind])


def work_items(person: Person | None, at: datetime) -> list[OpenDoor]:
    """Every door of work that `person` may open; administration is one of them and leads to its first page."""
    if person is None:
        return []
    found = _opened((*WORK, *ADMIN), person, at)
    behind = {door.key for door in ADMIN}
    work = [door for door in found if door.key not in behind]
    first = next((door.href for door in found if door.key in behind), None)
    return [*work, OpenDoor("admin", first, ADMINISTRATION.icon, ADMINISTRATION.label)] if first else work


def sits_at_a_desk(person: Person | None, at: datetime) -> bool:
    """Whether `person` works at the desk of a place: what others see as a page of the phone has the rail for them."""
    if person is None:
        return False
    with roles_at_hand(person, at):
        return bool(roles_of(person, at)) and bool(entering.may_enter_desk(person, at))


def rail_items(person: Person | None, at: datetime) -> list[OpenDoor]:
    """The doors of a desk."""
    return work_items(person, at) + _open(OUTSIDE)


def rulebook_items(person: Person, at: datetime) -> list[OpenDoor]:
    """The pages of the desk of the rulebook that `person` may open."""
    return _opened(RULEBOOK, person, at)


def admin_items(person: Person, at: datetime) -> list[OpenDoor]:
    """The pages of administration that `person` may open; how many jobs lie dead is said where they can be seen."""
    return [_with_its_number(door) for door in _opened(ADMIN, person, at)]


def _with_its_number(door: OpenDoor) -> OpenDoor:
    dead = dead_letters.count() if door.key == "jobs" else 0
    return replace(door, label=_now("没跑成的任务 %(num)s") % {"num": dead}) if dead else door
