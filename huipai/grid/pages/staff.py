"""Those who work for the street: listed, employed, given roles, let go."""

from __future__ import annotations

from datetime import datetime
from functools import wraps
from typing import Any, Protocol
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.grid import commands, policies, queries
from huipai.grid.forms import FactorForm, NewColleagueForm, RoleForm, SearchForm, moment_of, today
from huipai.grid.models import GridNode, Unit
from huipai.grid.pages.desk import attempt, form_page
from huipai.grid.queries import Colleague
from huipai.grid.words import STREET_ROLES, UNIT_ROLES
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, NotAllowed, NotVisible
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.people.rules import mask_phone
from huipai.people.words import ADMIN_ROLES, Fact, FactorLoss, Role

_A_PAGE = 50
_HISTORY = 12


class StaffPage(Protocol):
    def __call__(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def by_admins(page: StaffPage) -> Any:
    """Only the three administrators see these pages."""

    @wraps(page)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policies.may_see_staff(request.person, clock.now()).require()
        return page(request, *args, **kwargs)

    return signed_in(guarded)


@require_GET
@by_admins
def staff(request: SignedInRequest) -> HttpResponse:
    now = clock.now()
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    asked = request.GET.get("role", "")
    role = Role(asked) if asked in Role.values else None
    page: Page[Person] = page_of(queries.staff(now, words=words, role=role), request.GET.get("page"), size=_A_PAGE)
    shown = {
        "page": page,
        "rows": queries.colleagues(page.items, now),
        "words": words,
        "role": role,
        "roles": [one for one in Role if one != Role.RESIDENT],
        "now": now,
        "may_employ": bool(policies.may_keep_staff(request.person, now)),
        "mask": mask_phone,
    }
    return render(request, "grid/staff.jinja", shown)


@require_http_methods(["GET", "POST"])
@by_admins
def new_colleague(request: SignedInRequest) -> HttpResponse:
    now = clock.now()
    policies.may_keep_staff(request.person, now).require()
    page: dict[str, Any] = {
        "title": _("登记一位工作人员"), "back": reverse("grid:staff"), "send": _("登记"), "on": "admin",
        "lead": _("登记以后他打开登录页，点忘记密码，用验证码设一个自己的密码。做什么事，登记完再派角色。"),
    }  # fmt: skip
    if request.method == "GET":
        return form_page(request, NewColleagueForm(), **page)
    form = NewColleagueForm(request.POST)
    made: list[Person] = []
    status = attempt(
        form,
        lambda: made.append(
            commands.take_on(
                phone=form.cleaned_data["phone"], name=form.cleaned_data["name"].strip(), actor=request.person, now=now
            )
        ),
    )
    if status:
        return form_page(request, form, **page, status=status)
    messages.success(request, _("登记好了，下一步给他派角色"))
    return redirect("grid:colleague", person_id=made[0].pk)


@require_GET
@by_admins
def colleague(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    return colleague_page(request, find_colleague(person_id), FactorForm())


def colleague_page(
    request: SignedInRequest, found: Colleague, factor: FactorForm, *, status: int = 200, password: str = ""
) -> HttpResponse:
    """All about one colleague; `password` is one that has just been put, shown this once."""
    now = clock.now()
    actor, person = request.person, found.person
    keeps_access = bool(policies.may_keep_access(actor, now))
    is_elsewhere = person.account is not None and person.account.employed_in > 1
    shown = {
        "found": found,
        "whom": person,
        "phone": mask_phone(person.account.phone if person.account else ""),
        "told": [(_words(one.what), _why(one.why), one) for one in queries.told_of(person, most=_HISTORY)],
        "now": now,
        "may_assign": bool(_roles_to_give(actor, now)) and actor.pk != person.pk,
        "may_let_go": bool(policies.may_keep_staff(actor, now)) and actor.pk != person.pk,
        "may_keep_access": keeps_access and bool(policies.may_change_access(actor, person)) and not is_elsewhere,
        "is_elsewhere": is_elsewhere,
        "is_own": keeps_access and actor.pk == person.pk,
        "factor": factor,
        "has_errors": bool(factor.errors),
        "password": password,
    }
    return render(request, "grid/colleague.jinja", shown, status=status)


def find_colleague(person_id: UUID) -> Colleague:
    """Somebody employed here; anybody else does not exist on these pages."""
    person = queries.staff(clock.now()).filter(pk=person_id).first()
    if person is None:
        raise NotVisible
    return queries.colleagues([person], clock.now())[0]


@require_http_methods(["GET", "POST"])
@by_admins
def assign_person(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """A role for this colleague, with scope and period."""
    now = clock.now()
    person = find_colleague(person_id).person
    roles = _roles_to_give(request.person, now)
    if not roles or request.person.pk == person.pk:
        raise NotAllowed
    back = reverse("grid:colleague", args=[person.pk])
    page: dict[str, Any] = {
        "title": _("给%(name)s派角色") % {"name": person.name}, "back": back, "send": _("派给他"), "on": "admin",
    }  # fmt: skip
    if request.method == "GET":
        return form_page(request, RoleForm(roles=roles, initial={"since": today(now)}), **page)
    form = RoleForm(request.POST, roles=roles)

    def act() -> None:
        typed = form.cleaned_data
        role = Role(typed["role"])
        node, unit = _scope(role, typed["scope"].strip(), now)
        commands.assign(
            person=person,
            role=role,
            node=node,
            unit=unit,
            valid_from=moment_of(typed["since"], now),
            valid_until=moment_of(typed["until"], now) if typed["until"] else None,
            actor=request.person,
            now=now,
        )

    status = attempt(form, act)
    if status:
        return form_page(request, form, **page, status=status)
    messages.success(request, _("派好了"))
    return redirect(back)


@require_POST
@by_admins
def let_go(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    name = find_colleague(person_id).person.name
    commands.let_go(person_id=person_id, actor=request.person, now=clock.now())
    messages.success(request, _("%(name)s不再是工作人员了，手上的事已经转出去") % {"name": name})
    return redirect("grid:staff")


def _roles_to_give(actor: Person, now: datetime) -> list[Role]:
    """The roles that this administrator may give; the database keeps the three apart."""
    given: list[Role] = []
    if queries.has_role(actor, Role.SYSTEM_ADMIN, now):
        given += [role for role in Role if role not in (Role.RESIDENT, Role.PART_TIME_MEMBER, *ADMIN_ROLES)]
    if queries.has_role(actor, Role.SECURITY_ADMIN, now):
        given += sorted(ADMIN_ROLES)
    return given


def _scope(role: Role, code: str, now: datetime) -> tuple[GridNode | None, Unit | None]:
    """The node or unit that is meant; the street itself for roles that reach over all of it."""
    if role in UNIT_ROLES:
        unit = queries.units_in_force().filter(code=code).first()
        if unit is None:
            raise Invalid(_("没有这个编码的单位"), field="scope")
        return None, unit
    node = queries.root(now) if role in STREET_ROLES or not code else queries.by_code(code, now)
    if node is None:
        raise Invalid(_("没有这个编码的网格"), field="scope")
    return node, None


def _words(what: str) -> str:
    return str(Fact(what).label)


def _why(why: str) -> str:
    return str(FactorLoss(why).label) if why in FactorLoss.values else ""
