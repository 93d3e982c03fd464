"""The unit's side: its orders, one order, and what can be done with it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.cases import policies, telling, telling_belonging, telling_orders, telling_stages, telling_words
from huipai.cases.commands import arriving, deciding, timing, working
from huipai.cases.commands.handling import IsAway
from huipai.cases.models import Question, WorkOrder
from huipai.cases.order_words import OrderAction, Part
from huipai.cases.pages.forms_again import Sent, photos_of, round_seen, uploaded
from huipai.cases.pages.order_forms import about, shown_again, tried
from huipai.cases.phrase_words import PhraseUse
from huipai.cases.policies import entering
from huipai.cases.queries import attachments, given, joint, merged, phrases, searching
from huipai.cases.queries import orders as orders_read
from huipai.cases.rules import machine
from huipai.cases.rules import orders as order_rules
from huipai.cases.words import Action, Moment, State
from huipai.grid import queries as grid
from huipai.kit import clock
from huipai.kit.masking import masked
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.searching import LONGEST
from huipai.kit.verdict import Refused
from huipai.people.http import SignedInRequest, signed_in

PAGE = 50


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
    came_late = merged.orders_late_into(page.items)
    shelves = {
        orders_read.TO_DO: _("要办的"), orders_read.WAITING: _("等核查"), orders_read.OVER: _("办过的"),
    }  # fmt: skip
    context = {
        "now": now, "page": page, "view": view if view in shelves else "", "shelves": shelves, "units": units,
        "typed": typed,
        "rows": telling_orders.rows(page.items, units, request.person, now, came_late),
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
    heard = given.heard(one)
    seen = telling.by_moment(given.photos(one), request.person, now)
    is_over = one.ended_at is not None
    question = None if is_over else orders_read.open_question(one.case)
    state, word = telling_orders.chip(one)
    context = {
        **about(one, now),
        "chip_state": state, "chip_word": word,
        "before": seen[Moment.BEFORE] + telling.as_seen(given.photos_of_whole(one), request.person, now),
        "is_over": is_over,
        "after": seen[Moment.AFTER],
        "others": seen[Moment.DISPUTE] + seen[Moment.CHECK],
        **telling_words.for_unit(one, heard),
        "steps": telling_orders.timeline(one, heard.names),
        "sightings": list(given.sightings(one)),
        "attachments": telling_words.papers(attachments.for_order(one), heard.names),
        "belonging": telling_belonging.for_unit(one.case, request.person, now),
        "stages": _stages(one, now),
        "may_attach": not is_over and bool(policies.may_work_on(request.person, one, one.case, now)),
        "may": _may(one, request, now),
        "works": policies.may_work_on(request.person, one, one.case, now),
        "away_words": IsAway.default_reason,
        "is_running": merged.order_is_told(one),
        "asked": None if is_over else orders_read.open_request(one.case),
        "question": question,
        "question_text": masked(question.text, heard.names) if question else "",
        "may_unask": question is not None and _may_take_back(question, one, request, now),
    }  # fmt: skip
    return render(request, "cases/order.jinja", context)


def _stages(one: WorkOrder, now: datetime) -> list[dict[str, object]]:
    """What of the limit is marked; who helps is held to no stage."""
    if one.part != Part.LEAD:
        return []
    return telling_stages.rows(one.case, one, timing.limits_of(one.case.type_then), now)


def _may(one: WorkOrder, request: SignedInRequest, now: datetime) -> dict[str, bool]:
    """Which buttons there are; the commands ask the same questions again."""
    case = one.case
    works = bool(policies.may_work_on(request.person, one, case, now))
    leads = one.part == Part.LEAD
    in_time = one.due_at is None or one.due_at > now
    signed = order_rules.allows(one.state, OrderAction.RESPOND)
    answers = signed and (not leads or machine.allows(case.state, Action.RESPOND))
    returns = order_rules.allows(one.state, OrderAction.RETURN) and not one.is_ruled
    signs = works and order_rules.allows(one.state, OrderAction.SIGN)
    is_away = signs and grid.is_away(request.person, now)
    return {
        "sign": signs and not is_away,
        "sign_when_back": is_away,
        "respond": works and answers,
        "return": works and returns and (not leads or _may_still_return(one)),
        "extend": works and leads and signed and in_time and machine.allows(case.state, Action.ASK_EXTENSION),
        "ask": works and leads and signed and machine.allows(case.state, Action.ASK),
        "take_up": leads and one.ended_at is None and case.state == State.SUSPENDED and case.unit_id == one.unit_id,
    }


def _may_take_back(question: Question, one: WorkOrder, request: SignedInRequest, now: datetime) -> bool:
    """What the unit itself asked, on this order."""
    theirs = question.order_id == one.id and machine.allows(one.case.state, Action.TAKE_BACK_QUESTION)
    return theirs and bool(policies.may_work_on(request.person, one, one.case, now))


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
            refused = tried(
                lambda: working.respond(
                    order_id=one.id,
                    actor=request.person,
                    text=text,
                    photo_ids=sent.all(),
                    seen=round_seen(request.POST),
                    now=now,
                )
            )
            if refused is None:
                messages.success(request, _("已反馈，抽人去核查") if one.part == Part.LEAD else _("已反馈"))
                return redirect("cases:order", order_id=order_id)
    more = {
        "text": text, "photos": uploaded(sent.ids, request.person, now),
        "phrases": phrases.fitting(one.case, PhraseUse.DONE),
        "before": telling.by_moment(given.photos(one), request.person, now)[Moment.BEFORE]
        + telling.as_seen(given.photos_of_whole(one), request.person, now),
    }  # fmt: skip
    return shown_again(request, "cases/order_respond.jinja", one, now, refused, more)
