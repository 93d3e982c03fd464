"""The doors of a phone that keeps what a reporter adds until there is a network, as `outbox` is for reports."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huipai.cases import queries
from huipai.cases.commands import adding
from huipai.cases.forms import photo_ids
from huipai.cases.models import Addition, Case
from huipai.cases.pages.adding import after_adding
from huipai.cases.pages.phone_answers import refused
from huipai.cases.pages.whose import Whose, act_as, named
from huipai.cases.queries import additions
from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, NotVisible, Refused
from huipai.people.http import SignedInRequest, require_kept_here, signed_in, was_kept_here
from huipai.people.words import ProxyScope
from huipai.streets.http import StreetRequest

# Digits of a moment in milliseconds; with one more it lies in no calendar.
_TOO_LONG = 15


@require_GET
def form(request: StreetRequest) -> HttpResponse:
    """The empty form, the same for everybody: a phone keeps it for where there is no network."""
    return render(request, "cases/add_offline.jinja", {"is_for_anybody": True})


@require_POST
@signed_in
def send(request: SignedInRequest) -> HttpResponse:
    """Take in what was added, or that it was still there. The same again gets the same answer."""
    require_kept_here(request)
    now = clock.now()
    try:
        id = _id(request)
        whom = _whom(request, now)
        case = _case(whom, request.POST.get("code", ""))
        _do(request, id, case, whom, now)
    except Refused as refusal:
        return refused(refusal)
    return JsonResponse({"addition": str(id), "url": after_adding(request, case, whom)})


def _id(request: SignedInRequest) -> UUID:
    try:
        return UUID(request.POST.get("addition_id", ""))
    except ValueError as wrong:
        raise Invalid from wrong


def _whom(request: SignedInRequest, now: datetime) -> Whose:
    """Oneself or an elder; that the street's page is gone is what a phone takes from a 404."""
    try:
        return named(request.person, request.POST.get("for", ""), now, ProxyScope.REPORT)
    except NotVisible as ended:
        raise adding.NotForThemAnyMore from ended


def _case(whom: Whose, code: str) -> Case:
    """Theirs, or what goes on with it: it may have been merged while there was no network."""
    try:
        return queries.own_today(whom.person, code)
    except NotVisible as gone:
        raise adding.NotYoursAnyMore from gone


def _do(request: SignedInRequest, id: UUID, case: Case, whom: Whose, now: datetime) -> None:
    if "seen_at" in request.POST:
        seen_at = _moment(request.POST["seen_at"], now)
        adding.say_it_was_still_there(case_id=case.id, actor=whom.person, seen_at=seen_at, now=now)
        messages.success(request, _("记下了，办的人看得到；今天不用再点"))
        return
    add = adding.write_beside if request.POST.get("beside") else adding.add
    act_as(
        request, case, whom, ProxyScope.REPORT,
        lambda reporter: add(
            addition_id=id, case_id=case.id, actor=reporter, text=request.POST.get("text", ""),
            photo_ids=photo_ids(request.POST), uploader=request.person, now=now,
        ), now,
    )  # fmt: skip
    messages.success(request, _("补上了，办的人看得到；时间照原来的算"))


def _moment(text: str, now: datetime) -> datetime:
    """Milliseconds as the phone counts them; what is none is now."""
    is_one = text.isascii() and text.isdigit() and len(text) < _TOO_LONG
    return datetime.fromtimestamp(int(text) / 1000, UTC) if is_one else now


@require_GET
@signed_in
def answer(request: SignedInRequest, addition_id: UUID) -> HttpResponse:
    """What was answered to this addition, for a phone that did not hear it."""
    was_kept_here(request)
    return JsonResponse({"addition": str(addition_id), "url": _page_of(request, addition_id)})


@require_GET
@signed_in
def seen(request: SignedInRequest, addition_id: UUID) -> HttpResponse:
    """The case of an addition that has arrived."""
    return redirect(_page_of(request, addition_id))


def _page_of(request: SignedInRequest, addition_id: UUID) -> str:
    """Of one's own, or of an elder's for whom one reports."""
    found = Addition.objects.select_related("report__case", "report__reporter").filter(pk=addition_id).first()
    if found is None or not additions.is_by(request.person, found, clock.now()):
        raise NotVisible
    reporter = found.report.reporter
    whom = Whose(reporter, is_helped=reporter != request.person)
    return after_adding(request, found.report.case, whom)
