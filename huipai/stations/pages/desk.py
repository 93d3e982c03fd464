"""Keeping the stations: opened, changed, staffed, closed; by the system administrator and each community's own."""

from __future__ import annotations

from functools import wraps
from typing import Any, Protocol
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.grid import commands as grid
from huipai.grid.forms import attempt
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.words import Role
from huipai.stations import commands, policies, queries
from huipai.stations.forms import HostForm, NewStationForm, SearchForm, StationForm, words_of
from huipai.stations.models import Station
from huipai.stations.words import WEEKDAYS, Service, StationKind

_A_PAGE = 50


class DeskPage(Protocol):
    def __call__(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def by_keepers(page: DeskPage) -> Any:
    """Only those who keep some station."""

    @wraps(page)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policies.may_enter_desk(request.person, clock.now()).require()
        return page(request, *args, **kwargs)

    return signed_in(guarded)


@require_GET
@by_keepers
def desk(request: SignedInRequest) -> HttpResponse:
    """The stations that this person keeps, closed ones last; on a map and in a list."""
    now = clock.now()
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    found = queries.kept_by(request.person, now)
    if words:
        found = found.filter(Q(name__icontains=words) | Q(place__icontains=words) | Q(code__iexact=words))
    page: Page[Station] = page_of(found, request.GET.get("page"), size=_A_PAGE)
    return render(request, "stations/desk.jinja", {"page": page, "words": words, "now": now})


@require_http_methods(["GET", "POST"])
@by_keepers
def new(request: SignedInRequest) -> HttpResponse:
    if request.method == "GET":
        return _form_page(request, NewStationForm(), None)
    form = NewStationForm(request.POST)
    made: list[Station] = []

    def act() -> None:
        typed = form.cleaned_data
        station = commands.open_station(
            code=typed["code"],
            kind=StationKind(typed["kind"]),
            point=form.point,
            **_words(typed),
            actor=request.person,
            now=clock.now(),
        )
        made.append(station)

    status = attempt(form, act)
    if status:
        return _form_page(request, form, None, status=status)
    messages.success(request, _("开好了，居民现在就能在列表里看到"))
    return redirect("stations:station", station_id=made[0].pk)


@require_GET
@by_keepers
def station(request: SignedInRequest, station_id: UUID) -> HttpResponse:
    return _station_page(request, _find(request, station_id), HostForm())


def _station_page(request: SignedInRequest, found: Station, host: HostForm, *, status: int = 200) -> HttpResponse:
    now = clock.now()
    spans = [hours.span for hours in found.hours.order_by("weekday", "opens")]
    shown = {
        "station": found,
        "week": [(word, [one.words for one in spans if one.weekday == day]) for day, word in enumerate(WEEKDAYS, 1)],
        "hosts": queries.hosts_of(found, now),
        "host": host,
        "has_errors": bool(host.errors),
        "now": now,
    }
    return render(request, "stations/station.jinja", shown, status=status)


@require_http_methods(["GET", "POST"])
@by_keepers
def changing(request: SignedInRequest, station_id: UUID) -> HttpResponse:
    """Words and hours; where it stands does not change."""
    found = _find(request, station_id)
    if request.method == "GET":
        return _form_page(request, StationForm(initial=_initial(found)), found)
    form = StationForm(request.POST)
    status = attempt(
        form,
        lambda: commands.change_station(
            station_id=station_id, **_words(form.cleaned_data), actor=request.person, now=clock.now()
        ),
    )
    if status:
        return _form_page(request, form, found, status=status)
    messages.success(request, _("改好了"))
    return redirect("stations:station", station_id=station_id)


@require_POST
@by_keepers
def hosting(request: SignedInRequest, station_id: UUID) -> HttpResponse:
    """Somebody keeps it open: the host of the micro-grid in which it stands."""
    found = _find(request, station_id)
    form = HostForm(request.POST)
    status = attempt(
        form,
        lambda: grid.assign(
            person=form.cleaned_data["person"],
            role=Role.STATION_HOST,
            node=found.node,
            actor=request.person,
            now=clock.now(),
        ),
    )
    if status:
        return _station_page(request, found, form, status=status)
    messages.success(request, _("派好了"))
    return redirect("stations:station", station_id=station_id)


@require_POST
@by_keepers
def closing(request: SignedInRequest, station_id: UUID) -> HttpResponse:
    found = _find(request, station_id)
    commands.close_station(station_id=found.pk, actor=request.person, now=clock.now())
    messages.success(request, _("%(name)s关了，列表里不再有它") % {"name": found.name})
    return redirect("stations:desk")


def _form_page(
    request: SignedInRequest, form: StationForm, found: Station | None, *, status: int = 200
) -> HttpResponse:
    shown = {"form": form, "station": found, "has_errors": bool(form.errors)}
    return render(request, "stations/form.jinja", shown, status=status)


def _words(typed: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": typed["name"].strip(),
        "place": typed["place"].strip(),
        "phone": typed["phone"],
        "services": [Service(one) for one in typed["services"]],
        "hours": typed["hours"],
    }


def _initial(found: Station) -> dict[str, object]:
    spans = [hours.span for hours in found.hours.order_by("weekday", "opens")]
    days = {f"day{day}": words_of(spans, day) for day in range(1, 8)}
    return {"name": found.name, "place": found.place, "phone": found.phone, "services": found.services, **days}


def _find(request: SignedInRequest, station_id: UUID) -> Station:
    """A station that this person keeps; any other does not exist here."""
    found = queries.kept_by(request.person, clock.now()).filter(pk=station_id).first()
    if found is None:
        raise NotVisible
    return found
