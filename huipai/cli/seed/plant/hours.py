"""When people of the demo get round to things."""

from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from huipai.workdays import queries as workdays

CHINA = ZoneInfo("Asia/Shanghai")
OPENS, CLOSES = time(8, 40), time(17, 50)


def in_office(moment: datetime) -> datetime:
    """The moment itself, or the next at which somebody is at work."""
    local = moment.astimezone(CHINA)
    if workdays.is_workday(local.date()) is True and OPENS <= local.time() <= CLOSES:
        return moment
    minutes = timedelta(minutes=local.minute % 50)
    if local.time() > CLOSES or workdays.is_workday(local.date()) is not True:
        local += timedelta(days=1)
    while workdays.is_workday(local.date()) is False:
        local += timedelta(days=1)
    return datetime.combine(local.date(), OPENS, CHINA) + minutes


def awake(moment: datetime) -> datetime:
    """The moment itself, or half past seven in the morning and a little."""
    local = moment.astimezone(CHINA)
    if time(7, 10) <= local.time() <= time(22, 30):
        return moment
    if local.time() > time(22, 30):
        local += timedelta(days=1)
    return datetime.combine(local.date(), time(7, 30), CHINA) + timedelta(minutes=local.minute)


def between(chance: Random, low: float, high: float) -> timedelta:
    """So many hours."""
    return timedelta(seconds=round(chance.uniform(low, high) * 3600))
