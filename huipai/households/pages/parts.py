"""What the pages of linked households have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.grid.words import Level
from huipai.households.forms import quarter_words
from huipai.households.models import Assessment, Link
from huipai.households.queries import asking, choosing
from huipai.households.words import LinkState, Side
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.http import SignedInRequest
from huipai.people.models import Person
from huipai.people.rules import mask_name
from huipai.points import queries as points
from huipai.points.models import Correction
from huipai.rulebook.models import PointItem
from huipai.rulebook.queries import items_in_force

Words = str | Promise
A_PAGE = 20
DESK = "households/desk_form.jinja"


def home_of(request: SignedInRequest) -> GridNode:
    """The household in which whoever is signed in lives; without one there is no such page."""
    household = grid.household_of(request.person, clock.now())
    if household is None:
        raise NotVisible(_("还没有登记您住在哪一户，请到社区窗口登记"))
    return household


def attempt(form: Form, act: Callable[[], object]) -> int:
    """Do it; 0 if it is done, else the status with which the form is shown again, everything typed in it."""
    if not form.is_valid():
        return 422
    try:
        act()
    except (Invalid, Moved) as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
        return refusal.status
    return 0


def form_page(
    request: SignedInRequest,
    form: Form,
    *,
    title: Words,
    back: str,
    send: Words,
    status: int = 200,
    lead: Words = "",
    template: str = "households/form.jinja",
    again: str = "",
    ending: str = "",
    about: dict[str, object] | None = None,
) -> HttpResponse:
    """A page with one form on it: by default for a phone, with `DESK` at the desk; `again`: where to choose anew,
    `ending`: what ends with it, `about`: the incentive on which it decides."""
    shown = {
        "form": form, "title": title, "back": back, "send": send, "lead": lead, "has_errors": bool(form.errors),
        "again": again, "ending": ending, "about": about,
    }  # fmt: skip
    return render(request, template, shown, status=status)


def chosen_of(request: SignedInRequest, known: QuerySet[GridNode]) -> GridNode | None:
    """The household that was chosen from those known, if one was: on the way to the form, or in it."""
    code = (request.POST if request.method == "POST" else request.GET).get("household", "")
    return known.filter(code=code).first() if code else None


def choose_page(
    request: SignedInRequest,
    known: QuerySet[GridNode],
    *,
    title: Words,
    back: str,
    nothing: Words,
    is_desk: bool,
    lives: dict[str, object] | None = None,
) -> HttpResponse:
    """The households one may choose, by place and door, a page at a time; with words, those whose place says them.

    `lives`: who is to live in it, and where they live now.
    """
    words = request.GET.get("q", "").strip()[:40]
    page: Page[GridNode] = page_of(choosing.said(known, words), request.GET.get("page"), size=A_PAGE)
    shown = {
        "title": title, "back": back, "nothing": nothing, "is_desk": is_desk, "words": words, "page": page,
        "homes": [(one.code, place_of(one)) for one in page.items], "here": request.path,
        "lives": lives,
    }  # fmt: skip
    return render(request, "households/choose.jinja", shown)


def place_of(household: GridNode) -> str:
    """Micro-grid, building, entrance and door as its neighbours say it. Asks nothing where the list brought them."""
    names: list[str] = []
    node: GridNode | None = household
    while node is not None and Level(node.level).rank >= Level.MICRO_GRID.rank:
        names.append(node.name)
        node = node.parent
    return " ".join(reversed(names))


def told(assessments: Iterable[Assessment]) -> list[dict[str, object]]:
    """Incentives as their households read them, in their order; one query for all, and one for what was asked back."""
    found = list(assessments)
    items = items_in_force((one.item_code, one.proposed_at) for one in found)
    asked = points.taken_back(one.posting_id for one in found)
    return [_told(one, items.get((one.item_code, one.proposed_at)), asked.get(one.posting_id)) for one in found]


def _told(assessment: Assessment, item: PointItem | None, correction: Correction | None) -> dict[str, object]:
    is_gone = correction is not None and correction.stands
    return {
        "id": assessment.id,
        "title": item.title if item else assessment.item_code,
        "points": item.points if item else None,
        "quarter": quarter_words(assessment.quarter),
        "state": _("记过分，后来退回了") if is_gone else assessment.get_state_display(),
        "correction": correction,
        "reason": assessment.get_reason_display() if assessment.reason else "",
        "until": assessment.public_until,
        "is_public": assessment.state == "public",
    }


def name_at_home(link: Link) -> str:
    """A contact as the household reads of them: by their whole name once they have said yes, or asked themselves."""
    has_said_yes = link.state == LinkState.STANDING or link.asked_by_side == Side.CONTACT
    return link.contact.name if has_said_yes else mask_name(link.contact.name)


def came_of_asking(household: GridNode, contact: Person, asked: str) -> str:
    """What the next page says to who asked: where the other side had asked too, both have said yes."""
    link = asking.open_link_of(household, contact)
    return _("结对成了") if link is not None and link.state == LinkState.STANDING else asked


def masked(names: list[str]) -> str:
    """A household in public: the masked name of one of its people, and no address (L10)."""
    return _("%(name)s家") % {"name": mask_name(names[0]) if names else "*"}
