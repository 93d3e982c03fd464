"""The worker's and the checker's side, and the page of a case for everybody who may see it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.cases import (
    policies,
    queries,
    step_words,
    telling,
    telling_belonging,
    telling_findings,
    telling_joint,
    telling_stages,
    telling_steps,
    telling_words,
)
from huipai.cases.bundle_words import Became, BundleKind
from huipai.cases.commands import arriving, filing, handling, reading, timing
from huipai.cases.commands import together as many
from huipai.cases.models import Case, Question
from huipai.cases.pages import own, whose
from huipai.cases.pages.bundles import done_in_words
from huipai.cases.pages.forms_again import Sent, errors_of, photos_of, round_seen, uploaded
from huipai.cases.phrase_words import PhraseUse
from huipai.cases.policies import entering, merging, retention
from huipai.cases.policies import joint as joint_policies
from huipai.cases.queries import attachments, joint, merged, neighbours, orders, phrases, said
from huipai.cases.queries import checking as checks_read
from huipai.cases.queries import retention as kept_read
from huipai.cases.queries import today as today_read
from huipai.cases.rules import machine
from huipai.cases.words import Action, DeclineReason, Moment
from huipai.grid import queries as grid
from huipai.kit import clock
from huipai.kit.masking import masked
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.shown import shown_at
from huipai.kit.verdict import Invalid, NotAllowed, NotVisible, Refused
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person

PAGE = 50


@require_GET
@signed_in
def today(request: SignedInRequest) -> HttpResponse:
    """What waits for a worker: overdue first, then as the phone finds the way."""
    return _today(request, clock.now())


def _today(
    request: SignedInRequest, now: datetime, *, refused: Refused | None = None, ticked: Collection[str] = ()
) -> HttpResponse:
    asked = request.POST.get("page") or request.GET.get("page")
    page: Page[today_read.InHand] = page_of(today_read.Today(request.person, now), asked, size=PAGE)
    if not page.items and not policies.is_worker(request.person, now):
        raise NotAllowed
    beside = today_read.beside(request.person)
    rows = [
        telling.today_row(case, request.person, now, number=(page.number - 1) * PAGE + place + 1)
        | {"ticked": case.code in ticked}
        for place, case in enumerate(page.items)
    ]
    context = {
        "rows": rows, "page": page, "now": now, "checks": beside.checks,
        "center": (request.street.center_lng, request.street.center_lat),
        "at_once": {case.code: telling.at_once(case) for case in page.items},
        "bundle": beside.bundle, "why": refused.reason if refused else "", "typed": request.POST.get("text", ""),
    }  # fmt: skip
    return render(request, "cases/today.jinja", context, status=refused.status if refused else 200)


@require_POST
@signed_in
def together(request: SignedInRequest) -> HttpResponse:
    """Take on, or pass on, everything that was ticked; and say of each what came of it."""
    now = clock.now()
    if not policies.is_worker(request.person, now):
        raise NotAllowed
    codes = list(dict.fromkeys(request.POST.getlist("tick")))[:PAGE]
    cases = {case.pk: case for case in queries.visible_to(request.person, now).filter(code__in=codes)}
    if not cases:
        messages.info(request, _("先勾几件"))
        return redirect("cases:today")
    if request.POST.get("deed") == "hand_up":
        text = request.POST.get("text", "")
        try:
            filing.require_why(text)
        except Invalid as refusal:
            return _today(request, now, refused=refusal, ticked=codes)
        found = many.hand_up_each(case_ids=list(cases), actor=request.person, text=text, now=now)
        words = done_in_words(BundleKind.HAND_UP)
    else:
        found = many.accept_each(case_ids=list(cases), actor=request.person, now=now)
        words = done_in_words(BundleKind.ACCEPT)
    results = [
        {
            "case": cases[one.case_id], "refused": one.refused.reason if one.refused else "", "was_so": one.was_so,
            "done": words[Became.WAS_SO if one.was_so else Became.DONE],
        }
        for one in found
    ]  # fmt: skip
    return render(request, "cases/together.jinja", {"results": results, "left": len(codes) - len(cases)})


@require_GET
@signed_in
def detail(request: SignedInRequest, code: str) -> HttpResponse:
    """One case: its photos, its way, and what this person may do next."""
    now = clock.now()
    try:
        case = queries.by_code(request.person, code, now)
    except NotVisible:
        return own.led_on(queries.gone_on_with(request.person, code), whose.Whose(request.person, is_helped=False))
    if policies.is_reporter_of(request.person, case):
        return own.page_of_case(request, case, whose.Whose(request.person, is_helped=False), now)
    look = checks_read.open_look_at(request.person, case)
    if look is not None:  # blind to the handler, and to what staff tell each other (ruling 9)
        return redirect("cases:check", check_id=look.id)
    if policies.has_checked(request.person, case) and not queries.looks_after(request.person, case, now):
        return redirect("cases:checks")
    seen = telling.photos(case, request.person, now)
    heard, question = said.by_reporters(case), orders.open_question(case)
    context = {
        "case": case,
        "now": now,
        "away_words": handling.IsAway.default_reason,
        "may": may(case, request.person, now),
        **telling_words.for_staff(case, heard),
        "before": seen[Moment.BEFORE],
        "after": seen[Moment.AFTER],
        "others": seen[Moment.DISPUTE] + seen[Moment.CHECK] + seen[Moment.VISIT],
        "steps": _steps(request, case, heard.names, now),
        **telling_joint.doors(case, request.person, now),
        "sightings": list(neighbours.sightings_of(case)),
        "releasable": telling.releasable(case, request.person, now) if _may_release(request, case) else [],
        "unit_name": case.unit.name if case.unit is not None and not case.ended_at else "",
        "question": question,
        "question_text": masked(question.text, heard.names) if question else "",
        "may_unask": question is not None and _may_take_back(question, case, request.person, now),
        "may_print": bool(policies.may_print(request.person, case, now)),
        "may_unmask": bool(policies.may_unmask(request.person, case, now)),
        "may_hold": bool(retention.may_hold(request.person, case, now)),
        "is_running": merged.is_told(case),
        **telling_findings.beside(case, request.person, now),
        **_for_staff(request, case, heard.names, now),
    }
    return render(request, "cases/detail.jinja", context)


def _may_take_back(question: Question, case: Case, person: Person, now: datetime) -> bool:
    allowed = machine.allows(case.state, Action.TAKE_BACK_QUESTION)
    return allowed and bool(policies.may_take_back_question(person, case, question, now))


def _steps(request: SignedInRequest, case: Case, names: list[str], now: datetime) -> list[dict[str, object]]:
    steps = telling_steps.timeline(case, names, merged.into(case), viewer=request.person)
    weave = telling_joint.weave_for_staff if _is_staffs_page(request, case, now) else telling_joint.weave_in_short
    return weave(steps, case)


def _for_staff(request: SignedInRequest, case: Case, names: list[str], now: datetime) -> dict[str, object]:
    """The stages of the limit, the papers and what belongs to it, for who works on it or looks after it."""
    if not _is_staffs_page(request, case, now):
        return {"stages": [], "attachments": [], "belonging": []}
    limits = timing.limits_of(case.type_then)
    return {
        "stages": telling_stages.rows(case, orders.lead_of(case), limits, now),
        "attachments": telling_words.papers(attachments.for_staff(case), names),
        "belonging": telling_belonging.for_staff(case, request.person, now),
    }


def _is_staffs_page(request: SignedInRequest, case: Case, now: datetime) -> bool:
    """Who was drawn to check it sees the case too, and none of its papers."""
    return not policies.has_checked(request.person, case) and bool(entering.may_search(request.person, now))


def _may_release(request: SignedInRequest, case: Case) -> bool:
    return case.is_public and bool(policies.may_release(request.person, case, clock.now()))


def may(case: Case, person: Person, now: datetime) -> dict[str, bool]:
    """Which buttons this person gets; the commands ask the same questions again."""
    handles = bool(policies.may_handle(person, case, now))
    responds = bool(policies.may_respond(person, case, now))
    declines = machine.allows(case.state, Action.DECLINE) and bool(policies.may_decline(person, case, now))
    accepts = handles and (machine.allows(case.state, Action.ACCEPT) or policies.waits_in_the_queue(case))
    is_away = accepts and grid.is_away(person, now)
    return {
        "accept": accepts and not is_away,
        "accept_when_back": is_away,
        "spot": handles and machine.allows(case.state, Action.HANDLE_ON_THE_SPOT),
        "respond": responds and machine.allows(case.state, Action.RESPOND),
        "decline": declines and policies.looks_anew(person, case),
        **_may_besides(case, person, now),
    }


def _may_besides(case: Case, person: Person, now: datetime) -> dict[str, bool]:
    """What is offered beside the main decision."""
    in_the_grid = case.unit_id is None
    return {
        "note": bool(policies.may_note(person, case, now)) and not kept_read.is_gone(case),
        "place": case.is_guessed and bool(policies.may_place(person, case, now)),
        "ask": machine.allows(case.state, Action.ASK) and bool(policies.may_ask(person, case, now)),
        "vouch": machine.allows(case.state, Action.VOUCH) and bool(policies.may_vouch(person, case)),
        "merge": case.parent_id is None
        and machine.allows(case.state, Action.MERGE)
        and bool(merging.may_look_for_another(person, case, now)),
        "hand_up": in_the_grid
        and machine.allows(case.state, Action.HAND_UP)
        and bool(policies.may_hand_up(person, case, now)),
        "whistle": case.state in joint.WHISTLABLE and bool(joint_policies.may_whistle(person, case, now)),
    }


@require_POST
@signed_in
def accept(request: SignedInRequest, code: str) -> HttpResponse:
    case = queries.by_code(request.person, code, clock.now())
    try:
        handling.accept(case_id=case.id, actor=request.person, now=clock.now())
    except handling.TakenByAnother as taken:
        messages.info(request, taken.reason)
        return redirect("cases:today")
    except handling.IsAway as away:
        messages.info(request, away.reason)
        return redirect("cases:detail", code=code)
    messages.success(request, _("接下了，办完拍一张"))
    return redirect("cases:detail", code=code)


@require_POST
@signed_in
def arrive(request: SignedInRequest, code: str) -> HttpResponse:
    """They are there; a time and no place."""
    case = queries.by_code(request.person, code, clock.now())
    arriving.arrive(case_id=case.id, actor=request.person, now=clock.now())
    messages.success(request, _("记下了，到现场的时间"))
    return redirect("cases:detail", code=code)


@require_http_methods(["GET", "POST"])
@signed_in
def respond(request: SignedInRequest, code: str) -> HttpResponse:
    """It is done: a word, and a photo where the closing standard asks for one."""
    now = clock.now()
    case = queries.by_code(request.person, code, now)
    if request.method == "GET":
        on_the_spot = machine.allows(case.state, Action.HANDLE_ON_THE_SPOT)
        may = policies.may_handle if on_the_spot else policies.may_respond
        may(request.person, case, now).require()
    text, sent, errors, status = request.POST.get("text", ""), Sent(()), [], 200
    if request.method == "POST":
        sent = photos_of(request, form_id=case.id, person=request.person, now=now)
        if "phrase" in request.POST:
            text = phrases.added(text, request.POST["phrase"], case, PhraseUse.DONE)
        elif (refused := _responded(case, request.person, text, sent, round_seen(request.POST), now)) is None:
            messages.success(request, _("已记下，抽人去核查"))
            return redirect("cases:detail", code=code)
        else:
            errors, status = errors_of(refused), refused.status
    before = telling.photos(case, request.person, now)[Moment.BEFORE]
    context = {
        "case": case, "errors": errors, "text": text, "photos": uploaded(sent.ids, request.person, now),
        "before": before, "has_errors": bool(errors), "wrong": dict(errors), "now": now,
        "place": telling_words.place_of(case), "phrases": phrases.fitting(case, PhraseUse.DONE),
    }  # fmt: skip
    return render(request, "cases/respond.jinja", context, status=status)


def _responded(case: Case, person: Person, text: str, sent: Sent, seen: int, now: datetime) -> Refused | None:
    """Why it was not taken; None when it was."""
    on_the_spot = machine.allows(case.state, Action.HANDLE_ON_THE_SPOT)
    act = handling.handle_on_the_spot if on_the_spot else handling.respond
    try:
        act(case_id=case.id, actor=person, text=text, photo_ids=sent.all(), seen=seen, now=now)
    except Refused as refusal:
        return refusal
    return None


@require_http_methods(["GET", "POST"])
@signed_in
def decline(request: SignedInRequest, code: str) -> HttpResponse:
    """Not the street's: with the reason the reporter reads and where else to turn."""
    now = clock.now()
    case = queries.by_code(request.person, code, now)
    if request.method == "GET":
        policies.may_decline(request.person, case, now).require()
    reason, text, errors, status = request.POST.get("reason", ""), request.POST.get("text", ""), [], 200
    fitting = phrases.fitting(case, PhraseUse.DECLINE)
    looked_at = request.POST.get("looked_at", "") if request.method == "POST" else now.isoformat()
    if "phrase" in request.POST:
        text = phrases.added(text, request.POST["phrase"], case, PhraseUse.DECLINE)
    elif request.method == "POST":
        try:
            reading.as_read(
                case_id=case.id, looked_at=shown_at(looked_at),
                act=lambda: handling.decline(
                    case_id=case.id, actor=request.person, reason=reason, text=text, now=now
                ),
            )  # fmt: skip
        except reading.SaidSince as refusal:
            # They are told; the way to the case is above the form.
            errors, status, looked_at = errors_of(refusal), refusal.status, now.isoformat()
        except Refused as refusal:
            errors, status = errors_of(refusal), refusal.status
        else:
            return redirect("cases:detail", code=code)
    reasons = [
        {"value": value, "title": label, "hint": step_words.WHERE_ELSE[value]} for value, label in DeclineReason.choices
    ]
    context = {
        "case": case, "errors": errors, "reason": reason, "text": text, "reasons": reasons, "phrases": fitting,
        "has_errors": bool(errors), "wrong": dict(errors), "looked_at": looked_at,
    }  # fmt: skip
    return render(request, "cases/decline.jinja", context, status=status)
