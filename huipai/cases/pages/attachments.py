"""Attachments: added by staff or a unit, handed out by one gate that asks whose eyes they are for."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huipai.cases import attachment_storage as storage
from huipai.cases import policies, queries, telling, telling_words
from huipai.cases.attachment_words import CONTENT_TYPES, Eyes, FileKind
from huipai.cases.commands import attaching
from huipai.cases.commands.attaching import Paper
from huipai.cases.models import Case, WorkOrder
from huipai.cases.pages.forms_again import errors_of
from huipai.cases.queries import attachments as reads
from huipai.cases.queries import orders
from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.people.http import SignedInRequest, signed_in
from huipai.photos.uploads import StreamedUpload


@require_http_methods(["GET", "POST"])
@signed_in
def add(request: SignedInRequest, code: str) -> HttpResponse:
    """Staff add a paper and say for whose eyes."""
    now = clock.now()
    case = queries.by_code(request.person, code, now)
    policies.may_note(request.person, case, now).require()
    eyes, refused = request.POST.get("eyes", ""), None
    if request.method == "POST":
        try:
            attaching.attach(case_id=case.id, actor=request.person, paper=_paper(request), eyes=eyes, now=now)
        except Refused as refusal:
            refused = refusal
        else:
            messages.success(request, _("附件加上了"))
            return redirect("cases:detail", code=code)
    return _form(request, case, None, telling_words.place_of(case), eyes, refused)


@require_http_methods(["GET", "POST"])
@signed_in
def add_to_order(request: SignedInRequest, order_id: UUID) -> HttpResponse:
    """A unit adds a paper to its own order."""
    now = clock.now()
    order = orders.order_for(request.person, order_id, now)
    policies.may_work_on(request.person, order, order.case, now).require()
    attaching.require_live(order)
    refused = None
    if request.method == "POST":
        try:
            attaching.attach_to_order(order_id=order_id, actor=request.person, paper=_paper(request), now=now)
        except Refused as refusal:
            refused = refusal
        else:
            messages.success(request, _("附件加上了"))
            return redirect("cases:order", order_id=order_id)
    place = telling.place(order.case, orders.names_to_hide(order.case))
    return _form(request, order.case, order, place, "", refused)


def _paper(request: SignedInRequest) -> Paper | None:
    file = request.FILES.get("file")
    if file is None or (isinstance(file, StreamedUpload) and file.failure is not None):
        return None
    assert file.file is not None
    return Paper(file.file, file.name or "", file.size or 0)


def _form(
    request: SignedInRequest, case: Case, order: WorkOrder | None, place: str, eyes: str, refused: Refused | None
) -> HttpResponse:
    errors = errors_of(refused) if refused else []
    context = {
        "case": case, "order": order, "place": place, "value": eyes, "errors": errors, "has_errors": bool(errors),
        "wrong": dict(errors), "eyes": [{"value": one.value, "title": one.label} for one in Eyes],
    }  # fmt: skip
    return render(request, "cases/attach.jinja", context, status=refused.status if refused else 200)


@require_safe
@signed_in  # type: ignore[arg-type]  # a file goes out in pieces
def download(request: SignedInRequest, attachment_id: UUID) -> HttpResponseBase:
    """The file, as a download and never in the page; asked anew every time whose eyes it is for."""
    now = clock.now()
    one = reads.opened_by(request.person, attachment_id, now)
    name = telling_words.name_of_paper(one, request.person)
    try:
        content = storage.attachments().open(one.key)
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(content, as_attachment=True, filename=name, content_type=CONTENT_TYPES[FileKind(one.kind)])
    for header, value in _HEADERS.items():
        answer[header] = value
    return answer


_HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


@require_POST
@signed_in
def remove(request: SignedInRequest, attachment_id: UUID) -> HttpResponse:
    """Take a paper away."""
    now = clock.now()
    one = reads.opened_by(request.person, attachment_id, now)
    attaching.remove(attachment_id=one.id, actor=request.person, now=now)
    messages.success(request, _("附件去掉了"))
    if one.order is not None and policies.acts_for(request.person, one.order.unit, now):
        return redirect("cases:order", order_id=one.order_id)
    return redirect("cases:detail", code=one.case.code)
