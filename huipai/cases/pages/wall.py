"""The screen on the street's wall: for the hub signed in, or by a link that reads this and nothing else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huipai.cases.commands import walls
from huipai.cases.pages.forms_again import errors_of
from huipai.cases.policies import entering
from huipai.cases.queries import wall as reads
from huipai.grid import queries as grid
from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible, Refused
from huipai.people.http import SignedInRequest, signed_in
from huipai.streets.http import StreetRequest

LEAST = 10


@require_safe
@signed_in
def wall(request: SignedInRequest) -> HttpResponse:
    """For whoever sits in the hub or leads the street."""
    now = clock.now()
    entering.may_open_wall(request.person, now).require()
    return _show(request, reverse("cases:wall"), reverse("cases:wall_heaps"), now)


@require_safe
@signed_in
def heaps(request: SignedInRequest) -> HttpResponse:
    now = clock.now()
    entering.may_open_wall(request.person, now).require()
    return _heaps(now)


@require_safe
def display(request: StreetRequest, token: str) -> HttpResponse:
    """The same by a link; revoked, run out, made up or another street's: it does not exist."""
    now = clock.now()
    _require_link(token, now)
    return _show(
        request, reverse("cases:wall_display", args=[token]), reverse("cases:wall_display_heaps", args=[token]), now
    )


@require_safe
def display_heaps(request: StreetRequest, token: str) -> HttpResponse:
    now = clock.now()
    _require_link(token, now)
    return _heaps(now)


def _require_link(token: str, now: datetime) -> None:
    if reads.link_for(token, now) is None:
        raise NotVisible


def _show(request: StreetRequest, address: str, heaps_at: str, now: datetime) -> HttpResponse:
    """The whole page, or the part that is fetched again and again."""
    seen = reads.wall(now)
    is_part = "part" in request.GET
    context = {
        "wall": seen, "shares": _shares(seen.numbers), "now": now, "made_at": int(now.timestamp()), "address": address,
        "most": max(LEAST, *(max(one.received, one.solved) for one in seen.hours)), "heaps_at": heaps_at,
        "edges": None if is_part else grid.edges(now),
        "center": (request.street.center_lng, request.street.center_lat),
    }  # fmt: skip
    return render(request, "cases/wall_part.jinja" if is_part else "cases/wall.jinja", context)


def _shares(numbers: reads.Numbers) -> list[dict[str, object]]:
    """Each as a share of so many; of too few nothing is said."""
    found = (
        (_("按时办结"), numbers.in_time, numbers.dated),
        (_("居民说解决了"), numbers.confirmed, numbers.done),
        (_("返工过"), numbers.reworked, numbers.done),
    )
    return [
        {"name": name, "n": of, "percent": round(100 * count / of) if of >= LEAST else None}
        for name, count, of in found
    ]


def _heaps(now: datetime) -> HttpResponse:
    """One heap a grid, with the word of what is worst in it."""
    found = [
        {
            "n": place.count, "at": [round(place.at.lng, 6), round(place.at.lat, 6)], "title": place.name,
            "states": ["overdue" if place.late else "due_soon" if place.soon else "in_progress"],
        }
        for place in reads.grids(now)
        if place.at is not None
    ]  # fmt: skip
    return JsonResponse({"heaps": found}, headers={"Cache-Control": "private, no-store"})


@require_http_methods(["GET", "POST"])
@signed_in
def links(request: SignedInRequest) -> HttpResponse:
    """The links of the street's screens; a new one is shown once, here."""
    now = clock.now()
    entering.may_keep_walls(request.person, now).require()
    errors, status, made = [], 200, ""
    name = request.POST.get("name", "")
    if request.method == "POST":
        try:
            link, token = walls.make(actor=request.person, name=name, now=now)
        except Refused as refusal:
            errors, status = errors_of(refusal), refusal.status
        else:
            made, name = request.build_absolute_uri(reverse("cases:wall_display", args=[token])), ""
            messages.success(request, _("做好了，现在抄到 %(name)s 的屏上") % {"name": link.name})
    context = {
        "links": reads.links(), "now": now, "made": made, "name": name, "errors": errors, "has_errors": bool(errors),
        "wrong": dict(errors),
    }  # fmt: skip
    return render(request, "cases/wall_links.jinja", context, status=status)


@require_POST
@signed_in
def revoke(request: SignedInRequest, link_id: UUID) -> HttpResponse:
    walls.revoke(link_id=link_id, actor=request.person, now=clock.now())
    messages.success(request, _("收回了，那块屏下次刷新就看不到了"))
    return redirect("cases:wall_links")
