"""What is kept for how long, what is held back and what went; and the form that holds a case back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import MAXYEAR, datetime, time, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.audit.words import OF_A_HOLD
from huipai.cases import queries, telling_words
from huipai.cases.commands.retention import holding, terms
from huipai.cases.models import Case, GoodDeed, LegalHold, LetGo
from huipai.cases.pages.forms_again import errors_of
from huipai.cases.policies import entering
from huipai.cases.policies import retention as policies
from huipai.cases.queries import retention as reads
from huipai.cases.retention_words import LONGEST_HOLD, SOON, Kept
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import Refused, Verdict
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.points.models import Claim

PAGE = 30
_CHINA = ZoneInfo("Asia/Shanghai")
# Digits of the longest term.
_DIGITS = 4


@require_GET
@signed_in
def kept(request: SignedInRequest) -> HttpResponse:
    """Classes with their grounds, what falls due, what is held, what went. Of a case nothing but its code."""
    now = clock.now()
    policies.may_read_retention(request.person, now).require()
    return _page(request, now)


@require_POST
@signed_in
def set_term(request: SignedInRequest) -> HttpResponse:
    """How long a class is kept, and on what ground."""
    now = clock.now()
    days = request.POST.get("days", "").strip()
    try:
        said = terms.set_term(
            kept=request.POST.get("kept", ""), days=int(days) if days.isdecimal() and len(days) <= _DIGITS else None,
            ground=request.POST.get("ground", ""), actor=request.person, now=now,
        )  # fmt: skip
    except Refused as refusal:
        policies.may_set_terms(request.person, now).require()
        return _page(request, now, refusal)
    if said.since > now:
        messages.success(request, _("记下了，期限变短，三十天以后开始"))
    else:
        messages.success(request, _("记下了，从现在开始"))
    return redirect("cases:retention")


def _page(request: SignedInRequest, now: datetime, refused: Refused | None = None) -> HttpResponse:
    page: Page[LetGo] = page_of(reads.gone(), request.GET.get("page"), size=PAGE)
    held = list(reads.holds(now))
    errors = errors_of(refused) if refused else []
    context = {
        "classes": [{"term": term, "soon": reads.count_soon(term, now, SOON)} for term in reads.terms(now)],
        "soon_days": SOON.days, "held": held, "releasable": {one.id for one in held if _may_end(request, one, now)},
        "page": page, "may_set": bool(policies.may_set_terms(request.person, now)),
        "may_look_up": bool(entering.may_look_up(request.person, now)), "now": now,
        "kinds": [{"value": one.value, "title": one.label} for one in Kept], "typed": request.POST,
        "errors": errors, "has_errors": bool(errors), "wrong": dict(errors),
    }  # fmt: skip
    return render(request, "cases/retention.jinja", context, status=refused.status if refused else 200)


def _may_end(request: SignedInRequest, held: LegalHold, now: datetime) -> bool:
    return bool(_verdict(request.person, held, now))


def _verdict(person: Person, held: LegalHold, now: datetime) -> Verdict:
    """Whether this person may hold what is held, and so end it."""
    if held.deed is not None:
        return policies.may_hold_deed(person, held.deed, now)
    if held.claim is not None:
        return policies.may_hold_claim(person, held.claim, now)
    assert held.case is not None
    return policies.may_hold(person, held.case, now)


@dataclass(frozen=True)
class Thing:
    """What is held, as its form shows it: without anybody's name."""

    title: str
    place: str
    mark: str
    back: str


def _thing_of_case(case: Case) -> Thing:
    back = reverse("cases:detail", args=[case.code])
    return Thing(case.case_type.name, telling_words.place_of(case), case.code, back)


def _thing_of_deed(deed: GoodDeed) -> Thing:
    return Thing(_("好人好事"), deed.node.name, deed.code, reverse("cases:retention"))


def _thing_of_claim(claim: Claim) -> Thing:
    return Thing(_("积分申报"), claim.item.title, claim.mark, reverse("cases:retention"))


@require_http_methods(["GET", "POST"])
@signed_in
def hold(request: SignedInRequest, code: str) -> HttpResponse:
    """Why a case is not let go, and until when; what holds it already is shown, and ended here."""
    now = clock.now()
    case = queries.by_code(request.person, code, now)
    policies.may_hold(request.person, case, now).require()
    standing = reads.holds(now).filter(case=case)
    act = partial(holding.hold, case_id=case.id)
    return _hold(request, _thing_of_case(case), standing, reads.gone_of(case), act)


@require_http_methods(["GET", "POST"])
@signed_in
def hold_deed(request: SignedInRequest, deed_id: UUID) -> HttpResponse:
    """The same of a good deed."""
    now = clock.now()
    deed = reads.deed_by(deed_id)
    policies.may_hold_deed(request.person, deed, now).require()
    standing = reads.holds(now).filter(deed=deed)
    act = partial(holding.hold_deed, deed_id=deed.id)
    return _hold(request, _thing_of_deed(deed), standing, LetGo.objects.filter(deed=deed).first(), act)


@require_http_methods(["GET", "POST"])
@signed_in
def hold_claim(request: SignedInRequest, claim_id: UUID) -> HttpResponse:
    """The same of a claim."""
    now = clock.now()
    claim = reads.claim_by(claim_id)
    policies.may_hold_claim(request.person, claim, now).require()
    standing = reads.holds(now).filter(claim=claim)
    return _hold(request, _thing_of_claim(claim), standing, None, partial(holding.hold_claim, claim_id=claim.id))


def _hold(
    request: SignedInRequest, thing: Thing, standing: QuerySet[LegalHold], gone: LetGo | None,
    act: Callable[..., LegalHold],
) -> HttpResponse:  # fmt: skip
    now, refused = clock.now(), None
    given = {name: request.POST.get(name, "") for name in ("reason", "words", "until")}
    if request.method == "POST":
        try:
            act(
                actor=request.person, reason=given["reason"], words=given["words"], until=_end_of(given["until"]),
                now=now,
            )  # fmt: skip
        except Refused as refusal:
            refused = refusal
        else:
            messages.success(request, _("记下了，到那天以前这件事什么也不删"))
            return redirect(request.path)
    errors = errors_of(refused) if refused else []
    context = {
        "thing": thing, "now": now, "standing": list(standing), "gone": gone, **given,
        "latest": (now + LONGEST_HOLD - timedelta(days=1)).astimezone(_CHINA).date(),
        "reasons": [{"value": one.value, "title": one.label} for one in OF_A_HOLD],
        "errors": errors, "has_errors": bool(errors), "wrong": dict(errors),
    }  # fmt: skip
    return render(request, "cases/hold.jinja", context, status=refused.status if refused else 200)


def _end_of(text: str) -> datetime | None:
    """The end of a day that was typed as a date; nothing for anything else."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    is_near = day is not None and day.year < MAXYEAR
    return datetime.combine(day + timedelta(days=1), time(), _CHINA) if day is not None and is_near else None


def _thing_of(held: LegalHold) -> Thing:
    if held.deed is not None:
        return _thing_of_deed(held.deed)
    if held.claim is not None:
        return _thing_of_claim(held.claim)
    assert held.case is not None
    return _thing_of_case(held.case)


@require_http_methods(["GET", "POST"])
@signed_in
def end_hold(request: SignedInRequest, hold_id: UUID) -> HttpResponse:
    """Why it need not be held any more."""
    now = clock.now()
    held = reads.hold_by(hold_id)
    if held.case is not None:
        queries.by_code(request.person, held.case.code, now)
    _verdict(request.person, held, now).require()
    refused: Refused | None = None
    words = request.POST.get("words", "")
    if request.method == "POST":
        try:
            holding.release(hold_id=held.id, actor=request.person, words=words, now=now)
        except Refused as refusal:
            refused = refusal
        else:
            messages.success(request, _("记下了，这件事照它那一类的期限来"))
            return redirect("cases:retention")
    errors = errors_of(refused) if refused else []
    context = {
        "held": held, "thing": _thing_of(held), "words": words, "now": now,
        "errors": errors, "has_errors": bool(errors), "wrong": dict(errors),
    }  # fmt: skip
    return render(request, "cases/hold_end.jinja", context, status=refused.status if refused else 200)
