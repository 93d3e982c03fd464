"""The doors of a phone that keeps what a worker found until there is a network, as `outbox` is for reports."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huipai.cases import telling
from huipai.cases.commands import own_finds as commands
from huipai.cases.commands.own_finds import Found
from huipai.cases.forms import FindForm, photo_ids
from huipai.cases.models import OwnFind
from huipai.cases.pages.own_finds import form_page, near_of
from huipai.cases.pages.phone_answers import first_fault, refused
from huipai.kit import clock
from huipai.kit.verdict import NotVisible, Refused
from huipai.people.http import SignedInRequest, require_kept_here, signed_in, was_kept_here
from huipai.people.models import Person
from huipai.streets.http import StreetRequest


@require_GET
def form(request: StreetRequest) -> HttpResponse:
    """The empty form, the same for everybody: a phone keeps it for where there is no network."""
    return form_page(request, FindForm(), [])


@require_POST
@signed_in
def send(request: SignedInRequest) -> HttpResponse:
    """Record a find that waited. The same again gets the same answer."""
    require_kept_here(request)
    typed = FindForm(request.POST)
    if not typed.is_valid():
        return refused(first_fault(typed))
    found = typed.found(photo_ids(request.POST), photo_ids(request.POST, "after"))
    try:
        find = commands.record(found=found, worker=request.person, now=clock.now())
    except Refused as refusal:
        near = _near(refusal, found, request.person)
        return refused(refusal, **({"near": near} if near else {}))
    messages.success(request, _("记下了"))
    return _told(find)


def _near(refusal: Refused, found: Found, worker: Person) -> list[dict[str, str]]:
    """What somebody else has reported, in words: the phone shows them where there is no network too."""
    cases = near_of(refusal, found, worker)
    places = telling.places(cases)
    return [
        {
            "words": places[case.id],
            "when": case.reported_at.isoformat(),
            "url": reverse("cases:detail", args=[case.code]),
        }
        for case in cases
    ]


@require_GET
@signed_in
def answer(request: SignedInRequest, find_id: UUID) -> HttpResponse:
    """What was answered to this find of one's own, for a phone that did not hear it."""
    was_kept_here(request)
    find = OwnFind.objects.filter(pk=find_id, worker=request.person).first()
    if find is None:
        raise NotVisible
    return _told(find)


def _told(find: OwnFind) -> JsonResponse:
    return JsonResponse({"find": str(find.id), "url": reverse("cases:own_find", args=[find.id])})
