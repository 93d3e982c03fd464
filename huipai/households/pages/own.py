"""我家: a household's contacts, wishes, needs, visits and points, for every grown-up who lives there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.grid import policies as homes
from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.households import policies, queries
from huipai.households.commands import assessing, groups, links, needs
from huipai.households.forms import ContactForm, NeedForm, ObjectionForm, WishForm
from huipai.households.models import Assessment, Link, Need, Visit
from huipai.households.pages.parts import (
    A_PAGE,
    attempt,
    came_of_asking,
    form_page,
    home_of,
    masked,
    name_at_home,
    place_of,
    told,
)
from huipai.households.queries import asking
from huipai.households.words import WAYS, LinkState, NeedKind, NeedState, Way
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.points import queries as points
from huipai.points.rules import Holder


@require_GET
@signed_in
def home(request: SignedInRequest) -> HttpResponse:
    now = clock.now()
    household = grid.household_of(request.person, now)
    if household is None:
        return _nowhere(request, now)
    asked: Page[Need] = page_of(queries.needs_of(household), request.GET.get("page"), size=A_PAGE)
    incentives: Page[Assessment] = page_of(
        queries.assessments_of(household), request.GET.get("incentives"), size=A_PAGE
    )
    shown = {
        "now": now,
        "ways": WAYS,
        "place": place_of(household),
        "speaks": bool(policies.may_speak_for(request.person, household, now)),
        "leaves": bool(homes.may_leave_home(request.person, now)),
        "group": queries.group_of(household, now),
        "links": [(link, name_at_home(link)) for link in queries.links_of_home(household)],
        "needs": asked,
        "left": {one.pk for one in asked.items if one.state == NeedState.TAKEN and not policies.is_in_hand(one, now)},
        "visits": _visits(request, household),
        "balance": points.balance_of(Holder(household_id=household.id), now),
        "incentives": told(incentives.items),
        "more_incentives": incentives,
    }
    return render(request, "households/home.jinja", shown)


def _visits(request: SignedInRequest, household: GridNode) -> Page[Visit]:
    """Each of them can be read, and said not to have been, however many were noted."""
    return page_of(queries.visits_to(household), request.GET.get("visits"), size=A_PAGE)


def _nowhere(request: SignedInRequest, now: datetime) -> HttpResponse:
    """Registered nowhere: where to register, and where somebody lived until lately, if they live there still."""
    last = grid.last_home_of(request.person, now)
    shown: dict[str, object] = {"place": "", "now": now, "last": None}
    if last is not None:
        shown["last"] = {"id": last.pk, "place": place_of(last.household), "valid_until": last.valid_until}
        shown["said"] = last.disputes.first()
    return render(request, "households/home.jinja", shown)


@require_http_methods(["GET", "POST"])
@signed_in
def raise_need(request: SignedInRequest) -> HttpResponse:
    household = home_of(request)
    form = NeedForm(request.POST or None, initial={"need_id": new_id()})
    status = 200
    if request.method == "POST":
        status = attempt(
            form,
            lambda: needs.raise_need(
                need_id=form.cleaned_data["need_id"], household=household, kind=NeedKind(form.cleaned_data["kind"]),
                text=form.cleaned_data["text"], actor=request.person, now=clock.now(),
            ),
        )  # fmt: skip
        if not status:
            messages.success(request, _("记下了，您家的联户人看得到"))
            return redirect("households:home")
    return form_page(
        request, form, title=_("说一件要帮的事"), back=reverse("households:home"), send=_("说好了"), status=status
    )


@require_POST
@signed_in
def withdraw_need(request: SignedInRequest, need_id: UUID) -> HttpResponse:
    needs.withdraw(need_id=need_id, actor=request.person, now=clock.now())
    messages.success(request, _("收起来了，写的话也删了"))
    return redirect("households:home")


@require_POST
@signed_in
def reopen_need(request: SignedInRequest, need_id: UUID) -> HttpResponse:
    needs.reopen(need_id=need_id, actor=request.person, now=clock.now())
    messages.success(request, _("知道了，接着帮"))
    return redirect("households:home")


@require_http_methods(["GET", "POST"])
@signed_in
def ask_contact(request: SignedInRequest) -> HttpResponse:
    """Choose somebody of those who may be one, by what they are; their whole name is said when they have said yes."""
    now, household = clock.now(), home_of(request)
    policies.may_speak_for(request.person, household, now).require()
    known, status = asking.who_may_be_asked(household, now), 200
    offered = asking.not_asked_yet(household, known)
    form = ContactForm(request.POST if request.method == "POST" else None, known=known, offered=offered)
    if request.method == "POST":
        status = attempt(
            form,
            lambda: links.ask_contact(
                household=household, contact=form.cleaned_data["contact"], actor=request.person, now=now
            ),
        )
        if not status:
            contact = form.cleaned_data["contact"]
            messages.success(request, came_of_asking(household, contact, _("问过了，等对方回话")))
            return redirect("households:home")
    lead = _("网格员、兼职网格员和联户长都可以；对方同意了才算")
    return form_page(
        request, form, title=_("请一位联户人"), back=reverse("households:home"), send=_("去问"), status=status,
        lead=lead, template="households/contact.jinja",
    )  # fmt: skip


@require_POST
@signed_in
def accept_link(request: SignedInRequest, link_id: UUID) -> HttpResponse:
    link = links.accept(link_id=link_id, actor=request.person, now=clock.now())
    messages.success(request, _("结对成了"))
    return _back(request.person, link)


@require_POST
@signed_in
def decline_link(request: SignedInRequest, link_id: UUID) -> HttpResponse:
    link = links.decline(link_id=link_id, actor=request.person, now=clock.now())
    messages.success(request, _("知道了，没有结对"))
    return _back(request.person, link)


@require_POST
@signed_in
def end_link(request: SignedInRequest, link_id: UUID) -> HttpResponse:
    link = links.end(link_id=link_id, actor=request.person, now=clock.now())
    messages.success(request, _("结对结束了"))
    return _back(request.person, link)


def _back(person: Person, link: Link) -> HttpResponse:
    return redirect("households:contacts" if person.pk == link.contact_id else "households:home")


@require_http_methods(["GET", "POST"])
@signed_in
def wish(request: SignedInRequest, link_id: UUID) -> HttpResponse:
    household = home_of(request)
    link = queries.links_of_home(household).filter(pk=link_id, state=LinkState.STANDING).first()
    if link is None:
        raise NotVisible
    said = {"ways": link.ways, "not_before": link.not_before, "not_after": link.not_after}
    form = WishForm(request.POST if request.method == "POST" else None, initial=said)
    status = 200
    if request.method == "POST":
        status = attempt(
            form,
            lambda: links.wish(
                link_id=link.pk,
                wishes=links.Wishes(
                    tuple(Way(way) for way in form.cleaned_data["ways"]), form.cleaned_data["not_before"],
                    form.cleaned_data["not_after"],
                ),
                actor=request.person, now=clock.now(),
            ),
        )  # fmt: skip
        if not status:
            messages.success(request, _("记下了，联户人会照着来"))
            return redirect("households:home")
    title = _("希望 %(name)s 怎么联系") % {"name": link.contact.name}
    return form_page(request, form, title=title, back=reverse("households:home"), send=_("就这样"), status=status)


@require_POST
@signed_in
def deny_visit(request: SignedInRequest, visit_id: UUID) -> HttpResponse:
    links.deny_visit(visit_id=visit_id, actor=request.person, now=clock.now())
    messages.success(request, _("记下了，社区会看到"))
    return redirect("households:home")


@require_POST
@signed_in
def leave_group(request: SignedInRequest, group_id: UUID) -> HttpResponse:
    groups.leave(household=home_of(request), actor=request.person, now=clock.now(), group_id=group_id)
    messages.success(request, _("退出联户组了"))
    return redirect("households:home")


@require_GET
@signed_in
def publicity(request: SignedInRequest) -> HttpResponse:
    """Incentives that stand in public; a masked name and no address. And what became of one's own objections."""
    now = clock.now()
    shown = queries.in_public_for(request.person, now)
    page: Page[Assessment] = page_of(shown, request.GET.get("page"), size=A_PAGE)
    names = queries.first_names([one.household_id for one in page.items], now)
    rows = [
        {**words, "whose": masked(names.get(one.household_id, [])), "shown": one}
        for one, words in zip(page.items, told(page.items), strict=True)
    ]
    mine = list(queries.answered_to(request.person)[:A_PAGE])
    answers = list(zip(mine, told(one.assessment for one in mine) if mine else [], strict=True))
    return render(request, "households/publicity.jinja", {"rows": rows, "page": page, "now": now, "answers": answers})


@require_http_methods(["GET", "POST"])
@signed_in
def object_to(request: SignedInRequest, assessment_id: UUID) -> HttpResponse:
    now = clock.now()
    shown = queries.in_public(now) if request.method == "GET" else queries.once_in_public()
    assessment = shown.filter(pk=assessment_id).first()
    if assessment is None:
        raise NotVisible
    policies.may_object(request.person, assessment, now).require()
    form = ObjectionForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = attempt(
            form,
            lambda: assessing.object_to(
                assessment_id=assessment_id, text=form.cleaned_data["text"], actor=request.person, now=now
            ),
        )
        if not status:
            messages.success(request, _("收到了，由没经过手的人来看"))
            return redirect("households:publicity")
    return form_page(
        request, form, title=_("哪里不对"), back=reverse("households:publicity"), send=_("提出来"), status=status
    )
