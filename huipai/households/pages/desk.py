"""The desk of linked households: groups and who belongs to them, incentives proposed and decided, objections."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Protocol
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.households import policies, queries
from huipai.households.commands import assessing, groups
from huipai.households.commands.refusals import LeftAlready
from huipai.households.forms import AnswerForm, GroupForm, JoinForm, LeadForm, ProposalForm, RefusalForm
from huipai.households.models import Assessment, Group, Membership, Objection
from huipai.households.pages.parts import A_PAGE, DESK, attempt, choose_page, chosen_of, form_page, place_of, told
from huipai.households.queries import choosing
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.people.rules import mask_name


class View(Protocol):
    def __call__(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def at_desk(page: View) -> Any:
    """Only coordinators, reviewers and the system administrator."""

    @wraps(page)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policies.may_enter_desk(request.person, clock.now()).require()
        return page(request, *args, **kwargs)

    return signed_in(guarded)


@require_GET
@at_desk
def home(request: SignedInRequest) -> HttpResponse:
    """The groups that one keeps, by place; nothing is counted or compared but how many households are in one."""
    now = clock.now()
    words = request.GET.get("q", "").strip()[:40]
    found = queries.groups_kept_by(request.person, now)
    if words:
        found = found.filter(Q(name__icontains=words) | Q(node__code__istartswith=words))
    shown = {
        "page": page_of(found, request.GET.get("page"), size=A_PAGE), "words": words, "now": now,
        "may_keep": policies.may_open_groups(request.person, clock.now()), "disputes": _disputes(request.person, now),
    }  # fmt: skip
    return render(request, "households/groups.jinja", shown)


def _disputes(person: Person, now: datetime) -> list[dict[str, object]]:
    """The oldest of those who say that they live still where they were struck off."""
    return [
        {
            "person": one.residence.person_id, "who": mask_name(one.residence.person.name),
            "place": place_of(one.residence.household), "raised_at": one.raised_at,
        }
        for one in grid.open_disputes(person, now)[:A_PAGE]
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
@at_desk
def new_group(request: SignedInRequest) -> HttpResponse:
    policies.may_open_groups(request.person, clock.now()).require()
    return _with_form(
        request, GroupForm(request.POST or None), _("开一个联户组"), "households:groups", _("开好了"),
        lambda form: groups.open_group(
            node=form.cleaned_data["node"], name=form.cleaned_data["name"], actor=request.person, now=clock.now()
        ),
    )  # fmt: skip


@require_GET
@at_desk
def group(request: SignedInRequest, group_id: UUID) -> HttpResponse:
    now = clock.now()
    found = _find(request, group_id)
    members = list(queries.members_of(found, now))
    shown = {"group": found, "members": [(one, place_of(one.household)) for one in members], "now": now}
    return render(request, "households/group.jinja", shown)


@require_http_methods(["GET", "POST"])
@at_desk
def join(request: SignedInRequest, group_id: UUID) -> HttpResponse:
    """Choose a household of the place that belongs to no group, then say who of it agreed."""
    now, found = clock.now(), _find(request, group_id)
    known = choosing.to_join(found, now)
    chosen = chosen_of(request, known)
    if request.method == "GET" and chosen is None:
        back = reverse("households:group", args=(found.pk,))
        nothing = _("这里的住户都有联户组了")
        return choose_page(request, known, title=_("加一户"), back=back, nothing=nothing, is_desk=True)
    form = JoinForm(request.POST or None, initial={"household": chosen.code if chosen else ""})
    return _with_form(
        request, form, _("加一户"), "households:group", _("加上"),
        lambda form: groups.join(
            group_id=found.pk, household=form.cleaned_data["household"], agreed_by=form.cleaned_data["agreed_by"],
            actor=request.person, now=now,
        ),
        found.pk, chosen=chosen,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@at_desk
def lead(request: SignedInRequest, group_id: UUID) -> HttpResponse:
    found = _find(request, group_id)
    return _with_form(
        request, LeadForm(request.POST or None), _("谁是联户长"), "households:group", _("就是这位"),
        lambda form: groups.lead(
            group_id=found.pk, person=form.cleaned_data["lead"], actor=request.person, now=clock.now()
        ),
        found.pk,
    )  # fmt: skip


@require_POST
@at_desk
def remove(request: SignedInRequest, group_id: UUID, membership_id: UUID) -> HttpResponse:
    found = _find(request, group_id)
    member = Membership.objects.select_related("household").filter(pk=membership_id, group=found).first()
    if member is None:
        raise NotVisible
    now = clock.now()
    if member.valid_until is not None and member.valid_until <= now:
        raise LeftAlready
    groups.leave(household=member.household, actor=request.person, now=now, group_id=found.pk)
    messages.success(request, _("退出来了"))
    return redirect("households:group", found.pk)


@require_POST
@at_desk
def close(request: SignedInRequest, group_id: UUID) -> HttpResponse:
    groups.close_group(group_id=_find(request, group_id).pk, actor=request.person, now=clock.now())
    messages.success(request, _("这一组结束了"))
    return redirect("households:groups")


@require_http_methods(["GET", "POST"])
@signed_in
def propose(request: SignedInRequest) -> HttpResponse:
    """Choose a household, then the item. Contacts propose too, so this one page is open to them; the command asks."""
    now = clock.now()
    desk = policies.may_enter_desk(request.person, now)
    page = "households:incentives" if desk else "households:contacts"
    known = choosing.to_propose_for(request.person, now)
    chosen = chosen_of(request, known)
    if request.method == "GET" and chosen is None:
        nothing = _("先和一户结对，这一户同意了，才能给它提")
        title = _("给哪一户提")
        return choose_page(request, known, title=title, back=reverse(page), nothing=nothing, is_desk=bool(desk))
    form = ProposalForm(request.POST or None, now=now, initial={"household": chosen.code if chosen else ""})
    return _with_form(
        request, form, _("提一项联户激励"), page, _("提出来"),
        lambda form: assessing.propose(
            household=form.cleaned_data["household"], item_code=form.cleaned_data["item_code"],
            quarter=form.cleaned_data["quarter"], note=form.cleaned_data["note"], actor=request.person, now=now,
        ),
        template=DESK if desk else "households/form.jinja", chosen=chosen,
    )  # fmt: skip


@require_GET
@at_desk
def incentives(request: SignedInRequest) -> HttpResponse:
    """What waits for a second person, and what somebody objects to; oldest first: who decides reads what they may
    decide, a coordinator what lies in their community."""
    now, person = clock.now(), request.person
    reviews = bool(policies.may_judge(person, now))
    waiting, objected = (
        (queries.to_be_decided(person, now), queries.open_objections(person, now))
        if reviews
        else (queries.waiting_near(person, now), queries.objections_near(person, now))
    )
    page: Page[Assessment] = page_of(waiting, request.GET.get("page"), size=A_PAGE)
    objections = list(objected[:A_PAGE])
    words = iter(_told([*page.items, *(one.assessment for one in objections)]))
    shown = {
        "now": now,
        "reviews": reviews,
        "keeps": policies.may_open_groups(person, now),
        "page": page,
        "rows": [next(words) for _row in page.items],
        "objections": [
            {"id": one.id, "text": one.text, "at": one.raised_at, "about": next(words)} for one in objections
        ],
    }
    return render(request, "households/incentives.jinja", shown)


def _told(assessments: list[Assessment]) -> list[dict[str, object]]:
    """Incentives as whoever decides on them has to know them: whose home, and what was said for it."""
    return [
        {**words, "place": place_of(one.household), "note": one.note}
        for one, words in zip(assessments, told(assessments), strict=True)
    ]


@require_POST
@at_desk
def approve(request: SignedInRequest, assessment_id: UUID) -> HttpResponse:
    assessing.approve(assessment_id=assessment_id, actor=request.person, now=clock.now())
    messages.success(request, _("同意了，公示 7 天后记分"))
    return redirect("households:incentives")


@require_http_methods(["GET", "POST"])
@at_desk
def refuse(request: SignedInRequest, assessment_id: UUID) -> HttpResponse:
    now, found = clock.now(), Assessment.objects.select_related(*queries.WITH_PLACE).filter(pk=assessment_id).first()
    if found is None:
        raise NotVisible
    policies.may_decide(request.person, found, now).require()
    _require_waiting(request, queries.to_be_decided(request.person, now), assessment_id)
    return _with_form(
        request, RefusalForm(request.POST or None), _("不通过"), "households:incentives", _("不通过"),
        lambda form: assessing.refuse(
            assessment_id=assessment_id, reason=form.cleaned_data["reason"], actor=request.person, now=now
        ),
        about=found,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@at_desk
def uphold(request: SignedInRequest, objection_id: UUID) -> HttpResponse:
    return _answer(request, objection_id, _("异议成立"), assessing.uphold)


@require_http_methods(["GET", "POST"])
@at_desk
def dismiss(request: SignedInRequest, objection_id: UUID) -> HttpResponse:
    return _answer(request, objection_id, _("异议不成立"), assessing.dismiss)


def _answer(request: SignedInRequest, objection_id: UUID, title: str, decide: Callable[..., Objection]) -> HttpResponse:
    now, about = clock.now(), queries.WITH_ASSESSMENT
    found = Objection.objects.select_related(*about).filter(pk=objection_id).first()
    if found is None:
        raise NotVisible
    policies.may_decide_objection(request.person, found, now).require()
    _require_waiting(request, queries.open_objections(request.person, now), objection_id)
    return _with_form(
        request, AnswerForm(request.POST or None), title, "households:incentives", title,
        lambda form: decide(
            objection_id=objection_id, answer=form.cleaned_data["answer"], actor=request.person, now=now
        ),
        about=found.assessment, said=found.text,
    )  # fmt: skip


def _require_waiting(request: SignedInRequest, waiting: QuerySet[Any], id: UUID) -> None:
    """Show no form about what waits no more; when one is sent, the command says what became of it."""
    if request.method == "GET" and not waiting.filter(pk=id).exists():
        raise NotVisible


def _with_form(
    request: SignedInRequest,
    form: Any,
    title: str,
    page: str,
    send: str,
    act: Callable[[Any], object],
    *args: UUID,
    template: str = DESK,
    chosen: GridNode | None = None,
    about: Assessment | None = None,
    said: str = "",
) -> HttpResponse:
    """A form at the desk; where it is about a household, that was chosen before and can be chosen anew.

    What it is `about`, an incentive to decide on, stands above it, with what was `said` against it.
    """
    status = 200
    if request.method == "POST":
        status = attempt(form, lambda: act(form))
        if not status:
            messages.success(request, _("记下了"))
            return redirect(page, *args)
    return form_page(
        request, form, title=title, back=reverse(page, args=args), send=send, status=status, template=template,
        lead=place_of(chosen) if chosen else "", again=request.path if "household" in form.fields else "",
        about={**_told([about])[0], "said": said} if about else None,
    )  # fmt: skip


def _find(request: SignedInRequest, group_id: UUID) -> Group:
    found = queries.groups_kept_by(request.person, clock.now()).filter(pk=group_id).first()
    if found is None:
        raise NotVisible
    return found
