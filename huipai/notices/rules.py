"""What notices say, and when a message may ring."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.notices.words import Wording, Writer

_CHINA = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)

_writers: Mapping[str, Writer] = {}
_groups: Mapping[str, str | Promise] = {}
_in_group: Mapping[str, str] = {}
OTHER = "other"


def wire(writers: Mapping[str, Writer], groups: Mapping[str, str | Promise], in_group: Mapping[str, str]) -> None:
    """Name, once at start-up, who words which kind of notice, what the groups of kinds are called, and in which group
    kinds are that begin with another word."""
    global _writers, _groups, _in_group
    _writers, _groups, _in_group = writers, groups, in_group


def group_of(kind: str) -> str:
    """The group of a kind is its first word, if that is one that people can choose."""
    first = kind.partition(".")[0]
    group = _in_group.get(first, first)
    return group if group in _groups else OTHER


def groups() -> list[tuple[str, str | Promise]]:
    """Every group that people can choose, with its words."""
    return [*_groups.items(), (OTHER, _("别的消息"))]


def group_words(group: str) -> str:
    return str(dict(groups()).get(group, _("别的消息")))


def wording(kind: str, subject: str, params: Mapping[str, object]) -> Wording:
    """What a notice says; one of a kind that nobody words any more still says that something happened."""
    writer = _writers.get(kind)
    return writer(subject, params) if writer else Wording(_("您关心的事有了新进展"))


def local(now: datetime) -> datetime:
    """The instant by the clock on the wall here."""
    return now.astimezone(_CHINA)


def today_at(now: datetime, at: time) -> datetime:
    """This hour of today."""
    return datetime.combine(local(now).date(), at, tzinfo=_CHINA)


def may_ring_at(now: datetime, quiet_from: time, quiet_until: time) -> datetime:
    """`now`, or the end of the quiet hours it falls into. Equal ends mean that no hour is quiet."""
    local = now.astimezone(_CHINA)
    begins, ends = (datetime.combine(local.date(), at, tzinfo=_CHINA) for at in (quiet_from, quiet_until))
    if quiet_from < quiet_until:
        return ends if begins <= local < ends else now
    if quiet_from > quiet_until:
        return ends + _DAY if local >= begins else ends if local < ends else now
    return now
