"""Stock: what lies in a station, counted by its host; deliveries and transfers by the keepers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.people.http import SignedInRequest, signed_in
from huipai.shop import commands, policies, queries, telling
from huipai.shop.forms import ArrivalForm, CountForm, TransferForm, WriteOffForm, attempt, seen_of, typed, uuid_of
from huipai.shop.models import Movement, ShopItem
from huipai.shop.pages import again
from huipai.shop.pages.counter import find as find_station
from huipai.shop.pages.parts import form_page, phone_form_page
from huipai.shop.pages.public import find
from huipai.shop.telling import ICONS
from huipai.shop.words import Reason
from huipai.stations.models import Station

A_PAGE = 30
A_FEW = 5


@require_GET
@signed_in
def station_stock(request: SignedInRequest, station_id: UUID) -> HttpResponse:
    """What lies in a station, and how it came to."""
    here, now = find_station(request, station_id), clock.now()
    page: Page[Movement] = page_of(queries.movements(station=here), request.GET.get("page"), size=A_PAGE)
    shown = {
        "now": now,
        "station": here,
        "rows": queries.stock_of(here, now),
        "icons": ICONS,
        "page": page,
        "moves": [(one, telling.movement_words(one)) for one in page.items],
    }
    return render(request, "shop/stock.jinja", shown)


@require_GET
@signed_in
def counting(request: SignedInRequest, station_id: UUID) -> HttpResponse:
    """What there is to count, by name: the way to the count shows no number, so that nobody copies it."""
    here, now = find_station(request, station_id), clock.now()
    items = [item for item, _free, _held in queries.stock_of(here, now)]
    return render(request, "shop/counting.jinja", {"now": now, "station": here, "items": items, "icons": ICONS})


@require_http_methods(["GET", "POST"])
@signed_in
def count(request: SignedInRequest, station_id: UUID, item_id: UUID) -> HttpResponse:
    """Say how many there are. What should be there is not shown before: counting is not copying.

    Where something has moved since the page was opened, it says what, and keeps what was typed.
    """
    form = CountForm(request.POST or None)
    told = {"counted": typed(form, "counted"), "reason": Reason.COUNT}
    said = {"item_id": item_id, "station_id": station_id, **told}
    if again.moved(request, said):
        return redirect("shop:counting", station_id=station_id)
    here, item = find_station(request, station_id), find(item_id)
    page: dict[str, Any] = {
        "title": _("盘点%(item)s") % {"item": item.name}, "back": reverse("shop:counting", args=[here.id]),
        "send": _("记下来"), "lead": here.name,
    }  # fmt: skip
    if request.method == "GET":
        return phone_form_page(request, form, **page, seen=queries.times_moved(item.id, here.id))
    seen = seen_of(request.POST)
    status = attempt(
        form,
        lambda: commands.count(
            key=form.cleaned_data["key"], item_id=item.id, station_id=here.id,
            counted=form.cleaned_data["counted"], actor=request.person, now=clock.now(), seen=seen,
        ),
    )  # fmt: skip
    if status:
        moved = form.has_error(NON_FIELD_ERRORS, commands.MovedWhileCounted.code)
        page["seen"] = queries.times_moved(item.id, here.id) if moved else seen
        page["told"] = _since(item, here, page["seen"] - seen)
        return phone_form_page(request, form, **page, status=status, way_on=_way_on(form, here.id, item.id))
    messages.success(request, _("盘好了：%(item)s") % {"item": item.name})
    return redirect("shop:counting", station_id=here.id)


@require_http_methods(["GET", "POST"])
@signed_in
def write_off(request: SignedInRequest, station_id: UUID, item_id: UUID) -> HttpResponse:
    form = WriteOffForm(request.POST or None)
    gone = typed(form, "quantity")
    said = {"item_id": item_id, "station_id": station_id, "reason": typed(form, "reason")}
    if isinstance(gone, int) and again.moved(request, {**said, "quantity": -gone}):
        return redirect("shop:station_stock", station_id=station_id)
    here, item = find_station(request, station_id), find(item_id)
    page: dict[str, Any] = {
        "title": _("报损%(item)s") % {"item": item.name}, "back": reverse("shop:station_stock", args=[here.id]),
        "send": _("记下来"), "lead": here.name,
    }  # fmt: skip
    if request.method == "GET":
        return phone_form_page(request, form, **page)
    status = attempt(
        form,
        lambda: commands.write_off(
            key=form.cleaned_data["key"], item_id=item.id, station_id=here.id,
            quantity=form.cleaned_data["quantity"], reason=form.why, actor=request.person, now=clock.now(),
        ),
    )  # fmt: skip
    if status:
        return phone_form_page(request, form, **page, status=status, way_on=_way_on(form, here.id, item.id))
    messages.success(request, _("记下了"))
    return redirect("shop:station_stock", station_id=here.id)


@require_http_methods(["GET", "POST"])
@signed_in
def arrive(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Goods came: bought, against the budget, or given."""
    now = clock.now()
    form = ArrivalForm(request.POST or None, now=now)
    said = {
        "item_id": item_id, "station_id": uuid_of(request.POST.get("station", "")),
        "quantity": typed(form, "quantity"), "cost_cents": (cost := _cents(typed(form, "cost"))),
        "reason": Reason.DONATION if cost is None else Reason.DELIVERY,
    }  # fmt: skip
    if again.moved(request, said):
        return redirect("shop:desk_item", item_id=item_id)
    policies.may_enter_desk(request.person, now).require()
    item = find(item_id)
    page: dict[str, Any] = {
        "title": _("%(item)s到货") % {"item": item.name}, "back": reverse("shop:desk_item", args=[item.id]),
        "send": _("入库"),
    }  # fmt: skip
    if request.method == "GET":
        return form_page(request, form, **page)
    status = attempt(form, lambda: _arrived(request, form, item.id))
    if status:
        return form_page(request, form, **page, status=status)
    messages.success(request, _("入库了"))
    return redirect("shop:desk_item", item_id=item.id)


@require_http_methods(["GET", "POST"])
@signed_in
def transfer(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    now = clock.now()
    form = TransferForm(request.POST or None, item_id=item_id, now=now)
    if again.went(request, item_id=item_id, quantity=typed(form, "quantity")):
        return redirect("shop:desk_item", item_id=item_id)
    policies.may_enter_desk(request.person, now).require()
    item = find(item_id)
    page: dict[str, Any] = {
        "title": _("调拨%(item)s") % {"item": item.name}, "back": reverse("shop:desk_item", args=[item.id]),
        "send": _("调过去"),
    }  # fmt: skip
    if request.method == "GET":
        return form_page(request, form, **page)
    status = attempt(
        form,
        lambda: commands.transfer(
            key=form.cleaned_data["key"], item_id=item.id, from_id=form.cleaned_data["source"].id,
            to_id=form.cleaned_data["to"].id, quantity=form.cleaned_data["quantity"], actor=request.person, now=now,
        ),
    )  # fmt: skip
    if status:
        return form_page(request, form, **page, status=status)
    messages.success(request, _("调好了"))
    return redirect("shop:desk_item", item_id=item.id)


def _since(item: ShopItem, here: Station, times: int) -> list[str]:
    """The last so many movements of an item in a station, the latest first; a few say enough to count anew."""
    moves = queries.movements(item_id=item.id, station=here)[: max(0, min(times, A_FEW))]
    return [f"{telling.movement_words(one)} {one.quantity:+} {item.unit}".replace("-", "−") for one in moves]


def _way_on(form: Form, station_id: UUID, item_id: UUID) -> str:
    """Where to let go what is kept for people, where that was in the way."""
    codes = (commands.KeptForSomebody.code, commands.NotOnShelf.code)
    stands = any(form.has_error(NON_FIELD_ERRORS, code) for code in codes)
    is_kept = stands and queries.kept_of(item_id, station_id).exists()
    return reverse("shop:recall", args=[station_id, item_id]) if is_kept else ""


def _cents(cost: object) -> int | None:
    return int(cost * 100) if isinstance(cost, Decimal) else None


def _arrived(request: SignedInRequest, form: ArrivalForm, item_id: UUID) -> object:
    told = form.cleaned_data
    if told["cost"] is None:
        return commands.donate(
            key=told["key"], item_id=item_id, station_id=told["station"].id, quantity=told["quantity"],
            actor=request.person, now=clock.now(),
        )  # fmt: skip
    return commands.deliver(
        key=told["key"], item_id=item_id, station_id=told["station"].id, quantity=told["quantity"],
        cost_cents=int(told["cost"] * 100), actor=request.person, now=clock.now(),
    )  # fmt: skip
