"""One's own points, and how each of them came about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from huipai.kit import clock, subjects
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible
from huipai.people import queries as people
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.rules import local_date, may_be_under_age
from huipai.people.words import ConsentPurpose
from huipai.points import queries, rules
from huipai.points.models import Closing, Posting
from huipai.points.queries import Side, Wanted
from huipai.points.rules import Holder
from huipai.points.words import GrantReason, Kind, ReversalReason
from huipai.rulebook.models import PointItem

LONGEST_SEARCH = 40


@dataclass(frozen=True)
class Told:
    """A posting as its owner reads it."""

    id: UUID
    title: str | Promise
    points: int
    at: datetime
    port: str
    item: PointItem | None
    deed_url: str | None
    is_reversed: bool
    is_reversal: bool
    # What of it paid what was owed; below nothing, what became owed.
    on_debt: int = 0
    # What was owed and is paid by it, where it does nothing else.
    repaid: int = 0
    # Of one line that stands for several: each of them.
    parts: tuple[Told, ...] = ()


@require_GET
@signed_in
def home(request: SignedInRequest) -> HttpResponse:
    """The balance and the statement of whoever is signed in; nobody else's can be asked for."""
    now = clock.now()
    balance = queries.balance(request.person, now)
    household_id = queries.household_id(request.person, now)
    at_home = queries.balance_of(Holder(household_id=household_id), now) if household_id else None
    shown = {
        "balance": balance,
        "last_good_day": balance.lapsing.at - timedelta(microseconds=1) if balance.lapsing else None,
        "waiting": queries.waiting_holds(request.person, now),
        "at_home": at_home,
        **_statement(request, Holder(request.person.id), reverse("points:home"), now),
    }
    return render(request, "points/home.jinja", shown)


@require_GET
@signed_in
def household(request: SignedInRequest) -> HttpResponse:
    """What the household has together, and how each point of it came about; to those who live in it."""
    now = clock.now()
    household_id = queries.household_id(request.person, now)
    if household_id is None:
        raise NotVisible(_("还没有登记住在哪一户"))
    holder = Holder(household_id=household_id)
    balance = queries.balance_of(holder, now)
    shown = {
        "balance": balance,
        "last_good_day": balance.lapsing.at - timedelta(microseconds=1) if balance.lapsing else None,
        "has_agreed": people.has_consent(request.person, ConsentPurpose.HOUSEHOLD_POINTS),
        "is_grown_up": not may_be_under_age(request.person.born_by, local_date(now)),
        **_statement(request, holder, reverse("points:household"), now),
    }
    return render(request, "points/household.jinja", shown)


def _statement(request: SignedInRequest, holder: Holder, here: str, now: datetime) -> dict[str, object]:
    """The part of a statement that was asked for, and the ways to its other parts."""
    asked = _Asked.of(request)
    within = rules.local_year(asked.year) if asked.year else None
    titled = {word: _titled(word) for word in asked.words.split()}
    wanted = Wanted(side=asked.side, words=asked.words, within=within, titled=titled)
    found = queries.statement(holder, wanted, after=asked.after)
    years = queries.years_of(holder, now)
    subjects_shown = [posting.subject for posting in found.postings]
    addresses, names = subjects.addresses_of(subjects_shown), subjects.names_of(subjects_shown)
    sides = [(replace(asked, side=each, after=None), label) for each, label in _sides()]
    return {
        "now": now,
        "entries": _as_one(
            [(posting, told(posting, addresses.get(posting.subject), names)) for posting in found.postings]
        ),
        "sides": [{"href": here + each.query, "label": label} for each, label in sides],
        "tab": here + replace(asked, after=None).query,
        "side": asked.side,
        "words": asked.words,
        "year": asked.year,
        "years": years if len(years) > 1 else [],
        "is_long": bool(found.next_after or asked.after),
        "older": here + replace(asked, after=found.next_after).query if found.next_after else None,
        "here": here,
    }


def _as_one(lines: list[tuple[Posting, Told]]) -> list[Told]:
    """The lines of a statement; what lapsed lot by lot when the scheme ended is one line that opens."""
    end, found = queries.end_in_sight(), []
    for at, several in groupby(lines, key=lambda line: _ended_at(line[0], end)):
        group = [line for _posting, line in several]
        if at is None or len(group) == 1:
            found += group
        else:
            sum_of, title = sum(line.points for line in group), _("积分结束，没换的分清零")
            found.append(replace(group[0], title=title, points=sum_of, parts=tuple(group)))
    return found


def _ended_at(posting: Posting, end: Closing | None) -> datetime | None:
    """When this lapsed because the scheme had ended; None for everything else."""
    is_end = posting.kind == Kind.EXPIRY and end is not None and posting.posted_at >= end.redeem_until
    return posting.posted_at if is_end else None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address of a statement asks for."""

    side: Side
    words: str
    year: int | None
    after: UUID | None

    @classmethod
    def of(cls, request: SignedInRequest) -> _Asked:
        words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
        return cls(_side(request.GET.get("show")), words, _year(request.GET.get("year")), _id(request.GET.get("after")))

    @property
    def query(self) -> str:
        asked = {
            "show": self.side if self.side != Side.ALL else "", "q": self.words, "year": self.year or "",
            "after": self.after or "",
        }  # fmt: skip
        query = urlencode({key: value for key, value in asked.items() if value})
        return f"?{query}" if query else ""


def told(posting: Posting, deed_url: str | None, names: Mapping[str, str]) -> Told:
    """A posting in the words of its owner."""
    return Told(
        id=posting.id, title=title_of(posting, names), points=posting.points, at=posting.posted_at,
        port=posting.item.port if posting.item else "", item=posting.item, deed_url=deed_url,
        is_reversed=bool(getattr(posting, "was_reversed", False)), is_reversal=posting.kind == Kind.REVERSAL,
        on_debt=(on_debt := getattr(posting, "on_debt", None) or 0),
        repaid=on_debt if posting.kind == Kind.REPAYMENT else 0,
    )  # fmt: skip


def title_of(posting: Posting, names: Mapping[str, str]) -> str | Promise:
    """What a posting is called: what was done, or what became of the points."""
    if posting.kind == Kind.REVERSAL:
        return _("%(reason)s，退回") % {"reason": posting.get_reason_display()}
    if posting.kind in _TITLES:
        return str(_TITLES[Kind(posting.kind)])
    if posting.kind == Kind.GRANT and posting.item:
        how = _("%(title)s，申诉成立补回") if posting.reason == GrantReason.APPEAL_UPHELD else _("%(title)s，人工补记")
        return how % {"title": posting.item.title}
    return posting.item.title if posting.item else names.get(posting.subject, _("用掉的分"))


_TITLES = {
    Kind.EXPIRY: gettext_lazy("到期没用的分"),
    Kind.REPAYMENT: gettext_lazy("退回来的分补上了以前欠的"),
    Kind.FORGIVEN: gettext_lazy("搬走的一家欠的分了结了"),
}


def _titled(word: str) -> list[tuple[Kind, str | None]]:
    """Which kinds, and for which reason, are called something with this word whatever was done."""
    found: list[tuple[Kind, str | None]] = [(kind, None) for kind, title in _TITLES.items() if word in str(title)]
    taken = [(reason.value, _("%(reason)s，退回") % {"reason": reason.label}) for reason in ReversalReason]
    found += [(Kind.REVERSAL, reason) for reason, title in taken if word in title]
    for reason in GrantReason:
        how = _("%(title)s，申诉成立补回") if reason == GrantReason.APPEAL_UPHELD else _("%(title)s，人工补记")
        if word in how % {"title": ""}:
            found.append((Kind.GRANT, reason.value))
    return found


def _sides() -> list[tuple[Side, str]]:
    return [(Side.ALL, _("全部")), (Side.EARNED, _("挣来的")), (Side.USED, _("用掉的"))]


def _side(given: str | None) -> Side:
    return Side(given) if given in set(Side) else Side.ALL


def _year(given: str | None) -> int | None:
    return int(given) if given and re.fullmatch("20[0-9]{2}", given) else None


def _id(given: str | None) -> UUID | None:
    try:
        return UUID(given or "")
    except ValueError:
        return None
