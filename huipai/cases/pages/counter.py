"""The counter and the telephone: taking a report down for somebody, its slip, and looking it up by the slip."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from huipai.cases import showing, telling_own, telling_slips
from huipai.cases.commands import counter
from huipai.cases.commands.counter import Caller
from huipai.cases.forms import ReportForm, blank_report, editions_of, photo_ids, place_in
from huipai.cases.models import CaseType
from huipai.cases.pages.forms_again import beside, errors_of, faults_of, files_of, unfit, uploaded
from huipai.cases.pages.report_form import asks_of
from huipai.cases.policies import at_counter as may
from huipai.cases.policies import entering
from huipai.cases.queries import slips
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.locked import Unreadable, lock, unlock
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible, Refused
from huipai.people.http import SignedInRequest, client_address, signed_in
from huipai.people.policies import may_enter_counter
from huipai.people.words import Channel
from huipai.photos import commands as photos
from huipai.streets.http import StreetRequest

# The code of a slip is shown for printing from the session of whoever took it down, and only until they leave. It is
# its holder's key: the session's row and a dump of it do not show it.
SLIPS = "slips"
CODE_OF_A_SLIP = "huipai.cases.slip"
MOST_SLIPS = 5


def _require_staff(request: SignedInRequest) -> None:
    may_enter_counter(request.person, clock.now()).require()


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def report(request: SignedInRequest) -> HttpResponse:
    """One screen: who, what, where; consent said aloud and ticked; a photo if there is one."""
    _require_staff(request)
    if request.method == "GET":
        return _form(request, ReportForm(initial=blank_report()), (), [])
    now, form = clock.now(), ReportForm(request.POST)
    is_valid = form.is_valid()
    form_id = form.cleaned_data.get("report_id") or new_id()
    batch = photos.receive_all(form_id=form_id, uploader=request.person, files=files_of(request, "photo"), now=now)
    ids = tuple(dict.fromkeys([*photo_ids(request.POST), *(photo.id for photo in batch.photos)]))
    if not is_valid or batch.refused:
        return _form(request, form, ids, unfit(batch), status=422)
    sending, caller = form.sending(ids), _caller(request)
    missing = counter.still_missing(sending, caller)
    if missing:
        faults = [fault for refusal in missing for fault in faults_of(refusal, form, ids, request.person)]
        return _form(request, form, ids, faults, status=422)
    try:
        taken = counter.take_down(
            sending=sending, caller=caller, actor=request.person, address=client_address(request), now=now
        )
    except Refused as refusal:
        return _form(request, form, ids, faults_of(refusal, form, ids, request.person), status=refusal.status)
    _remember(request, taken)
    if taken.is_again:
        messages.info(request, _("这一件刚才登记过了，没有重复登记；查询码换了一个，以这一张为准"))
    return redirect("cases:slip", report_id=taken.received.report_id)


def _caller(request: SignedInRequest) -> Caller:
    typed = request.POST
    return Caller(
        typed.get("phone", ""),
        typed.get("name", ""),
        typed.get("channel", ""),
        typed.get("agreed") == "on",
    )


def _remember(request: SignedInRequest, taken: counter.TakenDown) -> None:
    locked = lock(taken.slip_code, purpose=CODE_OF_A_SLIP)
    slips = {**request.session.get(SLIPS, {}), str(taken.received.report_id): locked}
    request.session[SLIPS] = dict(list(slips.items())[-MOST_SLIPS:])


def _remembered(request: SignedInRequest, report_id: UUID) -> str:
    """The code, while it is known; nothing else is said of one that a former version left behind."""
    try:
        return unlock(request.session.get(SLIPS, {}).get(str(report_id), ""), purpose=CODE_OF_A_SLIP)
    except Unreadable:
        return ""


def _form(
    request: SignedInRequest,
    form: ReportForm,
    ids: tuple[UUID, ...],
    errors: list[tuple[str, str]],
    *,
    status: int = 200,
) -> HttpResponse:
    types = CaseType.objects.filter(is_active=True).order_by("position", "code")
    faults = errors + [("", str(text)) for texts in form.errors.values() for text in texts]
    typed: dict[str, Any] = {name: request.POST.get(name, "") for name in ("phone", "name", "channel", "agreed")}
    context = {
        "values": {name: form[name].value() for name in form.fields},
        "names_callers": bool(entering.may_name_callers(request.person, clock.now())),
        "typed": typed, "types": list(types),
        "photos": uploaded(ids, request.person, clock.now()), "errors": faults, "wrong": beside(errors),
        "has_errors": bool(faults), "asks": asks_of(list(types), form),
        "editions": editions_of(types),
        "center": (request.street.center_lng, request.street.center_lat),
        "sent": place_in(form.data),
        "channels": [{"value": one.value, "title": str(one.label)} for one in (Channel.COUNTER, Channel.TELEPHONE)],
    }  # fmt: skip
    return render(request, "cases/counter_report.jinja", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def slip(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """The slip to print; by POST a new one, which makes the old one void."""
    _require_staff(request)
    if request.method == "POST":
        _remember(request, counter.issue_again(report_id=report_id, actor=request.person, now=clock.now()))
        return redirect("cases:slip", report_id=report_id)
    now = clock.now()
    one = slips.with_case().filter(report=report_id).first()
    if one is None or not may.is_at_its_window(request.person, one, now):
        raise NotVisible
    may.may_print_anew(request.person, one, now).require()
    kept = _remembered(request, report_id)
    code = kept if counter.is_good(one, kept) else ""  # another window may have issued a later one
    case = one.report.case
    context = {
        "slip": one, "case": case, "report": one.report, "code": code, "now": now,
        "standing": telling_own.standing(case, now),
    }  # fmt: skip
    return render(request, "cases/slip.jinja", context)


@never_cache
@require_GET
@signed_in
def lost(request: SignedInRequest) -> HttpResponse:
    """Whose slip is lost: the slips of a case that this window may print anew."""
    _require_staff(request)
    now, number = clock.now(), request.GET.get("number", "")
    found = [one for one in slips.of_number(number) if may.is_at_its_window(request.person, one, now)]
    if len(found) == 1:
        return redirect("cases:slip", report_id=found[0].report_id)
    errors = (
        [("f-number", _("这个编号没有您这个窗口能重打的回执，看一下案件页面上的编号"))] if number and not found else []
    )
    context = {"number": number, "found": found, "errors": errors, "has_errors": bool(errors)}
    return render(request, "cases/slip_lost.jinja", context, status=422 if errors else 200)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def look_up(request: StreetRequest) -> HttpResponse:
    """How it stands, for whoever holds the paper: steps in plain words, nobody's name, no photo."""
    typed = {name: request.POST.get(name, "") for name in ("number", "code")}
    if request.method == "GET":
        return render(request, "cases/slip_lookup.jinja", {"typed": {**typed, "number": request.GET.get("number", "")}})
    now = clock.now()
    try:
        slip = counter.find(**typed, address=client_address(request), now=now)
    except Refused as refusal:
        context = {"typed": typed, "errors": errors_of(refusal), "has_errors": True}
        return render(request, "cases/slip_lookup.jinja", context, status=refusal.status)
    case = slip.report.case
    context = {
        "case": case, "standing": telling_own.standing(case, now), "now": now,
        "steps": showing.slip_steps(case, slip.reporter),
        "waits": telling_slips.waits_for(slip, case, now), "parts": telling_slips.parts_of(slip, now),
        "has_pages": may.has_own_pages(slip.reporter, now), "is_forgotten": slip.reporter.erased_at is not None,
        "keeping": telling_own.keeping(case, now),
    }  # fmt: skip
    return render(request, "cases/slip_found.jinja", context)
