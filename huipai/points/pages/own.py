"""One's own points, and how each of them came about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from huipai.kit import clock, subjects
from huipai.kit.render import render
from huipai.people.http import SignedInRequest, signed_in
from huipai.points import queries
from huipai.points.models import Posting
from huipai.points.queries import Side
from huipai.points.words import Kind
from huipai.rulebook.models import PointItem

LONGEST_SEARCH = 40


@dataclass(frozen=True)
class Told:
    """A posting as its owner reads it."""

    title: str | Promise
    points: int
    at: datetime
    port: str
    item: PointItem | None
    deed_url: str | None
    is_reversed: bool
    is_reversal: bool


@require_GET
@signed_in
def home(request: SignedInRequest) -> HttpResponse:
    """The balance and the statement of whoever is signed in; nobody else's can be asked for."""
    now = clock.now()
    side = _side(request.GET.get("show"))
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    after = _id(request.GET.get("after"))
    found = queries.statement(request.person, side=side, words=words, after=after)
    addresses = subjects.addresses_of(posting.subject for posting in found.postings)
    balance = queries.balance(request.person, now)
    return render(
        request,
        "points/home.jinja",
        {
            "now": now,
            "balance": balance,
            "last_good_day": balance.lapsing.at - timedelta(microseconds=1) if balance.lapsing else None,
            "entries": [_told(posting, addresses.get(posting.subject)) for posting in found.postings],
            "sides": [{"href": _here(each, words), "label": label} for each, label in _sides()],
            "tab": _here(side, words),
            "side": side,
            "words": words,
            "is_long": bool(found.next_after or after),
            "older": _here(side, words, found.next_after) if found.next_after else None,
        },
    )


def _told(posting: Posting, deed_url: str | None) -> Told:
    return Told(
        title=_title(posting), points=posting.points, at=posting.posted_at,
        port=posting.item.port if posting.item else "", item=posting.item, deed_url=deed_url,
        is_reversed=bool(getattr(posting, "was_reversed", False)), is_reversal=posting.kind == Kind.REVERSAL,
    )  # fmt: skip


def _title(posting: Posting) -> str | Promise:
    if posting.kind == Kind.REVERSAL:
        return _("%(reason)s，退回") % {"reason": posting.get_reason_display()}
    if posting.kind == Kind.EXPIRY:
        return _("到期没用的分")
    return posting.item.title if posting.item else _("用掉的分")


def _sides() -> list[tuple[Side, str]]:
    return [(Side.ALL, _("全部")), (Side.EARNED, _("挣来的")), (Side.USED, _("用掉的"))]


def _side(given: str | None) -> Side:
    return Side(given) if given in set(Side) else Side.ALL


def _id(given: str | None) -> UUID | None:
    try:
        return UUID(given or "")
    except ValueError:
        return None


def _here(side: Side, words: str, after: UUID | None = None) -> str:
    asked = {"show": side if side != Side.ALL else "", "q": words, "after": after or ""}
    query = urlencode({key: value for key, value in asked.items() if value})
    return reverse("points:home") + (f"?{query}" if query else "")
