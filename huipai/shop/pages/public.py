"""The shop as everybody sees it, signed in or not: what there is, where, and whose money stands behind it."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.points import queries as points
from huipai.points.rules import Holder
from huipai.rulebook import queries as rulebook
from huipai.shop import policies, queries
from huipai.shop.commands.budgeting import span_of
from huipai.shop.models import ShopItem
from huipai.shop.pages.parts import money
from huipai.shop.telling import ICONS
from huipai.shop.words import HOLD_LASTS, Category
from huipai.stations import queries as stations
from huipai.streets.http import StreetRequest

LONGEST_SEARCH = 40


@require_GET
def home(request: StreetRequest) -> HttpResponse:
    """What can be had, cheapest first."""
    now, person = clock.now(), reader(request)
    asked, words = request.GET.get("kind", ""), request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    kind = Category(asked) if asked in Category.values else None
    shown = {
        "now": now,
        "listed": queries.items_listed(now, category=kind, words=words),
        "icons": ICONS,
        "kinds": [
            {"href": _here(None, words), "label": _("全部")},
            *({"href": _here(each, words), "label": str(each.label)} for each in Category),
        ],
        "on": _here(kind, words),
        "kind": kind.value if kind else "",
        "words": words,
        "balance": points.balance(person, now) if person else None,
        "waiting": queries.mine(person, now, waiting=True).count() if person else 0,
    }
    return render(request, "shop/home.jinja", shown)


@require_GET
def item(request: StreetRequest, item_id: UUID) -> HttpResponse:
    """One item, where it lies, and the form that sets it aside."""
    return item_page(request, find(item_id))


@require_GET
def about(request: StreetRequest) -> HttpResponse:
    """The published budget, what was spent of it, and what is still owed to everybody together."""
    now = clock.now()
    budget, outstanding = queries.budget_at(local_date(now)), queries.outstanding_points(now)
    spent = queries.spent_of(*span_of(budget)) if budget else 0
    shown = {
        "now": now,
        "budget": budget,
        "amount": money(budget.amount_cents) if budget else "",
        "spent": money(spent),
        "left": money(budget.amount_cents - spent) if budget else "",
        "share": min(100, spent * 100 // budget.amount_cents) if budget else 0,
        "outstanding": outstanding,
        "end_rule": rulebook.end_rule(now),
        "owed": money(outstanding * budget.point_cents) if budget else "",
    }
    return render(request, "shop/about.jinja", shown)


def reader(request: HttpRequest) -> Person | None:
    person = getattr(request, "person", None)
    return person if isinstance(person, Person) else None


def find(item_id: UUID) -> ShopItem:
    found = ShopItem.objects.select_related("photo").filter(pk=item_id).first()
    if found is None:
        raise NotVisible(_("没有找到这件东西"))
    return found


def item_page(
    request: HttpRequest, found: ShopItem, *, reason: str = "", field: str = "", status: int = 200
) -> HttpResponse:
    """The page of an item, after a refusal with its sentence and what was chosen."""
    now, person = clock.now(), reader(request)
    counts = queries.stations_with(found, now)
    open_ones = [one for one in stations.listed(now, weekday=local_date(now).isoweekday()) if one.station.id in counts]
    payers = _payers(person, now) if person else []
    shown = {
        "now": now,
        "item": found,
        "icon_name": ICONS[found.category],
        "kept_until": now + HOLD_LASTS,
        "places": [(one, counts[one.station.id]) for one in open_ones],
        "is_withdrawn": found.withdrawn_at is not None and found.withdrawn_at <= now,
        "payers": payers,
        "key": request.POST.get("key") or new_id(),
        "typed": request.POST,
        "balance": points.balance(person, now) if person else None,
        "may_join": person is not None and _may_join(person, now),
        "reason": reason,
        "field": field,
        "has_errors": bool(reason),
    }
    return render(request, "shop/item.jinja", shown, status=status)


def _payers(person: Person, now: datetime) -> list[dict[str, object]]:
    """Whose points may pay: one's own, the household's, those of people one acts for."""
    found: list[dict[str, object]] = [_payer("me", _("我的分"), Holder(person.id), now)]
    household = queries.household_for(person, now)
    if household:
        found.append(_payer("home", _("家里的分"), Holder(household_id=household.id), now))
    for other in queries.others_paid_for(person, now):
        title = _("替%(name)s换") % {"name": other.called or _("家人")}
        found.append(_payer(str(other.id), title, Holder(other.id), now))
    return found


def _payer(value: str, title: str, holder: Holder, now: datetime) -> dict[str, object]:
    hint = _("有 %(points)s 分") % {"points": points.balance_of(holder, now).spendable}
    return {"value": value, "title": title, "hint": hint}


def _may_join(person: Person, now: datetime) -> bool:
    """Whether points lie at home that this person could, and has not yet agreed to, spend together."""
    if not policies.may_agree_to_the_homes(person, now) or queries.household_for(person, now) is not None:
        return False
    household_id = points.household_id(person, now)
    return household_id is not None and points.balance_of(Holder(household_id=household_id), now).spendable > 0


def _here(kind: Category | None, words: str) -> str:
    asked = {key: value for key, value in {"kind": kind.value if kind else "", "q": words}.items() if value}
    return reverse("shop:home") + (f"?{urlencode(asked)}" if asked else "")
