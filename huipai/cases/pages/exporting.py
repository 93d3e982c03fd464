"""Taking a table along: why, how far it is, and the file. What one has asked for is one's own to fetch."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from huipai.audit.words import OF_A_TABLE
from huipai.cases.commands import exporting
from huipai.cases.export_words import GIVEN_UP_AFTER, KEPT_FOR, TableKind, TableState
from huipai.cases.models import Export
from huipai.cases.pages import desk
from huipai.cases.pages.forms_again import errors_of
from huipai.cases.policies import entering
from huipai.cases.queries import exports
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.sheets.marking import SPREADSHEET
from huipai.kit.verdict import NotVisible, Refused
from huipai.people.http import SignedInRequest, signed_in

PAGE = 20


@require_http_methods(["GET", "POST"])
@signed_in
def ask(request: SignedInRequest, kind: str) -> HttpResponse:
    """Why this table is needed; then the job begins."""
    now = clock.now()
    if kind not in TableKind.values:
        raise NotVisible
    _may(request, kind, now)
    given = request.POST if request.method == "POST" else request.GET
    asked = desk.asked_in(given)
    view = asked.view if kind == TableKind.QUEUE else str(given.get("view", ""))[:20]
    refused: Refused | None = None
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in ("reason", "words")}
        try:
            if kind == TableKind.QUEUE:
                made = exporting.ask_queue(actor=request.person, asked=asked, now=now, **typed)
            else:
                made = exporting.ask_orders(actor=request.person, view=view, now=now, **typed)
        except Refused as refusal:
            refused = refusal
        else:
            return redirect("cases:export", export_id=made.id)
    errors = errors_of(refused) if refused else []
    fields = asked.as_address() if kind == TableKind.QUEUE else {"view": view}
    context = {
        "kind": TableKind(kind), "fields": fields, "back": _back(kind, fields), "errors": errors,
        "has_errors": bool(errors), "wrong": dict(errors), "reason": request.POST.get("reason", ""),
        "words": request.POST.get("words", ""),
        "reasons": [{"value": one.value, "title": one.label} for one in OF_A_TABLE],
    }  # fmt: skip
    return render(request, "cases/export_ask.jinja", context, status=refused.status if refused else 200)


def _may(request: SignedInRequest, kind: str, now: datetime) -> None:
    question = entering.may_enter_desk if kind == TableKind.QUEUE else entering.may_enter_orders
    question(request.person, now).require()


def _back(kind: str, fields: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in fields.items() if value})
    address = reverse("cases:desk" if kind == TableKind.QUEUE else "cases:orders")
    return f"{address}?{query}" if query else address


@require_GET
@signed_in
def mine(request: SignedInRequest) -> HttpResponse:
    """The tables one has asked for."""
    now = clock.now()
    page: Page[Export] = page_of(exports.own(request.person), request.GET.get("page"), size=PAGE)
    context = {"page": page, "rows": [_told(one, now) for one in page.items], "now": now}
    return render(request, "cases/exports.jinja", context)


@require_GET
@signed_in
def one(request: SignedInRequest, export_id: UUID) -> HttpResponse:
    """How far a table is, and the way to it."""
    export = exports.find(request.person, export_id)
    back = _back(export.kind, dict(export.asked))
    return render(request, "cases/export.jinja", {**_told(export, clock.now()), "back": back})


@require_GET
@signed_in
def card(request: SignedInRequest, export_id: UUID) -> HttpResponse:
    """The part of the page that renews itself while the job runs."""
    told = _told(exports.find(request.person, export_id), clock.now())
    return render(request, "cases/export_card.jinja", {**told, "is_fragment": True})


def _told(export: Export, now: datetime) -> dict[str, object]:
    waits = export.state == TableState.WAITING
    return {
        "export": export, "kind": TableKind(export.kind), "now": now,
        "runs": waits and now - export.asked_at < GIVEN_UP_AFTER,
        "is_lost": waits and now - export.asked_at >= GIVEN_UP_AFTER,
        "is_ready": export.state == TableState.READY,
        "until": export.ready_at + KEPT_FOR if export.ready_at else None,
    }  # fmt: skip


@require_GET
@signed_in
def file(request: SignedInRequest, export_id: UUID) -> HttpResponse:
    """The table itself, for whoever asked for it and still may, while it is kept. Its name says its number alone."""
    export = exports.find(request.person, export_id)
    entering.may_fetch(export, clock.now()).require()
    answer = HttpResponse(exports.content(export), content_type=SPREADSHEET)
    answer["Content-Disposition"] = f'attachment; filename="{export.kind}-{export.number}.xlsx"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
