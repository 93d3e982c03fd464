"""Taking from a shelf and putting on it, under its locks. Accounts are locked before shelves, shelves in order."""

from __future__ import annotations

from datetime import datetime
from typing import Final, cast
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit import hot
from huipai.kit.ids import new_id
from huipai.kit.verdict import Moved
from huipai.people.models import Person
from huipai.shop.models import Movement, Shelf
from huipai.shop.rules import slots
from huipai.shop.words import SLOTS, Fact, Reason
from huipai.streets.current import street_in_force


class SoldOut(Moved):
    code = "shop_sold_out"
    default_reason = _("最后一份刚被领走，积分没动")


class NotOnShelf(Moved):
    code = "shop_not_on_the_shelf"
    default_reason = _("架上没有这么多没人订的，先数一数")


class KeptForSomebody(Moved):
    """More is kept for people than was found: somebody would come in vain."""

    code = "shop_kept_for_somebody"
    default_reason = _("数到的比已经订出去的还少，先请订的人不用来了，再盘一次")


# Any slot that has enough and that nobody else is taking from just now.
TAKE: Final = """
UPDATE shop_shelf SET free = free - %(quantity)s, held = held + %(quantity)s
WHERE street_id = %(street)s AND id = (
    SELECT id FROM shop_shelf
    WHERE street_id = %(street)s AND item_id = %(item)s AND station_id = %(station)s AND free >= %(quantity)s
    ORDER BY (slot + %(turn)s) %% 16 LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
RETURNING id
"""


def keep(*, item_id: UUID, station_id: UUID, quantity: int) -> UUID:
    """Keep so many for somebody; the shelf that they are on. Refuses only after having seen every slot under lock."""
    asked = {
        "street": street_in_force(), "item": item_id, "station": station_id, "quantity": quantity,
        "turn": new_id().int % SLOTS,
    }  # fmt: skip
    return _take(asked) or _gather(item_id, station_id, quantity)


def _take(asked: dict[str, object]) -> UUID | None:
    """A slot without waiting for anybody; where there is none, no slot is left under lock.

    One that was emptied after the statement saw it is locked, found wanting and passed over, but its lock stays. Who
    then waits for all slots in their order would hold a later one, and so wait in a ring: the savepoint gives it back.
    """
    before = transaction.savepoint()
    if found := hot.rows(TAKE, asked):
        return cast(UUID, found[0][0])
    transaction.savepoint_rollback(before)
    return None


def release(shelf_id: UUID, quantity: int) -> None:
    """What was kept is free again."""
    _change(shelf_id, free=quantity, held=-quantity)


def hand_out(shelf_id: UUID, quantity: int) -> None:
    """What was kept has gone."""
    _change(shelf_id, free=0, held=-quantity)


def lock_shelves(item_id: UUID, station_id: UUID) -> list[Shelf]:
    """Every slot of an item in a station, locked in their order."""
    shelves = Shelf.objects.select_for_update(no_key=True).filter(item_id=item_id, station_id=station_id)
    return list(shelves.order_by("slot"))


def put(item_id: UUID, station_id: UUID, quantity: int) -> None:
    """Lay down what has come, over all slots."""
    Shelf.objects.bulk_create(
        (Shelf(item_id=item_id, station_id=station_id, slot=slot) for slot in range(SLOTS)), ignore_conflicts=True
    )
    shelves = lock_shelves(item_id, station_id)
    # The emptiest get the larger parts, so that slots stay alike.
    by_emptiness = sorted(shelves, key=lambda shelf: (shelf.free, shelf.slot))
    for shelf, part in zip(by_emptiness, slots.spread(quantity), strict=True):
        if part:
            _change(shelf.id, free=part, held=0)


def take_away(shelves: list[Shelf], quantity: int) -> None:
    """Take what nobody has asked for from slots under lock."""
    if sum(shelf.free for shelf in shelves) < quantity:
        raise NotOnShelf
    for shelf, part in zip(shelves, slots.take([shelf.free for shelf in shelves], quantity), strict=True):
        if part:
            _change(shelf.id, free=-part, held=0)


def move(
    *,
    item_id: UUID,
    station_id: UUID,
    quantity: int,
    reason: Reason,
    actor: Person,
    now: datetime,
    subject: str = "",
    cost_cents: int | None = None,
    counted: int | None = None,
) -> Movement:
    """Write down that stock moved."""
    movement = written(
        Movement(
            item_id=item_id, station_id=station_id, quantity=quantity, reason=reason, cost_cents=cost_cents,
            counted=counted, subject=subject, actor_id=actor.id, moved_at=now,
        )
    )  # fmt: skip
    journal.record(
        what=Fact.STOCK_MOVED, subject=f"shop_item:{item_id}", actor_id=actor.id, now=now, facts=facts_of(movement)
    )
    return movement


def written(movement: Movement) -> Movement:
    movement.save(force_insert=True)
    return movement


def facts_of(movement: Movement) -> dict[str, object]:
    """A movement in ids, codes and numbers: what the journal keeps and `verify` compares."""
    return {
        "movement": str(movement.id), "item": str(movement.item_id), "station": str(movement.station_id),
        "quantity": movement.quantity, "reason": str(movement.reason), "cost": movement.cost_cents,
        "counted": movement.counted, "for": movement.subject,
    }  # fmt: skip


def _gather(item_id: UUID, station_id: UUID, quantity: int) -> UUID:
    """All slots were busy or too small: wait for them, and bring together what they have."""
    shelves = lock_shelves(item_id, station_id)
    if sum(shelf.free for shelf in shelves) < quantity:
        raise SoldOut
    fullest = max(shelves, key=lambda shelf: shelf.free)
    missing = max(0, quantity - fullest.free)
    others = [shelf for shelf in shelves if shelf.id != fullest.id]
    for shelf, part in zip(others, slots.take([shelf.free for shelf in others], missing), strict=True):
        if part:
            _change(shelf.id, free=-part, held=0)
    _change(fullest.id, free=missing - quantity, held=quantity)
    return fullest.id


def _change(shelf_id: UUID, *, free: int, held: int) -> None:
    Shelf.objects.filter(pk=shelf_id).update(free=F("free") + free, held=F("held") + held)
