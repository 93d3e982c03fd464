"""The doors of a phone that keeps a good deed until there is a network, as `outbox` is for reports."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huipai.cases.commands.deeds import telling
from huipai.cases.forms import DeedForm, photo_ids
from huipai.cases.models import GoodDeed
from huipai.cases.pages.deeds import form_page
from huipai.cases.pages.phone_answers import first_fault, refused
from huipai.kit import clock
from huipai.kit.verdict import NotVisible, Refused
from huipai.people.http import SignedInRequest, require_kept_here, signed_in, was_kept_here
from huipai.streets.http import StreetRequest


@require_GET
def form(request: StreetRequest) -> HttpResponse:
    """The empty form, the same for everybody: a phone keeps it for where there is no network."""
    return form_page(request, DeedForm(), [])


@require_POST
@signed_in
def send(request: SignedInRequest) -> HttpResponse:
    """Take in a good deed that waited. The same again gets the same answer."""
    require_kept_here(request)
    typed = DeedForm(request.POST)
    try:
        if not typed.is_valid():
            raise first_fault(typed)
        deed = telling.tell(told=typed.told(photo_ids(request.POST)), reporter=request.person, now=clock.now())
    except Refused as refusal:
        return refused(refusal)
    messages.success(request, _("收到了，谢谢您讲给大家听"))
    return _told(deed)


@require_GET
@signed_in
def answer(request: SignedInRequest, deed_id: UUID) -> HttpResponse:
    """What was answered to this deed of one's own, for a phone that did not hear it."""
    was_kept_here(request)
    deed = GoodDeed.objects.filter(pk=deed_id, reporter=request.person).first()
    if deed is None:
        raise NotVisible
    return _told(deed)


def _told(deed: GoodDeed) -> JsonResponse:
    return JsonResponse({"good_deed": str(deed.id), "url": reverse("cases:deed", args=[deed.id])})
