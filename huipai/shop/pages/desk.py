"""The keepers' desk: items with their stock, and cards for people without a phone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.people import commands as people
from huipai.people import finding
from huipai.people import policies as people_policies
from huipai.people import queries as people_queries
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.people.rules import mask_name
from huipai.people.words import ConsentPurpose
from huipai.shop import commands, policies, queries, telling
from huipai.shop.forms import uuid_of
from huipai.shop.models import Movement, ShopItem
from huipai.shop.pages.parts import keepers, tabs_for
from huipai.shop.pages.public import find
from huipai.shop.rules import codes
from huipai.shop.telling import ICONS
from huipai.shop.words import ProposalState
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
        "waiting": queries.proposals_waiting(), "keeps": bool(policies.may_keep_shop(request.person, now)),
        "may": tabs_for(request.person, now),
    }  # fmt: skip
    return render(request, "shop/desk.jinja", shown)


@require_GET
@keepers
def item(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """One item: its words, its photo, where it lies and every movement."""
    found, now = find(item_id), clock.now()
    page: Page[Movement] = page_of(queries.movements(item_id=found.id), request.GET.get("page"), size=A_PAGE)
    lies = queries.stock_table().get(found.id, {})
    stations, is_keeper = Station.objects.in_bulk(list(lies)), bool(policies.may_keep_shop(request.person, now))
    shown = {
        "now": now,
        "item": found,
        "icon_name": ICONS[found.category],
        "hosted": {one.id for one in stations.values() if policies.may_host(request.person, one, now)},
        "lies": sorted(((stations[id], *counts) for id, counts in lies.items()), key=lambda row: row[0].code),
        "page": page,
        "change_waits": queries.proposals(of=found.id).filter(state=ProposalState.PROPOSED).exists(),
        "moves": [(one, telling.movement_words(one)) for one in page.items],
        "keeps": is_keeper and found.withdrawn_at is None,
        "recalls": is_keeper,
    }
    return render(request, "shop/desk_item.jinja", shown)


@require_http_methods(["GET", "POST"])
@signed_in
def cards(request: SignedInRequest) -> HttpResponse:
    """A card for somebody who stands at the counter with a document: found first, then chosen."""
    now = clock.now()
    policies.may_enter_cards(request.person, now).require()
    if finding.asks(request):
        looked = finding.search(request, policies.may_find, now)
        if len(looked.found) == 1:
            return finding.towards("shop:cards", looked)
        return _cards_page(request, {"sought": looked}, now, looked.status)
    if request.method == "GET":
        return _cards_page(request, {}, now, 200)
    try:
        person = finding.the_chosen(request, now)
        if request.POST.get("act") == "block":
            return _block(request, person, now)
        if request.POST.get("act") == "agree":
            commands.note_home_consent(person=person, actor=request.person, now=now)
            return _cards_page(request, {"agreed": True}, now, 200)
        if request.POST.get("act") == "disagree":
            purpose = ConsentPurpose.HOUSEHOLD_POINTS
            people.note_withdrawal(person=person, purpose=purpose, actor=request.person, now=now)
            return _cards_page(request, {"disagreed": True}, now, 200)
        _card, code = commands.issue_card(person=person, actor=request.person, now=now)
    except Refused as refusal:
        return _cards_page(request, {"reason": refusal.reason, "has_errors": True}, now, refusal.status)
    return _cards_page(request, {"code": f"{code[:4]} {code[4:]}", "picture": codes.picture(code)}, now, 200)


def _block(request: SignedInRequest, person: Person, now: datetime) -> HttpResponse:
    """The card of which the page spoke, and no newer one."""
    shown = uuid_of(request.POST.get("card", ""))
    if commands.block_card(person=person, actor=request.person, now=now, card_id=shown):
        return _cards_page(request, {"blocked": True}, now, 200)
    came_of = "is_another" if queries.card_of(person) is not None else "had_none"
    return _cards_page(request, {came_of: True}, now, 200)


def _cards_page(request: SignedInRequest, shown: dict[str, object], now: datetime, status: int) -> HttpResponse:
    person = finding.chosen(request, now)
    blank: dict[str, object] = {
        "sought": finding.unasked(request), "one": finding.shown([person], request.person, now)[0] if person else None,
        "who": (mask_name(person.name) or _("没写姓名")) if person else "", "reason": "", "has_errors": status >= 400,
        "code": "", "picture": None, "blocked": False, "had_none": False, "is_another": False,
        "agreed": False, "disagreed": False, "card": queries.card_of(person) if person is not None else None,
        "may_note": person is not None and _may_note(request.person, person, now),
        "may_take_back": person is not None and _may_take_back(request.person, person, now),
    }  # fmt: skip
    return render(request, "shop/cards.jinja", {**blank, **shown}, status=status)


def _may_note(actor: Person, person: Person, now: datetime) -> bool:
    """Whether to offer to write down that somebody agrees to spend the home's points: where they have not."""
    return queries.household_for(person, now) is None and bool(policies.may_note_consent(actor, person, now))


def _may_take_back(actor: Person, person: Person, now: datetime) -> bool:
    """Whether to offer to write down that they do not any more: where they have, whether or not they have a home."""
    agreed = people_queries.has_consent(person, ConsentPurpose.HOUSEHOLD_POINTS)
    return agreed and bool(people_policies.may_serve_at_counter(actor, person, now))
