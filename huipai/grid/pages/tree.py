"""The tree: looked through, and changed node by node."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.base import File
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.grid import commands, policies, queries
from huipai.grid.commands import Part
from huipai.grid.forms import ClosingForm, NameForm, NodeForm, SearchForm, SplitForm, levels_under, moment_of, today
from huipai.grid.models import GridNode
from huipai.grid.pages.desk import at_desk, attempt, find_node, form_page
from huipai.grid.rules.drawing import MAX_BYTES, NotADrawing, plain
from huipai.grid.words import LEVELS, Level
from huipai.kit import clock
from huipai.kit.coordinates import Crs
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.people.http import SignedInRequest
from huipai.people.models import Person

_A_PAGE = 50


@require_GET
@at_desk
def home(request: SignedInRequest) -> HttpResponse:
    """The nodes that this person looks after, level by level or by what is searched."""
    now = clock.now()
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    level = form.cleaned_data["level"] if form.is_valid() else ""
    nodes = queries.visible_to(request.person, now).valid_at(now).select_related("parent").defer("boundary")
    if level or not words:
        nodes = nodes.of_level(Level(level or Level.COMMUNITY))
    page: Page[GridNode] = page_of(
        queries.search(nodes, words).order_by("code", "pk"), request.GET.get("page"), size=_A_PAGE
    )
    shown = {
        "page": page,
        "words": words,
        "level": level or ("" if words else Level.COMMUNITY),
        "levels": LEVELS,
        "keeps_tree": bool(policies.may_keep_tree(request.person, now)),
    }
    return render(request, "grid/home.jinja", shown)


@require_GET
@at_desk
def node(request: SignedInRequest, node_id: UUID) -> HttpResponse:
    """One node: where it stands, how long it holds, who is responsible, what is under it."""
    now = clock.now()
    found = find_node(request, node_id)
    children = GridNode.objects.filter(parent=found).valid_at(now).defer("boundary").order_by("code", "pk")
    shown = {
        "node": found,
        "now": now,
        "above": queries.ancestors(found),
        "seen": _seen_of(request.person, found.ids_above(), now),
        "parts": _parts_of(found),
        "children": page_of(children, request.GET.get("page"), size=_A_PAGE),
        "held": queries.held_in(found, now),
        "residents": queries.residents_in(found, now) if found.level == Level.HOUSEHOLD else None,
        "may_keep": bool(policies.may_keep_node(request.person, found, now)),
        "may_split": found.level == Level.MICRO_GRID and bool(policies.may_keep_tree(request.person, now)),
        "may_assign": policies.may_assign_at_all(request.person, found, now),
        "is_valid": found.is_valid(now),
        "is_planned": found.valid_until is not None and found.valid_until > now,
        "lower": levels_under(Level(found.level)),
    }
    return render(request, "grid/node.jinja", shown)


def _parts_of(node: GridNode) -> list[GridNode]:
    """What it was or is to be split into; a split that was taken back has left nothing."""
    parts = GridNode.objects.filter(succeeds=node).exclude(valid_until=F("valid_from"))
    return list(parts.defer("boundary").order_by("code"))


def _seen_of(person: Person, ids: Sequence[UUID], now: datetime) -> set[UUID]:
    """Those of these nodes that somebody may open."""
    return set(queries.visible_to(person, now).filter(pk__in=ids).values_list("pk", flat=True))


@require_http_methods(["GET", "POST"])
@at_desk
def child(request: SignedInRequest, node_id: UUID) -> HttpResponse:
    """A new node under this one."""
    now = clock.now()
    parent = find_node(request, node_id)
    policies.may_keep_node(request.person, parent, now).require()
    levels = levels_under(Level(parent.level))
    back = reverse("grid:node", args=[parent.pk])
    title = _("在%(name)s下面加一个") % {"name": parent.name}
    if request.method == "GET":
        form = NodeForm(levels=levels, initial={"since": today(now)})
        return form_page(request, form, title=title, back=back, send=_("加上"))
    form = NodeForm(request.POST, levels=levels)
    status = attempt(
        form,
        lambda: commands.create_node(
            level=Level(form.cleaned_data["level"]),
            code=form.cleaned_data["code"],
            name=form.cleaned_data["name"],
            parent=parent,
            valid_from=moment_of(form.cleaned_data["since"], now),
            actor=request.person,
            now=now,
        ),
    )
    if status:
        return form_page(request, form, title=title, back=back, send=_("加上"), status=status)
    messages.success(request, _("加上了"))
    return redirect(back)


@require_http_methods(["GET", "POST"])
@at_desk
def renaming(request: SignedInRequest, node_id: UUID) -> HttpResponse:
    found = find_node(request, node_id)
    policies.may_keep_node(request.person, found, clock.now()).require()
    back = reverse("grid:node", args=[found.pk])
    form = NameForm(request.POST or None, initial={"name": found.name})
    page: dict[str, Any] = {"title": _("改名称"), "back": back, "send": _("改好了")}
    if request.method == "GET":
        return form_page(request, form, **page)
    status = attempt(
        form,
        lambda: commands.rename_node(
            node_id=found.pk, name=form.cleaned_data["name"], actor=request.person, now=clock.now()
        ),
    )
    if status:
        return form_page(request, form, **page, status=status)
    messages.success(request, _("改好了"))
    return redirect(back)


@require_http_methods(["GET", "POST"])
@at_desk
def closing(request: SignedInRequest, node_id: UUID) -> HttpResponse:
    now = clock.now()
    found = find_node(request, node_id)
    policies.may_keep_node(request.person, found, now).require()
    back = reverse("grid:node", args=[found.pk])
    planned = found.valid_until
    form = ClosingForm(request.POST or None, initial={"day": today(planned or now)})
    page: dict[str, Any] = {
        "title": _("停用%(name)s") % {"name": found.name},
        "back": back,
        "send": _("停用"),
        "lead": _("这里的任务那时一起结束；以前的事情都留着。"),
    }
    if request.method == "GET":
        return form_page(request, form, **page)
    status = attempt(
        form,
        lambda: commands.close_node(
            node_id=found.pk, at=moment_of(form.cleaned_data["day"], now), actor=request.person, now=now
        ),
    )
    if status:
        return form_page(request, form, **page, status=status)
    messages.success(request, _("停用了"))
    return redirect(back)


@require_http_methods(["GET", "POST"])
@at_desk
def splitting(request: SignedInRequest, node_id: UUID) -> HttpResponse:
    """Two or more micro-grids in place of one, from a drawing."""
    now = clock.now()
    found = find_node(request, node_id)
    policies.may_keep_tree(request.person, now).require()
    back = reverse("grid:node", args=[found.pk])
    page: dict[str, Any] = {
        "title": _("拆分%(name)s") % {"name": found.name},
        "back": back,
        "send": _("拆分"),
        "lead": _("原来的微网格到那一天为止，以前的事情都留在它那里；楼栋到时候归到所在的新微网格。"),
    }
    if request.method == "GET":
        return form_page(request, SplitForm(initial={"day": today(now)}), **page)
    form = SplitForm(request.POST, request.FILES)
    status = attempt(
        form,
        lambda: commands.split_micro_grid(
            node_id=found.pk,
            parts=_parts(form.cleaned_data["file"]),
            at=moment_of(form.cleaned_data["day"], now),
            source_crs=Crs(form.cleaned_data["crs"]),
            actor=request.person,
            now=now,
        ),
    )
    if status:
        return form_page(request, form, **page, status=status)
    messages.success(request, _("拆好了"))
    return redirect(back)


@require_POST
@at_desk
def keeping(request: SignedInRequest, node_id: UUID) -> HttpResponse:
    """A planned end is taken back before its day: of a closing, or of a split with its parts."""
    now = clock.now()
    found = find_node(request, node_id)
    take_back = commands.withdraw_split if _parts_of(found) else commands.keep_node
    take_back(node_id=found.pk, actor=request.person, now=now)
    messages.success(request, _("撤回了，照旧用下去"))
    return redirect("grid:node", found.pk)


def _parts(file: File[bytes]) -> list[Part]:
    """The parts as the file draws them; the command looks at each shape."""
    content = file.read(MAX_BYTES + 1)
    try:
        features: list[Any] = json.loads(content.decode("utf-8-sig"))["features"] if len(content) <= MAX_BYTES else []
        return [_part(feature) for feature in features]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotADrawing(_("文件要是 GeoJSON，每一块写 code 和 name"), field="file") from error


def _part(feature: dict[str, Any]) -> Part:
    properties = feature["properties"]
    code = plain(str(properties.get("code") or properties["编码"]).strip()[:41])
    name = plain(str(properties.get("name") or properties.get("名称") or code).strip()[:80])
    return Part(code, name, feature["geometry"])
