"""The workbench of those who look after whole communities and of the hub: the queue, the case, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from huipai.cases import queries, telling, telling_hub
from huipai.cases.models import Case, CaseType
from huipai.cases.order_words import ExtensionGround, Tie
from huipai.cases.pages.forms_again import errors_of
from huipai.cases.phrase_words import PhraseUse
from huipai.cases.policies import entering
from huipai.cases.queries import guessing, hub, phrases, sending
from huipai.cases.queries.hub import Filter
from huipai.cases.words import NotFiledReason, VoidReason
from huipai.grid import queries as grid
from huipai.grid.models import GridNode, Unit
from huipai.grid.words import Level
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.kit.written import written
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.people.words import Role

PAGE = 50


@require_GET
@signed_in
def desk(request: SignedInRequest) -> HttpResponse:
    """The queue of one's communities; the case that is asked for, or the first, stands beside it."""
    return show(request, asked_in(request.GET), request.GET.get("case", ""))


def asked_in(data: object) -> Filter:
    """The filter as it stands in an address."""
    get = data.get  # type: ignore[attr-defined]
    view = get("view", "")
    words = (str(get(name, ""))[:longest] for name, longest in (("in", 40), ("q", 80), ("type", 40), ("unit", 40)))
    return Filter(view if view in hub.SHELVES else "", *words)


def asked_by(form: QueryDict) -> Filter:
    """The filter that a deed carries along; under names of its own, for a deed may name a unit or a type too."""
    return asked_in({name: form.get(f"asked-{name}", "") for name in Filter().as_address()})


def show(
    request: SignedInRequest, asked: Filter, code: str, *, refused: Refused | None = None, deed: str = ""
) -> HttpResponse:
    """The desk; after a refusal with its sentence and everything that was typed."""
    now = clock.now()
    with grid.roles_at_hand(request.person, now):
        entering.may_enter_desk(request.person, now).require()
        if not asked.view:
            asked = replace(asked, view=_first_view(request, now))
        areas = hub.areas_of(request.person, now)
        sends = grid.has_role(request.person, Role.DISPATCHER, now)
    types, units = hub.types_asked(asked.type), list(grid.units_in_force())
    choices = Choices(_communities(areas, asked.community, now), types, _with_asked(units, asked.unit), areas, now)
    asked = choices.known(asked)
    communities = choices.communities
    inside = hub.narrowed(areas, next((node for node in communities if node.code == asked.community), None))
    page: Page[hub.Queued] = page_of(hub.Queue(inside, asked, now), request.GET.get("page"), size=PAGE)
    chosen = _chosen(request, page, code, now)
    near = telling_hub.near(chosen) if chosen else []
    names = queries.reporters_names([*(one.code for one in page.items), *(one.code for one in near)])
    errors = errors_of(refused) if refused else []
    context = {
        "now": now, "page": page, "asked": asked, "is_asked": bool(code), "choices": choices,
        "out_of_use": choices.asked_out_of_use(asked), "elsewhere": choices.asked_elsewhere(asked),
        "wrote": bool(written(request.POST.dict())),
        "tabs": _tabs(asked, hub.counts(inside, now, asked)), "types": [one for one in types if one.is_active],
        "everything": address(Filter(asked.view)), "views": _views(request, asked),
        "turns": {"before": address(asked, page=page.before), "after": address(asked, page=page.after)},
        "sends": sends, "sendable": {one.code for one in page.items if sends and telling_hub.can_be_sent(one)},
        "rows": _rows(page, names, request.person, asked, now),
        "marks": {one.code: one for one in page.items},
        "center": (request.street.center_lng, request.street.center_lat),
        "chosen": telling_hub.panel(chosen, near, request.person, now) if chosen else None,
        "near_places": {one.id: telling.place(one, names.get(one.code, ())) for one in near},
        "back": address(asked, page=page.number), "fields": asked.as_address(),
        "errors": errors, "has_errors": bool(errors), "wrong": dict(errors), "deed": deed, "typed": request.POST,
        "ticked": list(dict.fromkeys(request.POST.getlist("tick"))) if deed == "bulk" else [],
        # Where the case has moved on, the form they were written in may be gone.
        "written": written(request.POST.dict()) if refused and refused.status == 409 else [],
        **(_forms(chosen, units, now) if chosen else {"all_offers": _plain_offers(units)}),
    }  # fmt: skip
    return render(request, "cases/desk.jinja", context, status=refused.status if refused else 200)


def _rows(
    page: Page[hub.Queued], names: Mapping[str, list[str]], viewer: Person, asked: Filter, now: datetime
) -> list[dict[str, object]]:
    """The queue, without the names of those who reported."""
    return [
        telling_hub.row(
            one, viewer, now, href=address(asked, case=one.code, page=page.number), names=names.get(one.code, [])
        )
        for one in page.items
    ]


@dataclass(frozen=True)
class Choices:
    """By what the queue can be narrowed. What is out of use, or not looked after any more, stays among it for whoever
    asks for it, and says so: a kept filter never turns into the whole queue."""

    communities: list[GridNode]
    types: list[CaseType]
    units: list[Unit]
    # The parts of the tree that somebody looks after; None for the whole street.
    areas: list[str] | None
    now: datetime

    def known(self, asked: Filter) -> Filter:
        """Without what this street never had: a made-up filter is no filter."""

        def among(code: str, found: Sequence[GridNode | CaseType | Unit]) -> str:
            return code if code in {one.code for one in found} else ""

        return replace(
            asked,
            community=among(asked.community, self.communities),
            type=among(asked.type, self.types),
            unit=among(asked.unit, self.units),
        )

    @property
    def out_of_use(self) -> set[UUID]:
        """Which of them are offered only because somebody asks for them, or because something of them is still open."""
        ended = {one.id for one in self.communities if one.valid_until is not None and one.valid_until <= self.now}
        retired = {one.id for one in self.types if not one.is_active}
        return ended | retired | {one.id for one in self.units if not one.is_active}

    @property
    def elsewhere(self) -> set[UUID]:
        """Communities of which nothing is looked after by whoever asks."""
        if self.areas is None:
            return set()
        return {one.id for one in self.communities if not hub.narrowed(self.areas, one)}

    def asked_elsewhere(self, asked: Filter) -> str:
        """The name of the community that the filter in use asks for, where nothing of it is theirs."""
        return next(
            (one.name for one in self.communities if one.code == asked.community and one.id in self.elsewhere), ""
        )

    def asked_out_of_use(self, asked: Filter) -> list[str]:
        """The names of those that the filter in use asks for."""
        communities = [
            one.name for one in self.communities if one.code == asked.community and one.id in self.out_of_use
        ]
        types = [one.name for one in self.types if one.code == asked.type and not one.is_active]
        return [*communities, *types, *(one.name for one in self.units if one.code == asked.unit and not one.is_active)]


def _with_asked(units: list[Unit], code: str) -> list[Unit]:
    """Those in service, and after them the one that is asked for."""
    if not code or code in {one.code for one in units}:
        return units
    return [*units, *Unit.objects.filter(code=code)]


def _first_view(request: SignedInRequest, now: datetime) -> str:
    """The hub begins with what is to be sent; a community with everything that is open."""
    is_hub = grid.has_role(request.person, Role.DISPATCHER, now)
    return hub.EVERYTHING if not is_hub or request.GET.get("q") else hub.TO_BE_SENT


def _chosen(request: SignedInRequest, page: Page[hub.Queued], code: str, now: datetime) -> Case | None:
    code = code or (page.items[0].code if page.items else "")
    return queries.by_code(request.person, code, now) if code else None


def _forms(case: Case, units: list[Unit], now: datetime) -> dict[str, object]:
    """What the forms of the right side offer."""
    offers = telling_hub.offers(case, units, now)
    return {
        "offers": offers[:3],
        "others": offers[3:],
        "all_offers": offers,
        "offer_choices": [(one["value"], one["title"]) for one in offers],
        "guessed": guessing.suggest(queries.text_of(case)),
        "new_part": new_id(),
        "workers": sending.who_could_look(case, now),
        "grounds": ExtensionGround.choices,
        "not_filed_reasons": NotFiledReason.choices,
        "not_filed_phrases": phrases.fitting(case, PhraseUse.NOT_FILED).values_list("id", "title"),
        "void_reasons": VoidReason.choices,
        "tie_words": Tie.choices,
    }


def _plain_offers(units: list[Unit]) -> list[dict[str, object]]:
    """The units, where no case says which of them comes first."""
    return [{"value": one.id, "title": one.name} for one in units if one.is_active]


def _communities(areas: list[str] | None, asked: str, now: datetime) -> list[GridNode]:
    """Those of today that somebody looks after, and the one that is asked for, of another day or of others, last."""
    ever = GridNode.objects.of_level(Level.COMMUNITY).defer("boundary")
    today = ever.valid_at(now).order_by("code")
    found = [node for node in today if areas is None or any(node.path.startswith(area) for area in areas)]
    if asked and asked not in {node.code for node in found}:
        found += ever.filter(code=asked).order_by("-valid_from")[:1]
    return found


def _tabs(asked: Filter, counts: dict[str, int]) -> list[dict[str, object]]:
    words = {
        **_only_where_something_lies(hub.TO_BE_PLACED, _("待定位置"), asked, counts),
        hub.TO_BE_SENT: _("待分拨"), "soon": _("快到期"), "late": _("已超时"),
        "back": _("退单和待批"), "unread": _("没人看"),
        **_only_where_something_lies(hub.WITHOUT_A_CHECKER, _("没抽到核查人"), asked, counts),
        "watched": _("盯着的"), "all": _("都在办"), "waiting": _("等核查和确认"),
    }  # fmt: skip
    return [
        {"href": address(replace(asked, view=key)), "label": label, "key": key, "count": counts.get(key)}
        for key, label in words.items()
    ]


def _only_where_something_lies(view: str, label: str, asked: Filter, counts: dict[str, int]) -> dict[str, str]:
    """A shelf that is seldom needed."""
    return {view: label} if counts.get(view) or asked.view == view else {}


def _views(request: SignedInRequest, asked: Filter) -> list[dict[str, object]]:
    """One's own filters, the one in use marked."""
    return [
        {
            "id": view.id,
            "name": view.name,
            "href": address(asked_in(view.asked)),
            "is_on": asked_in(view.asked) == asked,
        }
        for view in hub.views_of(request.person)
    ]


def address(asked: Filter, *, case: str = "", page: int = 1) -> str:
    """The desk with this filter, at this case."""
    words = {**asked.as_address(), "case": case, "page": page if page > 1 else ""}
    query = urlencode({name: value for name, value in words.items() if value})
    return reverse("cases:desk") + (f"?{query}" if query else "")
