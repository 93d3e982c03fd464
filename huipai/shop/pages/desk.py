"""The keepers' desk: items with their stock, and cards for people without a phone."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, Refused
from huipai.people import queries as people
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.people.rules import mask_name, normalise_phone
from huipai.shop import commands, policies, queries, telling
from huipai.shop.models import Movement, ShopItem
from huipai.shop.pages.parts import keepers, tabs_for
from huipai.shop.pages.public import find
from huipai.shop.rules import codes
from huipai.shop.telling import ICONS
from huipai.stations.models import Station

A_PAGE = 30


@require_GET
@keepers
def home(request: SignedInRequest) -> HttpResponse:
    """Every item with what is left of it; those that were withdrawn on a tab of their own."""
    now = clock.now()
    is_over = request.GET.get("show") == "withdrawn"
    items = queries.all_items(withdrawn=is_over, at=now, words=request.GET.get("q", "").strip()[:40])
    page: Page[ShopItem] = page_of(items, request.GET.get("page"), size=A_PAGE)
    table = queries.stock_table()
    rows = [
        (item, *(sum(part[side] for part in table.get(item.id, {}).values()) for side in (0, 1))) for item in page.items
    ]
    shown = {
        "now": now, "rows": rows, "page": page, "is_over": is_over, "words": request.GET.get("q", ""), "icons": ICONS,
        "keeps": bool(policies.may_keep_shop(request.person, now)), "may": tabs_for(request.person, now),
    }  # fmt: skip
    return render(request, "shop/desk.jinja", shown)


@require_GET
@keepers
def item(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """One item: its words, its photo, where it lies and every movement."""
    found, now = find(item_id), clock.now()
    page: Page[Movement] = page_of(queries.movements(item_id=found.id), request.GET.get("page"), size=A_PAGE)
    lies = queries.stock_table().get(found.id, {})
    stations = Station.objects.in_bulk(list(lies))
    shown = {
        "now": now,
        "item": found,
        "icon_name": ICONS[found.category],
        "lies": sorted(((stations[id], *counts) for id, counts in lies.items()), key=lambda row: row[0].code),
        "page": page,
        "moves": [(one, telling.movement_words(one)) for one in page.items],
        "keeps": bool(policies.may_keep_shop(request.person, now)) and found.withdrawn_at is None,
    }
    return render(request, "shop/desk_item.jinja", shown)


@require_http_methods(["GET", "POST"])
@signed_in
def cards(request: SignedInRequest) -> HttpResponse:
    """A card for somebody who stands at the counter with a document: found by their whole number only."""
    now = clock.now()
    policies.may_enter_cards(request.person, now).require()
    shown: dict[str, object] = {
        "typed": request.POST.get("phone", ""), "reason": "", "has_errors": False, "code": "", "blocked": False,
    }  # fmt: skip
    if request.method == "GET":
        return render(request, "shop/cards.jinja", {**shown, "picture": None, "who": ""})
    try:
        person = _by_phone(request.POST.get("phone", ""))
        if request.POST.get("act") == "block":
            commands.block_card(person=person, actor=request.person, now=now)
            return render(
                request, "shop/cards.jinja", {**shown, "picture": None, "who": mask_name(person.name), "blocked": True}
            )
        _card, code = commands.issue_card(person=person, actor=request.person, now=now)
    except Refused as refusal:
        shown |= {"reason": refusal.reason, "has_errors": True, "picture": None, "who": ""}
        return render(request, "shop/cards.jinja", shown, status=refusal.status)
    shown |= {"code": f"{code[:4]} {code[4:]}", "picture": codes.picture(code), "who": mask_name(person.name)}
    return render(request, "shop/cards.jinja", shown)


def _by_phone(typed: str) -> Person:
    phone = normalise_phone(typed)
    person = people.by_phone(phone) if phone else None
    if person is None:
        raise Invalid(_("这个街道没有人用这个号码"), field="phone")
    return person
