"""Setting points and a thing aside for somebody, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit import hot
from huipai.kit.ids import new_id, short_code
from huipai.kit.verdict import Invalid, Moved, NotVisible, Refused
from huipai.people.models import Person
from huipai.points import commands as points
from huipai.points.models import Hold
from huipai.points.rules import microseconds
from huipai.shop import policies, queries
from huipai.shop.commands import at_once
from huipai.shop.commands.freeing import with_what_lapsed
from huipai.shop.commands.ordering import Order
from huipai.shop.commands.stocking import keep
from huipai.shop.models import Reservation
from huipai.shop.rules.codes import mark_of
from huipai.shop.words import CODE_LENGTH, HOLD_LASTS, MOST_AT_ONCE, Audience, Fact
from huipai.streets.current import street_in_force
from huipai.streets.holding import hold_here

_VERB: Final = "shop.reserve"


class WrongQuantity(Invalid):
    code = "shop_wrong_quantity"
    default_reason = _("一次换 1 到 10 份")


class LimitReached(Moved):
    code = "shop_limit_reached"
    default_reason = _("这件东西每人换的份数有限，过些天再来")


class PriceChanged(Moved):
    code = "shop_price_changed"
    default_reason = _("价钱刚改过，看看新的再换")


class ShopClosed(Moved):
    code = "shop_closed"
    default_reason = _("积分兑换已经结束了")


def reserve(*, key: UUID, order: Order, actor: Person, now: datetime) -> Reservation:
    """Set points and stock aside for a week, or neither. The same key with the same order is the stored answer, also
    to a helper who may no more.

    What others did not fetch in time counts as free: it is posted as that first where nothing else is left.
    """
    made = at_once.reserve(key=key, order=order, actor=actor, now=now)
    if made:
        return made
    try:
        return _reserve_or_free(key, order, actor, now)
    except Refused:
        if (known := made_before(key, order, actor)) is None:
            raise
        return known


def _reserve_or_free(key: UUID, order: Order, actor: Person, now: datetime) -> Reservation:
    return with_what_lapsed(
        lambda: _reserve(key, order, actor, actor, now), order.item_id, order.station_id, now, is_enough=order.is_enough
    )


def made_before(key: UUID, order: Order, actor: Person) -> Reservation | None:
    """What this very request has become, if it was answered."""
    stored = points.answered_before(key=key, actor=actor, verb=_VERB, content=order.content())
    return _stored(stored) if stored else None


def made_by(key: UUID, actor: Person) -> Reservation | None:
    """What a request of this actor under this key has become; what it asked is the caller's to compare."""
    stored = points.answer_to(key=key, actor=actor, verb=_VERB)
    return _stored(stored) if stored else None


def _stored(answer: Mapping[str, str]) -> Reservation:
    return Reservation.objects.select_related("item", "station").get(pk=UUID(answer["reservation"]))


@transaction.atomic
def _reserve(key: UUID, order: Order, asker: Person, actor: Person, now: datetime) -> Reservation:
    policies.may_exchange_for(asker, order.person, now).require()
    return keep_for(key, order, asker=asker, actor=actor, now=now)


def keep_for(key: UUID, order: Order, *, asker: Person, actor: Person, now: datetime) -> Reservation:
    """The reservation itself, once the caller has asked whether `actor` may. Part of the caller's transaction.

    Locked are the account, the limit of the person, the key, in this order: `at_once` takes them so too.
    """
    points.lock_accounts(order.holder)
    _lock_limit(order)
    reservation_id = new_id()
    stored = points.stored_answer(
        key=key, actor=actor, verb=_VERB, content=order.content(), now=now,
        answer={"reservation": str(reservation_id)},
    )  # fmt: skip
    if stored:
        return _stored(stored)
    wanted = _wanted(order, asker, now)
    if wanted.limit_count is not None:
        _require_room(order, wanted.limit_count, wanted.limit_days, now)
    hold = points.reserve(
        holder=order.holder, subject=f"reservation:{reservation_id}", points=wanted.points * order.quantity,
        expires_at=wanted.expires_at(now), actor=actor, now=now,
    )  # fmt: skip
    shelf_id = keep(item_id=order.item_id, station_id=order.station_id, quantity=order.quantity)
    return _written(
        Reservation(
            id=reservation_id, person=order.person, asked_by=asker, household=order.household,
            item_id=order.item_id, station_id=order.station_id, shelf_id=shelf_id, quantity=order.quantity,
            points=hold.points, hold=hold, reserved_at=now, expires_at=hold.expires_at,
        ),
        hold,
        key,
    )  # fmt: skip


# The item on the shelf, the station in service, and when the scheme ends: what a reservation has to know.
WANTED: Final = """
SELECT item.points, item.audience, item.limit_count, item.limit_days, closing.redeem_until
FROM shop_shopitem AS item
JOIN stations_station AS station ON station.street_id = item.street_id AND station.id = %(station)s
    AND station.opened_at <= %(now)s AND (station.closed_at IS NULL OR station.closed_at > %(now)s)
LEFT JOIN points_closing AS closing ON closing.street_id = item.street_id AND closing.approved_at IS NOT NULL
WHERE item.street_id = %(street)s AND item.id = %(item)s AND item.opened_at <= %(now)s
    AND (item.withdrawn_at IS NULL OR item.withdrawn_at > %(now)s)
"""


@dataclass(frozen=True, slots=True)
class _Wanted:
    points: int
    audience: str
    limit_count: int | None
    limit_days: int
    redeem_until: datetime | None

    def expires_at(self, now: datetime) -> datetime:
        """Until when it is kept: a week, or until nothing is exchanged any more."""
        return min(now + HOLD_LASTS, self.redeem_until) if self.redeem_until else now + HOLD_LASTS


def _wanted(order: Order, asker: Person, now: datetime) -> _Wanted:
    """What is wanted, if it may be had."""
    if not 1 <= order.quantity <= MOST_AT_ONCE:
        raise WrongQuantity(field="quantity")
    asked = {"street": street_in_force(), "item": order.item_id, "station": order.station_id, "now": now}
    found = hot.rows(WANTED, asked)
    if not found:
        raise NotVisible(_("没有找到这件东西"))
    wanted = _Wanted(*found[0])
    policies.may_have(order.person, Audience(wanted.audience), now).require()
    if order.household:
        policies.may_use_household(asker, order.household, now).require()
    if wanted.redeem_until and wanted.redeem_until <= now:
        raise ShopClosed
    if order.price not in (None, wanted.points):
        raise PriceChanged(
            _("价钱刚改过，现在一份 %(points)s 分，要的话再按一次") % {"points": wanted.points}, field="item"
        )
    return wanted


def _lock_limit(order: Order) -> None:
    """One after the other, for the same person and item: two purses could pay for them at once."""
    hold_here("shop.limit", f"{order.person.id}:{order.item_id}")


def _require_room(order: Order, most: int, days: int, now: datetime) -> None:
    had = queries.counted(order.person, order.item_id, now - timedelta(days=days), now)
    if had + order.quantity > most:
        words = {"days": days, "count": most, "had": had}
        raise LimitReached(_("这件东西 %(days)s 天里每人最多 %(count)s 份，已经有 %(had)s 份了") % words)


WRITE: Final = """
WITH reservation AS (
    INSERT INTO shop_reservation (id, street_id, code, person_id, asked_by_id, household_id, item_id, station_id,
                                  shelf_id, quantity, points, hold_id, state, reserved_at, expires_at)
    VALUES (%(id)s, %(street)s, %(code)s, %(person)s, %(asker)s, %(household)s::uuid, %(item)s, %(station)s, %(shelf)s,
            %(quantity)s, %(points)s, %(hold)s, 'reserved', %(now)s, %(expires)s)
    ON CONFLICT (street_id, code) DO NOTHING
    RETURNING id
), entry AS (
    INSERT INTO journal_entry (id, street_id, what, subject, actor_id, happened_at, facts)
    SELECT %(entry)s, %(street)s, 'shop.reserved', 'reservation:' || id, %(actor)s, %(now)s, %(facts)s::jsonb
    FROM reservation
)
SELECT id FROM reservation
"""


def _written(made: Reservation, hold: Hold, key: UUID) -> Reservation:
    entry_id = new_id()
    values = {
        "id": made.id, "street": street_in_force(), "person": made.person_id, "asker": made.asked_by_id,
        "household": made.household_id, "item": made.item_id, "station": made.station_id, "shelf": made.shelf_id,
        "quantity": made.quantity, "points": made.points, "hold": hold.id, "now": made.reserved_at,
        "expires": made.expires_at, "entry": entry_id, "actor": hold.actor_id,
    }  # fmt: skip
    # A code is taken once in billions; then the next one is not.
    while not hot.rows(WRITE, {**values, "code": (code := short_code(CODE_LENGTH)), "facts": _facts(made, code, key)}):
        pass
    made.code = code
    points.as_stored(made)
    journal.tell_followers(what=Fact.RESERVED, entry_id=entry_id)
    return made


def _facts(made: Reservation, code: str, key: UUID) -> str:
    told = {
        "person": str(made.person_id), "asked_by": str(made.asked_by_id),
        "household": str(made.household_id) if made.household_id else None, "item": str(made.item_id),
        "station": str(made.station_id), "shelf": str(made.shelf_id), "quantity": made.quantity,
        "points": made.points, "hold": str(made.hold_id), "expires": microseconds(made.expires_at),
        "mark": mark_of(made.id, code), "key": str(key),
    }  # fmt: skip
    return json.dumps(told)
