"""What notices say, and when a message may ring."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from huipai.notices.words import Wording, Writer

_CHINA = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)

_writers: Mapping[str, Writer] = {}


def wire(writers: Mapping[str, Writer]) -> None:
    """Name, once at start-up, who words which kind of notice."""
    global _writers
    _writers = writers


def wording(kind: str, subject: str, params: Mapping[str, object]) -> Wording:
    """What a notice says; one of a kind that nobody words any more still says that something happened."""
    writer = _writers.get(kind)
    return writer(subject, params) if writer else Wording(_("您关心的事有了新进展"))


def may_ring_at(now: datetime, quiet_from: time, quiet_until: time) -> datetime:
    """`now`, or the end of the quiet hours it falls into. Equal ends mean that no hour is quiet."""
    local = now.astimezone(_CHINA)
    begins, ends = (datetime.combine(local.date(), at, tzinfo=_CHINA) for at in (quiet_from, quiet_until))
    if quiet_from < quiet_until:
        return ends if begins <= local < ends else now
    if quiet_from > quiet_until:
        return ends + _DAY if local >= begins else ends if local < ends else now
    return now
