"""Departments ask, the board decides: proposals, their review, and the list of what is admitted until when."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.grid import queries as grid
from huipai.grid.models import Unit
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible
from huipai.people.http import SignedInRequest
from huipai.people.words import Role
from huipai.rulebook import commands, policies, queries, rules
from huipai.rulebook.forms import AdmitForm, DeclineForm, MendForm, ProposalForm, ReasonForm, TermsForm
from huipai.rulebook.models import Proposal
from huipai.rulebook.pages.desk import at_desk, attempt, seen_by, to_send_back
from huipai.rulebook.pages.items import item_page
from huipai.rulebook.rules import saying
from huipai.rulebook.words import OPEN_REVIEWS, Review

_A_PAGE = 30


@require_GET
@at_desk
def proposals(request: SignedInRequest) -> HttpResponse:
    now = clock.now()
    found = queries.proposals_for(request.person, now)
    page: Page[Proposal] = page_of(found, request.GET.get("page"), size=_A_PAGE)
    rows = [(each, each.item_terms(), _waits(each)) for each in page.items]
    shown = {"page": page, "rows": rows, "may_propose": bool(_units(request)), "now": now}
    return render(request, "rulebook/proposals.jinja", shown)


def _waits(proposal: Proposal) -> bool:
    return proposal.state in OPEN_REVIEWS


@require_http_methods(["GET", "POST"])
@at_desk
def propose(request: SignedInRequest) -> HttpResponse:
    """Ask for an item. What the linter finds is shown at its field; sent all the same, it is kept as refused."""
    units = _units(request)
    if not units:
        policies.may_propose(request.person, Unit(), clock.now()).require()
    form = ProposalForm(request.POST or None, units=units, initial={"lot_months": 24, **_copied(request)})
    page: dict[str, Any] = {
        "title": _("提一个条目"), "back": reverse("rulebook:proposals"), "send": _("交给审议组"),
        "lead": _("审议组看三样：是不是网格里的事，有没有依据，要多少人填多少表。系统已有的不用再填。"),
    }  # fmt: skip
    if request.method == "GET":
        return item_page(request, form, **page)
    made: list[Proposal] = []

    def act() -> None:
        unit = next(unit for unit in units if str(unit.pk) == form.cleaned_data["unit"])
        code = form.cleaned_data["code"]
        ask, terms = (
            (commands.propose, form.terms(code)) if code
            else (commands.propose_new, form.terms(f"{form.cleaned_data['port']}-"))
        )  # fmt: skip
        made.append(ask(unit=unit, proposer=request.person, terms=terms, now=clock.now()))

    if status := attempt(form, act):
        return item_page(request, form, **page, status=status)
    if made[0].state == Review.REFUSED:
        messages.error(request, _("条目检查没通过，看看哪里要改"))
    else:
        messages.success(request, _("交上去了，审议组 14 天内答复"))
    return redirect("rulebook:proposal", proposal_id=made[0].pk)


def _units(request: SignedInRequest) -> list[Unit]:
    held = grid.roles_of(request.person, clock.now())
    found = {each.unit.pk: each.unit for each in held if each.role == Role.UNIT_LEAD and each.unit}
    return [unit for unit in found.values() if unit.is_active]


def _copied(request: SignedInRequest) -> dict[str, Any]:
    """What a new proposal takes over from one that was refused, or from the item in force that it is to change."""
    source = request.GET.get("from", "")
    item = queries.item_in_force(source, clock.now()) if source else None
    if item is not None:
        return {**_initial(item.terms()), "code": source, "port": item.port, "why": ""}
    try:
        again = _find(request, UUID(source)) if source else None
    except ValueError:
        return {}
    return {**_initial(again.item_terms()), "port": again.item_terms().port} if again else {}


def _initial(terms: rules.Terms) -> dict[str, Any]:
    """The form of an item as a department asks for it: it does not say itself what is known."""
    return TermsForm.initial_of(replace(terms, asked_fields=rules.without_judgement(terms.asked_fields)))


@require_GET
@at_desk
def proposal(request: SignedInRequest, proposal_id: UUID) -> HttpResponse:
    return _proposal(request, _find(request, proposal_id))


def _proposal(request: SignedInRequest, found: Proposal, status: int = 200, **forms: Form) -> HttpResponse:
    now = clock.now()
    terms = found.item_terms()
    cost = rules.price(terms)
    current = queries.item_in_force(found.code, found.proposed_at)
    may_propose = bool(policies.may_propose(request.person, found.unit, now))
    shown = {
        "proposal": found, "terms": terms, "lines": saying.said(terms), "now": now, "cost": cost,
        "hours": saying.hours(float(cost.hours)), "is_change": current is not None,
        "findings": [rule for rule in rules.RULES if rule.code in found.findings],
        "judged": _judged(request, found), "seen": to_send_back(request, found.digest, status),
        "may_review": found.is_to_review and policies.may_review(request.person, found, now),
        "may_mend": found.state == Review.RETURNED and may_propose,
        "may_take_back": found.state in OPEN_REVIEWS and may_propose and not queries.is_written(found),
        "may_copy": found.state in (Review.REFUSED, Review.LAPSED, Review.DECLINED) and may_propose,
        "admit": forms.get("admit") or AdmitForm(initial={"ground": terms.legal_ground}),
        "give_back": forms.get("give_back") or ReasonForm(prefix="back"),
        "decline": forms.get("decline") or DeclineForm(prefix="no"),
        "take_back": forms.get("take_back") or ReasonForm(prefix="own"),
        "errors": next(iter(forms.values()), None), "has_errors": bool(forms),
    }  # fmt: skip
    return render(request, "rulebook/proposal.jinja", shown, status=status)


@require_POST
@at_desk
def admit(request: SignedInRequest, proposal_id: UUID) -> HttpResponse:
    found, form = _find(request, proposal_id), AdmitForm(request.POST)
    status = attempt(
        form,
        lambda: commands.admit(
            proposal_id=found.pk, actor=request.person, ground=form.cleaned_data["ground"],
            until=form.cleaned_data["until"], reason=form.cleaned_data["reason"],
            is_grid_work=form.cleaned_data["is_grid_work"], now=clock.now(), known=_judged(request, found),
            known_reason=form.cleaned_data["known_reason"], seen=seen_by(request),
        ),
    )  # fmt: skip
    if status:
        return _proposal(request, _find(request, proposal_id), status, admit=form)
    messages.success(request, _("准入了，条目编辑会写进草稿"))
    return redirect("rulebook:proposal", proposal_id=found.pk)


def _judged(request: SignedInRequest, found: Proposal) -> dict[str, bool]:
    """What is said of each field that is asked, by its name, where something is said."""
    asked = rules.price(found.item_terms()).asked
    said = {one.name: request.POST.get(f"field-{one.name}", "") for one in asked}
    return {name: answer == "known" for name, answer in said.items() if answer in ("known", "new")}


@require_POST
@at_desk
def give_back(request: SignedInRequest, proposal_id: UUID) -> HttpResponse:
    found, form = _find(request, proposal_id), ReasonForm(request.POST, prefix="back")
    status = attempt(
        form,
        lambda: commands.give_back(
            proposal_id=found.pk, actor=request.person, reason=form.cleaned_data["reason"], now=clock.now(),
            seen=seen_by(request),
        ),
    )  # fmt: skip
    if status:
        return _proposal(request, _find(request, proposal_id), status, give_back=form)
    messages.success(request, _("退回给单位补充"))
    return redirect("rulebook:proposal", proposal_id=found.pk)


@require_POST
@at_desk
def decline(request: SignedInRequest, proposal_id: UUID) -> HttpResponse:
    found, form = _find(request, proposal_id), DeclineForm(request.POST, prefix="no")
    status = attempt(
        form,
        lambda: commands.decline(
            proposal_id=found.pk, actor=request.person, reason=form.cleaned_data["reason"],
            is_grid_work=form.cleaned_data["is_grid_work"], now=clock.now(), seen=seen_by(request),
        ),
    )  # fmt: skip
    if status:
        return _proposal(request, _find(request, proposal_id), status, decline=form)
    messages.success(request, _("记下了，理由已经告诉单位"))
    return redirect("rulebook:proposal", proposal_id=found.pk)


@require_POST
@at_desk
def take_back(request: SignedInRequest, proposal_id: UUID) -> HttpResponse:
    found, form = _find(request, proposal_id), ReasonForm(request.POST, prefix="own")
    status = attempt(
        form,
        lambda: commands.take_proposal_back(
            proposal_id=found.pk, actor=request.person, reason=form.cleaned_data["reason"], now=clock.now()
        ),
    )
    if status:
        return _proposal(request, found, status, take_back=form)
    messages.success(request, _("撤回了"))
    return redirect("rulebook:proposal", proposal_id=found.pk)


@require_http_methods(["GET", "POST"])
@at_desk
def mend(request: SignedInRequest, proposal_id: UUID) -> HttpResponse:
    """Hand in again what was given back."""
    found = _find(request, proposal_id)
    policies.may_propose(request.person, found.unit, clock.now()).require()
    form = MendForm(request.POST or None, initial=_initial(found.item_terms()))
    back = reverse("rulebook:proposal", args=[found.pk])
    page: dict[str, Any] = {
        "title": _("改「%(title)s」") % {"title": found.item_terms().title}, "back": back, "send": _("再交一次"),
        "lead": found.reason, "code": found.code,
    }  # fmt: skip
    if request.method == "GET":
        return item_page(request, form, **page)
    status = attempt(
        form,
        lambda: commands.propose_again(
            proposal_id=found.pk, proposer=request.person, terms=form.terms(found.code), now=clock.now()
        ),
    )
    if status:
        return item_page(request, form, **page, status=status)
    messages.success(request, _("交上去了，审议组 14 天内答复"))
    return redirect(back)


@require_GET
@at_desk
def admissions(request: SignedInRequest) -> HttpResponse:
    """What is in the grid by admission, and until when; each leads to its review, for whoever may read that."""
    now = clock.now()
    items = [(each, each.admission) for each in queries.admissions(now) if each.admission]
    asked = [admission.pk for _item, admission in items]
    opens = set(queries.proposals_for(request.person, now).filter(pk__in=asked).values_list("pk", flat=True))
    rows = [
        (each, saying.hours(admission.minutes_a_month / 60), admission.pk in opens) for each, admission in items
    ]  # fmt: skip
    shown = {"rows": rows, "now": now, "today": queries.local_date(now), "version": queries.in_force(now)}
    return render(request, "rulebook/admissions.jinja", shown)


def _find(request: SignedInRequest, proposal_id: UUID) -> Proposal:
    found = queries.proposals_for(request.person, clock.now()).filter(pk=proposal_id)
    found = found.select_related("unit", "proposer", "decided_by")
    proposal = found.first()
    if proposal is None:
        raise NotVisible
    return proposal
