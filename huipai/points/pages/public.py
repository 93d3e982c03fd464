"""What neighbours read: what is in public, who wants to be thanked, what communities did together. Nobody is ranked."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from huipai.grid import queries as grid
from huipai.kit import clock, days
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.rules import local_date
from huipai.points import policies, queries, rules
from huipai.points.commands.claims import objecting
from huipai.points.models import Claim, Grant
from huipai.points.pages.claiming import PLACES, said_whose
from huipai.points.queries.claims import own, public
from huipai.points.words import OBJECT_FOR, SMALL_CELL, ClaimState, ObjectionReason

PAGE = 20


@require_GET
def publicity(request: HttpRequest) -> HttpResponse:
    """What is not paid yet, then what was and may still be objected to: what goes first first, names masked."""
    now, person = clock.now(), getattr(request, "person", None)
    page: Page[Claim] = page_of(queries.in_public(now), request.GET.get("page"), size=PAGE)
    paid: Page[Claim] = page_of(public.posted_lately(now), request.GET.get("paid"), size=PAGE)
    given: Page[Grant] = page_of(public.granted_lately(now), request.GET.get("given"), size=PAGE)
    context = {
        "page": page, "rows": _rows(page, now), "paid": paid, "paid_rows": _rows(paid, now), "now": now,
        "own": person and person.id, "given": given,
        # Whom sending would refuse, by `policies.may_object`, is not offered it.
        "near": grid.family_of(person, now) if person else set(),
        "given_rows": [
            (one, queries.name_in_public(one.person, now), one.decided_at + OBJECT_FOR - timedelta(microseconds=1))
            for one in given.items
            if one.decided_at is not None
        ],
    }  # fmt: skip
    return render(request, "points/publicity.jinja", context)


def _rows(page: Page[Claim], now: datetime) -> list[tuple[Claim, str, datetime | None]]:
    return [(claim, queries.name_in_public(claim.claimant, now), _last_day(claim)) for claim in page.items]


def _last_day(claim: Claim) -> datetime | None:
    """The last day on which something can be said against it."""
    until = claim.object_until if claim.state == ClaimState.POSTED else claim.public_until
    return until - timedelta(microseconds=1) if until else None


@require_http_methods(["GET", "POST"])
@signed_in
def object_to(request: SignedInRequest, claim_id: UUID) -> HttpResponse:
    """One sentence, sent once; whoever decides has not judged the claim before."""
    now = clock.now()
    claim = Claim.objects.filter(pk=claim_id).select_related("item__version", "claimant").first()
    if claim is None:
        raise Http404
    reason, text, wrong, status = request.POST.get("reason", ""), request.POST.get("text", ""), {}, 200
    helped, whose = own.claims_for(request.person, now), said_whose(request)
    whom = next((one for one in helped if one.id == whose), None)
    if request.method == "POST":
        try:
            _take_in(request, claim_id, whose, reason, text, now)
        except Refused as refusal:
            if refusal.status != 422:
                raise
            wrong = {{**PLACES, "reason": "pick-reason"}.get(refusal.field or "", ""): refusal.reason}
            status = refusal.status
        else:
            messages.success(request, _("收到了，由没有经手的人来定，结果告诉您"))
            return redirect("points:publicity")
    elif whose is not None and whose != request.person.id and whom is None:
        raise Http404
    else:
        objecting.require_heard(claim, whom or request.person, now)
        policies.may_object_for(request.person, whom or request.person, claim, now).require()
    context = {
        "claim": claim, "name": queries.name_in_public(claim.claimant, now), "text": text, "reason": reason,
        "reasons": [{"value": one.value, "title": one.label} for one in ObjectionReason], "wrong": wrong,
        "errors": list(wrong.items()), "has_errors": bool(wrong), "until": _last_day(claim),
        # Nobody objects to what is their own, so nobody is offered it for its claimant.
        "helped": [one for one in helped if one.id != claim.claimant_id], "whom": whom, "whose": whose,
    }  # fmt: skip
    return render(request, "points/object.jinja", context, status=status)


def _take_in(
    request: SignedInRequest, claim_id: UUID, whose: UUID | None, reason: str, text: str, now: datetime
) -> None:
    known = ObjectionReason(reason) if reason in ObjectionReason.values else None
    if whose is None or whose == request.person.id:
        objecting.object_to(claim_id=claim_id, objector=request.person, reason=known, text=text, now=now)
    else:
        objecting.object_for(
            claim_id=claim_id, objector_id=whose, helper=request.person, reason=known, text=text, now=now
        )


@require_GET
def thanks(request: HttpRequest) -> HttpResponse:
    """Who agreed to be thanked this month, newest first; and what each community did, in a fixed order.

    They agreed to be named to neighbours: whoever is not signed in reads masked names.
    """
    now, person = clock.now(), getattr(request, "person", None)
    month = rules.local_month(now)
    page: Page[Claim] = page_of(queries.thanked(month), request.GET.get("page"), size=PAGE)
    names = [one.claimant.name if person else queries.name_in_public(one.claimant, now) for one in page.items]
    context = {
        "page": page, "rows": list(zip(page.items, names, strict=True)), "totals": queries.totals(month),
        "month": days.month(local_date(now)), "first": local_date(now).replace(day=1), "least": SMALL_CELL, "now": now,
        "has_agreed": public.has_agreed(person) if person else False,
    }  # fmt: skip
    return render(request, "points/thanks.jinja", context)


@require_GET
@signed_in
def year(request: SignedInRequest, year: int | None = None) -> HttpResponse:
    """One's own year, for oneself."""
    now = clock.now()
    this = local_date(now).year
    first = own.first_year(request.person, now)
    shown = this if year is None else year
    if not first <= shown <= this:
        raise Http404
    context = {
        "year": shown, "of": queries.year_of(request.person, rules.local_year(shown)),
        "before": shown - 1 if shown > first else None, "after": shown + 1 if shown < this else None,
    }  # fmt: skip
    return render(request, "points/year.jinja", context)
