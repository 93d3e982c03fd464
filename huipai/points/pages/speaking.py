"""What somebody without an account says at the counter about their points: found first, then written down for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.kit import clock, subjects
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible, Refused
from huipai.people import finding
from huipai.people import queries as people
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose
from huipai.points import commands, policies, queries
from huipai.points.commands.claims import answering, contesting
from huipai.points.models import Claim, Correction
from huipai.points.pages import pictures, wording
from huipai.points.pages.own import title_of, told
from huipai.points.pages.pictures import Pictures
from huipai.points.queries import Wanted
from huipai.points.queries.claims import own
from huipai.points.rules import Holder
from huipai.points.rules.sending import may_be_either
from huipai.points.words import APPEAL_FOR

PAGE, LAST = 10, 10
PLACES = {"text": "f-text", "photos": "upload-photo"}


@require_http_methods(["GET", "POST"])
@signed_in
def desk(request: SignedInRequest) -> HttpResponse:
    """Who it is; then where what was claimed for them stands, and what they may still speak against."""
    now = clock.now()
    policies.may_enter_claims(request.person, now).require()
    if request.method == "POST":
        looked = finding.search(request, policies.may_enter_for, now)
        if len(looked.found) == 1:
            return finding.towards("points:said", looked)
        return _finder(request, looked)
    one = finding.chosen(request, now)
    if one is None:
        return _finder(request, finding.unasked(request))
    allowed = policies.may_hear_at_counter(request.person, one, now)
    page: Page[Claim] = page_of(queries.claims_of(one), request.GET.get("page"), size=PAGE)
    taken = queries.taken_back(claim.posting_id for claim in page.items)
    shown = {
        **(_has(one, now) if allowed else {}),
        "one": finding.shown([one], request.person, now)[0], "why_not": "" if allowed else allowed.reason, "page": page,
        "corrections": [(found, title_of(found.posting, {})) for found in queries.taken_from(one, now)],
        "gone": {posting_id for posting_id, found in taken.items() if found.stands},
        "open": {claim.id for claim in page.items if own.can_be_appealed(claim, now)}
        | own.contestable([claim.id for claim in page.items], now),
    }  # fmt: skip
    return render(request, "points/said.jinja", shown)


def _has(one: Person, now: datetime) -> dict[str, object]:
    """What they can spend and until when, as their own page would tell it, and what came and went last."""
    balance, home = queries.balance(one, now), queries.household_id(one, now)
    last = queries.statement(Holder(one.id), Wanted(), size=LAST).postings
    names = subjects.names_of([posting.subject for posting in last])
    return {
        "balance": balance,
        "last_good_day": balance.lapsing.at - timedelta(microseconds=1) if balance.lapsing else None,
        "at_home": queries.balance_of(Holder(household_id=home), now) if home else None,
        "has_agreed": people.has_consent(one, ConsentPurpose.HOUSEHOLD_POINTS),
        "entries": [told(posting, None, names) for posting in last],
    }


def _finder(request: SignedInRequest, sought: finding.Search) -> HttpResponse:
    return render(request, "points/said.jinja", {"one": None, "sought": sought}, status=sought.status)


@require_GET
@signed_in
def claim(request: SignedInRequest, claim_id: UUID) -> HttpResponse:
    """Where it stands and why, and what its claimant may say against it."""
    now = clock.now()
    return _claim(request, _claim_of(request, claim_id, now), {}, "", Pictures(), now)


@require_POST
@signed_in
def appeal(request: SignedInRequest, claim_id: UUID) -> HttpResponse:
    """Their sentence against a refusal, and a picture that staff took of what shows it; somebody else looks."""
    now, text = clock.now(), request.POST.get("text", "")
    found = _claim_of(request, claim_id, now)
    seen = pictures.taken_in(request, claim_id, now)
    if seen.wrong:
        return _claim(request, found, dict(seen.wrong), text, seen, now, status=422)
    try:
        answering.appeal_at_counter(
            claim_id=found.id, hand=request.person, text=text, photo_ids=seen.all,
            screenshot_ids=frozenset(seen.screenshots), now=now,
        )  # fmt: skip
    except Refused as refusal:
        wrong = {PLACES.get(refusal.field or "", ""): refusal.reason}
        return _claim(request, found, wrong, text, seen, now, status=refusal.status)
    return _written_down(request, now)


@require_POST
@signed_in
def contest(request: SignedInRequest, claim_id: UUID) -> HttpResponse:
    """Their sentence against an objection that was upheld; somebody without a hand in it looks."""
    now, text = clock.now(), request.POST.get("text", "")
    found = _claim_of(request, claim_id, now)
    try:
        contesting.contest_at_counter(claim_id=found.id, hand=request.person, text=text, now=now)
    except Refused as refusal:
        wrong = {PLACES.get(refusal.field or "", ""): refusal.reason}
        return _claim(request, found, wrong, text, Pictures(), now, status=refusal.status)
    return _written_down(request, now)


@require_http_methods(["GET", "POST"])
@signed_in
def correction(request: SignedInRequest, correction_id: UUID) -> HttpResponse:
    """What was taken back, why, and their sentence against it."""
    now, text = clock.now(), request.POST.get("text", "")
    one = _chosen(request, now)
    found = next((found for found in queries.taken_from(one, now) if found.id == correction_id), None)
    if found is None:
        # Twice pressed, or seven days over: the page of what there is says how it stands.
        found = queries.correction_for(one, correction_id, now)
    if found is None:
        raise NotVisible
    if request.method == "GET":
        return _correction(request, one, found, "", {}, now)
    try:
        commands.appeal_correction_at_counter(correction_id=found.id, hand=request.person, text=text, now=now)
    except Refused as refusal:
        wrong = {PLACES.get(refusal.field or "", ""): refusal.reason}
        return _correction(request, one, found, text, wrong, now, status=refusal.status)
    return _written_down(request, now)


def _chosen(request: SignedInRequest, now: datetime) -> Person:
    """Whom this colleague has found, and may write something down for; to others nothing of it is there."""
    policies.may_enter_claims(request.person, now).require()
    one = finding.chosen(request, now)
    if one is None:
        raise NotVisible
    policies.may_hear_at_counter(request.person, one, now).require()
    return one


def _claim_of(request: SignedInRequest, claim_id: UUID, now: datetime) -> Claim:
    found = own.visible_to(_chosen(request, now), claim_id)
    if found is None:
        raise NotVisible
    return found


def _claim(
    request: SignedInRequest,
    found: Claim,
    wrong: dict[str, str],
    text: str,
    seen: Pictures,
    now: datetime,
    *,
    status: int = 200,
) -> HttpResponse:
    until, asked = own.contest_until(found, now), queries.taken_back([found.posting_id]).get(found.posting_id)
    said = [one.text for one in (own.contest_of(found), found.appeals.first()) if one is not None]
    shown = {
        "one": finding.shown([found.claimant], request.person, now)[0], "claim": found,
        "steps": [*wording.asked_back(asked), *wording.timeline(found)], "next": wording.at_counter(found, until),
        "is_gone": asked is not None and asked.stands, "may_appeal": own.can_be_appealed(found, now),
        "contest_until": until, "said": said, "pictures": seen.shown(request.person, now),
        "is_either": may_be_either(found.item.evidence), **_typed(text, wrong),
    }  # fmt: skip
    return render(request, "points/said_claim.jinja", shown, status=status)


def _correction(
    request: SignedInRequest,
    one: Person,
    found: Correction,
    text: str,
    wrong: dict[str, str],
    now: datetime,
    *,
    status: int = 200,
) -> HttpResponse:
    assert found.decided_at and found.reversal
    until = found.decided_at + APPEAL_FOR
    shown = {
        "one": finding.shown([one], request.person, now)[0], "asked": found, "title": title_of(found.posting, {}),
        "points": -found.reversal.points, "until": until,
        "may_appeal": found in queries.taken_from(one, now), **_typed(text, wrong),
    }  # fmt: skip
    return render(request, "points/said_correction.jinja", shown, status=status)


def _typed(text: str, wrong: dict[str, str]) -> dict[str, object]:
    return {"text": text, "wrong": wrong, "errors": list(wrong.items()), "has_errors": bool(wrong)}


def _written_down(request: SignedInRequest, now: datetime) -> HttpResponse:
    """Back to the same person: somebody who comes to the counter seldom says one thing only."""
    messages.success(request, _("写下了，换一位没经手过的人来看；结果请本人来窗口问"))
    one = _chosen(request, now)
    seal = finding.shown([one], request.person, now)[0].seal
    return redirect(f"{reverse('points:said')}?{urlencode({'who': seal})}")
