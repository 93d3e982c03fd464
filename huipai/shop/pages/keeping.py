"""The photo of an item, and taking it off the shelf."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.people.http import SignedInRequest
from huipai.photos import commands as photos
from huipai.shop import commands, queries
from huipai.shop.pages.parts import keepers
from huipai.shop.pages.public import find


@require_POST
@keepers
def photo(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Take a picture of the thing in; residents see it once somebody has looked at the public copy (ruling 12)."""
    item, now = find(item_id), clock.now()
    batch = photos.receive_all(
        form_id=new_id(), uploader=request.person, files=request.FILES.getlist("photo")[:1], now=now
    )
    if batch.refused:
        messages.error(request, batch.refused[0].reason)
    elif not batch.photos:
        messages.error(request, _("请拍一张照片，或者从相册选一张"))
    else:
        commands.picture_item(item_id=item.id, photo=batch.photos[0], actor=request.person, now=now)
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
    gone = commands.withdraw_item(item_id=find(item_id).id, actor=request.person, now=clock.now())
    if queries.is_kept(gone.id):
        messages.success(request, _("下架了；已经订出去的还能来领。不能发了，就在下面请订的人不用来了"))
        return redirect("shop:desk_item", item_id=gone.id)
    messages.success(request, _("下架了"))
    return redirect("shop:desk")
