"""What a resident may read of the ledger: their own points, and nobody else's."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import BaseExpression

from huipai.grid import queries as grid
from huipai.kit import subjects
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.points import rules
from huipai.points.models import Account, Allocation, Closing, Hold, HoldDraw, Line, Lot, Posting
from huipai.points.queries.closing import closing, end_of
from huipai.points.queries.holds import freed_by
from huipai.points.rules import Holder, Span
from huipai.points.words import LEFT_BEHIND, NOTICE_DAYS, HoldState, Kind, Purse
from huipai.stations.models import Station


@dataclass(frozen=True, slots=True)
class Lapse:
    """Points that will expire together."""

    points: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Balance:
    """What somebody may spend, what they owe, what is set aside, and what lapses next."""

    spendable: int
    debt: int = 0
    lapsing: Lapse | None = None
    held: int = 0


class Side(StrEnum):
    """A part of the statement."""

    ALL = "all"
    EARNED = "earned"
    USED = "used"


@dataclass(frozen=True, slots=True)
class Slice:
    """Some postings, newest first, and the id after which the next ones begin."""

    postings: list[Posting]
    next_after: UUID | None


def balance(person: Person, at: datetime) -> Balance:
    """The points of this person at `at`."""
    return balance_of(Holder(person.id), at)


def balance_of(holder: Holder, at: datetime) -> Balance:
    """The points of a person or a household at `at`, by the clock: what has expired is gone, and what was set aside
    for a time that is over has come free, whether or not it has been posted."""
    accounts = {account.purse: account for account in Account.objects.filter(**_whose(holder))}
    spendable = accounts.get(Purse.SPENDABLE)
    debt = -accounts[Purse.DEBT].balance if Purse.DEBT in accounts else 0
    if spendable is None:
        return Balance(0, debt)
    set_aside = _set_aside(spendable, at)
    end = closing()
    paid = _paid_by_the_clock(spendable, debt, at)
    debt -= sum(paid.values())
    gone, owed, lapsing = 0, debt, None
    for expires_at, group in groupby(_lots_near_their_end(spendable, at, end), key=lambda lot: lot[2]):
        points = sum(remaining - set_aside.get(lot_id, 0) - paid.get(lot_id, 0) for lot_id, remaining, _at in group)
        if expires_at <= at:
            gone += points
        elif points > owed:
            lapsing = Lapse(points - owed, expires_at)
            break
        else:
            owed -= points
    held = sum(set_aside.values())
    free = spendable.balance - sum(paid.values()) - gone - held
    return Balance(max(0, free - debt), max(0, debt - free), lapsing, held)


def _paid_by_the_clock(spendable: Account, debt: int, at: datetime) -> dict[UUID, int]:
    """What holds that are over have paid of a debt out of each lot, where nobody has posted it."""
    if not debt or not spendable.held:
        return {}
    return {each.lot_id: each.points for each in rules.repaid(freed_by(spendable.id, at), debt)}


def _known_to(holder: Holder) -> Q:
    """The postings that its owners may read: of a household, what came about since those who live there now do."""
    since = grid.family_since(holder.household_id) if holder.household_id else None
    whose = Q(**_whose(holder))
    return whose if since is None else whose & Q(posted_at__gte=since) & ~Q(subject__startswith=LEFT_BEHIND)


def _whose(holder: Holder) -> dict[str, UUID | None]:
    return {"person_id": holder.person_id} if holder.person_id else {"household_id": holder.household_id}


def _set_aside(account: Account, at: datetime) -> dict[UUID, int]:
    """The points of each lot that holds set aside at `at`."""
    if not account.held:
        return {}
    living = HoldDraw.objects.filter(
        hold__account=account, hold__state=HoldState.OPEN, hold__expires_at__gt=at
    ).values_list("lot_id", "points")
    found: dict[UUID, int] = {}
    for lot_id, points in living:
        found[lot_id] = found.get(lot_id, 0) + points
    return found


def _lots_near_their_end(account: Account, at: datetime, end: Closing | None) -> list[tuple[UUID, int, datetime]]:
    """What is left in lots that end soon, soonest first."""
    soon = at + timedelta(days=NOTICE_DAYS)
    lots = Lot.objects.filter(account=account, remaining__gt=0)
    if end is None or end.redeem_until > soon:
        lots = lots.filter(expires_at__lte=soon)
    found = lots.order_by("expires_at", "id").values_list("id", "remaining", "expires_at")
    ends = ((id, left, end_of(expires_at, end)) for id, left, expires_at in found)
    return sorted(((id, left, at) for id, left, at in ends if at and at <= soon), key=lambda lot: lot[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of a statement is wanted: a side, words, a span of time."""

    side: Side = Side.ALL
    words: str = ""
    within: Span | None = None
    # Of each word the kinds, and the reasons of a kind, whose own words hold it; None: whatever the reason.
    titled: Mapping[str, Collection[tuple[Kind, str | None]]] = field(default_factory=dict)


def statement(holder: Holder, wanted: Wanted, *, after: UUID | None = None, size: int = 20) -> Slice:
    """The postings of a person or a household, newest first, with item and version; three queries at most."""
    found = _of(holder, wanted)
    last = Posting.objects.filter(_known_to(holder), pk=after).first() if after else None
    if last:
        found = found.filter(Q(posted_at__lt=last.posted_at) | Q(posted_at=last.posted_at, id__lt=last.id))
    page = list(found.order_by("-posted_at", "-id")[: size + 1])
    return Slice(page[:size], page[size - 1].id if len(page) > size else None)


def years_of(holder: Holder, at: datetime) -> list[int]:
    """The years of a statement, newest first: from the first posting to `at`."""
    first = Posting.objects.filter(_known_to(holder)).order_by("posted_at", "id").values_list("posted_at", flat=True)
    begin = first.first() or at
    return list(range(local_date(at).year, local_date(begin).year - 1, -1))


def posting_for(person: Person, posting_id: UUID, household_id: UUID | None) -> Posting | None:
    """One posting with all that explains it, to its owner or a member of the household that owns it."""
    mine = Q(person=person)
    if household_id:
        mine |= _known_to(Holder(household_id=household_id))
    found = Posting.objects.filter(mine, pk=posting_id).select_related("item__version", "reverses")
    return found.annotate(**_beside()).first()


def _beside() -> dict[str, BaseExpression]:
    """What a posting says besides: whether it was reversed; what of it paid a debt or, below nothing, became one."""
    on_debt = Line.objects.filter(posting=OuterRef("pk"), account__purse=Purse.DEBT).values("amount")
    return {"was_reversed": Exists(Posting.objects.filter(reverses=OuterRef("pk"))), "on_debt": Subquery(on_debt[:1])}


def lot_of(posting: Posting) -> Lot | None:
    return Lot.objects.filter(posting=posting).first()


def fetched_in(posting: Posting) -> Station | None:
    """Where something was handed over for a posting."""
    found = Line.objects.filter(posting=posting, station__isnull=False).select_related("station").first()
    return found.station if found else None


def sources_of(posting: Posting) -> list[tuple[Posting, int]]:
    """The awards from whose lots a posting took, and how much of each."""
    drawn = Allocation.objects.filter(posting=posting).select_related("lot__posting__item")
    return [(draw.lot.posting, draw.points) for draw in drawn.order_by("lot__expires_at", "id")]


def waiting_holds(person: Person, at: datetime) -> int:
    """How many things somebody has set points aside for."""
    return Hold.objects.filter(account__person=person, state=HoldState.OPEN, expires_at__gt=at).count()


def _of(holder: Holder, wanted: Wanted) -> QuerySet[Posting]:
    side, words = wanted.side, wanted.words
    found = Posting.objects.filter(_known_to(holder)).select_related("item__version")
    if wanted.within:
        found = found.filter(posted_at__gte=wanted.within.begin, posted_at__lt=wanted.within.end)
    found = found.annotate(**_beside())
    if side == Side.EARNED:
        found = found.filter(points__gt=0)
    if side == Side.USED:
        found = found.filter(points__lte=0)
    if words:
        unnamed = found.filter(item=None).order_by().values_list("subject", flat=True).distinct()
        names = subjects.names_of(unnamed)
        for word in words.split():
            found = found.filter(_reads(word, names, wanted.titled.get(word, ())))
    return found


def _reads(word: str, names: Mapping[str, str], titled: Collection[tuple[Kind, str | None]]) -> Q:
    """The postings that are called something with this word: their item, what was fetched, or what became of them."""
    called = [subject for subject, name in names.items() if word.casefold() in name.casefold()]
    reads = Q(item__title__icontains=word) | Q(item_code__iexact=word) | Q(item=None, subject__in=called)
    for kind, reason in titled:
        reads |= Q(kind=kind) if reason is None else Q(kind=kind, reason=reason)
    return reads
