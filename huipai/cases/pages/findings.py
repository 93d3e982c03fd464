"""Findings that a report was false: the form, the desk's list, the page of one, and the reporter's own page of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.cases import queries, telling, telling_findings, telling_words
from huipai.cases.commands import acting, finding_false
from huipai.cases.commands.handling import ReasonMissing
from huipai.cases.finding_words import DAYS_TO_APPEAL, FindingAction, FindingGround, FindingState
from huipai.cases.models import Finding
from huipai.cases.pages.forms_again import errors_of
from huipai.cases.pages.whose import Whose, whose
from huipai.cases.policies import findings as may
from huipai.cases.queries import findings as reads
from huipai.cases.rules import findings as rules
from huipai.cases.telling_acting import hands_of
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.words import ProxyScope

PAGE = 30


@require_http_methods(["GET", "POST"])
@signed_in
def find(request: SignedInRequest, code: str) -> HttpResponse:
    """Find a report of the case false: which one, on which ground, what was seen."""
    now = clock.now()
    case = queries.by_code(request.person, code, now)
    may.may_find(request.person, case, now).require()
    typed = {name: request.POST.get(name, "") for name in ("report", "reason", "text")}
    refused: Refused | None = None
    if request.method == "POST":
        try:
            finding = finding_false.find(
                case_id=case.id, report_id=_uuid(typed["report"]), actor=request.person, ground=typed["reason"],
                text=typed["text"], now=now,
            )  # fmt: skip
        except Refused as refusal:
            if refusal.status != 422:
                raise
            refused = refusal
        else:
            messages.success(request, _("记下了，上报人会收到，写明怎么申诉"))
            return redirect("cases:finding", finding_id=finding.id)
    errors = errors_of(refused) if refused else []
    context = {
        "case": case, "place": telling_words.place_of(case), "typed": typed, "errors": errors,
        "has_errors": bool(errors), "wrong": dict(errors), "days": DAYS_TO_APPEAL,
        "is_findable": finding_false.is_findable(case, now),
        "reports": telling_findings.choices(case, reads.findable(case)),
        "grounds": [{"value": one.value, "title": one.label} for one in FindingGround],
    }  # fmt: skip
    return render(request, "cases/find_false.jinja", context, status=refused.status if refused else 200)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _states(now: datetime) -> Callable[[Finding], str]:
    """How a finding stands at that time, in words."""
    return partial(telling_findings.state_at, now=now)


@require_GET
@signed_in
def listed(request: SignedInRequest) -> HttpResponse:
    """Appeals that wait for somebody else; and everything that was found in the places one looks after."""
    now = clock.now()
    may.may_enter(request.person, now).require()
    view = "all" if request.GET.get("view") == "all" else ""
    rows = reads.listed(request.person, now) if view else reads.waiting(request.person, now)
    page: Page[Finding] = page_of(rows, request.GET.get("page"), size=PAGE)
    context = {"page": page, "view": view, "me": request.person.id, "state_of": _states(now)}
    return render(request, "cases/findings.jinja", context)


@require_http_methods(["GET", "POST"])
@signed_in
def one(request: SignedInRequest, finding_id: UUID) -> HttpResponse:
    """What was seen, what the reporter says to it, and the decision of somebody who did not find it."""
    now = clock.now()
    finding = reads.seen_by(request.person, finding_id, now)
    typed = {name: request.POST.get(name, "") for name in ("decision", "text")}
    refused: Refused | None = None
    if request.method == "POST":
        may.may_hear(request.person, finding, now).require()
        try:
            _decide(finding, request, typed)
        except Refused as refusal:
            if refusal.status != 422:
                raise
            refused = refusal
        else:
            messages.success(request, _("记下了，上报人会收到结果和理由"))
            return redirect("cases:finding", finding_id=finding.id)
    errors = errors_of(refused) if refused else []
    hears = may.may_hear(request.person, finding, now)
    context = {
        "finding": finding, "case": finding.case, "state": _states(now)(finding),
        "place": telling_words.place_of(finding.case), "typed": typed,
        "errors": errors, "has_errors": bool(errors), "wrong": dict(errors),
        "said": telling_words.heard_by_staff(finding.case, queries.text_by(finding.reporter, finding.case)),
        "steps": telling_findings.timeline(finding),
        "may_hear": finding.state == FindingState.APPEALED and bool(hears),
        "why_not": hears.reason if finding.state == FindingState.APPEALED and not hears else "",
        "may_appeal": finding.state == FindingState.FOUND and finding.appeal_until > now,
        "may_retract": finding.found_by_id == request.person.id
        and rules.allows(finding.state, FindingAction.RETRACT)
        and bool(may.may_find(request.person, finding.case, now)),
    }  # fmt: skip
    return render(request, "cases/finding.jinja", context, status=refused.status if refused else 200)


def _decide(finding: Finding, request: SignedInRequest, typed: dict[str, str]) -> None:
    deeds = {"uphold": finding_false.uphold, "lift": finding_false.lift}
    deed = deeds.get(typed["decision"])
    if deed is None:
        raise ReasonMissing(_("选一选：维持，还是撤销"), field="decision")
    deed(finding_id=finding.id, actor=request.person, text=typed["text"], now=clock.now())


@require_POST
@signed_in
def retract(request: SignedInRequest, finding_id: UUID) -> HttpResponse:
    """Whoever found it was wrong."""
    now = clock.now()
    finding = reads.seen_by(request.person, finding_id, now)
    finding_false.retract(finding_id=finding.id, actor=request.person, now=now)
    messages.success(request, _("撤回了，已经划去，上报人会收到"))
    return redirect("cases:finding", finding_id=finding.id)


@require_http_methods(["GET", "POST"])
@signed_in
def own(request: SignedInRequest, finding_id: UUID) -> HttpResponse:
    """The reporter's page of it, also for who looks after an elder's: what was seen, and how to appeal."""
    now = clock.now()
    whom = whose(request, now)
    finding = reads.own(whom.person, finding_id)
    text, refused = request.POST.get("text", ""), None
    if request.method == "POST":
        try:
            _appeal(request, finding, whom, text)
        except Refused as refusal:
            if refusal.status != 422:
                raise
            refused = refusal
        else:
            messages.success(request, _("收到了，换一个人来看，看完告诉您"))
            return redirect(reverse("cases:own_finding", args=[finding.id]) + whom.query)
    errors = errors_of(refused) if refused else []
    context = {
        "finding": finding, "case": finding.case, "whom": whom, "text": text, "errors": errors,
        "has_errors": bool(errors), "wrong": dict(errors), "place": telling.own_place(finding.case, whom.person),
        "steps": telling_findings.own_timeline(finding, hands_of(finding.case, whom.person, request.person)),
        "may_appeal": finding.state == FindingState.FOUND and finding.appeal_until > now,
        "is_too_late": finding.state == FindingState.FOUND and finding.appeal_until <= now,
    }  # fmt: skip
    return render(request, "cases/own_finding.jinja", context, status=refused.status if refused else 200)


def _appeal(request: SignedInRequest, finding: Finding, whom: Whose, text: str) -> None:
    """For oneself, or for the elder whom one helps."""
    now = clock.now()
    if not whom.is_helped:
        finding_false.appeal(finding_id=finding.id, actor=request.person, text=text, now=now)
        return
    acting.for_elder(
        elder_id=whom.person.id, helper=request.person, scope=ProxyScope.ANSWER, case=finding.case, now=now,
        act=lambda elder: finding_false.appeal(finding_id=finding.id, actor=elder, text=text, now=now),
    )  # fmt: skip
