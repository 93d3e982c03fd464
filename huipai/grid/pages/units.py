"""The units that handle things."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.grid import commands, policies, queries
from huipai.grid.commands.refusals import NodeIsClosed
from huipai.grid.forms import NameForm, UnitForm
from huipai.grid.models import GridNode, Unit
from huipai.grid.pages.desk import at_desk, attempt, form_page
from huipai.grid.words import UnitKind
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible
from huipai.people.http import SignedInRequest

_A_PAGE = 50


@require_GET
@at_desk
def units(request: SignedInRequest) -> HttpResponse:
    page: Page[Unit] = page_of(queries.units_in_force(), request.GET.get("page"), size=_A_PAGE)
    keeps_tree = bool(policies.may_keep_tree(request.person, clock.now()))
    return render(request, "grid/units.jinja", {"page": page, "keeps_tree": keeps_tree})


@require_GET
@at_desk
def unit(request: SignedInRequest, unit_id: UUID) -> HttpResponse:
    now = clock.now()
    found = _find(unit_id)
    shown = {
        "unit": found,
        "kind": str(UnitKind(found.kind).label),
        "held": queries.held_in_unit(found, now),
        "opens": queries.scopes_of(request.person, now).filter(unit=found).exists(),
        "may_keep": bool(policies.may_keep_tree(request.person, now)) and found.is_active,
        "now": now,
    }
    return render(request, "grid/unit.jinja", shown)


@require_http_methods(["GET", "POST"])
@at_desk
def new_unit(request: SignedInRequest) -> HttpResponse:
    now = clock.now()
    policies.may_keep_tree(request.person, now).require()
    page: dict[str, Any] = {"title": _("加一个处置单位"), "back": reverse("grid:units"), "send": _("加上")}
    form = UnitForm(request.POST or None)
    if request.method == "GET":
        return form_page(request, form, **page)
    status = attempt(
        form,
        lambda: commands.create_unit(
            code=form.cleaned_data["code"],
            name=form.cleaned_data["name"],
            kind=UnitKind(form.cleaned_data["kind"]),
            node=_node(form.cleaned_data["node"]),
            actor=request.person,
            now=now,
        ),
    )
    if status:
        return form_page(request, form, **page, status=status)
    messages.success(request, _("加上了"))
    return redirect("grid:units")


@require_http_methods(["GET", "POST"])
@at_desk
def renaming_unit(request: SignedInRequest, unit_id: UUID) -> HttpResponse:
    found = _find(unit_id)
    policies.may_keep_tree(request.person, clock.now()).require()
    back = reverse("grid:unit", args=[found.pk])
    page: dict[str, Any] = {"title": _("改名称"), "back": back, "send": _("改好了")}
    form = NameForm(request.POST or None, initial={"name": found.name})
    if request.method == "GET":
        return form_page(request, form, **page)
    status = attempt(
        form,
        lambda: commands.rename_unit(
            unit_id=found.pk, name=form.cleaned_data["name"], actor=request.person, now=clock.now()
        ),
    )
    if status:
        return form_page(request, form, **page, status=status)
    messages.success(request, _("改好了"))
    return redirect(back)


@require_POST
@at_desk
def closing_unit(request: SignedInRequest, unit_id: UUID) -> HttpResponse:
    commands.close_unit(unit_id=unit_id, actor=request.person, now=clock.now())
    messages.success(request, _("停用了"))
    return redirect("grid:units")


def _find(unit_id: UUID) -> Unit:
    found = Unit.objects.select_related("node").filter(pk=unit_id).first()
    if found is None:
        raise NotVisible
    return found


def _node(code: str) -> GridNode | None:
    if not code:
        return None
    found = queries.by_code(code, clock.now())
    if found is None:
        raise NodeIsClosed(_("没有编码是 %(code)s 的网格") % {"code": code}, field="node")
    return found
