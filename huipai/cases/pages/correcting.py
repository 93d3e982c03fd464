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
from huipai.cases.forms import ReportForm, photo_ids, place_in
from huipai.cases.models import Case, CasePhoto, Report
from huipai.cases.pages.forms_again import beside, errors_of, files_of, unfit, uploaded
from huipai.cases.pages.whose import Whose, act_as, after, whose
from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.words import ProxyScope
from huipai.photos import commands as photos


@require_http_methods(["GET", "POST"])
@signed_in
def correct(request: SignedInRequest, code: str) -> HttpResponse:
    """Text, place and photos of one's own report or an elder's, until somebody has begun on it."""
    whom = whose(request, clock.now(), ProxyScope.REPORT)
    case = queries.own_by_code(whom.person, code)
    report = Report.objects.filter(case=case, reporter=whom.person).order_by("received_at").first()
    if report is None or not policies.may_correct(whom.person, case):
        raise correcting.Begun
    if request.method == "GET":
        ids = (
            CasePhoto.objects.filter(report=report, added_at=None)
            .order_by("position")
            .values_list("photo_id", flat=True)
        )
        initial = {
            "text": report.text, "address": report.address, "lng": report.lng, "lat": report.lat,
            "position_source": report.position_source, "spot": "",
            # What was only guessed is no position: the map begins empty.
            **({"lng": "", "lat": "", "position_source": ""} if case.is_guessed else {}),
        }  # fmt: skip
        return _page(request, report, whom, initial, tuple(ids), [])
    return _change(request, case, report, whom)


def _change(request: SignedInRequest, case: Case, report: Report, whom: Whose) -> HttpResponse:
    now = clock.now()
    form = ReportForm({**request.POST.dict(), "report_id": str(report.id), "case_type": report.case_type.code})
    batch = photos.receive_all(form_id=report.id, uploader=request.person, files=files_of(request, "photo"), now=now)
    ids = tuple(dict.fromkeys([*photo_ids(request.POST), *(photo.id for photo in batch.photos)]))
    typed = {
        name: request.POST.get(name, "") for name in ("text", "address", "lng", "lat", "crs", "position_source", "spot")
    }
    if not form.is_valid() or batch.refused:
        faults = [(f"f-{name}", str(texts[0])) for name, texts in form.errors.items()] + unfit(batch)
        return _page(request, report, whom, typed, ids, faults, status=422)
    sending = form.sending(ids)
    try:
        correction = Correction(sending.text, sending.where, ids)
        act_as(
            request, case, whom, ProxyScope.REPORT,
            lambda reporter: correcting.correct(
                code=case.code, correction=correction, actor=reporter, uploader=request.person, now=now
            ), now,
        )  # fmt: skip
    except Refused as refusal:
        return _page(request, report, whom, typed, ids, errors_of(refusal), status=refusal.status)
    messages.success(request, _("改好了"))
    return redirect(after(request, case, report, whom, now))


def _page(
    request: SignedInRequest,
    report: Report,
    whom: Whose,
    values: Mapping[str, object],
    ids: tuple[UUID, ...],
    errors: list[tuple[str, str]],
    *,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    held = CasePhoto.objects.filter(report=report, added_at=None).values_list("photo_id", flat=True)
    context = {
        "case": report.case, "whom": whom, "back": after(request, report.case, report, whom, now),
        "values": values, "sent": place_in(values), "photos": uploaded(ids, request.person, now, held=held),
        "errors": errors, "wrong": beside(errors), "has_errors": bool(errors),
        "center": (request.street.center_lng, request.street.center_lat),
    }  # fmt: skip
    return render(request, "cases/correct.jinja", context, status=status)
