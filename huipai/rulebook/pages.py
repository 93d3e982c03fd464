"""The rulebook as anybody may read it, signed in or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from huipai.kit import clock
from huipai.kit.render import render
from huipai.rulebook import queries
from huipai.rulebook.models import PointItem, RulebookVersion
from huipai.rulebook.words import Earner, Evidence, Standing


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The version in force, by its three doors."""
    now = clock.now()
    return _show(request, queries.in_force(now), now)


@require_GET
def version(request: HttpRequest, number: int) -> HttpResponse:
    """A version that is, was or is about to be in force."""
    found = queries.published().filter(number=number).first()
    if found is None:
        raise Http404
    return _show(request, found, clock.now())


@require_GET
def item(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """One item as a version words it, and where to read it as it stands today."""
    found = queries.published_item(number, code)
    if found is None:
        raise Http404
    now = clock.now()
    today = queries.item_in_force(code, now)
    return render(
        request,
        "rulebook/item.jinja",
        {
            "now": now,
            "item": found,
            "version": found.version,
            "standing": found.version.standing(now),
            "today": today if today and today.version_id != found.version_id else None,
            "earners": _listed(Earner(each).label for each in found.earners),
            "evidence": _listed(Evidence(each).label for each in found.evidence),
            "limits": _listed(_limits(found)) or _("没有上限"),
            "lasting": _lasting(found),
            "is_struck": today is None and found.version.standing(now) == Standing.RETIRED,
        },
    )


def _listed(words: Iterable[str | Promise]) -> str:
    return _("、").join(str(word) for word in words)


def _limits(found: PointItem) -> Iterator[str]:
    if found.day_cap is not None:
        yield _("一天最多 %(points)s 分") % {"points": found.day_cap}
    if found.month_cap is not None:
        yield _("一个月最多 %(points)s 分") % {"points": found.month_cap}
    if found.household_month_cap is not None:
        yield _("一户一个月最多 %(points)s 分") % {"points": found.household_month_cap}
    if found.cooldown_minutes:
        yield _("两次之间隔 %(span)s") % {"span": _span(found.cooldown_minutes)}


def _span(minutes: int) -> str:
    if minutes % (24 * 60) == 0:
        return _("%(days)s 天") % {"days": minutes // (24 * 60)}
    if minutes % 60 == 0:
        return _("%(hours)s 小时") % {"hours": minutes // 60}
    return _("%(minutes)s 分钟") % {"minutes": minutes}


def _lasting(found: PointItem) -> str:
    if found.lot_months is None:
        return _("一直有效")
    return ngettext(
        "%(months)s 个月后的月底到期，到期前提醒您", "%(months)s 个月后的月底到期，到期前提醒您", found.lot_months
    ) % {"months": found.lot_months}


def _show(request: HttpRequest, found: RulebookVersion | None, now: datetime) -> HttpResponse:
    return render(
        request,
        "rulebook/home.jinja",
        {
            "now": now,
            "version": found,
            "standing": found.standing(now) if found else None,
            "doors": queries.by_port(found) if found else {},
            "others": [each for each in queries.published() if found is None or each.id != found.id],
        },
    )
