"""The resident's side: report, follow, confirm or dispute, withdraw."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.cases import queries, telling
from huipai.cases.commands import intake
from huipai.cases.forms import ReportForm, blank_report, photo_ids
from huipai.cases.models import Report
from huipai.cases.pages.forms_again import errors_of, files_of
from huipai.cases.pages.report_form import alike_to, form_page, same_page, take_in
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.render import render
from huipai.kit.verdict import Moved, Refused
from huipai.people.http import SignedInRequest, signed_in
from huipai.photos import commands as photos

PAGE = 50


@require_http_methods(["GET", "POST"])
@signed_in
def report(request: SignedInRequest) -> HttpResponse:
    """Photo, category, place, send. What was typed and photographed comes back with each error."""
    if request.method == "GET":
        return form_page(request, ReportForm(initial=blank_report()), [], uploader=request.person)
    form = ReportForm(request.POST)
    now = clock.now()
    is_valid = form.is_valid()
    # Photos are kept even when another field is wrong: no browser sends a file a second time by itself.
    form_id = form.cleaned_data.get("report_id") or new_id()
    batch = photos.receive_all(form_id=form_id, uploader=request.person, files=files_of(request, "photo"), now=now)
    ids = tuple(dict.fromkeys([*photo_ids(request.POST), *(photo.id for photo in batch.photos)]))
    again = partial(form_page, request, form, photo_ids=ids, uploader=request.person)
    if not is_valid:
        return again([], status=422)
    if batch.refused:
        return again([("upload-photo", refusal.reason) for _name, refusal in batch.refused], status=422)
    sending = form.sending(ids)
    if "ask_first" in request.POST and (found := alike_to(sending, form, request.person, now)):
        return same_page(request, found, ids, now)
    try:
        received = take_in(sending, form.cleaned_data["same"], request.person, now)
    except Refused as refusal:
        return again(errors_of(refusal), status=refusal.status)
    return redirect("cases:received", report_id=received.report_id)


@require_GET
@signed_in
def received(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """'Received', where it landed, and until when somebody answers."""
    report = (
        Report.objects.filter(pk=report_id, reporter=request.person)
        .select_related("case__node", "case__case_type", "reporter")
        .first()
    )
    if report is None:
        raise Http404
    now = clock.now()
    context = {
        "report": report,
        "case": report.case,
        "row": telling.own_row(report, request.person, now),
        "now": now,
    }
    return render(request, "cases/received.jinja", context)


@require_POST
@signed_in
def withdraw(request: SignedInRequest, code: str) -> HttpResponse:
    case = queries.by_code(request.person, code, clock.now())
    try:
        intake.withdraw(case_id=case.id, actor=request.person, now=clock.now())
    except Moved as moved:
        # Whose case has gone on sees how far, and not a page of its own.
        messages.info(request, moved.reason)
    return redirect("cases:detail", code=code)
