"""Days, hours and remaining time as people say them, in the street's own time.

A digit and its unit never part at a line's end: a no-break space stands between them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from huipai.kit import days
from huipai.kit.language import spoken

LOCAL = ZoneInfo("Asia/Shanghai")
SOON = timedelta(hours=4)
_GLUE = "\u00a0"


@dataclass(frozen=True)
class Due:
    """How a due time looks: family and icon of its chip, and the words."""

    family: str
    icon: str
    words: str


def _local_day(at: datetime | date) -> date:
    return at.astimezone(LOCAL).date() if isinstance(at, datetime) else at


def _glued(words: str) -> str:
    return words.replace(" ", _GLUE)


def day(at: datetime | date, now: datetime) -> str:
    """11 月 23 日, with the year when it is not this one."""
    return _day(at, _local_day(now))


def _day(at: datetime | date, today: date) -> str:
    return _glued(days.near(_local_day(at), today))


def clock_time(at: datetime) -> str:
    """18:00."""
    return f"{at.astimezone(LOCAL):%H:%M}"


def near_day(at: datetime, now: datetime) -> str:
    """今天, 明天, 昨天, or the day."""
    return _near_day(at, _local_day(now))


def _near_day(at: datetime, today: date) -> str:
    apart = (_local_day(at) - today).days
    if apart == 0:
        return _("今天")
    if apart == 1:
        return _("明天")
    if apart == -1:
        return _("昨天")
    return _day(at, today)


def moment(at: datetime, now: datetime) -> str:
    """今天 18:00; 11 月 23 日 18:00."""
    return _moment(at, _local_day(now), spoken())


@lru_cache(maxsize=4096)
def _moment(at: datetime, today: date, language: str | None) -> str:
    return f"{_near_day(at, today)}{_GLUE}{clock_time(at)}"


def length(span: timedelta) -> str:
    """55 分; 1 小时 20 分; 3 小时; 2 天."""
    return _length(_minutes(span), spoken())


def _minutes(span: timedelta) -> int:
    return max(int(span.total_seconds() // 60), 1)


@lru_cache(maxsize=4096)
def _length(minutes: int, language: str | None) -> str:
    if minutes >= 2 * 24 * 60:
        return _glued(_("%(days)s 天") % {"days": minutes // (24 * 60)})
    hours, rest = divmod(minutes, 60)
    if hours == 0:
        return _glued(_("%(minutes)s 分") % {"minutes": rest})
    if rest == 0 or hours >= 5:
        return _glued(_("%(hours)s 小时") % {"hours": hours})
    return _glued(_("%(hours)s 小时 %(minutes)s 分") % {"hours": hours, "minutes": rest})


def due(at: datetime | None, now: datetime) -> Due:
    """The due time `at` as it looks at `now`; `None` means that the calendar does not know it yet."""
    if at is None:
        return Due("stone", "calendar-question", _("日历待定"))
    if at <= now:
        return _overdue(_minutes(now - at), spoken())
    if at - now <= SOON:
        return _soon(_minutes(at - now), spoken())
    return Due("slate", "clock", _("%(moment)s 前") % {"moment": moment(at, now)})


@lru_cache(maxsize=4096)
def _overdue(minutes: int, language: str | None) -> Due:
    return Due("red", "alert-triangle-filled", _("超时 %(length)s") % {"length": _length(minutes, language)})


@lru_cache(maxsize=512)
def _soon(minutes: int, language: str | None) -> Due:
    return Due("amber", "hourglass-high", _("剩 %(length)s") % {"length": _length(minutes, language)})


def kept_late(at: datetime, done_at: datetime) -> Due:
    """By how much something was done after its due time: it is over, so nobody has to act (not the red of `due`)."""
    return Due("amber", "alert-triangle", _("晚了 %(length)s") % {"length": length(done_at - at)})


def paused() -> Due:
    """A due time that does not run at present."""
    return Due("stone", "player-pause", _("已暂停计时"))
