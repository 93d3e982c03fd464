"""The resident's side: report, follow, confirm or dispute, withdraw."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.cases import queries, telling
from huipai.cases.commands import intake
from huipai.cases.forms import ReportForm, blank_report, photo_ids
from huipai.cases.models import CaseType, Report
from huipai.cases.pages.forms_again import errors_of, files_of, uploaded
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.people.http import SignedInRequest, signed_in
from huipai.photos import commands as photos

PAGE = 50


@require_http_methods(["GET", "POST"])
@signed_in
def report(request: SignedInRequest) -> HttpResponse:
    """Photo, category, place, send. What was typed and photographed comes back with each error."""
    if request.method == "GET":
        return _form(request, ReportForm(initial=blank_report()), (), [])
    form = ReportForm(request.POST)
    now = clock.now()
    is_valid = form.is_valid()
    # Photos are kept even when another field is wrong: no browser sends a file a second time by itself.
    form_id = form.cleaned_data.get("report_id") or new_id()
    batch = photos.receive_all(form_id=form_id, uploader=request.person, files=files_of(request, "photo"), now=now)
    ids = tuple(dict.fromkeys([*photo_ids(request.POST), *(photo.id for photo in batch.photos)]))
    if not is_valid:
        return _form(request, form, ids, [], status=422)
    if batch.refused:
        problems = [("upload-photo", refusal.reason) for _name, refusal in batch.refused]
        return _form(request, form, ids, problems, status=422)
    try:
        received = intake.receive(sending=form.sending(ids), reporter=request.person, now=now)
    except Refused as refusal:
        return _form(request, form, ids, errors_of(refusal), status=refusal.status)
    return redirect("cases:received", report_id=received.report_id)


def _form(
    request: SignedInRequest,
    form: ReportForm,
    ids: tuple[UUID, ...],
    errors: list[tuple[str, str]],
    *,
    status: int = 200,
) -> HttpResponse:
    types = CaseType.objects.filter(is_active=True).order_by("position", "code")
    shown = list(types)
    context = {
        "form": form,
        "values": {name: form[name].value() for name in form.fields},
        "photos": uploaded(ids, request.person, clock.now()),
        "types": shown[:3],
        "more_types": shown[3:],
        "errors": errors + [("", str(text)) for texts in form.errors.values() for text in texts],
        "has_errors": bool(errors or form.errors),
        "wrong": dict(errors),
        "center": (request.street.center_lng, request.street.center_lat),
    }
    return render(request, "cases/report.jinja", context, status=status)


@require_GET
@signed_in
def received(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """'Received', where it landed, and until when somebody answers."""
    report = Report.objects.filter(pk=report_id, reporter=request.person).select_related("case__node").first()
    if report is None:
        raise Http404
    now = clock.now()
    context = {"report": report, "case": report.case, "row": telling.row(report.case, request.person, now), "now": now}
    return render(request, "cases/received.jinja", context)


@require_POST
@signed_in
def withdraw(request: SignedInRequest, code: str) -> HttpResponse:
    case = queries.by_code(request.person, code, clock.now())
    intake.withdraw(case_id=case.id, actor=request.person, now=clock.now())
    return redirect("cases:detail", code=code)
