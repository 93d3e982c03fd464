"""What one reported, or an elder whom one helps: where it stands, who has it, and what one may say to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.cases import policies, queries, telling, telling_joint, telling_own, telling_steps
from huipai.cases.commands import acting, asking, confirming, filing
from huipai.cases.models import Case, GoodDeed, Report
from huipai.cases.order_words import DAYS_TO_REVIEW
from huipai.cases.pages.forms_again import Sent, errors_of, photos_of, uploaded
from huipai.cases.queries import attachments, deeds, findings, orders, types
from huipai.cases.queries import own as reads
from huipai.cases.rules import machine
from huipai.cases.rules.machine import NotNow
from huipai.cases.telling_acting import hands_of
from huipai.cases.words import Action, Moment, OwnView
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.notices import queries as notices
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.people.words import ProxyScope

PAGE = 20
LONGEST_SEARCH = 40
RATINGS = frozenset("12345")


@dataclass(frozen=True)
class Whose:
    """Whose items these are, and how an address says so."""

    person: Person
    is_helped: bool

    @property
    def query(self) -> str:
        return f"?for={self.person.id}" if self.is_helped else ""


def whose(request: SignedInRequest, now: datetime, scope: ProxyScope = ProxyScope.ANSWER) -> Whose:
    """One's own, or an elder's who lets one do this for them; anybody else's do not exist."""
    asked = request.GET.get("for", "")
    if not asked:
        return Whose(request.person, is_helped=False)
    try:
        elder = reads.elder_of(request.person, UUID(asked), scope, now)
    except ValueError:
        elder = None
    if elder is None:
        raise Http404
    return Whose(elder, is_helped=True)


@require_GET
@signed_in
def mine(request: SignedInRequest) -> HttpResponse:
    """One's own reports and good deeds, latest first, by how they stand and by words."""
    now = clock.now()
    whom = whose(request, now)
    view = request.GET.get("view", "")
    view = OwnView(view) if view in OwnView.values else OwnView.ALL
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    rows: list[object]
    page: Page[GoodDeed] | Page[Report]
    if view == OwnView.DEEDS:
        page = page_of(deeds.of(whom.person), request.GET.get("page"), size=PAGE)
        rows = list(page.items)
    else:
        found: Page[Report] = page_of(reads.reports_of(whom.person, view, words), request.GET.get("page"), size=PAGE)
        rows = [telling_own.row(report, request.person, now, whom.query) for report in found.items]
        page = found
    context = {
        "rows": rows,
        "page": page,
        "view": view,
        "words": words,
        "whom": whom,
        "findings": list(findings.open_to(whom.person, now)),
        "may_report": whom.is_helped and whom.person in reads.elders_of(request.person, ProxyScope.REPORT, now),
        "elders": [] if whom.is_helped else reads.elders_of(request.person, ProxyScope.ANSWER, now),
        "views": [{"href": _address(whom, view=one.value), "label": one.label} for one in OwnView],
        "on": _address(whom, view=view.value),
        "turns": {
            "before": _address(whom, view=view.value, q=words, page=str(page.before)),
            "after": _address(whom, view=view.value, q=words, page=str(page.after)),
        },
    }
    return render(request, "cases/mine.jinja", context)


def _address(whom: Whose, **asked: str) -> str:
    given = {**({"for": str(whom.person.id)} if whom.is_helped else {}), **asked}
    query = urlencode({name: value for name, value in given.items() if value})
    return reverse("cases:mine") + (f"?{query}" if query else "")


@require_GET
@signed_in
def case(request: SignedInRequest, code: str) -> HttpResponse:
    """The reporter's page of a case, also for who looks after an elder's."""
    now = clock.now()
    whom = whose(request, now)
    return page_of_case(request, queries.own_by_code(whom.person, code), whom, now)


def page_of_case(request: SignedInRequest, one: Case, whom: Whose, now: datetime) -> HttpResponse:
    """In plain words: where it stands, until when, in whose hands, and what may be said to it."""
    if one.merged_into is not None:
        page = "cases:own" if whom.is_helped else "cases:detail"
        return redirect(reverse(page, args=[one.merged_into.code]) + whom.query)
    return _case(request, one, whom, now, [], "")


def _case(
    request: SignedInRequest,
    one: Case,
    whom: Whose,
    now: datetime,
    errors: list[tuple[str, str]],
    typed: str,
    *,
    status: int = 200,
) -> HttpResponse:
    person = whom.person
    seen = telling.own_photos(one, person, request.person, now)
    confirmation = reads.confirmation_of(one, person)
    is_late = one.due_at is not None and one.due_at <= now
    may_send = not whom.is_helped or bool(reads.elder_of(request.person, person.id, ProxyScope.REPORT, now))
    context = {
        "case": one,
        "whom": whom,
        "now": now,
        "place": telling.own_place(one, person),
        "before": seen[Moment.BEFORE],
        "after": seen[Moment.AFTER],
        "others": seen[Moment.DISPUTE],
        "steps": telling_joint.weave(
            telling_steps.own_timeline(one, orders.names_to_hide(one), hands_of(one, person, request.person)), one
        ),
        "text": queries.text_by(person, one),
        "answers": types.answers_by(person, one),
        "standing": telling_own.standing(one, now),
        "question": reads.open_question(one),
        "finding": findings.of_reporter(one, person),
        "attachments": [] if whom.is_helped else attachments.for_reporter(one),
        "confirmation": confirmation,
        "may_withdraw": may_send and policies.may_withdraw(person, one),
        "may_correct": may_send and policies.may_correct(person, one),
        "may_review": filing.is_reviewable(one, now),
        "may_urge": not whom.is_helped and machine.allows(one.state, Action.URGE) and is_late,
        "review_until": one.ended_at + timedelta(days=DAYS_TO_REVIEW) if one.ended_at else None,
        "is_muted": one.subject in notices.muted_by(request.person.id),
        "errors": errors,
        "wrong": dict(errors),
        "has_errors": bool(errors),
        "typed": typed,
        "is_running": not one.ended_at and not queries.is_paused(one),
    }
    return render(request, "cases/own.jinja", context, status=status)


def act_as(
    request: SignedInRequest,
    one: Case,
    whom: Whose,
    scope: ProxyScope,
    act: Callable[[Person], object],
    now: datetime,
) -> None:
    """For oneself, or for the elder whom one helps."""
    if whom.is_helped:
        acting.for_elder(elder_id=whom.person.id, helper=request.person, scope=scope, case=one, act=act, now=now)
    else:
        act(request.person)


def after(request: SignedInRequest, one: Case, report: Report, whom: Whose, now: datetime) -> str:
    """Where whoever sent a report goes on: to its page, or to what was received where they may not follow it."""
    if not whom.is_helped:
        return reverse("cases:detail", args=[one.code])
    if reads.elder_of(request.person, whom.person.id, ProxyScope.ANSWER, now) is not None:
        return reverse("cases:own", args=[one.code]) + whom.query
    return reverse("cases:received", args=[report.id])


def _act(request: SignedInRequest, one: Case, whom: Whose, act: Callable[[Person], object], now: datetime) -> None:
    act_as(request, one, whom, ProxyScope.ANSWER, act, now)


@require_POST
@signed_in
def answer(request: SignedInRequest, code: str) -> HttpResponse:
    """Answer what staff asked, on the page of the case itself."""
    now = clock.now()
    whom = whose(request, now)
    one, text = queries.own_by_code(whom.person, code), request.POST.get("text", "")
    question = reads.open_question(one)
    if question is None:
        raise NotNow
    try:
        _act(
            request, one, whom,
            lambda person: asking.answer(question_id=question.id, actor=person, text=text, now=now), now,
        )  # fmt: skip
    except Refused as refusal:
        if refusal.status != 422:
            raise
        return _case(request, one, whom, now, [("f-text", refusal.reason)], text, status=refusal.status)
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
        "errors": [],
        "text": text,
        "rating": rating or None,
        "wrong": {},
    }
    if request.method == "GET":
        return render(request, "cases/confirm.jinja", context)
    try:
        _act(
            request, one, whom,
            lambda person: confirming.confirm(
                case_id=one.id, actor=person, rating=_stars(rating), text=text, now=now
            ), now,
        )  # fmt: skip
    except Refused as refusal:
        errors = errors_of(refusal)
        context |= {"errors": errors, "has_errors": True, "wrong": dict(errors)}
        return render(request, "cases/confirm.jinja", context, status=refusal.status)
    return redirect(reverse("cases:own", args=[code]) + whom.query)


def _stars(typed: str) -> int | None:
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
    sent = Sent(())
    if request.method == "POST":
        sent = sent if whom.is_helped else photos_of(request, form_id=one.id, person=request.person, now=now)
        try:
            _act(
                request, one, whom,
                lambda person: confirming.dispute(
                    case_id=one.id, actor=person, text=text, photo_ids=sent.all(), now=now
                ), now,
            )  # fmt: skip
        except Refused as refusal:
            errors, status = errors_of(refusal), refusal.status
        else:
            return redirect(reverse("cases:own", args=[code]) + whom.query)
    context = {
        "case": one, "whom": whom, "errors": errors, "text": text, "photos": uploaded(sent.ids, request.person, now),
        "has_errors": bool(errors), "wrong": dict(errors), "heading": _("还差什么？"),
    }  # fmt: skip
    return render(request, "cases/dispute.jinja", context, status=status)
