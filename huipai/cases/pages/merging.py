"""A worker sees that two cases are one: those nearby of the same kind, side by side, and one press."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huipai.cases import policies, queries, telling, telling_words
from huipai.cases.commands import triage
from huipai.cases.models import Case
from huipai.cases.pages.forms_again import errors_of
from huipai.cases.policies import merging
from huipai.cases.queries import hub, neighbours
from huipai.kit import clock
from huipai.kit.coordinates import Point, distance_m
from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.people.http import SignedInRequest, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def merge(request: SignedInRequest, code: str) -> HttpResponse:
    """The older of the two stays, with its clock; whoever reported the younger is told."""
    now = clock.now()
    case = queries.by_code(request.person, code, now)
    refused: Refused | None = None
    if request.method == "POST":
        other = queries.by_code(request.person, request.POST.get("into", ""), now)
        younger, older = merging.younger_first(case, other)
        merge = _MERGES.get(request.POST.get("sight", ""), triage.merge)
        try:
            into = merge(case_id=younger.id, into_id=older.id, actor=request.person, now=now)
        except Refused as refusal:
            refused = refusal
        else:
            messages.success(request, _("合成一件了，后报的人会知道"))
            return redirect("cases:detail", code=into.code)
    else:
        merging.may_look_for_another(request.person, case, now).require()
    errors = errors_of(refused) if refused else []
    context = {
        "case": case, "place": telling_words.place_of(case), "now": now,
        "mine": telling.first_photo(case, request.person, now),
        "found": [_beside(case, other, request) for other in _candidates(request, case)],
        "errors": errors, "has_errors": bool(errors),
    }  # fmt: skip
    return render(request, "cases/merge.jinja", context, status=refused.status if refused else 200)


# What is chosen where neighbours see the younger and not the older.
_MERGES = {"open": triage.merge_in_sight, "hide": triage.merge_out_of_sight}


def _candidates(request: SignedInRequest, case: Case) -> list[Case]:
    """Open ones of the same kind within its radius that this person may put together with it."""
    now = clock.now()
    pairs = merging.offered(request.person, case, hub.near(case).prefetch_related("photos__photo"), now)
    return [older if younger.id == case.id else younger for younger, older in pairs]


def _beside(case: Case, other: Case, request: SignedInRequest) -> dict[str, object]:
    younger, older = merging.younger_first(case, other)
    return {
        "case": other,
        "stays_private": older.is_public and not younger.is_public,
        "followers": neighbours.followers_of(younger.id).count() if triage.hides(younger, older) else None,
        "may_open": policies.may_open(request.person, older, clock.now()),
        "src": telling.first_photo(other, request.person, clock.now()),
        "place": telling_words.place_of(other),
        "metres": max(1, round(distance_m(Point(case.lng, case.lat), Point(other.lng, other.lat)))),
    }
