"""The money behind the shop: proposed by one, approved by another, read by everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, Moved, NotAllowed
from huipai.people.http import SignedInRequest
from huipai.shop import commands, policies, queries
from huipai.shop.commands.budgeting import span_of
from huipai.shop.forms import BudgetForm, attempt
from huipai.shop.models import Budget
from huipai.shop.pages.parts import keepers, money, tabs_for

A_PAGE = 20


@require_http_methods(["GET", "POST"])
@keepers
def home(request: SignedInRequest) -> HttpResponse:
    """Every budget with what was spent of it; the form to propose the next."""
    form = BudgetForm(request.POST or None)
    if request.method == "POST":
        status = attempt(form, lambda: _propose(request, form))
        if not status:
            messages.success(request, _("提出了，等街道负责人来定"))
            return redirect("shop:budget")
        return _page(request, form, status)
    return _page(request, form, 200)


@require_POST
@keepers
def approve(request: SignedInRequest, budget_id: UUID) -> HttpResponse:
    return _decided(
        request,
        lambda: commands.approve_budget(budget_id=budget_id, actor=request.person, now=clock.now()),
        _("定下了，已经公布"),
    )


@require_POST
@keepers
def refuse(request: SignedInRequest, budget_id: UUID) -> HttpResponse:
    """No, with a reason; without one the page stands there again."""
    reason = request.POST.get("reason", "")
    try:
        commands.refuse_budget(budget_id=budget_id, actor=request.person, reason=reason, now=clock.now())
    except Invalid as refusal:
        return _page(request, BudgetForm(), refusal.status, _Refusing(budget_id, reason, refusal.reason))
    except (Moved, NotAllowed) as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, _("没有同意，提出的人会看到原因"))
    return redirect("shop:budget")


@require_POST
@keepers
def withdraw(request: SignedInRequest, budget_id: UUID) -> HttpResponse:
    return _decided(
        request,
        lambda: commands.withdraw_budget(budget_id=budget_id, actor=request.person, now=clock.now()),
        _("撤回了"),
    )


def _decided(request: SignedInRequest, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
    except (Moved, NotAllowed) as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, said)
    return redirect("shop:budget")


def _propose(request: SignedInRequest, form: BudgetForm) -> object:
    told = form.cleaned_data
    return commands.propose_budget(
        begins_on=told["begins_on"], ends_on=told["ends_on"], amount_cents=int(told["amount"] * 100),
        point_cents=int(told["point"] * 100), actor=request.person, now=clock.now(),
    )  # fmt: skip


@dataclass(frozen=True)
class _Refusing:
    """A no that lacks its reason: of which budget, what was typed, what is wrong with it."""

    budget_id: UUID
    typed: str
    wrong: str


@dataclass(frozen=True)
class _Row:
    one: Budget
    amount: str
    spent: str
    point: str
    may_decide: bool
    may_withdraw: bool
    # What is published for its days, and ends before it once this is.
    replaces: list[Budget]

    @property
    def without_any(self) -> tuple[date, date] | None:
        """From when until when nothing is published any more once this is: what it replaces lasted longer."""
        last = max((other.last_day for other in self.replaces), default=self.one.ends_on)
        return (self.one.ends_on + timedelta(days=1), last) if last > self.one.ends_on else None


def _row(request: SignedInRequest, one: Budget, now: datetime) -> _Row:
    is_open = not one.approved_at and not one.ended_at
    return _Row(
        one, money(one.amount_cents), money(queries.spent_of(*span_of(one))) if one.approved_at else "",
        f"{one.point_cents / 100:.2f}",
        is_open and bool(policies.may_approve_budget(request.person, one.proposed_by, now)),
        is_open and bool(policies.may_withdraw_budget(request.person, one)),
        list(queries.published_between(one.begins_on, one.ends_on)) if is_open else [],
    )  # fmt: skip


def _page(request: SignedInRequest, form: BudgetForm, status: int, refusing: _Refusing | None = None) -> HttpResponse:
    now = clock.now()
    page: Page[Budget] = page_of(queries.budgets(), request.GET.get("page"), size=A_PAGE)
    shown = {
        "now": now, "rows": [_row(request, one, now) for one in page.items], "page": page, "form": form,
        "has_errors": bool(form.errors or refusing), "refusing": refusing,
        "outstanding": queries.outstanding_points(now), "keeps": bool(policies.may_keep_shop(request.person, now)),
        "may": tabs_for(request.person, now),
    }  # fmt: skip
    return render(request, "shop/budget.jinja", shown, status=status)
