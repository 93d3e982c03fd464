"""The stations, on a map and in a list, for everybody."""

from __future__ import annotations

from datetime import datetime

import segno
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from huipai.kit import clock
from huipai.kit.render import render
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.stations import policies, queries
from huipai.stations.rules import Opening, code_at
from huipai.stations.words import CODE_LEADS_TO, StationKind
from huipai.streets.current import street_in_force
from huipai.streets.http import StreetRequest


@require_GET
def nearby(request: StreetRequest) -> HttpResponse:
    """Open ones first. Which is near is worked out on the phone: a position is never sent here."""
    now = clock.now()
    asked = request.GET.get("kind", "")
    kind = StationKind(asked) if asked in StationKind.values else None
    listed = queries.listed(now, weekday=local_date(now).isoweekday(), kind=kind)
    person = getattr(request, "person", None)
    shown = {
        "rows": [(one, _words(one.opening, now)) for one in listed],
        "hosted": queries.hosted_by(person, now) if person and person.is_staff else set(),
        "kinds": _kinds(),
        "on": f"{reverse('stations:list')}?kind={kind.value}" if kind else reverse("stations:list"),
        "now": now,
        "may_keep": _may_keep(person, now),
    }
    return render(request, "stations/list.jinja", shown)


def _may_keep(person: Person | None, now: datetime) -> bool:
    """Whether to show the way to the desk; residents are not asked about."""
    return person is not None and person.is_staff and bool(policies.may_enter_desk(person, now))


def _kinds() -> list[dict[str, str]]:
    here = reverse("stations:list")
    every = [{"href": f"{here}?kind={kind.value}", "label": str(kind.label)} for kind in StationKind]
    return [{"href": here, "label": _("全部")}, *every]


def _words(opening: Opening, now: datetime) -> str:
    """Open or shut, and until when, as a neighbour would say it."""
    if opening.changes_at is None:
        return _("一直开着") if opening.is_open else _("时间待定")
    change = opening.changes_at
    at = f"{queries.local(change):%H:%M}"
    if opening.is_open:
        return _("开着，到 %(at)s") % {"at": at}
    if local_date(change) == local_date(now):
        return _("%(at)s 开") % {"at": at}
    return _("关着，%(day)s %(at)s 开") % {"day": queries.weekday_word(change), "at": at}


@require_GET
@signed_in
def code(request: SignedInRequest, code: str) -> HttpResponse:
    """The code that proves that somebody was here, on the screen of whoever keeps the station."""
    return render(request, "stations/code.jinja", _shown_code(request, code))


@require_GET
@signed_in
def code_picture(request: SignedInRequest, code: str) -> HttpResponse:
    """Only the picture, for the screen that asks for the next one."""
    return render(request, "stations/code_picture.jinja", _shown_code(request, code))


def _shown_code(request: SignedInRequest, code: str) -> dict[str, object]:
    now = clock.now()
    station = queries.in_service(now).select_related("node").filter(code=code).first()
    if station is None:
        raise Http404
    policies.may_show_code(request.person, station.node, now).require()
    shown = code_at(street_id=street_in_force(), station_id=station.pk, now=now)
    address = request.build_absolute_uri(reverse(CODE_LEADS_TO, args=[shown]))
    return {"station": station, "picture": segno.make(address, micro=False).svg_data_uri(scale=6, border=3)}
