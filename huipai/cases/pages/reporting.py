"""The resident's side: report, follow, confirm or dispute, withdraw."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.cases import policies, queries, telling_own
from huipai.cases.commands import withdrawing
from huipai.cases.forms import ReportForm, blank_report, photo_ids
from huipai.cases.models import Report
from huipai.cases.pages.forms_again import faults_of, files_of, unfit
from huipai.cases.pages.own import led_on
from huipai.cases.pages.report_form import alike_to, form_page, same_page, take_in
from huipai.cases.pages.whose import Whose, act_as, after, whose
from huipai.cases.queries import merged
from huipai.cases.queries import own as reads
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.render import render
from huipai.kit.verdict import Moved, Refused
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.words import ProxyScope
from huipai.photos import commands as photos

PAGE = 50


@require_http_methods(["GET", "POST"])
@signed_in
def report(request: SignedInRequest) -> HttpResponse:
    """Photo, category, place, send. What was typed and photographed comes back with each error."""
    if request.method == "GET":
        return form_page(
            request, ReportForm(initial=blank_report(request.GET.get("for", ""))), [], uploader=request.person
        )
    form = ReportForm(request.POST)
    now = clock.now()
    is_valid = form.is_valid()
    # Photos are kept even when another field is wrong: no browser sends a file a second time by itself.
    form_id = form.cleaned_data.get("report_id") or new_id()
    batch = photos.receive_all(form_id=form_id, uploader=request.person, files=files_of(request, "photo"), now=now)
    ids = tuple(dict.fromkeys([*photo_ids(request.POST), *(photo.id for photo in batch.photos)]))
    again = partial(form_page, request, form, photo_ids=ids, uploader=request.person)
    if not is_valid or batch.refused:
        return again(unfit(batch), status=422)
    sending = form.sending(ids)
    if "ask_first" in request.POST and (found := alike_to(sending, form, request.person, now)):
        return same_page(request, found, ids, now)
    try:
        received = take_in(sending, form, request.person, now)
    except Refused as refusal:
        return again(faults_of(refusal, form, ids, request.person), status=refusal.status)
    return redirect("cases:received", report_id=received.report_id)


@require_GET
@signed_in
def received(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """'Received', where it landed, and until when somebody answers."""
    report = reads.sent_by(request.person, report_id)
    if report is None:
        raise Http404
    now = clock.now()
    whom = Whose(report.reporter, is_helped=report.reporter_id != request.person.id)
    confirmation = reads.confirmation_of(report.case, whom.person)
    context = {
        "case": report.case,
        "whom": whom,
        "follows": not whom.is_helped or whom.person in reads.elders_of(request.person, ProxyScope.ANSWER, now),
        "confirmation": confirmation,
        "says_solved": confirmation is not None
        and bool(policies.may_say_solved(whom.person, request.person, report.case, now)),
        "standing": telling_own.standing(report.case, now),
        "row": telling_own.row(report, request.person, now, whom.query, merged.late_into([report.case])),
        "may_correct": whom.is_helped and policies.may_correct(whom.person, report.case),
        "may_withdraw": whom.is_helped and policies.may_withdraw(whom.person, report.case),
        "now": now,
    }
    return render(request, "cases/received.jinja", context)


@require_POST
@signed_in
def withdraw(request: SignedInRequest, code: str) -> HttpResponse:
    now = clock.now()
    whom = whose(request, now, ProxyScope.REPORT)
    case = queries.own_by_code(whom.person, code)
    if case.merged_into is not None:
        messages.info(request, withdrawing.MergedMeanwhile().reason)
        return led_on(case.merged_into, whom)
    report = Report.objects.filter(case=case, reporter=whom.person).order_by("received_at").first()
    if report is None:
        raise Http404
    try:
        act_as(
            request, case, whom, ProxyScope.REPORT,
            lambda reporter: withdrawing.withdraw(case_id=case.id, actor=reporter, now=now), now,
        )  # fmt: skip
    except Moved as moved:
        # Whose case has gone on sees how far, and not a page of its own.
        messages.info(request, moved.reason)
    return redirect(after(request, case, report, whom, now))
