"""Who lives where: noted at the counter for whoever stands there, and said by oneself when one has moved out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from huipai.grid import commands as grid_commands
from huipai.grid import policies as homes
from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.households.forms import LinkForm, NothingAsked
from huipai.households.pages.parts import attempt, choose_page, chosen_of, form_page, place_of
from huipai.households.pages.parts import home_of as own_home
from huipai.households.queries import choosing, leaving
from huipai.kit import clock
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
    known, back = choosing.to_live_in(request.person, now), reverse("people:counter_person", args=(person.pk,))
    chosen = chosen_of(request, known)
    if request.method == "GET" and chosen is None:
        home = grid.household_of(person, now)
        who = _called(person)
        may_end = home is not None and bool(homes.may_house(request.person, home, now))
        lives = {"id": person.pk, "who": who, "place": place_of(home) if home else "", "may_end": may_end}
        nothing = _("您管的地方还没有建户")
        return choose_page(request, known, title=_("住处"), back=back, nothing=nothing, is_desk=False, lives=lives)
    form = LinkForm(request.POST or None, initial={"household": chosen.code if chosen else ""})
    status = 200
    if request.method == "POST":
        status = attempt(
            form,
            lambda: grid_commands.move_in(
                person=person, household=form.cleaned_data["household"], at=now, actor=request.person, now=now
            ),
        )
        if not status:
            messages.success(request, _("登记好了，从今天起住在这里"))
            return redirect("people:counter_person", person.pk)
    return form_page(
        request, form, title=_("住在这一户"), back=back, send=_("看过证件，登记住在这里"), status=status,
        lead=_("%(who)s搬到%(place)s") % {"who": _called(person), "place": place_of(chosen)} if chosen else "",
        again=request.path, ending=_ending(person, chosen, now) if chosen else "",
    )  # fmt: skip


def _ending(person: Person, household: GridNode, now: datetime) -> str:
    """What ends when this person moves in where others have all left; empty when nothing begins anew."""
    home = grid.household_of(person, now)
    leaves = ""
    if home is not None and home.pk != household.pk:
        leaves = _("现在登记住在%(place)s，登记以后就不住那里了。") % {"place": place_of(home)}
    if not grid.begins_family(person, household, now):
        return leaves
    left = leaving.left_behind(household, now)
    things = (
        (left.links, ngettext("%(num)s 个结对", "%(num)s 个结对", left.links)),
        (left.needs, ngettext("%(num)s 件没办完的要帮的事", "%(num)s 件没办完的要帮的事", left.needs)),
        (left.is_grouped, _("联户组")),
        (left.points, ngettext("%(num)s 分家庭积分", "%(num)s 分家庭积分", left.points)),
    )
    said = [words % {"num": number} if "%" in words else words for number, words in things if number]
    if not said:
        return leaves + _("以前住在这里的人都搬走了，新的一家从头开始，看不到他们的事。")
    ends = _("以前住在这里的人都搬走了。登记以后，他们留下的就结束：%(things)s。新的一家从头开始，看不到他们的事。")
    return leaves + ends % {"things": _("、").join(said)}


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
    lead = _("从今天起不再登记您住在%(place)s。家里的积分和联户留给还住着的人；再搬来要带证件到窗口登记。")
    return form_page(
        request, form, title=_("我搬走了"), back=reverse("households:home"), send=_("搬走了"), status=status,
        lead=lead % {"place": place_of(household)},
    )  # fmt: skip


def _find(request: SignedInRequest, person_id: UUID) -> Person:
    """Somebody whom this colleague may serve; the commands ask again."""
    policies.may_enter_counter(request.person, clock.now()).require()
    person = Person.objects.filter(pk=person_id, erased_at__isnull=True).select_related("account").first()
    if person is None:
        raise NotVisible
    policies.may_serve_at_counter(request.person, person, clock.now()).require()
    return person
