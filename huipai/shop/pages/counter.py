"""A station host's phone: scan or type a code, hand over, serve somebody with a card."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, NotVisible, Refused
from huipai.people.http import SignedInRequest, client_address, signed_in
from huipai.people.models import Person
from huipai.people.rules import mask_name
from huipai.points.rules import local_day
from huipai.shop import commands, forms, policies, queries, telling
from huipai.shop.commands import Order
from huipai.shop.models import Reservation
from huipai.shop.pages import again
from huipai.shop.telling import ICONS
from huipai.stations.models import Station


@require_GET
@signed_in
def home(request: SignedInRequest) -> HttpResponse:
    """The stations in which one may hand over; straight on where there is one."""
    now = clock.now()
    policies.may_enter_counter(request.person, now).require()
    found = queries.hosted_by(request.person, now)
    if len(found) == 1:
        return redirect("shop:station", station_id=found[0].id)
    return render(request, "shop/stations.jinja", {"stations": found})


@require_GET
@signed_in
def station(request: SignedInRequest, station_id: UUID) -> HttpResponse:
    """Type or scan; below it, what waits and what was handed over today. A scanned address brings its code along."""
    return _station_page(request, find(request, station_id), typed=request.GET.get("code", "")[:20])


@require_POST
@signed_in
def look_up(request: SignedInRequest, station_id: UUID) -> HttpResponse:
    """What a code stands for: thing and masked name, and one button."""
    here = find(request, station_id)
    typed = request.POST.get("code", "")[:120]
    try:
        found = commands.look_up(
            typed=typed, station=here, host=request.person, address=client_address(request), now=clock.now()
        )
    except Refused as refusal:
        return _station_page(request, here, typed=typed, reason=refusal.reason, status=refusal.status)
    now = clock.now()
    asked = (policies.may_hand_over(request.person, found, now), policies.may_collect(found, now))
    why = queries.called_off([found]).get(found.id)
    shown = {
        "station": here, "one": telling.fetching(found), "kept": telling.kept(found, now, why=why), "now": now,
        "refusal": next((verdict.reason for verdict in asked if not verdict), ""),
    }  # fmt: skip
    return render(request, "shop/found.jinja", shown)


@require_POST
@signed_in
def hand_over(request: SignedInRequest, station_id: UUID, reservation_id: UUID) -> HttpResponse:
    here = find(request, station_id)
    try:
        # It leaves the shelf of its own station, whoever works in several.
        if not queries.is_fetched_at(reservation_id, here):
            raise commands.NoSuchCode
        given = commands.hand_over(reservation_id=reservation_id, host=request.person, now=clock.now())
    except Refused as refusal:
        return _station_page(request, here, typed="", reason=refusal.reason, status=refusal.status)
    messages.success(request, _("给了：%(what)s") % {"what": telling.what_of(given)})
    return redirect("shop:station", station_id=station_id)


@require_POST
@signed_in
def card(request: SignedInRequest, station_id: UUID) -> HttpResponse:
    """Whose card it is, masked, and what lies here."""
    here = find(request, station_id)
    try:
        person = _read(request, here, clock.now())
    except Refused as refusal:
        return _card_again(request, here, refusal)
    return _card_page(request, here, person)


@require_POST
@signed_in
def serve(request: SignedInRequest, station_id: UUID) -> HttpResponse:
    """Take points and give the thing at once. A card is read once: what is wrong with it counts as one try."""
    if done := again.served(request, station_id):
        return _given(request, done)
    here, now = find(request, station_id), clock.now()
    try:
        person = _read(request, here, now)
    except Refused as refusal:
        return _card_again(request, here, refusal)
    try:
        item_id = forms.uuid_of(request.POST.get("item", ""))
        if item_id is None:
            raise Invalid(_("选一件东西"), field="item")
        payer, household = _payer(request, person, now)
        order = Order(
            item_id=item_id, station_id=here.id, person=payer, household=household,
            quantity=forms.quantity_of(request.POST), price=forms.price_of(request.POST, f"price-{item_id}"),
        )  # fmt: skip
        given = commands.serve(
            key=forms.key_of(request.POST), order=order, card_code=request.POST.get("card", ""), host=request.person,
            now=now,
        )  # fmt: skip
    except Refused as refusal:
        return _card_page(request, here, person, refusal)
    return _given(request, given)


def _read(request: SignedInRequest, here: Station, now: datetime) -> Person:
    """Whose the card is that was typed."""
    return commands.read_card(
        typed=request.POST.get("card", "")[:120], station=here, host=request.person, address=client_address(request),
        now=now,
    )  # fmt: skip


def _given(request: SignedInRequest, given: Reservation) -> HttpResponse:
    messages.success(request, _("给了：%(what)s") % {"what": telling.what_of(given)})
    return redirect("shop:station", station_id=given.station_id)


def _payer(request: SignedInRequest, person: Person, now: datetime) -> tuple[Person, GridNode | None]:
    """Whose points pay, as it was picked; nobody's own points stand in for a home's or another's."""
    asked = request.POST.get("payer", "card")
    if asked == "card":
        return person, None
    if asked == "home" and (home := grid.household_of(person, now)):
        return person, home
    for other in queries.others_paid_for(person, now):
        if asked == str(other.id):
            return other, None
    raise Invalid(_("选一下用谁的分"), field="payer")


def find(request: SignedInRequest, station_id: UUID) -> Station:
    """A station in which one may hand over; any other does not exist."""
    found = Station.objects.select_related("node").filter(pk=station_id).first()
    if found is None:
        raise NotVisible(_("没有找到这个驿站"))
    policies.may_host(request.person, found, clock.now()).require()
    return found


def _card_again(request: SignedInRequest, here: Station, refusal: Refused) -> HttpResponse:
    """The code of the card as it was typed: one letter of it may be wrong."""
    card = request.POST.get("card", "")[:20]
    return _station_page(request, here, typed="", card=card, field="card", reason=refusal.reason, status=refusal.status)


def _station_page(
    request: SignedInRequest, here: Station, *, typed: str, card: str = "", field: str = "code", reason: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    now = clock.now()
    day = local_day(now)
    given = list(queries.today(here, day.begin, day.end)[:100])
    shown = {
        "now": now,
        "station": here,
        "typed": typed,
        "card": card,
        "field": field,
        "reason": reason,
        "has_errors": bool(reason),
        "given": [telling.fetching(one) for one in given],
        "waiting": queries.to_be_fetched(here, now).count(),
        "has_others": len(queries.hosted_by(request.person, now)) > 1,
    }
    return render(request, "shop/station.jinja", shown, status=status)


def _card_page(request: SignedInRequest, here: Station, person: Person, refused: Refused | None = None) -> HttpResponse:
    now, typed, payer = clock.now(), request.POST.get("card", "")[:20], request.POST.get("payer", "card")
    shown = {
        "now": now,
        "station": here,
        "card": typed,
        "who": mask_name(person.name) or _("一位邻居"),
        "listed": _here_now(here, now),
        "key": request.POST.get("key") or new_id(),
        "chosen": request.POST.get("item", ""),
        "quantity": request.POST.get("quantity", "1"),
        "payers": _payers(person, payer, now),
        "payer": payer,
        "reason": refused.reason if refused else "",
        "field": refused.field if refused else "",
        "has_errors": refused is not None,
        "icons": ICONS,
    }
    return render(request, "shop/serve.jinja", shown, status=refused.status if refused else 200)


def _payers(person: Person, chosen: str, now: datetime) -> list[dict[str, object]]:
    """Whose points may pay, where there is a choice. How many there are stays with whose they are."""
    found: list[dict[str, object]] = [{"value": "card", "title": _("他自己的分")}]
    if chosen == "home" or queries.household_for(person, now) is not None:
        found.append({"value": "home", "title": _("他家里的分")})
    others = queries.others_paid_for(person, now)
    masked = [mask_name(other.name) for other in others]
    for other, name in zip(others, masked, strict=True):
        # Brothers and sisters are called the same once the given name is hidden; the year tells them apart.
        born = _("%(year)s 年生") % {"year": other.birth_year} if masked.count(name) > 1 and other.birth_year else ""
        title = _("%(name)s的分，由他代办") % {"name": name or _("一位邻居")}
        found.append({"value": str(other.id), "title": title, "hint": born})
    return found if len(found) > 1 or chosen != "card" else []


def _here_now(here: Station, now: datetime) -> list[queries.Listed]:
    return [one for one in queries.items_listed(now, station_id=here.id) if one.free]
