"""The money behind the shop: proposed by one, approved by another, read by everybody."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.people.http import SignedInRequest
from huipai.shop import commands, policies, queries
from huipai.shop.commands.budgeting import span_of
from huipai.shop.forms import BudgetForm, attempt
from huipai.shop.pages.parts import keepers, money, tabs_for


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
    try:
        commands.approve_budget(budget_id=budget_id, actor=request.person, now=clock.now())
        messages.success(request, _("定下了，已经公布"))
    except Refused as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, refusal.reason)
    return redirect("shop:budget")


def _propose(request: SignedInRequest, form: BudgetForm) -> object:
    told = form.cleaned_data
    return commands.propose_budget(
        begins_on=told["begins_on"], ends_on=told["ends_on"], amount_cents=int(told["amount"] * 100),
        point_cents=int(told["point"] * 100), actor=request.person, now=clock.now(),
    )  # fmt: skip


def _page(request: SignedInRequest, form: BudgetForm, status: int) -> HttpResponse:
    now = clock.now()
    rows = [
        (
            one, money(one.amount_cents), money(queries.spent_of(*span_of(one))) if one.approved_at else "",
            f"{one.point_cents / 100:.2f}",
            not one.approved_at and bool(policies.may_approve_budget(request.person, one.proposed_by, now)),
        )
        for one in queries.budgets()[:20]
    ]  # fmt: skip
    shown = {
        "now": now, "rows": rows, "form": form, "has_errors": bool(form.errors),
        "outstanding": queries.outstanding_points(now), "keeps": bool(policies.may_keep_shop(request.person, now)),
        "may": tabs_for(request.person, now),
    }  # fmt: skip
    return render(request, "shop/budget.jinja", shown, status=status)
