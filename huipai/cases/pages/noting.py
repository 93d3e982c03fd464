"""Notes and words to reporters, each by its own door; and the answers that are kept ready."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huipai.cases import policies, queries, telling_words
from huipai.cases.commands import noting, phrasing
from huipai.cases.pages.forms_again import errors_of
from huipai.cases.phrase_words import PhraseUse
from huipai.cases.policies import entering
from huipai.cases.policies import phrases as phrase_policies
from huipai.cases.queries import phrases
from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import NotAllowed, NotVisible, Refused
from huipai.people.http import SignedInRequest, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def note(request: SignedInRequest, code: str) -> HttpResponse:
    """Only staff read it."""
    return _words(request, code, is_for_reporters=False)


@require_http_methods(["GET", "POST"])
@signed_in
def tell(request: SignedInRequest, code: str) -> HttpResponse:
    """Whoever reported it reads it."""
    return _words(request, code, is_for_reporters=True)


def _words(request: SignedInRequest, code: str, *, is_for_reporters: bool) -> HttpResponse:
    now = clock.now()
    case = queries.by_code(request.person, code, now)
    policies.may_note(request.person, case, now).require()
    text, refused = request.POST.get("text", ""), None
    if "phrase" in request.POST and is_for_reporters:
        text = phrases.added(text, request.POST["phrase"], case, PhraseUse.TELL)
    elif request.method == "POST":
        act = noting.tell_reporters if is_for_reporters else noting.note_inside
        try:
            act(case_id=case.id, actor=request.person, text=text, now=now)
        except Refused as refusal:
            refused = refusal
        else:
            messages.success(request, _("告诉上报人了") if is_for_reporters else _("记下了，只有工作人员看得到"))
            return redirect("cases:detail", code=code)
    errors = errors_of(refused) if refused else []
    context = {
        "case": case, "place": telling_words.place_of(case), "text": text, "errors": errors, "has_errors": bool(errors),
        "wrong": dict(errors), "phrases": phrases.fitting(case, PhraseUse.TELL) if is_for_reporters else [],
        "is_for_reporters": is_for_reporters,
    }  # fmt: skip
    return render(request, "cases/words.jinja", context, status=refused.status if refused else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def ready(request: SignedInRequest) -> HttpResponse:
    """The answers that are kept ready, and a form for one more."""
    now = clock.now()
    entering.may_enter_desk(request.person, now).require()
    if request.method == "POST":
        try:
            phrasing.keep(actor=request.person, now=now, **_typed(request))
        except Refused as refusal:
            return _ready(request, now, refusal)
        messages.success(request, _("存好了，写的时候可以直接选"))
        return redirect("cases:phrases")
    return _ready(request, now, None)


def _ready(request: SignedInRequest, now: datetime, refused: Refused | None) -> HttpResponse:
    errors = errors_of(refused) if refused else []
    context = {
        "rows": [(one, bool(phrase_policies.may_change(request.person, one, now))) for one in phrases.every()],
        "uses": PhraseUse.choices, "typed": _typed(request), "errors": errors, "has_errors": bool(errors),
        "wrong": dict(errors), "types": phrases.kinds(),
    }  # fmt: skip
    return render(request, "cases/phrases.jinja", context, status=refused.status if refused else 200)


def _typed(request: SignedInRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("use", "case_type", "title", "text")}


@require_http_methods(["GET", "POST"])
@signed_in
def phrase(request: SignedInRequest, phrase_id: UUID) -> HttpResponse:
    """One of the answers, to be said otherwise or dropped; one that is gone can be kept anew as it was typed."""
    now = clock.now()
    entering.may_enter_desk(request.person, now).require()
    one, refused = phrases.by_id(phrase_id), None
    if request.method == "POST":
        try:
            seen = request.POST.get("seen", "")
            phrasing.change(actor=request.person, phrase_id=phrase_id, seen=seen, now=now, **_typed(request))
        except phrasing.PhraseDropped as refusal:
            return _ready(request, now, refusal)
        except NotAllowed:
            raise
        except Refused as refusal:
            refused = refusal
        else:
            messages.success(request, _("改好了"))
            return redirect("cases:phrases")
    if one is None:
        raise NotVisible
    phrase_policies.may_change(request.person, one, now).require()
    kind = one.case_type.code if one.case_type else ""
    is_by_another = isinstance(refused, phrasing.PhraseChanged)
    errors = errors_of(refused) if refused else []
    context = {
        "one": one, "uses": PhraseUse.choices, "types": phrases.kinds(also=one.case_type_id), "errors": errors,
        "has_errors": bool(errors), "wrong": dict(errors), "by_another": is_by_another,
        # What lay before them; only with the newer words on the page it is those.
        "seen": one.mark if refused is None or is_by_another else request.POST.get("seen", ""),
        "typed": _typed(request) if refused
        else {"use": one.use, "case_type": kind, "title": one.title, "text": one.text},
    }  # fmt: skip
    return render(request, "cases/phrase.jinja", context, status=refused.status if refused else 200)


@require_POST
@signed_in
def drop(request: SignedInRequest, phrase_id: UUID) -> HttpResponse:
    phrasing.drop(actor=request.person, phrase_id=phrase_id, now=clock.now())
    messages.success(request, _("删掉了"))
    return redirect("cases:phrases")
