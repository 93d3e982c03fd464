"""我联的户: whom a contact is linked with, what they need, and noting that one came by."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.households import queries
from huipai.households.commands import links, needs
from huipai.households.forms import LinkForm, VisitForm
from huipai.households.models import Link
from huipai.households.pages.parts import A_PAGE, attempt, came_of_asking, choose_page, chosen_of, form_page, place_of
from huipai.households.queries import choosing, standing
from huipai.households.words import WAYS, LinkState, Reason, Way
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.rules import local_date


@require_GET
@signed_in
def contacts(request: SignedInRequest) -> HttpResponse:
    now = clock.now()
    page: Page[Link] = page_of(queries.links_of(request.person, now), request.GET.get("page"), size=A_PAGE)
    waiting = queries.needs_for(request.person, now).exclude(state__in=queries.OVER)
    shown = {
        "now": now,
        "ways": WAYS,
        "page": page,
        "links": [(link, place_of(link.household)) for link in page.items],
        "needs": [(need, place_of(need.household)) for need in waiting[:A_PAGE]],
        "acts_for": standing.acts_for(request.person, now),
    }
    return render(request, "households/contacts.jinja", shown)


@require_http_methods(["GET", "POST"])
@signed_in
def ask_household(request: SignedInRequest) -> HttpResponse:
    """Choose a household, then ask it."""
    now, back = clock.now(), reverse("households:contacts")
    known = choosing.to_link(request.person, now)
    chosen = chosen_of(request, known)
    if request.method == "GET" and chosen is None:
        nothing = _("您的网格里没有还能联的户；联户长只联本组的户，其他的请社区协调员安排")
        return choose_page(request, known, title=_("联一户"), back=back, nothing=nothing, is_desk=False)
    form = LinkForm(request.POST or None, initial={"household": chosen.code if chosen else ""})
    status = 200
    if request.method == "POST":
        status = attempt(
            form,
            lambda: links.ask_household(household=form.cleaned_data["household"], contact=request.person, now=now),
        )
        if not status:
            household = form.cleaned_data["household"]
            messages.success(request, came_of_asking(household, request.person, _("问过了，这一户同意了才算")))
            return redirect("households:contacts")
    return form_page(
        request, form, title=_("联一户"), back=back, send=_("去问"), status=status,
        lead=place_of(chosen) if chosen else "", again=request.path,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@signed_in
def visit(request: SignedInRequest, link_id: UUID) -> HttpResponse:
    now = clock.now()
    link = queries.links_of(request.person, now).filter(pk=link_id, state=LinkState.STANDING).first()
    if link is None:
        raise NotVisible
    open_needs = queries.needs_of(link.household).exclude(state__in=queries.OVER)
    choices = [(str(need.pk), need.get_kind_display()) for need in open_needs]
    form = VisitForm(request.POST or None, needs=choices, initial={"visited_on": local_date(now)})
    status = 200
    if request.method == "POST":
        status = attempt(
            form,
            lambda: links.note_visit(
                link_id=link.pk, way=Way(form.cleaned_data["way"]), reason=Reason(form.cleaned_data["reason"]),
                note=form.cleaned_data["note"], visited_on=form.cleaned_data["visited_on"],
                need_id=UUID(form.cleaned_data["need"]) if form.cleaned_data["need"] else None,
                actor=request.person, now=now,
            ),
        )  # fmt: skip
        if not status:
            messages.success(request, _("记下了，这一户也看得到"))
            return redirect("households:contacts")
    return form_page(
        request, form, title=_("记一次走访"), back=reverse("households:contacts"), send=_("记下"), status=status,
        lead=place_of(link.household),
    )  # fmt: skip


@require_POST
@signed_in
def take_need(request: SignedInRequest, need_id: UUID) -> HttpResponse:
    needs.take(need_id=need_id, actor=request.person, now=clock.now())
    messages.success(request, _("接下了，对方会知道"))
    return redirect("households:contacts")


@require_POST
@signed_in
def finish_need(request: SignedInRequest, need_id: UUID) -> HttpResponse:
    needs.finish(need_id=need_id, actor=request.person, now=clock.now())
    messages.success(request, _("记下了，对方看了说没好就接着帮"))
    return redirect("households:contacts")


@require_POST
@signed_in
def give_up_need(request: SignedInRequest, need_id: UUID) -> HttpResponse:
    needs.give_up(need_id=need_id, actor=request.person, now=clock.now())
    messages.success(request, _("记下了，对方可以再说一次"))
    return redirect("households:contacts")
