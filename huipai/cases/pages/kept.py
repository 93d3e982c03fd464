"""The worker's round without a network: what a phone keeps of today, and the doors for what was done meanwhile."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from huipai.cases import policies, queries, telling
from huipai.cases.commands import keeping
from huipai.cases.commands.keeping import Kept
from huipai.cases.forms import photo_ids
from huipai.cases.models import Case, KeptDeed
from huipai.cases.pages.forms_again import round_seen
from huipai.cases.pages.phone_answers import refused
from huipai.cases.queries import today
from huipai.cases.words import KeptDeedKind
from huipai.kit import clock
from huipai.kit.masking import masked
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, NotAllowed, NotVisible, Refused
from huipai.people.http import SignedInRequest, require_kept_here, signed_in, was_kept_here
from huipai.streets.http import StreetRequest

MOST_KEPT = 50
DONE = {
    KeptDeedKind.ACCEPT: _("接下了，办完拍一张"),
    KeptDeedKind.RESPOND: _("已记下，抽人去核查"),
    KeptDeedKind.ASK: _("问过去了，回答了会告诉您"),
}


@require_GET
def form(request: StreetRequest) -> HttpResponse:
    """The empty page, the same for everybody: a phone fills it from what it keeps itself."""
    return render(request, "cases/kept.jinja", {"is_for_anybody": True})


@require_GET
@signed_in
def listed(request: SignedInRequest) -> HttpResponse:
    """Today's list of a worker with what is needed on the spot, for their phone to keep until they sign out."""
    now = clock.now()
    if not policies.is_worker(request.person, now):
        raise NotAllowed
    cases = list(today.today_of(request.person, now)[:MOST_KEPT])
    texts, names = queries.first_texts(cases), queries.reporters_names([case.code for case in cases])
    rows = [
        {
            **telling.kept_row(case, request.person, now, telling.place(case, names.get(case.code, []))),
            "text": masked(texts.get(case.id, ""), names.get(case.code, [])),
            "mine": not policies.is_free(case),
        }
        for case in cases
    ]
    return JsonResponse({"person": str(request.person.id), "rows": rows})


@require_POST
@signed_in
def send(request: SignedInRequest) -> HttpResponse:
    """Do what was noted without a network. The same again gets the same answer."""
    require_kept_here(request)
    try:
        kept = _kept(request)
        case = keeping.do_kept(kept=kept, actor=request.person, now=clock.now())
    except Refused as refusal:
        return refused(refusal)
    messages.success(request, DONE[KeptDeedKind(kept.kind)])
    return _told(kept.id, case)


def _kept(request: SignedInRequest) -> Kept:
    data = request.POST
    try:
        id, kind = UUID(data.get("deed_id", "")), KeptDeedKind(data.get("deed", ""))
    except ValueError as wrong:
        raise Invalid from wrong
    return Kept(
        id=id, code=data.get("code", ""), kind=kind, text=data.get("text", ""), photo_ids=photo_ids(data),
        # What a phone noted before it was told of rounds belongs to the first.
        round=round_seen(data) if "round" in data else 1,
    )  # fmt: skip


@require_GET
@signed_in
def answer(request: SignedInRequest, deed_id: UUID) -> HttpResponse:
    """What was answered to this deed of one's own, for a phone that did not hear it."""
    was_kept_here(request)
    return _told(deed_id, _case_of(request, deed_id))


@require_GET
@signed_in
def seen(request: SignedInRequest, deed_id: UUID) -> HttpResponse:
    """The case of a deed that has arrived."""
    return redirect("cases:detail", code=_case_of(request, deed_id).code)


def _case_of(request: SignedInRequest, deed_id: UUID) -> Case:
    known = KeptDeed.objects.select_related("case").filter(pk=deed_id, person=request.person).first()
    if known is None:
        raise NotVisible
    return known.case


def _told(deed_id: UUID, case: Case) -> JsonResponse:
    return JsonResponse({"deed": str(deed_id), "url": reverse("cases:detail", args=[case.code])})
