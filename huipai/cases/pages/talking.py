"""Between a reporter and those who work on the case: an urge, a question; and the worker's way to the hub."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huipai.cases import policies, queries, telling_words
from huipai.cases.commands import asking, filing, pressing
from huipai.cases.models import Case
from huipai.cases.pages.forms_again import Sent, errors_of, photos_of, uploaded
from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible, Refused, Verdict
from huipai.people.http import SignedInRequest, signed_in


@require_POST
@signed_in
def urge(request: SignedInRequest, code: str) -> HttpResponse:
    """How does it go? Once a day."""
    case = queries.own_by_code(request.person, code)
    try:
        pressing.urge_as_reporter(case_id=case.id, actor=request.person, now=clock.now())
    except pressing.UrgedJustNow:
        messages.info(request, _("今天已经催过，明天再催"))
    else:
        messages.success(request, _("催过了，联动中心也知道了"))
    return redirect("cases:detail", code=code)


@require_http_methods(["GET", "POST"])
@signed_in
def hand_up(request: SignedInRequest, code: str) -> HttpResponse:
    """The grid cannot solve it: to the street hub."""
    now = clock.now()
    case = queries.by_code(request.person, code, now)
    _open(request, policies.may_hand_up(request.person, case, now))
    return _form(
        request, case, "cases/hand_up.jinja", {},
        lambda text, now: filing.hand_up(case_id=case.id, actor=request.person, text=text, now=now),
        _("转给联动中心了"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@signed_in
def ask(request: SignedInRequest, code: str) -> HttpResponse:
    """Worker or desk ask whoever reported it."""
    now = clock.now()
    case = queries.by_code(request.person, code, now)
    _open(request, policies.may_ask(request.person, case, now))
    return _form(
        request, case, "cases/ask.jinja", {},
        lambda text, now: asking.ask(case_id=case.id, actor=request.person, text=text, now=now),
        _("问过去了，回答了会告诉您"),
    )  # fmt: skip


@require_POST
@signed_in
def take_back(request: SignedInRequest, code: str, question_id: UUID) -> HttpResponse:
    """Who asked, or whoever has the work now, wants no answer any more."""
    case = queries.by_code(request.person, code, clock.now())
    if not case.questions.filter(pk=question_id).exists():
        raise NotVisible
    asking.take_back(question_id=question_id, actor=request.person, now=clock.now())
    messages.success(request, _("收回了，上报人看得到不用回答"))
    return redirect("cases:detail", code=code)


@require_http_methods(["GET", "POST"])
@signed_in
def vouch(request: SignedInRequest, code: str) -> HttpResponse:
    """A worker was asked to look, and it is so."""
    now = clock.now()
    case = queries.by_code(request.person, code, now)
    _open(request, policies.may_vouch(request.person, case))
    sent = Sent(())
    if request.method == "POST":
        sent = photos_of(request, form_id=case.id, person=request.person, now=now)
    return _form(
        request, case, "cases/vouch.jinja", {"photos": uploaded(sent.ids, request.person, now)},
        lambda text, at: filing.vouch(case_id=case.id, actor=request.person, text=text, photo_ids=sent.all(), now=at),
        _("记下了，联动中心接着办"),
    )  # fmt: skip


def _open(request: SignedInRequest, may: Verdict) -> None:
    """Show the form only to whom the command would hear; what is sent the command judges itself, and keeps the text."""
    if request.method == "GET":
        may.require()


Act = Callable[[str, datetime], object]


def _form(
    request: SignedInRequest, case: Case, template: str, more: dict[str, object], act: Act, done: str
) -> HttpResponse:
    """A form with one text: shown, or sent and done, or shown again with everything in it."""
    text, refused = request.POST.get("text", ""), None
    if request.method == "POST":
        try:
            act(text, clock.now())
        except Refused as refusal:
            refused = refusal
        else:
            messages.success(request, done)
            return redirect("cases:detail", code=case.code)
    errors = errors_of(refused) if refused else []
    context = {
        "case": case, "place": telling_words.place_of(case), "text": text, "errors": errors, "has_errors": bool(errors),
        "wrong": dict(errors), **more,
    }  # fmt: skip
    return render(request, template, context, status=refused.status if refused else 200)
