"""What a unit asks of the hub or of the reporter: to take an order back, more time, a question."""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huipai.cases.commands import asking, working
from huipai.cases.order_words import ExtensionGround, RequestKind, ReturnGround
from huipai.cases.pages.order_forms import shown_again, tried
from huipai.cases.queries import orders as orders_read
from huipai.cases.rules import lateness
from huipai.grid.models import Unit
from huipai.kit import clock
from huipai.kit.verdict import NotVisible, Refused
from huipai.people.http import SignedInRequest, signed_in

_CHINA = ZoneInfo("Asia/Shanghai")


@require_http_methods(["GET", "POST"])
@signed_in
def send_back(request: SignedInRequest, order_id: UUID) -> HttpResponse:
    """Not this unit's: with a ground, a word, and whose it is."""
    now = clock.now()
    one = orders_read.order_for(request.person, order_id, now)
    reason, text, owner = (request.POST.get(name, "") for name in ("reason", "text", "owner"))
    refused: Refused | None = None
    if request.method == "POST":
        refused = tried(
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
    return shown_again(request, "cases/order_return.jinja", one, now, refused, more)


@require_http_methods(["GET", "POST"])
@signed_in
def extend(request: SignedInRequest, order_id: UUID) -> HttpResponse:
    """More working days, or set aside until a day; both with a ground, and the hub decides."""
    now = clock.now()
    one = orders_read.order_for(request.person, order_id, now)
    typed = {name: request.POST.get(name, "") for name in ("kind", "reason", "text", "days", "until")}
    refused: Refused | None = None
    if request.method == "POST":
        refused = tried(lambda: _ask_for_time(one.id, request, typed, now))
        if refused is None:
            messages.success(request, _("报上去了，批下来以前时间照算"))
            return redirect("cases:order", order_id=order_id)
    more = {
        **typed, "kind": typed["kind"] or RequestKind.EXTENSION, "reasons": _options(ExtensionGround),
        "may_rest": not lateness.has_passed(one.case.due_at, now),
    }  # fmt: skip
    return shown_again(request, "cases/order_extend.jinja", one, now, refused, more)


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
        refused = tried(lambda: asking.ask_for_unit(order_id=one.id, actor=request.person, text=text, now=now))
        if refused is None:
            messages.success(request, _("问过去了，回答了会告诉您"))
            return redirect("cases:order", order_id=order_id)
    return shown_again(request, "cases/order_ask.jinja", one, now, refused, {"text": text})


@require_POST
@signed_in
def take_back(request: SignedInRequest, order_id: UUID, question_id: UUID) -> HttpResponse:
    """The unit wants no answer any more to what it asked."""
    one = orders_read.order_for(request.person, order_id, clock.now())
    if not one.case.questions.filter(pk=question_id, order=one).exists():
        raise NotVisible
    asking.take_back(question_id=question_id, actor=request.person, now=clock.now())
    messages.success(request, _("收回了，上报人看得到不用回答"))
    return redirect("cases:order", order_id=order_id)


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
