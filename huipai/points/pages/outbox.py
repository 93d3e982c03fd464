"""The doors of a phone that keeps claims until there is a network, as `cases.pages.outbox` is for reports.

They answer in JSON, but for the empty form. A claim goes under the id that it was kept with; the same again gets the
same answer, and the phone lets go of it only then.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, NotVisible, Refused
from huipai.people.http import SignedInRequest, require_kept_here, signed_in, was_kept_here
from huipai.points import forms
from huipai.points.commands.claims import submitting
from huipai.points.models import Claim
from huipai.points.pages import claiming, wording
from huipai.points.queries.claims import offering, own
from huipai.points.words import ClaimState
from huipai.rulebook.words import Measure, Port
from huipai.stations.rules import read_code
from huipai.streets.current import street_in_force

PLACES = {**claiming.PLACES, "item": "pick-item"}


@require_GET
def form(request: HttpRequest) -> HttpResponse:
    """The empty form with every item, the same for everybody: a phone keeps it for where there is no network."""
    items = offering.claimable(clock.now())
    ports = [
        (port, [(item, wording.caps_of(item), wording.asked_of(item)) for item in items if item.port == port])
        for port in Port
    ]
    measures = wording.amounts_asked(Measure)
    context = {"ports": [one for one in ports if one[1]], "measures": measures, "is_for_anybody": True}
    return render(request, "points/claim_any.jinja", context)


@require_POST
@signed_in
def send(request: SignedInRequest) -> HttpResponse:
    """Take in a claim that waited, or put it aside unsent. The same again gets the same answer."""
    require_kept_here(request)
    try:
        claim = _take_in(request)
    except Refused as refusal:
        at = PLACES.get(refusal.field or "", "")
        return JsonResponse({"error": refusal.code, "reason": refusal.reason, "at": at}, status=refusal.status)
    if claim.state == ClaimState.DRAFT:
        messages.info(request, _("先存着了，一周内都能接着填"))
        return JsonResponse({"claim": str(claim.id), "url": reverse("points:claims")})
    return _told(claim)


def _take_in(request: SignedInRequest) -> Claim:
    data = request.POST
    try:
        UUID(data.get("claim_id", ""))
    except ValueError as wrong:
        raise Invalid from wrong
    code = data.get("code", "")
    seen = read_code(code, street_id=street_in_force()) if code else None
    sent = forms.sending(
        data, item_code=data.get("item", ""), photos=forms.photo_ids(data),
        screenshots=forms.photo_ids(data, "screenshot"), on_site=seen,
    )  # fmt: skip
    do = submitting.keep if "keep" in data else submitting.submit
    return do(sending=sent, claimant=request.person, now=clock.now())


@require_GET
@signed_in
def answer(request: SignedInRequest, claim_id: UUID) -> HttpResponse:
    """What was answered to this claim of one's own, for a phone that did not hear it."""
    was_kept_here(request)
    claim = own.visible_to(request.person, claim_id)
    if claim is None or claim.state == ClaimState.DRAFT:
        raise NotVisible
    return _told(claim)


def _told(claim: Claim) -> JsonResponse:
    return JsonResponse({"claim": str(claim.id), "url": reverse("points:claim_received", args=[claim.id])})
