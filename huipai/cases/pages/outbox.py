"""The doors of a phone that keeps reports until there is a network. They answer in JSON; the pages are in `reporting`.

A phone asks who is signed in before it sends, sends each report under the id that it was kept with, and lets go of it
when the stored answer has come.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from huipai.cases.forms import ReportForm, photo_ids
from huipai.cases.pages.forms_again import errors_of
from huipai.cases.pages.report_form import form_page, take_in
from huipai.cases.queries import own
from huipai.kit import clock
from huipai.kit.verdict import Invalid, NotVisible, Refused
from huipai.people.http import KEPT_STREET, SignedInRequest, signed_in, was_kept_here
from huipai.streets.http import StreetRequest


@require_GET
def form(request: StreetRequest) -> HttpResponse:
    """The empty form, the same for everybody: a phone keeps it for where there is no network."""
    return form_page(request, ReportForm(), [])


@require_GET
@signed_in
def hello(request: SignedInRequest) -> HttpResponse:
    """Who would be sending now, and the token to send with."""
    was_kept_here(request)
    return JsonResponse({"person": str(request.person.id), "csrf": get_token(request)})


@require_POST
@signed_in
def send(request: SignedInRequest) -> HttpResponse:
    """Take in a report that waited. The same again gets the same answer."""
    if KEPT_STREET not in request.headers:
        raise NotVisible
    was_kept_here(request)
    typed = ReportForm(request.POST)
    try:
        if not typed.is_valid():
            raise _first_fault(typed)
        received = take_in(typed.sending(photo_ids(request.POST)), typed, request.person, clock.now())
    except Refused as refusal:
        [(at, _reason)] = errors_of(refusal)
        return JsonResponse({"error": refusal.code, "reason": refusal.reason, "at": at}, status=refusal.status)
    return _told(received.report_id, received.code)


@require_GET
@signed_in
def answer(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """What was answered to this report that one sent, for a phone that did not hear it."""
    was_kept_here(request)
    report = own.sent_by(request.person, report_id)
    if report is None:
        raise NotVisible
    return _told(report.id, report.case.code)


def _told(report_id: UUID, code: str) -> JsonResponse:
    return JsonResponse({"report": str(report_id), "code": code, "url": reverse("cases:received", args=[report_id])})


def _first_fault(typed: ReportForm) -> Invalid:
    name, faults = next(iter(typed.errors.items()))
    return Invalid(str(faults[0]), field=name)
