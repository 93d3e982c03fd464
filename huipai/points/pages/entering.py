"""A claim entered by staff for somebody who cannot do it themselves: found first, told to them, judged by two."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.render import render
from huipai.kit.verdict import Moved, Refused
from huipai.people import finding
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.rules import mask_name
from huipai.points import forms, policies, queries
from huipai.points.commands.claims import answering, entering
from huipai.points.models import Claim
from huipai.points.pages import pictures, wording
from huipai.points.pages.claiming import PLACES
from huipai.points.pages.pictures import Pictures
from huipai.points.queries.claims import offering, own
from huipai.points.rules import claiming as machine
from huipai.points.words import ClaimAction, ClaimSource
from huipai.rulebook.words import Measure, Port

LATEST = 10


@require_http_methods(["GET", "POST"])
@signed_in
def enter(request: SignedInRequest) -> HttpResponse:
    """Who, which item, what shows it. It never passes without two others."""
    now = clock.now()
    # Whoever did not hear that it was taken in hears it, also when they may not enter claims any more.
    if not _is_again(request):
        policies.may_enter_claims(request.person, now).require()
    if finding.asks(request):
        looked = finding.search(request, policies.may_enter_for, now)
        if len(looked.found) == 1:
            return finding.towards("points:enter", looked)
        return _form(request, {}, Pictures(), {}, now, sought=looked, status=looked.status)
    if request.method == "GET":
        return _form(request, {}, Pictures(), {}, now)
    claim_id = forms.claim_id(request.POST)
    seen = pictures.taken_in(request, claim_id, now)
    typed = {name: request.POST.get(name, "") for name in ("item", "note", *Measure.values)}
    typed["claim_id"] = str(claim_id)
    if seen.wrong:
        return _form(request, typed, seen, dict(seen.wrong), now, status=422)
    try:
        sent = forms.sending(
            request.POST, item_code=typed["item"], photos=seen.photos, screenshots=seen.screenshots
        ).with_id(claim_id)
        entering.enter(sending=sent, claimant=finding.the_chosen(request, now), enterer=request.person, now=now)
    except Refused as refusal:
        policies.may_enter_claims(request.person, now).require()
        places = {**PLACES, "item": "f-item"}
        wrong = {places.get(refusal.field or "", ""): refusal.reason}
        return _form(request, typed, seen, wrong, now, status=refusal.status)
    messages.success(request, _("登记了；本人用手机的，已经通知。要另外两位审过才记分"))
    return redirect("points:enter")


@require_POST
@signed_in
def withdraw(request: SignedInRequest, claim_id: UUID) -> HttpResponse:
    """Take back what one has entered wrongly."""
    try:
        answering.withdraw_entry(claim_id=claim_id, enterer=request.person, now=clock.now())
    except Moved as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("撤回了，没有记分；本人用手机的，已经通知"))
    return redirect("points:enter")


def _is_again(request: SignedInRequest) -> bool:
    """Whether this colleague has entered something under the id that is sent; the command asks whether it was this."""
    entered = Claim.objects.filter(source=ClaimSource.STAFF, entered_by=request.person)
    return request.method == "POST" and entered.filter(pk=forms.claim_id(request.POST)).exists()


def _form(
    request: SignedInRequest,
    typed: dict[str, str],
    seen: Pictures,
    wrong: dict[str, str],
    now: datetime,
    *,
    sought: finding.Search | None = None,
    status: int = 200,
) -> HttpResponse:
    claimant = finding.chosen(request, now)
    items = offering.claimable(now)
    mine = Claim.objects.filter(source=ClaimSource.STAFF, entered_by=request.person).select_related("item", "claimant")
    latest_of_mine = list(mine.order_by("-received_at", "-id")[:LATEST])
    theirs = own.theirs_by_now([one.id for one in latest_of_mine])
    latest = [
        (one, mask_name(one.claimant.name), one.id not in theirs and machine.allows(one.state, ClaimAction.WITHDRAW))
        for one in latest_of_mine
    ]
    doors = [(Port(port).label, [one for one in items if one.port == port]) for port in Port]
    blank = {"claim_id": str(new_id()), **dict.fromkeys(("item", "note"), "")}
    context = {
        "one": finding.shown([claimant], request.person, now)[0] if claimant else None,
        "sought": sought or finding.unasked(request),
        "typed": {**blank, **typed}, "wrong": wrong, "errors": list(wrong.items()),
        "has_errors": status >= 400, "pictures": seen.shown(request.person, now), "doors": doors, "latest": latest,
        "over": queries.why_claims_are_over(now), "now": now,
        "measures": wording.amounts_asked(Measure),
    }  # fmt: skip
    return render(request, "points/enter.jinja", context, status=status)
