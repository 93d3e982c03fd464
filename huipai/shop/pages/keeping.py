"""Putting an item on the shelf, its words, its photo."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.people.http import SignedInRequest
from huipai.photos import commands as photos
from huipai.shop import commands
from huipai.shop.commands import Offer
from huipai.shop.forms import ItemForm, attempt, item_values
from huipai.shop.pages.parts import form_page, keepers
from huipai.shop.pages.public import find


@require_http_methods(["GET", "POST"])
@keepers
def new(request: SignedInRequest) -> HttpResponse:
    form = ItemForm(request.POST or None)
    page: dict[str, Any] = {"title": _("上架一件"), "back": reverse("shop:desk"), "send": _("上架")}
    if request.method == "GET":
        return form_page(request, form, **page)
    made: list[UUID] = []

    def act() -> None:
        made.append(commands.open_item(offer=form.offer(), actor=request.person, now=clock.now()).id)

    status = attempt(form, act)
    if status:
        return form_page(request, form, **page, status=status)
    messages.success(request, _("上架了，再传一张照片、放一些货"))
    return redirect("shop:desk_item", item_id=made[0])


@require_http_methods(["GET", "POST"])
@keepers
def change(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    item = find(item_id)
    form = ItemForm(request.POST or None, initial=item_values(item))
    page: dict[str, Any] = {
        "title": _("改%(item)s") % {"item": item.name}, "back": reverse("shop:desk_item", args=[item.id]),
        "send": _("改好了"), "lead": _("已经订出去的，还是订的时候的分数。"),
    }  # fmt: skip
    if request.method == "GET":
        return form_page(request, form, **page)
    status = attempt(
        form,
        lambda: commands.change_item(item_id=item.id, offer=form.offer(item), actor=request.person, now=clock.now()),
    )
    if status:
        return form_page(request, form, **page, status=status)
    messages.success(request, _("改好了"))
    return redirect("shop:desk_item", item_id=item.id)


@require_POST
@keepers
def photo(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Take a picture of the thing in; residents see it once somebody has looked at the public copy (ruling 12)."""
    item, now = find(item_id), clock.now()
    batch = photos.receive_all(
        form_id=new_id(), uploader=request.person, files=request.FILES.getlist("photo")[:1], now=now
    )
    if batch.refused:
        messages.error(request, batch.refused[0][1].reason)
    elif not batch.photos:
        messages.error(request, _("请拍一张照片，或者从相册选一张"))
    else:
        offer = replace(Offer(**item_values(item)), photo=batch.photos[0])  # type: ignore[arg-type]
        commands.change_item(item_id=item.id, offer=offer, actor=request.person, now=now)
        messages.success(request, _("照片收到了，整理好后请看一眼再公开"))
    return redirect("shop:desk_item", item_id=item.id)


@require_POST
@keepers
def release(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Somebody has looked at the public copy: it may be shown."""
    item = find(item_id)
    if item.photo:
        photos.release(photo=item.photo, by=request.person, copy_seen=request.POST.get("copy", ""), now=clock.now())
        messages.success(request, _("公开了，大家能看到这一张"))
    return redirect("shop:desk_item", item_id=item.id)


@require_POST
@keepers
def withdraw(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    commands.withdraw_item(item_id=find(item_id).id, actor=request.person, now=clock.now())
    messages.success(request, _("下架了；已经订出去的还能来领"))
    return redirect("shop:desk")
