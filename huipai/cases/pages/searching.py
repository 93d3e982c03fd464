"""One box for everything that somebody may see."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from huipai.cases import queries
from huipai.cases.models.case import chip_of
from huipai.cases.policies import entering
from huipai.cases.queries import searching
from huipai.cases.queries.searching import Found
from huipai.cases.words import State
from huipai.kit import clock
from huipai.kit.masking import masked
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.searching import LONGEST, around, marked
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.photos import grants

PAGE = 20


@require_GET
@signed_in
def search(request: SignedInRequest) -> HttpResponse:
    """What was typed, found among the cases of one's part of the grid; the number first, then words, then parts."""
    now = clock.now()
    entering.may_search(request.person, now).require()
    typed = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    results = searching.search(request.person, typed, now)
    page: Page[object] = page_of(list(results.ids), request.GET.get("page"), size=PAGE)
    first = (page.number - 1) * PAGE
    found = searching.rows(list(page.items))  # type: ignore[arg-type]
    names = queries.reporters_names([one.code for one in found])
    context = {
        "typed": typed, "page": page, "now": now, "is_cut": results.is_cut, "most": searching.MOST,
        "count": len(results.ids), "in_part": results.in_part_from - first,
        "rows": [_row(one, names.get(one.code, []), request.person, results.words, now) for one in found],
        "may_look_up": bool(entering.may_look_up(request.person, now)),
    }  # fmt: skip
    return render(request, "cases/search.jinja", context)


def _row(one: Found, names: list[str], viewer: Person, words: tuple[str, ...], now: datetime) -> dict[str, object]:
    place = masked(f"{one.address} · {one.node_name}" if one.address else one.node_name, names)
    number = _("第 %(number)s 号") % {"number": one.number} if one.number else ""
    return {
        "href": reverse("cases:detail", args=[one.code]),
        "title": marked(one.type_name, words),
        "place": marked(place, words),
        "said": marked(around(masked(one.text or "", names), words), words),
        "numbers": marked(" · ".join(part for part in (number, one.code) if part), words),
        "state": chip_of(one.state, one.is_unchecked),
        # A close that nobody has checked is a chip with words of its own.
        "word": State(one.state).told if chip_of(one.state, one.is_unchecked) == one.state else None,
        "unit": one.unit_name if one.is_open else None,
        "at": one.reported_at,
        "src": grants.thumb_url(one.photo_id, viewer=viewer, now=now) if one.photo_id else None,
        "alt": one.type_name,
    }
