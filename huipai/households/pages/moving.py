"""Who lives where: noted at the counter for whoever stands there, and said by oneself when one has moved out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huipai.grid import commands as grid_commands
from huipai.grid import policies as homes
from huipai.grid import queries as grid
from huipai.grid.models import Dispute, GridNode, Residence
from huipai.households.forms import HomeForm, NothingAsked, Together
from huipai.households.pages import ending
from huipai.households.pages.parts import attempt, choose_page, chosen_of, form_page, place_of
from huipai.households.pages.parts import home_of as own_home
from huipai.households.queries import choosing
from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible
from huipai.people import policies
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.people.rules import mask_name


@require_http_methods(["GET", "POST"])
@signed_in
def home_of(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Choose the household in which somebody lives from today on; where they lived before, they live no more."""
    now, person = clock.now(), _find(request, person_id)
    known = choosing.to_live_in(request.person, now)
    chosen = chosen_of(request, known)
    if request.method == "GET" and chosen is None:
        return _choose(request, person, now)
    beside = _beside(person, chosen, now)
    form = HomeForm(request.POST or None, initial={"household": chosen.code if chosen else "", "seen": _seen(beside)})
    status = 200
    if request.method == "POST":
        status = attempt(form, lambda: _move_in(request, form, person, now))
        if not status:
            messages.success(request, _("登记好了，从今天起住在这里"))
            return redirect("people:counter_person", person.pk)
        chosen = chosen_of(request, known)
        beside = _beside(person, chosen, now)
    shown = {
        "form": form, "has_errors": bool(form.errors), "who": _called(person), "seen": _seen(beside),
        "code": chosen.code if chosen else request.POST.get("household", ""),
        "back": reverse("people:counter_person", args=(person.pk,)),
        "place": place_of(chosen) if chosen else "",
        "ending": ending.of_moving_in(person, chosen, now) if chosen else "",
        "beside": [_called(one.person) for one in beside],
        **(_choices(request, chosen, beside, now) if chosen and beside else {}),
    }  # fmt: skip
    return render(request, "households/moving.jinja", shown, status=status)


def _choose(request: SignedInRequest, person: Person, now: datetime) -> HttpResponse:
    """Where they live now, what may be said of it, and every household that one may choose."""
    home = grid.household_of(person, now)
    may_end = home is not None and bool(homes.may_house(request.person, home, now))
    last = grid.last_home_of(person, now)
    dispute = Dispute.objects.filter(residence=last, answered_at=None).first() if last else None
    lives = {
        "id": person.pk, "who": _called(person), "place": place_of(home) if home else "", "may_end": may_end,
        "ending": ending.of_the_last(person, home, now) if home and may_end else "",
        "dispute": dispute.pk if dispute else None,
        "last": {"code": last.household.code, "place": place_of(last.household)} if last and dispute else None,
    }  # fmt: skip
    return choose_page(
        request, choosing.to_live_in(request.person, now), title=_("住处"), nothing=_("您管的地方还没有建户"),
        back=reverse("people:counter_person", args=(person.pk,)), is_desk=False, lives=lives,
    )  # fmt: skip


def _beside(person: Person, household: GridNode | None, now: datetime) -> list[Residence]:
    """Who else is registered where this person is to live."""
    if household is None:
        return []
    return list(grid.living_in(household, now).exclude(person=person).select_related("person__account"))


def _seen(beside: Sequence[Residence]) -> str:
    return ",".join(str(one.pk) for one in beside)


def _choices(
    request: SignedInRequest, household: GridNode, beside: Sequence[Residence], now: datetime
) -> dict[str, object]:
    """What may be said of those who are registered there."""
    may_end = all(policies.may_serve_at_counter(request.person, one.person, now) for one in beside)
    over = household.parent
    is_keeper = over is not None and bool(homes.may_keep_node(request.person, over, now))
    together = {"value": Together.JOINS.value, "title": Together.JOINS.label, "hint": _("联户、家庭积分和他们是一份")}
    left = {
        "value": Together.LEFT.value, "title": Together.LEFT.label, "hint": ending.of_their_leaving(household, now)
    }  # fmt: skip
    return {
        "choices": [together, left] if may_end else [together],
        "may_end": may_end,
        "over": reverse("grid:node", args=(over.pk,)) if is_keeper and over else "",
    }


def _move_in(request: SignedInRequest, form: HomeForm, person: Person, now: datetime) -> object:
    household: GridNode = form.cleaned_data["household"]
    seen, said = form.cleaned_data["seen"], form.cleaned_data["together"]
    actor = request.person
    if said == Together.JOINS:
        return grid_commands.join_home(person=person, household=household, beside=seen, at=now, actor=actor, now=now)
    if said == Together.LEFT:
        return grid_commands.take_over_home(
            person=person, household=household, leaving=seen, at=now, actor=actor, now=now
        )
    return grid_commands.move_in(person=person, household=household, at=now, actor=actor, now=now)


def _called(person: Person) -> str:
    """Whoever is at the counter, as the pages of the counter name them."""
    return mask_name(person.name) or _("没写姓名")


@require_POST
@signed_in
def moved_out(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Somebody lives in no household of this street any more. Said twice, it is so."""
    now, person = clock.now(), _find(request, person_id)
    if grid.household_of(person, now) is not None:
        grid_commands.move_out(person=person, at=now, actor=request.person, now=now)
    messages.success(request, _("登记好了，不再住在这里"))
    return redirect("people:counter_person", person.pk)


@require_POST
@signed_in
def hold_to_end(request: SignedInRequest, dispute_id: UUID) -> HttpResponse:
    """A colleague has looked again: they live there no more."""
    policies.may_enter_counter(request.person, clock.now()).require()
    dispute = grid_commands.hold_to_end(dispute_id=dispute_id, actor=request.person, now=clock.now())
    messages.success(request, _("答过了，登记不变"))
    return redirect("people:counter_person", dispute.residence.person_id)


@require_http_methods(["GET", "POST"])
@signed_in
def leave(request: SignedInRequest) -> HttpResponse:
    """我搬走了: said by oneself, with what it means first."""
    now = clock.now()
    if request.method == "POST" and grid.household_of(request.person, now) is None:
        return redirect("households:home")  # pressed twice
    household = own_home(request)
    homes.may_leave_home(request.person, now).require()
    form = NothingAsked(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = attempt(
            form, lambda: grid_commands.move_out(person=request.person, at=now, actor=request.person, now=now)
        )
        if not status:
            messages.success(request, _("记下了，不再登记您住在那里"))
            return redirect("households:home")
    lead = _("从今天起不再登记您住在%(place)s。再搬来要带证件到窗口登记。") % {"place": place_of(household)}
    ends = ending.of_the_last(request.person, household, now) or _("家里的积分和联户留给还住着的人。")
    return form_page(
        request, form, title=_("我搬走了"), back=reverse("households:home"), send=_("搬走了"), status=status,
        lead=lead, ending=ends,
    )  # fmt: skip


@require_POST
@signed_in
def still_here(request: SignedInRequest, residence_id: UUID) -> HttpResponse:
    """我还住在那里: whoever was struck off says so; the community looks again."""
    grid_commands.dispute_end(residence_id=residence_id, actor=request.person, now=clock.now())
    messages.success(request, _("告诉社区了，同事会和您核对；带证件到窗口更快"))
    return redirect("households:home")


def _find(request: SignedInRequest, person_id: UUID) -> Person:
    """Somebody whom this colleague may serve; the commands ask again."""
    policies.may_enter_counter(request.person, clock.now()).require()
    person = Person.objects.filter(pk=person_id, erased_at__isnull=True).select_related("account").first()
    if person is None:
        raise NotVisible
    policies.may_serve_at_counter(request.person, person, clock.now()).require()
    return person
