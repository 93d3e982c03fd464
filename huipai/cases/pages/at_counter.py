"""The counter, with a slip on it: what its holder has to say is looked up by number and code, and written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.cases import showing, telling_slips
from huipai.cases.commands import at_counter, counter
from huipai.cases.commands.at_counter import Held
from huipai.cases.models import Slip
from huipai.cases.pages.answering import stars
from huipai.cases.pages.forms_again import errors_of, round_seen
from huipai.cases.policies import at_counter as may
from huipai.cases.queries import own
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, NotVisible, Refused
from huipai.people.http import SignedInRequest, client_address, signed_in
from huipai.people.rules import is_the_word

# The code is asked for again after these minutes: whoever comes next stands at the same counter.
AT_HAND, MINUTES = "slip_at_hand", 10
# What was written after that waits here until the code has been told again, for this slip alone, and no longer than the
# session of whoever wrote it: a working day.
WRITTEN = "slip_written"


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@signed_in
def look_up(request: SignedInRequest) -> HttpResponse:
    """Number and code, as they stand on the paper or are told on the telephone."""
    now = clock.now()
    may.may_enter(request.person, now).require()
    typed = {name: request.POST.get(name, "") for name in ("number", "code")}
    if request.method == "GET":
        return render(request, "cases/at_counter.jinja", {"typed": typed})
    try:
        slip = counter.find_at_counter(
            **typed, hand=request.person, address=client_address(request), now=now
        )  # fmt: skip
        may.may_speak(request.person, slip.report.case, slip.reporter, now).require()
    except Refused as refusal:
        context = {"typed": typed, "errors": errors_of(refusal), "has_errors": True}
        return render(request, "cases/at_counter.jinja", context, status=refusal.status)
    until = now + timedelta(minutes=MINUTES)
    request.session[AT_HAND] = [str(slip.report_id), slip.digest, until.isoformat()]
    report, _words, part = request.session.get(WRITTEN, _NOTHING)
    return redirect(_at(slip.report_id, part if report == str(slip.report_id) else ""))


def _at(report_id: UUID, part: str) -> str:
    """The page of a slip, or of a part of its case."""
    return reverse("cases:at_counter_slip", args=[report_id]) + (f"?part={part}" if part else "")


def _held(request: SignedInRequest, report_id: UUID, now: datetime) -> Held | None:
    """The slip that lies here, while the code that was typed still counts; one that is nowhere is not found."""
    if not Slip.objects.filter(report=report_id).exists():
        raise NotVisible
    report, digest, until = request.session.get(AT_HAND, ("", "", ""))
    if report != str(report_id) or datetime.fromisoformat(until) <= now:
        return None
    return Held(report_id, digest, _id(request.GET, "part") if request.GET.get("part") else None)


def _ask_again(request: SignedInRequest) -> HttpResponse:
    messages.info(request, _("过了 %(minutes)s 分钟，或者换了一件：请他再报一次编号和查询码") % {"minutes": MINUTES})
    return redirect("cases:at_counter")


@never_cache
@require_GET
@signed_in
def slip(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """How it stands and what waits for the word of whoever has the slip; nobody's name."""
    now = clock.now()
    may.may_enter(request.person, now).require()
    held = _held(request, report_id, now)
    return _ask_again(request) if held is None else _page(request, held, now)


def _page(
    request: SignedInRequest, held: Held, now: datetime, refused: Refused | None = None, deed: str = ""
) -> HttpResponse:
    found = Slip.objects.select_related("report__case__case_type", "report__case__node", "reporter__account")
    one = found.filter(report=held.report_id, digest=held.digest).first()
    if one is None:
        return _ask_again(request)
    case = at_counter.spoken_of(one, held)
    may.may_speak(request.person, case, one.reporter, now).require()
    typed = request.POST or _written(request, held.report_id)
    errors = [(_PLACES.get((deed, key), key), words) for key, words in errors_of(refused)] if refused else []
    context = {
        "slip": one, "case": case, "steps": showing.slip_steps(case, one.reporter),
        "waits": telling_slips.waits_for(one, case, now),
        "may_forget": bool(may.may_forget(request.person, case, one.reporter, now)),
        "part": f"?part={case.id}" if held.part_id else "",
        "disputable": [] if held.part_id else own.parts_to_dispute(case),
        "parts": [] if held.part_id else telling_slips.parts_of(one, now),
        "addition_id": typed.get("addition") or new_id(), "now": now, "typed": typed, "errors": errors,
        "has_errors": bool(errors), "wrong": dict(errors),
        # The form that it was written in may be gone with what it was about.
        "left": typed.get(deed, "") if refused and refused.status == 409 else "",
    }  # fmt: skip
    return render(request, "cases/at_counter_slip.jinja", context, status=refused.status if refused else 200)


# Several forms of words stand on one page: which of them a refusal of the words belongs to.
_PLACES = {
    (deed, "f-text"): f"f-{deed}" for deed in ("answer", "confirm", "dispute", "appeal", "review", "add", "correct")
}


_WORDS = {"answer", "confirm", "dispute", "appeal", "review", "add", "correct", "address", "rating"}


_NOTHING: tuple[str, dict[str, str], str] = ("", {}, "")


def _written(request: SignedInRequest, report_id: UUID) -> dict[str, str]:
    """What was written of this slip when the code no longer counted; shown once."""
    report, words, _part = request.session.pop(WRITTEN, _NOTHING)
    return words if report == str(report_id) else {}


@never_cache
@require_POST
@signed_in
def speak(request: SignedInRequest, report_id: UUID, deed: str) -> HttpResponse:
    """What the reporter says, written down in their name."""
    now = clock.now()
    may.may_enter(request.person, now).require()
    if deed not in _DEEDS:
        raise NotVisible
    held = _held(request, report_id, now)
    if held is None:
        words = {name: request.POST[name] for name in _WORDS & request.POST.keys()}
        request.session[WRITTEN] = [str(report_id), words, request.GET.get("part", "")]
        messages.info(request, _("您写的还在，查到这一件就出来"))
        return _ask_again(request)
    try:
        _DEEDS[deed](request, held, request.POST, now)
    except Refused as refusal:
        if isinstance(refusal, at_counter.SlipReplaced) or refusal.status not in (409, 422):
            raise
        return _page(request, held, now, refusal, deed)
    if deed == "forget":
        del request.session[AT_HAND]
        messages.success(request, _("名字删掉了；写的话等办完了也删。凭回执还查得到走到哪一步"))
        return redirect("cases:at_counter")
    messages.success(request, _("照他说的记下了，记录里写着是在窗口说的"))
    return redirect(_at(report_id, str(held.part_id) if held.part_id else ""))


def _answer(request: SignedInRequest, held: Held, typed: Mapping[str, str], now: datetime) -> None:
    at_counter.answer(
        held=held, hand=request.person, question_id=_id(typed, "question"), text=typed.get("answer", ""), now=now
    )  # fmt: skip


def _confirm(request: SignedInRequest, held: Held, typed: Mapping[str, str], now: datetime) -> None:
    rating = stars(typed.get("rating", ""))
    at_counter.confirm(
        held=held, hand=request.person, rating=rating, text=typed.get("confirm", ""), seen=round_seen(typed), now=now
    )


def _dispute(request: SignedInRequest, held: Held, typed: Mapping[str, str], now: datetime) -> None:
    at_counter.dispute(
        held=held, hand=request.person, text=typed.get("dispute", ""), seen=round_seen(typed),
        part_codes=tuple(request.POST.getlist("part")), now=now,
    )  # fmt: skip


def _appeal(request: SignedInRequest, held: Held, typed: Mapping[str, str], now: datetime) -> None:
    at_counter.appeal(
        held=held, hand=request.person, finding_id=_id(typed, "finding"), text=typed.get("appeal", ""), now=now
    )  # fmt: skip


def _review(request: SignedInRequest, held: Held, typed: Mapping[str, str], now: datetime) -> None:
    at_counter.ask_review(held=held, hand=request.person, text=typed.get("review", ""), now=now)


def _withdraw(request: SignedInRequest, held: Held, _typed: Mapping[str, str], now: datetime) -> None:
    at_counter.withdraw(held=held, hand=request.person, now=now)


def _correct(request: SignedInRequest, held: Held, typed: Mapping[str, str], now: datetime) -> None:
    at_counter.correct(
        held=held, hand=request.person, text=typed.get("correct", ""), address=typed.get("address", ""), now=now
    )  # fmt: skip


def _add(request: SignedInRequest, held: Held, typed: Mapping[str, str], now: datetime) -> None:
    at_counter.add(
        held=held, hand=request.person, addition_id=_id(typed, "addition"), text=typed.get("add", ""), now=now
    )  # fmt: skip


def _still_there(request: SignedInRequest, held: Held, _typed: Mapping[str, str], now: datetime) -> None:
    at_counter.say_still_there(held=held, hand=request.person, now=now)


def _forget(request: SignedInRequest, held: Held, typed: Mapping[str, str], now: datetime) -> None:
    if not is_the_word(typed.get("word", "")):
        raise Invalid(_("要删名字，就填“注销”两个字"), field="word")
    at_counter.forget(held=held, hand=request.person, now=now)


def _id(typed: Mapping[str, str], name: str) -> UUID:
    try:
        return UUID(typed.get(name, ""))
    except ValueError:
        raise NotVisible from None


_DEEDS: dict[str, Callable[[SignedInRequest, Held, Mapping[str, str], datetime], None]] = {
    "answer": _answer, "confirm": _confirm, "dispute": _dispute, "appeal": _appeal,
    "review": _review, "withdraw": _withdraw, "correct": _correct, "add": _add, "still": _still_there,
    "forget": _forget,
}  # fmt: skip
