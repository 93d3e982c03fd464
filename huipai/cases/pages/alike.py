"""Before sending: what neighbours have reported already, right here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from huipai.cases.forms import photo_ids
from huipai.cases.queries import neighbours
from huipai.cases.queries.neighbours import Alike
from huipai.cases.rules import lateness
from huipai.cases.rules.likeness import Sketch
from huipai.cases.words import LONGEST_TEXT
from huipai.kit import clock
from huipai.kit.coordinates import Crs, Point
from huipai.kit.render import render
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person


@dataclass(frozen=True)
class Shown:
    """A neighbours' case beside one's own photo: what is public of it, and how far away it is."""

    code: str
    title: str
    state: str
    src: str
    metres: int
    place: str
    reported_at: datetime
    due_at: datetime | None
    followers: int


@require_POST
@signed_in
def alike(request: SignedInRequest) -> HttpResponse:
    """Part of the report form: open public cases of this type around this place, the likeliest first.

    Asked in a body: words of any length get there, and no log holds them or the place.
    """
    now = clock.now()
    try:
        point = Point.given_in(Crs.WGS84, float(request.POST["lng"]), float(request.POST["lat"]))
    except (KeyError, ValueError):
        return HttpResponse(status=204)
    ids = photo_ids(request.POST)
    found = found_near(
        request.POST.get("case_type", ""), point, text=request.POST.get("text", "")[:LONGEST_TEXT], photo_ids=ids,
        person=request.person, now=now,
    )  # fmt: skip
    if not found:
        return HttpResponse(status=204)
    return render(request, "cases/alike_part.jinja", {"found": found, "now": now, "mine": ""})


def found_near(
    case_type: str, point: Point, *, text: str, photo_ids: tuple[UUID, ...], person: Person, now: datetime
) -> list[Shown]:
    """What to show; nothing that this person has reported already."""
    mine = Sketch(text, now, neighbours.fingerprints_of(photo_ids, person) if photo_ids else ())
    near = neighbours.alike(case_type, point, mine)
    if not near:
        return []
    own = neighbours.reported_among([one.id for one in near], person)
    return [_shown(one, now) for one in near if one.id not in own]


def _shown(one: Alike, now: datetime) -> Shown:
    """Of a promise only what still holds: none while it is set aside or answered for, none that is over."""
    src = reverse("cases:public_photo", args=[one.code, one.cover_id])
    return Shown(
        code=one.code, title=one.type_name, state=one.state, src=src, metres=max(1, round(one.metres)),
        place=one.node_name, reported_at=one.reported_at,
        due_at=one.due_at if _is_promised(one, now) else None, followers=one.followers,
    )  # fmt: skip


def _is_promised(one: Alike, now: datetime) -> bool:
    return lateness.runs(one.state) and not lateness.has_passed(one.due_at, now)
