"""What one reported, or an elder whom one helps: where it stands, who has it, and what one may say to it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from huipai.cases import (
    policies,
    queries,
    telling,
    telling_belonging,
    telling_joint,
    telling_own,
    telling_steps,
    telling_words,
)
from huipai.cases.commands import filing
from huipai.cases.models import Case, GoodDeed, Report
from huipai.cases.order_words import DAYS_TO_REVIEW
from huipai.cases.pages.whose import Whose, whose
from huipai.cases.queries import additions, deeds, findings, merged, orders, types
from huipai.cases.queries import own as reads
from huipai.cases.rules import machine
from huipai.cases.telling_acting import hands_of
from huipai.cases.words import Action, Moment, OwnView
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible
from huipai.notices import queries as notices
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.people.words import ProxyScope

PAGE = 20
LONGEST_SEARCH = 40


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
        came_late = merged.late_into([report.case for report in found.items])
        rows = [telling_own.row(report, request.person, now, whom.query, came_late) for report in found.items]
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
    try:
        one = queries.own_by_code(whom.person, code)
    except NotVisible:
        return led_on(queries.gone_on_with(whom.person, code), whom)
    return page_of_case(request, one, whom, now)


def led_on(to: Case, whom: Whose) -> HttpResponse:
    """To the case that goes on with theirs."""
    page = "cases:own" if whom.is_helped else "cases:detail"
    return redirect(reverse(page, args=[to.code]) + whom.query)


def page_of_case(request: SignedInRequest, one: Case, whom: Whose, now: datetime) -> HttpResponse:
    """In plain words: where it stands, until when, in whose hands, and what may be said to it."""
    if one.merged_into is not None:
        return led_on(one.merged_into, whom)
    return case_page(request, one, whom, now, [], "")


def _may_urge(person: Person, one: Case, now: datetime) -> bool:
    waits = machine.allows(one.state, Action.URGE) and telling_own.is_late(one, now)
    return waits and bool(policies.may_speak_as_reporter(person, one))


def case_page(
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
        "standing": telling_own.standing_for(person, one, now),
        "keeping": telling_own.keeping(one, now),
        "question": reads.question_to(person, one),
        "finding": findings.of_reporter(one, person),
        "attachments": [] if whom.is_helped else telling_words.own_papers(one, person),
        "confirmation": confirmation,
        "says_solved": confirmation is not None and bool(policies.may_say_solved(person, request.person, one, now)),
        "belonging": telling_belonging.for_reporter(one, person, whom.query),
        "may_withdraw": may_send and policies.may_withdraw(person, one),
        "may_correct": may_send and policies.may_correct(person, one),
        "may_add": may_send and additions.is_in_hand(one) and bool(policies.may_add(person, one)),
        "has_seen_it": additions.has_seen_it(person, one, now),
        "may_review": filing.is_reviewable(one, now) and bool(policies.may_ask_review(person, one)),
        "alone": one.parts.filter(goes_alone=True).select_related("case_type"),
        "may_urge": not whom.is_helped and _may_urge(person, one, now),
        "review_until": one.ended_at + timedelta(days=DAYS_TO_REVIEW) if one.ended_at else None,
        "is_muted": notices.is_stopped(one.subject, notices.muted_by(request.person.id)),
        "errors": errors,
        "wrong": dict(errors),
        "has_errors": bool(errors),
        "typed": typed,
        "is_running": merged.is_told(one),
    }
    return render(request, "cases/own.jinja", context, status=status)
