"""A reporter puts right what they sent."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huipai.cases import policies, queries
from huipai.cases.commands import correcting
from huipai.cases.commands.correcting import Correction
from huipai.cases.commands.intake import NoPlace
from huipai.cases.forms import ReportForm, photo_ids, place_in
from huipai.cases.models import Case, CasePhoto, Report
from huipai.cases.pages.forms_again import errors_of, files_of, uploaded
from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.people.http import SignedInRequest, signed_in
from huipai.photos import commands as photos


@require_http_methods(["GET", "POST"])
@signed_in
def correct(request: SignedInRequest, code: str) -> HttpResponse:
    """Text, place and photos of one's own report, until somebody has begun on it."""
    case = queries.own_by_code(request.person, code)
    report = Report.objects.filter(case=case, reporter=request.person).order_by("received_at").first()
    if report is None or not policies.may_correct(request.person, case):
        raise correcting.Begun
    if request.method == "GET":
        ids = CasePhoto.objects.filter(report=report).order_by("position").values_list("photo_id", flat=True)
        initial = {
            "text": report.text, "address": report.address, "lng": report.lng, "lat": report.lat,
            "position_source": report.position_source,
        }  # fmt: skip
        return _page(request, case, initial, tuple(ids), [])
    return _change(request, case, report)


def _change(request: SignedInRequest, case: Case, report: Report) -> HttpResponse:
    now = clock.now()
    form = ReportForm({**request.POST.dict(), "report_id": str(report.id), "case_type": report.case_type.code})
    batch = photos.receive_all(form_id=report.id, uploader=request.person, files=files_of(request, "photo"), now=now)
    ids = tuple(dict.fromkeys([*photo_ids(request.POST), *(photo.id for photo in batch.photos)]))
    typed = {name: request.POST.get(name, "") for name in ("text", "address", "lng", "lat", "crs", "position_source")}
    if not form.is_valid():
        faults = [(f"f-{name}", str(texts[0])) for name, texts in form.errors.items()]
        return _page(request, case, typed, ids, faults, status=422)
    sending = form.sending(ids)
    try:
        if sending.point is None:
            raise NoPlace(field="place")
        correction = Correction(sending.text, sending.address, sending.point, sending.position_source, ids)
        correcting.correct(code=case.code, correction=correction, actor=request.person, now=now)
    except Refused as refusal:
        return _page(request, case, typed, ids, errors_of(refusal), status=refusal.status)
    messages.success(request, _("改好了"))
    return redirect("cases:detail", code=case.code)


def _page(
    request: SignedInRequest,
    case: Case,
    values: Mapping[str, object],
    ids: tuple[UUID, ...],
    errors: list[tuple[str, str]],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "case": case, "values": values, "sent": place_in(values), "photos": uploaded(ids, request.person, clock.now()),
        "errors": errors, "wrong": dict(errors), "has_errors": bool(errors),
        "center": (request.street.center_lng, request.street.center_lat),
    }  # fmt: skip
    return render(request, "cases/correct.jinja", context, status=status)
