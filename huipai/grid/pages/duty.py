"""Who is responsible: listed, assigned, handed over, ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.grid import commands, policies, queries
from huipai.grid.forms import (
    AssignmentForm,
    DeputyForm,
    EndingForm,
    HandOverForm,
    SearchForm,
    moment_of,
    roles_for,
    today,
)
from huipai.grid.models import Assignment, GridNode, Unit
from huipai.grid.pages.desk import at_desk, attempt, find_node, form_page
from huipai.grid.words import Level
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people.http import SignedInRequest
from huipai.people.words import Role

_A_PAGE = 50
# Three forms on one page.
_HAND_OVER, _DEPUTY, _ENDING = "hand-over-%s", "deputy-%s", "ending-%s"


@require_GET
@at_desk
def assignments(request: SignedInRequest) -> HttpResponse:
    """Who is responsible for what, by the place; nobody is counted or compared."""
    now = clock.now()
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    found = queries.scopes_of(request.person, now).filter(Q(valid_until=None) | Q(valid_until__gt=now))
    if words:
        found = found.filter(
            Q(person__name__icontains=words) | Q(node__code__istartswith=words) | Q(unit__code__istartswith=words)
        )
    listed = found.with_absences(now).select_related("person", "deputy", "node", "unit")
    page: Page[Assignment] = page_of(
        listed.order_by("node__code", "unit__code", "role", "pk"), request.GET.get("page"), size=_A_PAGE
    )
    shown = {
        "page": page, "words": words, "now": now, "keeps_tree": bool(policies.may_keep_tree(request.person, now)),
    }  # fmt: skip
    return render(request, "grid/assignments.jinja", shown)


@require_GET
@at_desk
def assignment(request: SignedInRequest, assignment_id: UUID) -> HttpResponse:
    found = _find(request, assignment_id)
    return _assignment_page(request, found)


def _assignment_page(
    request: SignedInRequest, found: Assignment, *, wrong: Form | None = None, status: int = 200
) -> HttpResponse:
    now = clock.now()
    shown: dict[str, Any] = {
        "hand_over": HandOverForm(initial={"day": today(now)}, auto_id=_HAND_OVER),
        "deputy": DeputyForm(auto_id=_DEPUTY),
        "ending": EndingForm(initial={"day": today(now)}, auto_id=_ENDING),
    }
    for name, form in shown.items():
        if wrong is not None and type(wrong) is type(form):
            shown[name] = wrong
    verdict = policies.may_assign(request.person, Role(found.role), found.node, found.person, now)
    is_running = found.valid_until is None or found.valid_until > now
    shown |= {
        "held": found,
        "now": now,
        "role": str(Role(found.role).label),
        "may_change": bool(verdict) and is_running,
        "wrong": wrong,
        "has_errors": wrong is not None,
    }
    return render(request, "grid/assignment.jinja", shown, status=status)


@require_http_methods(["GET", "POST"])
@at_desk
def assign_node(request: SignedInRequest, node_id: UUID) -> HttpResponse:
    node = find_node(request, node_id)
    return _assign(request, reverse("grid:node", args=[node.pk]), node.name, roles_for(Level(node.level)), node=node)


@require_http_methods(["GET", "POST"])
@at_desk
def assign_unit(request: SignedInRequest, unit_id: UUID) -> HttpResponse:
    unit = Unit.objects.filter(pk=unit_id, is_active=True).first()
    if unit is None:
        raise NotVisible
    return _assign(request, reverse("grid:unit", args=[unit.pk]), unit.name, roles_for(None), unit=unit)


def _assign(
    request: SignedInRequest,
    back: str,
    name: str,
    roles: list[Role],
    *,
    node: GridNode | None = None,
    unit: Unit | None = None,
) -> HttpResponse:
    now = clock.now()
    if not policies.may_assign_at_all(request.person, node, now):
        raise NotAllowed
    page: dict[str, Any] = {"title": _("%(name)s由谁负责") % {"name": name}, "back": back, "send": _("派给他")}
    if request.method == "GET":
        return form_page(request, AssignmentForm(roles=roles, initial={"since": today(now)}), **page)
    form = AssignmentForm(request.POST, roles=roles)

    def act() -> None:
        typed = form.cleaned_data
        commands.assign(
            person=typed["person"],
            role=Role(typed["role"]),
            node=node,
            unit=unit,
            valid_from=moment_of(typed["since"], now),
            valid_until=moment_of(typed["until"], now) if typed["until"] else None,
            deputy=typed["deputy"],
            actor=request.person,
            now=now,
        )

    status = attempt(form, act)
    if status:
        return form_page(request, form, **page, status=status)
    messages.success(request, _("派好了"))
    return redirect(back)


@require_POST
@at_desk
def handing_over(request: SignedInRequest, assignment_id: UUID) -> HttpResponse:
    form = HandOverForm(request.POST, auto_id=_HAND_OVER)
    now = clock.now()
    return _change(
        request,
        assignment_id,
        form,
        lambda: commands.hand_over(
            assignment_id=assignment_id,
            to=form.cleaned_data["to"],
            at=moment_of(form.cleaned_data["day"], now),
            actor=request.person,
            now=now,
        ),
    )


@require_POST
@at_desk
def naming(request: SignedInRequest, assignment_id: UUID) -> HttpResponse:
    form = DeputyForm(request.POST, auto_id=_DEPUTY)
    return _change(
        request,
        assignment_id,
        form,
        lambda: commands.name_deputy(
            assignment_id=assignment_id, deputy=form.cleaned_data["deputy"], actor=request.person, now=clock.now()
        ),
    )


@require_POST
@at_desk
def ending(request: SignedInRequest, assignment_id: UUID) -> HttpResponse:
    form = EndingForm(request.POST, auto_id=_ENDING)
    now = clock.now()
    return _change(
        request,
        assignment_id,
        form,
        lambda: commands.end_assignment(
            assignment_id=assignment_id, at=moment_of(form.cleaned_data["day"], now), actor=request.person, now=now
        ),
    )


def _change(request: SignedInRequest, assignment_id: UUID, form: Form, act: Callable[[], object]) -> HttpResponse:
    found = _find(request, assignment_id)
    status = attempt(form, act)
    if status:
        return _assignment_page(request, found, wrong=form, status=status)
    messages.success(request, _("改好了"))
    return redirect("grid:assignment", assignment_id=assignment_id)


def _find(request: SignedInRequest, assignment_id: UUID) -> Assignment:
    """An assignment in what this person may look at; any other does not exist."""
    seen = queries.scopes_of(request.person, clock.now()).with_absences(clock.now())
    found = seen.select_related("person", "deputy", "node", "unit").filter(pk=assignment_id).first()
    if found is None:
        raise NotVisible
    return found
