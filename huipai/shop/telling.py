"""Reservations and items told in plain words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huipai.people.rules import mask_name
from huipai.points import queries as points
from huipai.shop.models import ItemProposal, Movement, Reservation, ShopItem
from huipai.shop.words import Audience, CalledOffBy, Category, ProposalState, State

ICONS: dict[str, str] = {
    Category.DAILY: "shopping-bag",
    Category.FOOD: "gift",
    Category.STUDY: "book",
    Category.HEALTH: "heart-handshake",
    Category.SAFETY: "shield-check",
    Category.SERVICE: "hammer",
    Category.OUTING: "calendar-event",
}
# The colour of a state, its word and its icon: never colour alone.
CHIPS: dict[str, tuple[str, str]] = {
    State.RESERVED: ("teal", "qrcode"),
    State.HANDED_OVER: ("green", "circle-check-filled"),
    State.CANCELLED: ("stone", "arrow-back-up"),
    State.LAPSED: ("stone", "hourglass-high"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A reservation as a list shows it."""

    id: UUID
    what: str
    where: str
    points: int
    until: datetime
    settled_at: datetime | None
    state: str
    word: str
    chip: tuple[str, str]
    icon: str
    whose: str


def what_of(reservation: Reservation) -> str:
    """洗洁精 1 瓶."""
    return f"{reservation.item.name} {reservation.quantity} {reservation.item.unit}"


@dataclass(frozen=True, slots=True)
class CameBack:
    """Of the points of a reservation that is over: what came back, how much of it paid a debt, what had ended."""

    points: int
    lost: int
    repaid: int

    @property
    def words(self) -> str:
        if not self.points:
            return _("%(lost)s 分，那时已经过期，没有退") % {"lost": self.lost}
        words = _("%(points)s 分退回了")
        if self.repaid and self.lost:
            words = _("%(points)s 分退回了，其中 %(repaid)s 分补了以前欠的；另外 %(lost)s 分那时已经过期")
        elif self.repaid:
            words = _("%(points)s 分退回了，其中 %(repaid)s 分补了以前欠的")
        elif self.lost:
            words = _("%(points)s 分退回了，另外 %(lost)s 分那时已经过期")
        return words % {"points": self.points, "repaid": self.repaid, "lost": self.lost}


def came_back(reservation: Reservation, *, reader_id: UUID | None) -> CameBack:
    """What became of the points of a reservation that was called off or that nobody fetched.

    What somebody owed, only they read: not who asked for it for them. What a home owed, everybody of it reads.
    """
    ended = points.ending_by(reservation.hold_id, reservation.settled_at or reservation.expires_at)
    lost = ended.points if ended else 0
    reads = reservation.household_id is not None or reader_id == reservation.person_id
    repaid = points.repaid_by(reservation.hold_id) if reads else 0
    return CameBack(points=reservation.points - lost, lost=lost, repaid=repaid)


def kept(
    reservation: Reservation, at: datetime, *, reader_id: UUID | None = None, why: CalledOffBy | None = None
) -> Kept:
    """A reservation for whoever may see it; of somebody else's it says whose, and `why` the street called it off."""
    state = reservation.state_at(at)
    is_own = reservation.person_id == reader_id
    return Kept(
        id=reservation.id, what=what_of(reservation), where=reservation.station.name, points=reservation.points,
        until=reservation.expires_at, settled_at=reservation.settled_at, state=state, word=str((why or state).label),
        chip=CHIPS[state], icon=ICONS[reservation.item.category],
        whose="" if is_own else reservation.person.name or _("一位邻居"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fetching:
    """A reservation as a station host sees it: code, thing and a masked name."""

    id: UUID
    what: str
    who: str
    code: str
    at: datetime


def fetching(reservation: Reservation) -> Fetching:
    return Fetching(
        reservation.id, what_of(reservation), mask_name(reservation.person.name) or _("一位邻居"),
        reservation.spoken_code, reservation.settled_at or reservation.expires_at,
    )  # fmt: skip


def movement_words(movement: Movement) -> str | Promise:
    """Why stock moved, in a word."""
    if movement.counted is not None:
        return _("盘点，数到 %(count)s") % {"count": movement.counted}
    return movement.get_reason_display()


def proposal_lines(one: ItemProposal) -> list[tuple[str, str, str]]:
    """What is proposed, line by line: what it is called, what the item says now where that differs, what it shall say.

    Of a change that still waits only what changes.
    """
    compares = one.state == ProposalState.PROPOSED and one.item is not None
    was = dict(_lines(one.item)) if compares and one.item is not None else {}
    lines = [(label, was.get(label, ""), words) for label, words in _lines(one)]
    return [line for line in lines if line[1] != line[2]] if compares else lines


def _lines(one: ShopItem | ItemProposal) -> list[tuple[str, str]]:
    limit = _("%(days)s 天里 %(count)s %(unit)s") % {
        "days": one.limit_days, "count": one.limit_count, "unit": one.unit
    }  # fmt: skip
    return [
        (_("叫什么"), _("%(name)s（%(more)s）") % {"name": one.name, "more": one.unit}),
        (_("分数"), ngettext("%(num)s 分", "%(num)s 分", one.points) % {"num": one.points}),
        (_("种类"), str(Category(one.category).label)),
        (_("给谁"), str(Audience(one.audience).label)),
        (_("每人"), limit if one.limit_count else _("不限")),
        *([(_("说明"), one.description)] if one.description else []),
    ]


def addresses(reservation_ids: Collection[UUID]) -> dict[UUID, str]:
    """The page of each of these reservations."""
    return {id: reverse("shop:reservation", args=[id]) for id in reservation_ids}


def names(reservation_ids: Collection[UUID]) -> dict[UUID, str]:
    """What each of these reservations was for."""
    found = Reservation.objects.filter(pk__in=reservation_ids).select_related("item", "station")
    words = _("换了%(what)s，%(where)s")
    return {one.id: words % {"what": what_of(one), "where": one.station.name} for one in found}
