"""The words of stations: kinds, services, and what can happen to them."""

from datetime import timedelta
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class StationKind(TextChoices):
    CARE_STATION = "care_station", _("爱心驿站")
    GRID_STOP = "grid_stop", _("网格小驻")
    ENERGY_STOP = "energy_stop", _("元气加油站")
    FOOD_STATION = "food_station", _("食物驿站")
    LAW_CORNER = "law_corner", _("法治小站")
    PARTY_CENTRE = "party_centre", _("党群服务站")


class Service(TextChoices):
    WATER = "water", _("热水")
    MICROWAVE = "microwave", _("热饭")
    CHARGING = "charging", _("充电")
    REST = "rest", _("歇脚")
    TOILET = "toilet", _("厕所")
    FIRST_AID = "first_aid", _("药箱")
    UMBRELLA = "umbrella", _("雨伞")
    READING = "reading", _("看书")
    TOOLS = "tools", _("工具")
    COUNTER = "counter", _("代办")


MINUTES_A_DAY: Final = 24 * 60
WEEKDAYS: Final = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


class Fact(TextChoices):
    STATION_OPENED = "station.opened"
    STATION_CHANGED = "station.changed"
    STATION_CLOSED = "station.closed"


# The code on a host's screen changes this often, and proves for so long that somebody has just been there.
CODE_CHANGES_AFTER: Final = timedelta(seconds=30)
CODE_IS_FRESH_FOR: Final = timedelta(minutes=10)
# The page, of a floor above, to which a code leads whoever scans it.
CODE_LEADS_TO: Final = "points:on_site"
