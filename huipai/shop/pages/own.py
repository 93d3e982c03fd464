"""What somebody has set aside: making it, the code to show, calling it off."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, Moved, NotAllowed, NotVisible, Refused
from huipai.people import commands as people
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.people.rules import mask_name
from huipai.people.words import ConsentPurpose
from huipai.points import queries as points
from huipai.points.commands import NotEnough
from huipai.shop import commands, forms, policies, queries, telling
from huipai.shop.commands import Order
from huipai.shop.models import Reservation
from huipai.shop.pages import again
from huipai.shop.pages.public import find, item_page
from huipai.shop.rules import codes
from huipai.shop.words import State

A_PAGE, MOST_WAITING = 20, 50


@require_POST
@signed_in
def reserve(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Set points and the thing aside; a refusal shows the page again with what was chosen."""
    if before := again.kept(request, item_id):
        return redirect("shop:reservation", reservation_id=before.id)
    found = find(item_id)
    try:
        kept = commands.reserve(
            key=forms.key_of(request.POST), order=_order(request, item_id), actor=request.person, now=clock.now()
        )
    except NotEnough:
        return item_page(request, found, reason=_("积分不够，看看分数少一点的"), status=409)
    except (Invalid, Moved, NotAllowed) as refusal:
        # Read anew: it may be its price that has changed.
        return item_page(
            request, find(item_id), reason=refusal.reason, field=refusal.field or "", status=refusal.status
        )
    return redirect("shop:reservation", reservation_id=kept.id)


@require_GET
@signed_in
def mine(request: SignedInRequest) -> HttpResponse:
    """What waits to be fetched, soonest first; below it what was."""
    now, person = clock.now(), request.person
    page: Page[Reservation] = page_of(queries.mine(person, now, waiting=False), request.GET.get("page"), size=A_PAGE)
    waiting, why = queries.mine(person, now, waiting=True)[: MOST_WAITING + 1], queries.called_off(page.items)
    shown = {
        "now": now,
        "waiting": [telling.kept(one, now, reader_id=person.id) for one in waiting[:MOST_WAITING]],
        # The phone forgets each code that a list of all does not name.
        "is_whole": len(waiting) <= MOST_WAITING,
        "over": [telling.kept(one, now, reader_id=person.id, why=why.get(one.id)) for one in page.items],
        "page": page,
        "card": queries.card_of(person),
    }
    return render(request, "shop/mine.jinja", shown)


@require_POST
@signed_in
def block_card(request: SignedInRequest) -> HttpResponse:
    """One's own card is good for nothing from now on."""
    shown = forms.uuid_of(request.POST.get("card", ""))
    if commands.block_card(person=request.person, actor=request.person, now=clock.now(), card_id=shown):
        messages.success(request, _("停用了，拿着这张卡也换不了东西"))
    elif queries.card_of(request.person) is not None:
        messages.error(request, _("您看到的那一张早就停用了；现在的这一张没有动，要停用再按一次"))
    else:
        messages.error(request, _("您现在没有兑换卡"))
    return redirect("shop:mine")


@require_GET
@signed_in
def reservation(request: SignedInRequest, reservation_id: UUID) -> HttpResponse:
    """The code that is shown at the station; made here, and still there when the network has gone."""
    now = clock.now()
    found = _visible(request, reservation_id)
    address = request.build_absolute_uri(reverse("shop:station", args=[found.station_id])) + f"?code={found.code}"
    shown = {
        "now": now,
        "one": found,
        "kept": telling.kept(found, now, reader_id=request.person.id, why=queries.called_off([found]).get(found.id)),
        "picture": codes.picture(address),
        "is_waiting": found.state_at(now) == State.RESERVED,
        "ending": points.ending_by(found.hold_id, found.expires_at),
        "back": telling.came_back(found, reader_id=request.person.id),
        "masked": mask_name(found.person.name),
    }
    return render(request, "shop/reservation.jinja", shown)


@require_POST
@signed_in
def cancel(request: SignedInRequest, reservation_id: UUID) -> HttpResponse:
    """Not wanted any more: points and thing are free again."""
    found = _visible(request, reservation_id)
    try:
        done = commands.cancel(reservation_id=found.id, actor=request.person, now=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.reason)
        return redirect("shop:reservation", reservation_id=found.id)
    messages.success(request, _what_came_back(done, request.person))
    return redirect("shop:mine")


def _what_came_back(done: Reservation, reader: Person) -> str:
    words = _("过了领取的时间。%(how)s") if done.state == State.LAPSED else _("好，不留了。%(how)s")
    return words % {"how": telling.came_back(done, reader_id=reader.id).words}


@require_POST
@signed_in
def join_household(request: SignedInRequest) -> HttpResponse:
    """Agree to spend the household's points together."""
    policies.may_agree_to_the_homes(request.person, clock.now()).require()
    people.give_consent(person=request.person, purpose=ConsentPurpose.HOUSEHOLD_POINTS, now=clock.now())
    messages.success(request, _("同意了，可以一起用家里的分；随时可以撤回"))
    item_id = forms.uuid_of(request.POST.get("item", ""))
    return redirect("shop:item", item_id=item_id) if item_id else redirect("shop:home")


def _order(request: SignedInRequest, item_id: UUID) -> Order:
    station_id = forms.uuid_of(request.POST.get("station", ""))
    if station_id is None:
        raise Invalid(_("选一个去领的驿站"), field="station")
    person, household = _payer(request)
    return Order(
        item_id=item_id, station_id=station_id, person=person, household=household,
        quantity=forms.quantity_of(request.POST), price=forms.price_of(request.POST, "price"),
    )  # fmt: skip


def _payer(request: SignedInRequest) -> tuple[Person, GridNode | None]:
    asked = request.POST.get("payer", "me")
    if asked == "me":
        return request.person, None
    home = grid.household_of(request.person, clock.now()) if asked == "home" else None
    if home is not None:
        return request.person, home
    # Who has moved out since the page was opened chooses again; nobody's own points stand in for the home's.
    other = forms.uuid_of(asked)
    person = Person.objects.filter(pk=other, erased_at=None).first() if other else None
    if person is None:
        raise Invalid(_("选一下用谁的分"), field="payer")
    return person, None


def _visible(request: HttpRequest, reservation_id: UUID) -> Reservation:
    person: Person = request.person  # type: ignore[attr-defined]
    found = queries.visible_to(person, clock.now()).filter(pk=reservation_id).first()
    if found is None:
        raise NotVisible(_("没有找到这一份"))
    return found
