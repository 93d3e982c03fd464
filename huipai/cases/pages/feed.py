"""What is public in the street: list beside map, what lies near, and the Atom feed. For everybody, signed in or not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import condition, require_GET, require_http_methods

from huipai.cases import showing
from huipai.cases.models import CaseType
from huipai.cases.queries import likes, shown
from huipai.cases.queries.shown import Row, Wanted
from huipai.cases.rules.tiles import View
from huipai.cases.words import Going, Span
from huipai.grid.models import GridNode
from huipai.grid.words import Level
from huipai.kit import clock
from huipai.kit.coordinates import Point
from huipai.kit.lines import as_text
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, NotVisible
from huipai.streets.http import StreetRequest

PAGE = 20
IN_A_FEED = 30
LONGEST_SEARCH = 40
A_QUARTER = timedelta(days=90)


class NoSuchView(Invalid):
    code = "map_view_unreadable"
    default_reason = gettext_lazy("这一块地图没有认出来，挪一下再看")


@dataclass(frozen=True)
class Asked:
    """What stands in the address, read once: unknown words are passed over, never an error."""

    going: Going
    span: Span
    community: GridNode | None
    case_type: CaseType | None
    words: str

    def wanted(self, now: datetime) -> Wanted:
        return Wanted(
            going=self.going,
            span=self.span,
            since=now - A_QUARTER if self.span == Span.QUARTER else None,
            type_id=self.case_type.id if self.case_type else None,
            area=self.community.path if self.community else "",
            words=self.words,
        )

    def query(self, **instead: str) -> str:
        """The same in an address, with some of it changed; '' where nothing is asked."""
        given = {
            "going": self.going.value, "community": self.community.code if self.community else "",
            "type": self.case_type.code if self.case_type else "", "span": self.span.value, "q": self.words, **instead,
        }  # fmt: skip
        return urlencode({name: value for name, value in given.items() if value})

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked for beyond the tabs."""
        return bool(self.community or self.case_type or self.words or self.span != Span.CURRENT)


def _asked(data: QueryDict, now: datetime) -> Asked:
    going, span = data.get("going", ""), data.get("span", "")
    code, kind = data.get("community", ""), data.get("type", "")
    return Asked(
        going=Going(going) if going in Going.values else Going.ALL,
        span=Span(span) if span in Span.values else Span.CURRENT,
        community=_communities(now).filter(code=code).first() if code else None,
        case_type=CaseType.objects.filter(code=kind, is_public=True).first() if kind else None,
        words=data.get("q", "").strip()[:LONGEST_SEARCH],
    )


def _communities(now: datetime) -> Any:
    return GridNode.objects.of_level(Level.COMMUNITY).valid_at(now).order_by("code").defer("boundary")


@require_GET
def nearby(request: StreetRequest) -> HttpResponse:
    """List and map of what is public in the street, by what one wants to see of it."""
    now = clock.now()
    asked = _asked(request.GET, now)
    page: Page[Row] = page_of(shown.Feed(asked.wanted(now)), request.GET.get("page"), size=PAGE)
    return _list(request, asked, page, now)


@require_http_methods(["GET", "POST"])
def here(request: StreetRequest) -> HttpResponse:
    """What goes on within 500 metres, the nearest first. The position comes in the body, answers this, and is gone."""
    if request.method == "GET":  # whoever comes back to this address has brought no position
        return redirect("cases:nearby")
    now = clock.now()
    point = _point(request.POST)
    rows = shown.nearest(point) if point else []
    asked = _asked(QueryDict(), now)
    return _list(request, asked, Page(rows, 1, 0, 0), now, is_near=point is not None, is_lost=point is None)


def _list(
    request: StreetRequest,
    asked: Asked,
    page: Page[Row],
    now: datetime,
    *,
    is_near: bool = False,
    is_lost: bool = False,
) -> HttpResponse:
    address = reverse("cases:nearby")
    goings = [
        {"href": f"{address}?{query}" if (query := asked.query(going=going.value)) else address, "label": going.label}
        for going in Going
    ]
    current = f"{address}?{asked.query()}" if asked.query() else address
    feed = reverse("cases:community_feed", args=[asked.community.code]) if asked.community else reverse("cases:feed")
    context = {
        "cards": showing.cards(page.items),
        "marks": showing.marks(),
        "likes": likes.of([row.id for row in page.items], getattr(request, "person", None)),
        "page": page,
        "asked": asked,
        "found_by": asked.wanted(now).found_by() if asked.words else (),
        "query": asked.query(),
        "goings": goings,
        "on": "" if is_near else current,
        "address": address,
        "feed": feed,
        "communities": _communities(now),
        "types": CaseType.objects.filter(is_active=True, is_public=True).order_by("position", "code"),
        "spans": Span.choices,
        "place": asked.community.name if asked.community else request.street.name,
        "is_near": is_near,
        "is_lost": is_lost,
        "now": now,
        "center": (request.street.center_lng, request.street.center_lat),
    }
    return render(request, "cases/nearby.jinja", context)


def _point(data: QueryDict) -> Point | None:
    try:
        lng, lat = float(data.get("lng", "")), float(data.get("lat", ""))
        return Point(lng, lat)
    except ValueError:
        return None


@require_GET
def heaps(request: StreetRequest) -> HttpResponse:
    """What a view of the map shows: pins, and squares with their number, counted in the database."""
    now = clock.now()
    asked = _asked(request.GET, now)
    found = shown.heaps(asked.wanted(now), _view(request.GET))
    return JsonResponse(
        {"heaps": [showing.pin(heap) for heap in found]}, headers={"Cache-Control": "private, no-cache"}
    )


def _view(data: QueryDict) -> View:
    try:
        west, south, east, north = (float(edge) for edge in data.get("bbox", "").split(","))
        view = View(west, south, east, north, float(data.get("zoom", "")))
    except ValueError:
        raise NoSuchView from None
    sensible = -180 <= view.west <= view.east <= 180 and -90 <= view.south <= view.north <= 90 and 0 <= view.zoom <= 24
    if not sensible:
        raise NoSuchView
    return view


# --- Atom: of the street, or of one community.
def _entries(request: HttpRequest, code: str | None) -> tuple[GridNode | None, list[Row]]:
    """Read once a request, for the stamp and for the answer."""
    known = getattr(request, "_huipai_feed", None)
    if known is None:
        community = _communities(clock.now()).filter(code=code).first() if code else None
        if code and community is None:
            raise NotVisible
        wanted = Wanted(span=Span.ALL, area=community.path if community else "")
        known = community, shown.Feed(wanted)[:IN_A_FEED]
        request._huipai_feed = known  # type: ignore[attr-defined]
    return known


def _stamp(request: StreetRequest, code: str | None = None) -> str:
    """Changes with everything that the feed says, so that nobody keeps what was taken back."""
    community, rows = _entries(request, code)
    seen = (request.street.name, request.street.operator, community and (community.name, community.code), rows)
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:24]


@require_GET
@condition(etag_func=_stamp)
def atom(request: StreetRequest, code: str | None = None) -> HttpResponse:
    """The latest public things as an Atom feed; what leaves the public leaves the feed."""
    community, rows = _entries(request, code)
    place = f"{request.street.name} {community.name}" if community else request.street.name
    feed = Atom1Feed(
        title=_("%(place)s，附近公开的事") % {"place": place},
        link=request.build_absolute_uri(reverse("cases:nearby")),
        description=_("照片有人看过才放"),
        language="zh-CN",
        feed_url=request.build_absolute_uri(request.get_full_path()),
        author_name=request.street.operator,
    )
    for card in showing.cards(rows):
        link = request.build_absolute_uri(card.href)
        feed.add_item(
            title=as_text(card.title), link=link, description=as_text(card.place), unique_id=link,
            pubdate=card.row.happened_at, updateddate=card.row.ended_at or card.row.happened_at,
            enclosures=[Enclosure(request.build_absolute_uri(card.src), "0", "image/jpeg")] if card.src else [],
        )  # fmt: skip
    return HttpResponse(
        feed.writeString("utf-8"), content_type=feed.content_type, headers={"Cache-Control": "private, no-cache"}
    )
