"""What a reporter, or who helps them, says to their case: an answer, a review, yes or no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huipai.cases import policies, queries, telling_own
from huipai.cases.commands import asking, confirming, filing
from huipai.cases.models import Case
from huipai.cases.pages.forms_again import Sent, errors_of, photos_of, round_seen, uploaded
from huipai.cases.pages.own import case_page
from huipai.cases.pages.whose import Whose, act_as, whose
from huipai.cases.queries import own as reads
from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.people.words import ProxyScope

RATINGS = frozenset("12345")


def _act(request: SignedInRequest, one: Case, whom: Whose, act: Callable[[Person], object], now: datetime) -> None:
    act_as(request, one, whom, ProxyScope.ANSWER, act, now)


@require_POST
@signed_in
def answer(request: SignedInRequest, code: str) -> HttpResponse:
    """Answer what staff asked, on the page of the case itself."""
    now = clock.now()
    whom = whose(request, now)
    one, text = queries.own_by_code(whom.person, code), request.POST.get("text", "")
    try:
        question = reads.question_of(one, request.POST.get("question", ""))
        if question is None:
            raise asking.QuestionMoved
        _act(
            request, one, whom,
            lambda person: asking.answer(question_id=question.id, actor=person, text=text, now=now), now,
        )  # fmt: skip
    except Refused as refusal:
        if refusal.status not in (409, 422):
            raise
        return case_page(request, one, whom, now, [("f-text", refusal.reason)], text, status=refusal.status)
    messages.success(request, _("告诉他们了，谢谢您"))
    return redirect(reverse("cases:own", args=[code]) + whom.query)


@require_http_methods(["GET", "POST"])
@signed_in
def review(request: SignedInRequest, code: str) -> HttpResponse:
    """Ask that a refusal be looked at again, by somebody else; once."""
    now = clock.now()
    whom = whose(request, now)
    one, text, errors, status = queries.own_by_code(whom.person, code), request.POST.get("text", ""), [], 200
    if request.method == "POST":
        try:
            _act(
                request, one, whom,
                lambda person: filing.ask_review(case_id=one.id, actor=person, text=text, now=now), now,
            )  # fmt: skip
        except Refused as refusal:
            if refusal.status != 422:
                raise
            errors, status = errors_of(refusal), refusal.status
        else:
            messages.success(request, _("换一个人重新看，看完告诉您"))
            return redirect(reverse("cases:own", args=[code]) + whom.query)
    else:
        filing.require_reviewable(one, now)
        policies.may_ask_review(whom.person, one).require()
    context = {
        "case": one, "whom": whom, "errors": errors, "text": text, "has_errors": bool(errors), "wrong": dict(errors),
        "why": telling_own.why_refused(one),
    }  # fmt: skip
    return render(request, "cases/review.jinja", context, status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def confirm(request: SignedInRequest, code: str) -> HttpResponse:
    """It is solved: rate 1 to 5 if one likes, and say why if one likes."""
    now = clock.now()
    whom = whose(request, now)
    one = queries.own_by_code(whom.person, code)
    rating, text = request.POST.get("rating", ""), request.POST.get("text", "")
    context: dict[str, object] = {
        "case": one,
        "whom": whom,
        "asked": reads.confirmation_of(one, whom.person),
        "errors": [],
        "text": text,
        "rating": rating or None,
        "wrong": {},
        "has_moved": False,
    }
    if request.method == "GET":
        policies.may_say_solved(whom.person, request.person, one, now).require()
        return render(request, "cases/confirm.jinja", context)
    try:
        _act(
            request, one, whom,
            lambda person: confirming.confirm(
                case_id=one.id, actor=person, rating=stars(rating), text=text, seen=round_seen(request.POST),
                hand=request.person, now=now,
            ), now,
        )  # fmt: skip
    except Refused as refusal:
        errors = errors_of(refusal)
        has_moved = isinstance(refusal, confirming.ResultMoved)
        context |= {"errors": errors, "has_errors": True, "wrong": dict(errors), "has_moved": has_moved}
        return render(request, "cases/confirm.jinja", context, status=refusal.status)
    return redirect(reverse("cases:own", args=[code]) + whom.query)


def stars(typed: str) -> int | None:
    """None where nothing was chosen; what is no rating is refused like one out of range."""
    if not typed:
        return None
    if typed not in RATINGS:
        raise confirming.RatingWrong(field="rating")
    return int(typed)


@require_http_methods(["GET", "POST"])
@signed_in
def dispute(request: SignedInRequest, code: str) -> HttpResponse:
    """It is not: a word or a photo, and it is worked on again. A helper says it in words."""
    now = clock.now()
    whom = whose(request, now)
    one = queries.own_by_code(whom.person, code)
    text, errors, status = request.POST.get("text", ""), [], 200
    sent, has_moved, named = Sent(()), False, request.POST.getlist("part")
    if request.method == "POST":
        sent = sent if whom.is_helped else photos_of(request, form_id=one.id, person=request.person, now=now)
        try:
            _act(
                request, one, whom,
                lambda person: confirming.dispute(
                    case_id=one.id, actor=person, text=text, photo_ids=sent.all(), seen=round_seen(request.POST),
                    part_codes=tuple(named), now=now,
                ), now,
            )  # fmt: skip
        except Refused as refusal:
            errors, status = errors_of(refusal), refusal.status
            has_moved = isinstance(refusal, confirming.ResultMoved)
        else:
            return redirect(reverse("cases:own", args=[code]) + whom.query)
    context = {
        "asked": reads.confirmation_of(one, whom.person),
        "has_moved": has_moved, "parts": reads.parts_to_dispute(one), "named": named,
        "case": one, "whom": whom, "errors": errors, "text": text, "photos": uploaded(sent.ids, request.person, now),
        "has_errors": bool(errors), "wrong": dict(errors), "heading": _("还差什么？"),
    }  # fmt: skip
    return render(request, "cases/dispute.jinja", context, status=status)
