"""What a resident may read of the ledger: their own points, and nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from huipai.people.models import Person
from huipai.points.models import Account, Lot, Posting
from huipai.points.words import NOTICE_DAYS, Purse


@dataclass(frozen=True, slots=True)
class Lapse:
    """Points that will expire together."""

    points: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Balance:
    """What somebody may spend, what they owe, and what lapses next."""

    spendable: int
    debt: int = 0
    lapsing: Lapse | None = None


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
    """The points of this person at `at`. What has expired is gone by the clock, whether or not it has been posted."""
    held = dict(Account.objects.filter(person=person).values_list("purse", "balance"))
    lots = (
        Lot.objects.filter(account__person=person, account__purse=Purse.SPENDABLE, remaining__gt=0)
        .filter(expires_at__lte=at + timedelta(days=NOTICE_DAYS))
        .order_by("expires_at")
        .values_list("expires_at", "remaining")
    )
    gone, lapsing = 0, None
    for expires_at, group in groupby(lots, key=lambda lot: lot[0]):
        points = sum(remaining for _expires_at, remaining in group)
        if expires_at is None or expires_at <= at:
            gone += points
        else:
            lapsing = Lapse(points, expires_at)
            break
    return Balance(held.get(Purse.SPENDABLE, 0) - gone, -held.get(Purse.DEBT, 0), lapsing)


def statement(
    person: Person, *, side: Side = Side.ALL, words: str = "", after: UUID | None = None, size: int = 20
) -> Slice:
    """This person's postings, newest first, with item and version; three queries at most, however long it is."""
    found = _of(person, side, words)
    last = Posting.objects.filter(person=person, pk=after).first() if after else None
    if last:
        found = found.filter(Q(posted_at__lt=last.posted_at) | Q(posted_at=last.posted_at, id__lt=last.id))
    page = list(found.order_by("-posted_at", "-id")[: size + 1])
    return Slice(page[:size], page[size - 1].id if len(page) > size else None)


def _of(person: Person, side: Side, words: str) -> QuerySet[Posting]:
    found = Posting.objects.filter(person=person).select_related("item__version")
    found = found.annotate(was_reversed=Exists(Posting.objects.filter(reverses=OuterRef("pk"))))
    if side == Side.EARNED:
        found = found.filter(points__gt=0)
    if side == Side.USED:
        found = found.filter(points__lte=0)
    for word in words.split():
        found = found.filter(Q(item__title__icontains=word) | Q(item_code__iexact=word))
    return found
