"""The doors of a phone that keeps reports until there is a network. They answer in JSON; the pages are in `reporting`.

A phone asks who is signed in before it sends, sends each report under the id that it was kept with, and lets go of it
when the stored answer has come.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huipai.cases.commands.intake import Sending
from huipai.cases.forms import ReportForm, photo_ids
from huipai.cases.pages.alike import Shown
from huipai.cases.pages.phone_answers import first_fault, refused
from huipai.cases.pages.report_form import alike_to, form_page, take_in
from huipai.cases.queries import own
from huipai.kit import clock
from huipai.kit.verdict import NotVisible, Refused
from huipai.people.http import SignedInRequest, require_kept_here, signed_in, was_kept_here
from huipai.people.models import Person
from huipai.streets.http import StreetRequest

# What the phone knows this question by.
ALIKE = "alike_found"


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
    require_kept_here(request)
    typed = ReportForm(request.POST)
    try:
        if not typed.is_valid():
            raise first_fault(typed)
        sending, now = typed.sending(photo_ids(request.POST)), clock.now()
        if "ask_first" in request.POST and (found := _to_ask_about(sending, typed, request.person, now)):
            return _is_it_the_same(found)
        received = take_in(sending, typed, request.person, now)
    except Refused as refusal:
        return refused(refusal)
    return _told(received.report_id, received.code, typed.cleaned_data["for_elder"])


def _to_ask_about(sending: Sending, typed: ReportForm, person: Person, now: datetime) -> list[Shown]:
    """Neighbours' cases that it may be; nothing where it has come already, or where its reporter keeps it from them."""
    if sending.is_private or own.sent_by(person, sending.report_id) is not None:
        return []
    return alike_to(sending, typed, person, now)


def _is_it_the_same(found: list[Shown]) -> JsonResponse:
    """Nothing is taken in yet: the phone asks whoever is there, and sends it as it is where nobody answers."""
    near = [
        {
            "code": one.code, "when": one.reported_at.isoformat(), "url": reverse("cases:public", args=[one.code]),
            "words": _("%(title)s，%(place)s，离您 %(metres)s 米")
            % {"title": one.title, "place": one.place, "metres": one.metres},
        }
        for one in found
    ]  # fmt: skip
    return JsonResponse({"error": ALIKE, "reason": _("附近有邻居报过很像的一件"), "near": near}, status=409)


@require_GET
@signed_in
def answer(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """What was answered to this report that one sent, for a phone that did not hear it."""
    was_kept_here(request)
    report = own.sent_by(request.person, report_id)
    if report is None:
        raise NotVisible
    elder_id = report.reporter_id if report.reporter_id != request.person.id else None
    return _told(report.id, report.case.code, elder_id)


def _told(report_id: UUID, code: str, elder_id: UUID | None) -> JsonResponse:
    """What became of it, and for whom it was: a phone adds what was written beside it to the same one."""
    return JsonResponse(
        {
            "report": str(report_id), "code": code, "for_elder": str(elder_id or ""),
            "url": reverse("cases:received", args=[report_id]),
        }
    )  # fmt: skip
