"""What claimants say against objections that were upheld, at the reviewers' desk."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import NotAllowed, NotVisible, Refused
from huipai.people.http import SignedInRequest, signed_in
from huipai.points import policies, queries
from huipai.points.commands.claims import contesting
from huipai.points.models import Contest
from huipai.points.pages.reviewing import PAGE, around, row_of, told_of, uuid_in
from huipai.points.words import ContestResult, ObjectionReason


@require_GET
@signed_in
def desk(request: SignedInRequest) -> HttpResponse:
    """Those that this reviewer had no hand in, oldest first; the one that is asked for, or the first."""
    now = clock.now()
    policies.may_enter_reviews(request.person, now).require()
    page: Page[Contest] = page_of(queries.contests_for(request.person, now), request.GET.get("page"), size=PAGE)
    asked = uuid_in(request.GET.get("claim", ""))
    chosen = next((one for one in page.items if one.claim_id == asked), None) or next(iter(page.items), None)
    home = reverse("points:contests")
    context = {
        **around(request, now, "contests"), "page": page,
        "rows": [{**row_of(one.claim, "", 1), "href": f"{home}?claim={one.claim_id}"} for one in page.items],
        "turns": {"before": f"{home}?page={page.before}", "after": f"{home}?page={page.after}"},
        "chosen": told_of(chosen.claim_id, request.person, now) if chosen else None,
        "objection": chosen.objection if chosen else None, "contest": chosen,
        "objection_reason": ObjectionReason(chosen.objection.reason).label if chosen else "",
        "is_asked": bool(asked), "back": home, "is_clean": False,
    }  # fmt: skip
    return render(request, "points/review.jinja", context)


@require_POST
@signed_in
def decide(request: SignedInRequest, contest_id: UUID) -> HttpResponse:
    """The claimant is right, or the objection stands."""
    result, now = request.POST.get("result", ""), clock.now()
    if not Contest.objects.filter(pk=contest_id).exists():
        raise NotVisible
    policies.may_enter_reviews(request.person, now).require()
    if result not in ContestResult.values:
        raise Http404
    granted = result == ContestResult.GRANTED
    do = contesting.grant if granted else contesting.dismiss
    try:
        do(contest_id=contest_id, judge=request.person, now=now)
    except (NotAllowed, NotVisible):
        raise
    except Refused as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, _("申诉成立，分补回来或再公示") if granted else _("异议照旧成立，本人会知道"))
    return redirect("points:contests")
