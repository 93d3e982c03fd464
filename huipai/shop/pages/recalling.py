"""Goods that are gone or unsafe: letting go what is kept of them in a station, and telling everybody who waits."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from huipai.kit import clock
from huipai.kit.verdict import NotVisible
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.shop import commands, policies, queries
from huipai.shop.forms import RecallForm, attempt, seen_of
from huipai.shop.models import ShopItem
from huipai.shop.pages.parts import phone_form_page
from huipai.shop.pages.public import find
from huipai.stations.models import Station


@require_http_methods(["GET", "POST"])
@signed_in
def recall(request: SignedInRequest, station_id: UUID, item_id: UUID) -> HttpResponse:
    """How many there are and how many people will be told, then why; one press lets them all go."""
    now = clock.now()
    here = Station.objects.select_related("node").filter(pk=station_id).first()
    if here is None:
        raise NotVisible(_("没有找到这个驿站"))
    policies.may_recall(request.person, here, now).require()
    item, back = find(item_id), _back(request.person, here, item_id, now)
    waiting = list(queries.kept_of(item_id, here.id))
    if not waiting:
        messages.info(request, _("这里没有人等着领这一样了"))
        return redirect(back)
    form = RecallForm(request.POST or None)
    told = {who for one in waiting for who in (one.person_id, one.asked_by_id)} - {request.person.id}
    page: dict[str, Any] = {
        "title": _("请订的人不用来了"), "back": back, "lead": here.name,
        "send": _("取消这些，告诉他们"), "told": _words(item, sum(one.quantity for one in waiting), len(told)),
    }  # fmt: skip
    if request.method == "GET":
        return phone_form_page(request, form, **page, seen=queries.times_arrived(item.id, here.id))
    status = attempt(
        form,
        lambda: commands.recall(
            item_id=item.id, station_id=here.id, why=form.reason, actor=request.person, now=clock.now(),
            seen=seen_of(request.POST),
        ),
    )  # fmt: skip
    if status:
        seen = queries.times_arrived(item.id, here.id) if status == 409 else seen_of(request.POST)
        return phone_form_page(request, form, **page, status=status, seen=seen)
    messages.success(request, _("都取消了，积分退回去了，马上告诉他们"))
    return redirect(back)


def _words(item: ShopItem, quantity: int, people: int) -> list[str]:
    of = {"item": item.name, "count": quantity, "unit": item.unit}
    kept = _("%(item)s：这里有 %(count)s %(unit)s订出去了还没领。") % of
    told = ngettext("会通知 %(num)s 个人不用来了，说清为什么。", "会通知 %(num)s 个人不用来了，说清为什么。", people)
    return [
        kept,
        told % {"num": people},
        _("分退回原来的地方。这一样在这里就下架了，没人再订得到；要是还有好的，进货或者盘点一次就回来。"),
    ]


def _back(actor: Person, here: Station, item_id: UUID, now: datetime) -> str:
    """A host comes from the stock of the station, a keeper who does not work there from the item."""
    if policies.may_host(actor, here, now):
        return reverse("shop:station_stock", args=[here.id])
    return reverse("shop:desk_item", args=[item_id])
