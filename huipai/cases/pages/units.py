"""The unit's side: its orders, one order, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.cases import policies, queries, telling, telling_orders, telling_stages, telling_words
from huipai.cases.commands import arriving, asking, deciding, timing, working
from huipai.cases.models import Attachment, WorkOrder
from huipai.cases.order_words import ExtensionGround, OrderAction, Part, RequestKind, ReturnGround
from huipai.cases.pages.forms_again import Sent, errors_of, photos_of, uploaded
from huipai.cases.phrase_words import PhraseUse
from huipai.cases.policies import entering
from huipai.cases.queries import attachments, joint, phrases, said, searching
from huipai.cases.queries import orders as orders_read
from huipai.cases.rules import machine
from huipai.cases.rules import orders as order_rules
from huipai.cases.words import Action, Moment, State
from huipai.grid import queries as grid
from huipai.grid.models import Unit
from huipai.kit import clock
from huipai.kit.masking import masked
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.searching import LONGEST
from huipai.kit.verdict import Refused
from huipai.people.http import SignedInRequest, signed_in

PAGE = 50
_CHINA = ZoneInfo("Asia/Shanghai")


@require_GET
@signed_in
def orders(request: SignedInRequest) -> HttpResponse:
    """The orders of one's unit: to do, waiting for the check, over; or those in which some words stand."""
    now = clock.now()
    units = grid.units_of(request.person, now)
    entering.may_enter_orders(request.person, now).require()
    view = request.GET.get("view", "")
    typed = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    rows = searching.orders_found(request.person, typed, now) if typed else orders_read.shelf(request.person, view, now)
    page: Page[WorkOrder] = page_of(rows, request.GET.get("page"), size=PAGE)
    shelves = {
        orders_read.TO_DO: _("要办的"), orders_read.WAITING: _("等核查"), orders_read.OVER: _("办过的"),
    }  # fmt: skip
    context = {
        "now": now, "page": page, "view": view if view in shelves else "", "shelves": shelves, "units": units,
        "typed": typed,
        "rows": [telling_orders.row(order, request.person, now) for order in page.items],
        "center": (request.street.center_lng, request.street.center_lat),
        "joint": joint.count_for_units(request.person, now),
    }  # fmt: skip
    return render(request, "cases/orders.jinja", context)


@require_GET
@signed_in
def order(request: SignedInRequest, order_id: UUID) -> HttpResponse:
    """One order. Opening it says that the unit has seen it."""
    now = clock.now()
    orders_read.order_for(request.person, order_id, now)
    working.read(order_id=order_id, actor=request.person, now=now)
    one = orders_read.order_for(request.person, order_id, now)
    heard = said.by_reporters(one.case)
    seen = telling.photos(one.case, request.person, now)
    question = orders_read.open_question(one.case)
    state, word = telling_orders.CHIP_OF[one.state]
    context = {
        **_about(one, now),
        "chip_state": state, "chip_word": word,
        "before": seen[Moment.BEFORE], "after": seen[Moment.AFTER],
        "others": seen[Moment.DISPUTE] + seen[Moment.CHECK],
        **telling_words.for_staff(one.case, heard),
        "steps": telling_orders.timeline(one, heard.names),
        "attachments": _papers(one, heard.names),
        "stages": _stages(one, now),
        "may_attach": one.ended_at is None and bool(policies.may_work_on(request.person, one, one.case, now)),
        "may": _may(one, request, now),
        "is_paused": queries.is_paused(one.case),
        "asked": orders_read.open_request(one.case),
        "question": question,
        "question_text": masked(question.text, heard.names) if question else "",
    }  # fmt: skip
    return render(request, "cases/order.jinja", context)


def _stages(one: WorkOrder, now: datetime) -> list[dict[str, object]]:
    """What of the limit is marked; who helps is held to no stage."""
    if one.part != Part.LEAD:
        return []
    return telling_stages.rows(one.case, one, timing.limits_of(one.case.type_then), now)


def _papers(one: WorkOrder, names: list[str]) -> list[Attachment]:
    """What the unit may open, by names in which nobody who reported occurs."""
    rows = attachments.for_order(one)
    for row in rows:
        row.name = masked(row.name, names)
    return rows


def _about(one: WorkOrder, now: datetime) -> dict[str, object]:
    """What every page of an order says of it."""
    names = orders_read.names_to_hide(one.case)
    return {"order": one, "case": one.case, "now": now, "place": masked(telling.place(one.case), names)}


def _may(one: WorkOrder, request: SignedInRequest, now: datetime) -> dict[str, bool]:
    """Which buttons there are; the commands ask the same questions again."""
    case = one.case
    works = bool(policies.may_work_on(request.person, one, case, now))
    leads = one.part == Part.LEAD
    in_time = one.due_at is None or one.due_at > now
    signed = order_rules.allows(one.state, OrderAction.RESPOND)
    answers = signed and (not leads or machine.allows(case.state, Action.RESPOND))
    returns = order_rules.allows(one.state, OrderAction.RETURN) and not one.is_ruled
    return {
        "sign": works and order_rules.allows(one.state, OrderAction.SIGN),
        "respond": works and answers,
        "return": works and returns and (not leads or _may_still_return(one)),
        "extend": works and leads and signed and in_time and machine.allows(case.state, Action.ASK_EXTENSION),
        "ask": works and leads and signed and machine.allows(case.state, Action.ASK),
        "take_up": leads and case.state == State.SUSPENDED and case.unit_id == one.unit_id,
        "none_works": not works,
    }


def _may_still_return(one: WorkOrder) -> bool:
    return one.case.returns < one.case.type_then.max_returns and machine.allows(one.case.state, Action.RETURN)


@require_POST
@signed_in
def sign(request: SignedInRequest, order_id: UUID) -> HttpResponse:
    working.sign(order_id=order_id, actor=request.person, now=clock.now())
    messages.success(request, _("签收了，办完拍一张"))
    return redirect("cases:order", order_id=order_id)


@require_POST
@signed_in
def arrive(request: SignedInRequest, order_id: UUID) -> HttpResponse:
    """Somebody of the unit is there; a time and no place."""
    arriving.arrive_for_unit(order_id=order_id, actor=request.person, now=clock.now())
    messages.success(request, _("记下了，到现场的时间"))
    return redirect("cases:order", order_id=order_id)


@require_POST
@signed_in
def take_up(request: SignedInRequest, order_id: UUID) -> HttpResponse:
    now = clock.now()
    one = orders_read.order_for(request.person, order_id, now)
    deciding.take_up(case_id=one.case_id, actor=request.person, now=now)
    return redirect("cases:order", order_id=order_id)


@require_http_methods(["GET", "POST"])
@signed_in
def respond(request: SignedInRequest, order_id: UUID) -> HttpResponse:
    """It is done: words that the reporter reads, and a photo where the closing standard asks for one."""
    now = clock.now()
    one = orders_read.order_for(request.person, order_id, now)
    text, sent = request.POST.get("text", ""), Sent(())
    refused: Refused | None = None
    if request.method == "POST":
        sent = photos_of(request, form_id=one.id, person=request.person, now=now)
        if "phrase" in request.POST:
            text = phrases.added(text, request.POST["phrase"], one.case, PhraseUse.DONE)
        else:
            refused = _tried(
                lambda: working.respond(order_id=one.id, actor=request.person, text=text, photo_ids=sent.all(), now=now)
            )
            if refused is None:
                messages.success(request, _("已反馈，抽人去核查") if one.part == Part.LEAD else _("已反馈"))
                return redirect("cases:order", order_id=order_id)
    more = {
        "text": text, "photos": uploaded(sent.ids, request.person, now),
        "phrases": phrases.fitting(one.case, PhraseUse.DONE),
        "before": telling.photos(one.case, request.person, now)[Moment.BEFORE],
    }  # fmt: skip
    return _again(request, "cases/order_respond.jinja", one, now, refused, more)


@require_http_methods(["GET", "POST"])
@signed_in
def send_back(request: SignedInRequest, order_id: UUID) -> HttpResponse:
    """Not this unit's: with a ground, a word, and whose it is."""
    now = clock.now()
    one = orders_read.order_for(request.person, order_id, now)
    reason, text, owner = (request.POST.get(name, "") for name in ("reason", "text", "owner"))
    refused: Refused | None = None
    if request.method == "POST":
        refused = _tried(
            lambda: working.return_order(
                order_id=one.id, actor=request.person, ground=reason, text=text, now=now, belongs_to=_uuid(owner)
            )
        )
        if refused is None:
            messages.success(request, _("退回去了，下一步由街道联动中心派"))
            return redirect("cases:orders")
    units = Unit.objects.filter(is_active=True).exclude(pk=one.unit_id).order_by("code")
    more = {
        "reason": reason, "text": text, "owner": owner, "reasons": _options(ReturnGround), "units": units,
        "left": one.case.type_then.max_returns - one.case.returns,
    }  # fmt: skip
    return _again(request, "cases/order_return.jinja", one, now, refused, more)


@require_http_methods(["GET", "POST"])
@signed_in
def extend(request: SignedInRequest, order_id: UUID) -> HttpResponse:
    """More working days, or set aside until a day; both with a ground, and the hub decides."""
    now = clock.now()
    one = orders_read.order_for(request.person, order_id, now)
    typed = {name: request.POST.get(name, "") for name in ("kind", "reason", "text", "days", "until")}
    refused: Refused | None = None
    if request.method == "POST":
        refused = _tried(lambda: _ask_for_time(one.id, request, typed, now))
        if refused is None:
            messages.success(request, _("报上去了，批下来以前时间照算"))
            return redirect("cases:order", order_id=order_id)
    more = {**typed, "kind": typed["kind"] or RequestKind.EXTENSION, "reasons": _options(ExtensionGround)}
    return _again(request, "cases/order_extend.jinja", one, now, refused, more)


def _ask_for_time(order_id: UUID, request: SignedInRequest, typed: dict[str, str], now: datetime) -> object:
    if typed["kind"] == RequestKind.SUSPENSION:
        return working.ask_suspension(
            order_id=order_id, actor=request.person, ground=typed["reason"], text=typed["text"],
            rests_until=end_of_day(typed["until"]), now=now,
        )  # fmt: skip
    days = int(typed["days"]) if typed["days"].isdecimal() and len(typed["days"]) < 4 else None
    return working.ask_extension(
        order_id=order_id, actor=request.person, ground=typed["reason"], text=typed["text"], days=days, now=now
    )


@require_http_methods(["GET", "POST"])
@signed_in
def ask(request: SignedInRequest, order_id: UUID) -> HttpResponse:
    """A question to whoever reported it; neither side sees who the other is."""
    now = clock.now()
    one = orders_read.order_for(request.person, order_id, now)
    text = request.POST.get("text", "")
    refused: Refused | None = None
    if request.method == "POST":
        refused = _tried(lambda: asking.ask_for_unit(order_id=one.id, actor=request.person, text=text, now=now))
        if refused is None:
            messages.success(request, _("问过去了，回答了会告诉您"))
            return redirect("cases:order", order_id=order_id)
    return _again(request, "cases/order_ask.jinja", one, now, refused, {"text": text})


def _tried(act: Callable[[], object]) -> Refused | None:
    """Why it was refused; None when it was done."""
    try:
        act()
    except Refused as refusal:
        return refusal
    return None


def _again(
    request: SignedInRequest, template: str, one: WorkOrder, now: datetime, refused: Refused | None,
    more: Mapping[str, object],
) -> HttpResponse:  # fmt: skip
    """A form, blank or with everything that was typed and why it was not taken."""
    errors = errors_of(refused) if refused else []
    context = {**_about(one, now), "errors": errors, "has_errors": bool(errors), "wrong": dict(errors), **more}
    return render(request, template, context, status=refused.status if refused else 200)


def _options(words: type[ReturnGround] | type[ExtensionGround]) -> list[dict[str, str | Promise]]:
    return [{"value": choice.value, "title": choice.label} for choice in words]


def end_of_day(text: str) -> datetime | None:
    """The end of office hours on a day that was typed as a date; nothing for anything else."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return datetime.combine(day, time(17, 30), _CHINA) if day else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
