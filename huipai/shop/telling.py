"""Reservations and items told in plain words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from huipai.people.rules import mask_name
from huipai.shop.models import Movement, Reservation
from huipai.shop.words import Category, State

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


def kept(reservation: Reservation, at: datetime, *, reader_id: UUID | None = None) -> Kept:
    """A reservation for whoever may see it; of somebody else's it says whose."""
    state = reservation.state_at(at)
    is_own = reservation.person_id == reader_id
    return Kept(
        id=reservation.id, what=what_of(reservation), where=reservation.station.name, points=reservation.points,
        until=reservation.expires_at, settled_at=reservation.settled_at, state=state, word=str(state.label),
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


def addresses(reservation_ids: Collection[UUID]) -> dict[UUID, str]:
    """The page of each of these reservations."""
    return {id: reverse("shop:reservation", args=[id]) for id in reservation_ids}


def names(reservation_ids: Collection[UUID]) -> dict[UUID, str]:
    """What each of these reservations was for."""
    found = Reservation.objects.filter(pk__in=reservation_ids).select_related("item", "station")
    words = _("换了%(what)s，%(where)s")
    return {one.id: words % {"what": what_of(one), "where": one.station.name} for one in found}
