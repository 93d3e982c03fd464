"""A gift, its price and its limits: proposed by one, opened by another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, Moved, NotAllowed
from huipai.people.http import SignedInRequest
from huipai.shop import commands, policies, queries, telling
from huipai.shop.forms import ItemForm, NewItemForm, attempt, item_values
from huipai.shop.models import ItemProposal
from huipai.shop.pages.parts import form_page, keepers, money, tabs_for
from huipai.shop.pages.public import find
from huipai.shop.words import ProposalState

A_PAGE = 20


@require_http_methods(["GET", "POST"])
@keepers
def new(request: SignedInRequest) -> HttpResponse:
    form = NewItemForm(request.POST or None)
    page: dict[str, Any] = {
        "title": _("提一件新的"), "back": reverse("shop:desk"), "send": _("提出来"),
        "lead": _("另一位社区协调员或街道负责人同意以后才上架。"),
    }  # fmt: skip
    if request.method == "GET":
        return form_page(request, form, **page)
    status = attempt(
        form,
        lambda: commands.propose_item(offer=form.offer(), plan=form.plan(), actor=request.person, now=clock.now()),
    )
    if status:
        return form_page(request, form, **page, status=status)
    messages.success(request, _("提出了，等另一位来定"))
    return redirect("shop:proposals")


@require_http_methods(["GET", "POST"])
@keepers
def change(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    item = find(item_id)
    form = ItemForm(request.POST or None, initial=item_values(item))
    page: dict[str, Any] = {
        "title": _("改%(item)s") % {"item": item.name}, "back": reverse("shop:desk_item", args=[item.id]),
        "send": _("提出来"), "lead": _("另一位同意以后才改；已经订出去的，还是订的时候的分数。"),
    }  # fmt: skip
    if request.method == "GET":
        return form_page(request, form, **page)
    status = attempt(
        form,
        lambda: commands.propose_change(item_id=item.id, offer=form.offer(), actor=request.person, now=clock.now()),
    )
    if status:
        return form_page(request, form, **page, status=status)
    messages.success(request, _("提出了，等另一位来定"))
    return redirect("shop:proposals")


@require_GET
@keepers
def proposals(request: SignedInRequest) -> HttpResponse:
    """What waits for another first, then what became of the rest."""
    return _page(request, 200)


@require_POST
@keepers
def approve(request: SignedInRequest, proposal_id: UUID) -> HttpResponse:
    return _decided(
        request,
        lambda: commands.open_item(proposal_id=proposal_id, actor=request.person, now=clock.now()),
        _("定下了，现在起照这样"),
    )


@require_POST
@keepers
def refuse(request: SignedInRequest, proposal_id: UUID) -> HttpResponse:
    """No, with a reason; without one the page stands there again."""
    reason = request.POST.get("reason", "")
    try:
        commands.refuse_item(proposal_id=proposal_id, actor=request.person, reason=reason, now=clock.now())
    except Invalid as refusal:
        return _page(request, refusal.status, _Refusing(proposal_id, reason, str(refusal.reason)))
    except (Moved, NotAllowed) as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, _("没有同意，提出的人会看到原因"))
    return redirect("shop:proposals")


@require_POST
@keepers
def withdraw(request: SignedInRequest, proposal_id: UUID) -> HttpResponse:
    return _decided(
        request,
        lambda: commands.withdraw_proposal(proposal_id=proposal_id, actor=request.person, now=clock.now()),
        _("撤回了"),
    )


def _decided(request: SignedInRequest, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
    except (Invalid, Moved, NotAllowed) as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, said)
    return redirect("shop:proposals")


@dataclass(frozen=True)
class _Refusing:
    """A no that lacks its reason: of which proposal, what was typed, what is wrong with it."""

    proposal_id: UUID
    typed: str
    wrong: str


@dataclass(frozen=True)
class _Row:
    one: ItemProposal
    lines: list[tuple[str, str, str]]
    cost: str
    may_decide: bool
    may_withdraw: bool


def _row(request: SignedInRequest, one: ItemProposal, now: datetime) -> _Row:
    waits = one.state == ProposalState.PROPOSED
    return _Row(
        one, telling.proposal_lines(one), money(one.cost_cents) if one.cost_cents else "",
        waits and bool(policies.may_open_item(request.person, one.proposed_by, now)),
        waits and bool(policies.may_withdraw_proposal(request.person, one)),
    )  # fmt: skip


def _page(request: SignedInRequest, status: int, refusing: _Refusing | None = None) -> HttpResponse:
    now = clock.now()
    page: Page[ItemProposal] = page_of(queries.proposals(), request.GET.get("page"), size=A_PAGE)
    shown = {
        "now": now, "rows": [_row(request, one, now) for one in page.items], "page": page, "refusing": refusing,
        "has_errors": bool(refusing), "keeps": bool(policies.may_keep_shop(request.person, now)),
        "may": tabs_for(request.person, now),
    }  # fmt: skip
    return render(request, "shop/proposals.jinja", shown, status=status)
