"""The resident's side: pick an item at a door, show what was done, send; then follow, take back, appeal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.points import forms, policies, queries
from huipai.points.commands.claims import answering, contesting, helping, submitting
from huipai.points.models import Claim
from huipai.points.pages import pictures, wording
from huipai.points.pages.pictures import Pictures
from huipai.points.queries.claims import offering, own
from huipai.points.queries.claims.own import contest_of, contest_until
from huipai.points.rules import claiming as machine
from huipai.points.rules.measuring import measures_of
from huipai.points.rules.sending import ClaimSending, may_be_either, shown_by_roll, ways
from huipai.points.words import ClaimAction, ClaimState, Shown
from huipai.rulebook import queries as rulebook
from huipai.rulebook.models import PointItem
from huipai.rulebook.rules import formula as formulas
from huipai.rulebook.words import Measure, Port
from huipai.stations.rules import OnSite, code_at, is_fresh, read_code
from huipai.streets.current import street_in_force

PAGE = 20
LONGEST_SEARCH = 40
# Which part of the page a refusal belongs to.
PLACES = {"photos": "upload-photo", "note": "f-note", "code": "on-site", "text": "f-text", "for": "whose"}
PLACES |= {measure.value: f"f-{measure.value}" for measure in Measure}


@require_GET
def port(request: HttpRequest, port: str) -> HttpResponse:
    """What can be done behind one of the three doors; anybody may read it, claiming wants a sign-in."""
    if port not in Port.values:
        raise Http404
    person = getattr(request, "person", None)
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    now = clock.now()
    offered = queries.offered(Port(port), person=person, words=words, at=now)
    rows = [(one, wording.caps_of(one.item), wording.how_counted(one.item)) for one in offered]
    context = {
        "port": port, "rows": rows, "words": words, "mine": queries.open_count(person) if person else 0,
        "is_staff": bool(person and person.is_staff),
    }  # fmt: skip
    return render(request, "points/port.jinja", context)


@dataclass
class _Typed:
    """The form as it was filled in."""

    claim_id: UUID
    note: str = ""
    measured: dict[str, str] = field(default_factory=dict)
    pictures: Pictures = field(default_factory=Pictures)
    code: str = ""
    is_begun: bool = False
    # Whose it is, where that is somebody for whom the sender may claim.
    whose: UUID | None = None


@require_http_methods(["GET", "POST"])
@signed_in
def claim_item(request: SignedInRequest, code: str) -> HttpResponse:
    """What shows it, and send: one photo and one press. Everything typed comes back with each error."""
    now = clock.now()
    if request.method == "GET":
        item, whose = _item(code, now), said_whose(request)
        if whose is not None and own.claimant_for(request.person, whose, now) is None:
            raise Http404
        return _form(request, item, _begun(request, item, whose), {})
    typed = _Typed(
        forms.claim_id(request.POST), request.POST.get("note", ""), forms.measured(request.POST),
        code=request.POST.get("code", ""), is_begun=True, whose=said_whose(request),
    )  # fmt: skip
    seen = typed.pictures = pictures.taken_in(request, typed.claim_id, now)
    if seen.wrong:
        return _form(request, _item_as_begun(code, now), typed, dict(seen.wrong), status=422)
    sent = forms.sending(
        request.POST, item_code=code, photos=seen.photos, screenshots=seen.screenshots, on_site=_on_site(typed.code)
    )
    sent = sent if request.POST.get("claim_id") else sent.with_id(typed.claim_id)
    try:
        claim = _take_in(request, sent, typed.whose, now)
    except Refused as refusal:
        wrong = {PLACES.get(refusal.field or "", ""): refusal.reason}
        return _form(request, _item_as_begun(code, now), typed, wrong, status=refusal.status)
    if claim.state == ClaimState.DRAFT:
        messages.info(request, _("先存着了，一周内都能接着填"))
        return redirect("points:claims")
    return redirect("points:claim_received", claim_id=claim.id)


def said_whose(request: HttpRequest) -> UUID | None:
    """Whose it is, as the form or the address says; None: one's own. What is no id is nobody's."""
    said = (request.POST if request.method == "POST" else request.GET).get("for", "")
    try:
        return UUID(said) if said else None
    except ValueError:
        return UUID(int=0)


def _take_in(request: SignedInRequest, sent: ClaimSending, whose: UUID | None, now: datetime) -> Claim:
    if whose is not None and whose != request.person.id:
        return helping.submit_for(sending=sent, claimant_id=whose, helper=request.person, now=now)
    do = submitting.keep if "keep" in request.POST else submitting.submit
    return do(sending=sent, claimant=request.person, now=now)


def _item(code: str, now: datetime) -> PointItem:
    item = rulebook.item_in_force(code, now)
    if item is None:
        raise Http404
    return item


def _item_as_begun(code: str, now: datetime) -> PointItem:
    """What somebody was filling in: struck meanwhile, it is shown all the same, with what they typed."""
    item = rulebook.last_in_force(code, now)
    if item is None:
        raise Http404
    return item


def _begun(request: SignedInRequest, item: PointItem, whose: UUID | None) -> _Typed:
    """A new form, or the draft that is gone on with."""
    draft = request.GET.get("draft", "")
    claim = _draft(request.person, draft) if draft else None
    if claim is None or claim.item_code != item.code:
        return _Typed(new_id(), code=request.GET.get("code", ""), whose=whose)
    return _Typed(
        claim.id, claim.note, dict(claim.measured or {}), pictures.of_draft(claim), code=_scanned(claim), is_begun=True
    )  # fmt: skip


def _scanned(draft: Claim) -> str:
    """The code that was scanned before the claim was put aside; empty where none was."""
    scan = draft.evidence.filter(kind=Shown.ON_SITE_CODE, code_shown_at__isnull=False).first()
    if scan is None or scan.station_id is None or scan.code_shown_at is None:
        return ""
    return code_at(street_id=street_in_force(), station_id=scan.station_id, now=scan.code_shown_at)


def _draft(person: Person, claim_id: str) -> Claim | None:
    try:
        claim = own.visible_to(person, UUID(claim_id))
    except ValueError:
        return None
    return claim if claim is not None and claim.state == ClaimState.DRAFT else None


def _on_site(code: str) -> OnSite | None:
    return read_code(code, street_id=street_in_force()) if code else None


def _form(
    request: SignedInRequest, item: PointItem, typed: _Typed, wrong: dict[str, str], *, status: int = 200
) -> HttpResponse:
    now, seen = clock.now(), _on_site(typed.code)
    helped = own.claims_for(request.person, now)
    whom = next((one for one in helped if one.id == typed.whose), None)
    over, allowed = queries.why_claims_are_over(now), policies.may_claim(whom or request.person, item, now)
    formula = formulas.from_json(item.formula)
    context = {
        "item": item, "ways": ways(item.evidence), "caps": wording.caps_of(item), "typed": typed, "wrong": wrong,
        "errors": list(wrong.items()), "has_errors": bool(wrong), "allowed": allowed and not over,
        "over": over, "why_not": over or allowed.reason,
        "measures": wording.amounts_asked(measures_of(formula)),
        "pictures": typed.pictures.shown(request.person, now), "asked": wording.asked_of(item),
        "is_either": may_be_either(item.evidence), "by_roll": shown_by_roll(item.evidence),
        # What lies on the server already is gone on with there.
        "is_kept": not typed.is_begun and typed.whose is None,
        "helped": helped, "whom": whom, "whose": typed.whose,
        "station": queries.station_of(seen, now) if seen else None,
        "is_screenshot": Shown.SCREENSHOT in ways(item.evidence) and Shown.PHOTO not in ways(item.evidence),
    }  # fmt: skip
    return render(request, "points/claim_form.jinja", context, status=status)


@require_GET
@signed_in
def on_site(request: SignedInRequest, code: str) -> HttpResponse:
    """Where the QR code on a host's screen leads: what can be claimed by having been there."""
    now = clock.now()
    seen = _on_site(code)
    station = queries.station_of(seen, now) if seen else None
    if seen is None or station is None or not is_fresh(seen, now=now):
        return render(request, "points/on_site_stale.jinja", {}, status=404 if seen is None else 409)
    items = [] if queries.why_claims_are_over(now) else offering.claimable(now)
    here = [item for item in items if Shown.ON_SITE_CODE in ways(item.evidence)]
    context = {"station": station, "items": [(item, wording.caps_of(item)) for item in here], "code": code}
    return render(request, "points/on_site.jinja", context)


@require_GET
@signed_in
def received(request: SignedInRequest, claim_id: UUID) -> HttpResponse:
    """'Received', and what happens now."""
    claim = own.seen_by(request.person, claim_id, clock.now())
    if claim is None:
        raise Http404
    if claim.state == ClaimState.DRAFT:  # put aside unsent
        return redirect("points:claims")
    is_own = claim.claimant_id == request.person.id
    return render(request, "points/claim_received.jinja", {"claim": claim, "is_own": is_own})


@require_GET
@signed_in
def mine(request: SignedInRequest) -> HttpResponse:
    """One's own claims, latest first; or those of somebody for whom one may claim."""
    helped, whose = own.claims_for(request.person, clock.now()), said_whose(request)
    whom = next((one for one in helped if one.id == whose), None)
    if whose not in (None, request.person.id) and whom is None:
        raise Http404
    page: Page[Claim] = page_of(queries.claims_of(whom or request.person), request.GET.get("page"), size=PAGE)
    asked = queries.taken_back(claim.posting_id for claim in page.items)
    gone = {posting_id for posting_id, one in asked.items() if one.stands}
    return render(request, "points/claims.jinja", {"page": page, "helped": helped, "whom": whom, "gone": gone})


@require_GET
@signed_in
def detail(request: SignedInRequest, claim_id: UUID) -> HttpResponse:
    """One's own claim with each step."""
    return _detail(request, claim_id, {}, "", Pictures())


def _detail(
    request: SignedInRequest,
    claim_id: UUID,
    wrong: dict[str, str],
    text: str,
    seen: Pictures,
    *,
    status: int = 200,
) -> HttpResponse:
    claim = own.seen_by(request.person, claim_id, clock.now())
    if claim is None:
        raise Http404
    now = clock.now()
    until, correction = contest_until(claim, now), queries.taken_back([claim.posting_id]).get(claim.posting_id)
    context = {
        "claim": claim, "now": now, "steps": [*wording.asked_back(correction), *wording.timeline(claim)],
        "next": wording.what_next(claim, until), "correction": correction,
        "is_gone": correction is not None and correction.stands,
        "evidence": wording.evidence(claim, request.person, now), "wrong": wrong, "errors": list(wrong.items()),
        "has_errors": bool(wrong), "text": text, "pictures": seen.shown(request.person, now),
        "is_either": may_be_either(claim.item.evidence),
        "may_withdraw": machine.allows(claim.state, ClaimAction.WITHDRAW),
        "may_appeal": own.can_be_appealed(claim, now),
        "contest": contest_of(claim), "contest_until": until, "is_held": queries.is_held(claim, now),
        "appeal": claim.appeals.first(), "whom": None if claim.claimant_id == request.person.id else claim.claimant,
        "last_day": claim.public_until - timedelta(microseconds=1) if claim.public_until else None,
    }  # fmt: skip
    return render(request, "points/claim.jinja", context, status=status)


@require_POST
@signed_in
def contest(request: SignedInRequest, claim_id: UUID) -> HttpResponse:
    """A sentence against an objection that was upheld; somebody without a hand in it looks."""
    text = request.POST.get("contest", "")
    try:
        contesting.contest(claim_id=claim_id, actor=request.person, text=text, now=clock.now())
    except Refused as refusal:
        if refusal.status == 404:
            raise
        wrong = {"f-contest" if refusal.field else "": refusal.reason}
        return _detail(request, claim_id, wrong, text, Pictures(), status=refusal.status)
    messages.success(request, _("收到了，换一位没经手过的人来看，结果会告诉您"))
    return redirect("points:claim", claim_id=claim_id)


@require_POST
@signed_in
def withdraw(request: SignedInRequest, claim_id: UUID) -> HttpResponse:
    answering.withdraw(claim_id=claim_id, actor=request.person, now=clock.now())
    messages.success(request, _("撤回了，没有记分，也不影响您"))
    return redirect("points:claim", claim_id=claim_id)


@require_POST
@signed_in
def appeal(request: SignedInRequest, claim_id: UUID) -> HttpResponse:
    """A sentence, a photo if one likes; somebody else looks."""
    now, text = clock.now(), request.POST.get("text", "")
    seen = pictures.taken_in(request, claim_id, now)
    if seen.wrong:
        return _detail(request, claim_id, dict(seen.wrong), text, seen, status=422)
    try:
        answering.appeal(
            claim_id=claim_id, actor=request.person, text=text, photo_ids=seen.all,
            screenshot_ids=frozenset(seen.screenshots), now=now,
        )  # fmt: skip
    except Refused as refusal:
        if refusal.status == 404:
            raise
        wrong = {PLACES.get(refusal.field or "", ""): refusal.reason}
        return _detail(request, claim_id, wrong, text, seen, status=refusal.status)
    messages.success(request, _("收到了，换一位再看，结果告诉您"))
    return redirect("points:claim", claim_id=claim_id)
